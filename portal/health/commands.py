"""Commands that say how the portal stands. They work, as far as they can, while nothing else does."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NoReturn

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError

from portal.config.check import report
from portal.db import new_session
from portal.health.queries.config_lines import PROBES
from portal.health.queries.parts import all_reports
from portal.health.queries.verify import TableFigures, table_figures, verify
from portal.health.rules.database import Finding
from portal.health.rules.report import Kind, Report

FINE, FOUND, COULD_NOT_RUN = range(3)
AWAY = "PostgreSQL does not answer. Start it, or correct DATABASE_URL; flask --app wsgi config check --live says more."
WORDS = {Kind.OK: "ok", Kind.WARN: "warning", Kind.BAD: "error", Kind.NONE: "off"}

config = AppGroup("config", help="The settings of this portal.")
database_commands = AppGroup("database", help="The database itself.")


@config.command("check", with_appcontext=False)
@click.option("--live", is_flag=True, help="Also ask the database, Redis and the providers.")
@click.option("--json", "as_json", is_flag=True, help="Answer for programs.")
@click.pass_context
def check(context: click.Context, live: bool, as_json: bool) -> None:
    """What is set, what is wrong, why, and how to mend it. Exit 0: usable, 1: not usable, 2: could not be checked."""
    found = report()
    if live and found.config:
        with context.obj.load_app().app_context():
            found = found.probed(PROBES)
    elif live:
        found = found.probed(())
    click.echo(json.dumps(found.as_data(), indent=2, ensure_ascii=False) if as_json else found.as_text())
    context.exit(found.exit_code)


@database_commands.command("verify")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def verify_database(as_json: bool) -> None:
    """Compares the database with what the code expects. Exit 0: sound, 1: something differs, 2: could not run."""
    try:
        with new_session() as session:
            found, figures = verify(session.connection()), table_figures(session.connection())
    except OperationalError:
        _give_up(AWAY, as_json)
    _show(_database_data(found, figures) if as_json else _database_text(found, figures))
    raise SystemExit(FOUND if any(found.values()) else FINE)


@click.command("health")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_appcontext
def health(as_json: bool) -> None:
    """Looks at every part. Exit 0: nothing is broken, 1: something is, 2: could not run."""
    try:
        with new_session() as session:
            reports = all_reports(session)
    except OperationalError:
        _give_up(AWAY, as_json)
    _show([_part_data(one) for one in reports] if as_json else "\n".join(_part_text(one) for one in reports))
    raise SystemExit(FOUND if any(one.kind is Kind.BAD for one in reports) else FINE)


def register(app: Flask) -> None:
    """Adds the commands."""
    app.cli.add_command(database_commands)
    app.cli.add_command(health)


def _database_text(found: dict[str, list[Finding]], figures: Sequence[TableFigures]) -> str:
    lines = []
    for name, findings in found.items():
        lines.append(f"{'error' if findings else 'ok':<8} {name}")
        lines += [f"         {finding.what}. {finding.remedy}" for finding in findings]
    lines += ["", f"{'table':<28}{'rows':>12}{'size':>12}  statistics"]
    for one in figures:
        lines.append(
            f"{one.table:<28}{one.rows:>12,}{one.size // 1024:>9,} kB  {'yes' if one.analyzed else 'none yet'}"
        )
    count = sum(map(len, found.values()))
    return "\n".join([*lines, "", "The database is sound." if not count else f"Problems found: {count}."])


def _database_data(found: dict[str, list[Finding]], figures: Sequence[TableFigures]) -> dict[str, Any]:
    checks = {name: [asdict(finding) for finding in findings] for name, findings in found.items()}
    return {"sound": not any(found.values()), "checks": checks, "tables": [asdict(one) for one in figures]}


def _part_text(report: Report) -> str:
    line = f"{WORDS[report.kind]:<8} {report.name}: {report.state.lower()}, {report.figures}"
    return f"{line}\n         {report.remedy}" if report.needs_a_look else line


def _part_data(report: Report) -> dict[str, str]:
    return {
        "part": report.part,
        "kind": WORDS[report.kind],
        "state": report.state,
        "figures": report.figures,
        "remedy": report.remedy if report.needs_a_look else "",
    }


def _give_up(text: str, as_json: bool) -> NoReturn:
    click.echo(json.dumps({"could_not_run": text}) if as_json else text, err=not as_json)
    raise SystemExit(COULD_NOT_RUN)


def _show(shown: object) -> None:
    click.echo(shown if isinstance(shown, str) else json.dumps(shown, indent=2))
