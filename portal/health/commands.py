"""Commands that say how the portal stands. They work, as far as they can, while nothing else does."""

import json

import click
from flask.cli import AppGroup

from portal.config.check import Probe, report

config = AppGroup("config", help="The settings of this portal.")

# Filled by the features that can ask a server; each is given the settings and answers with one line.
PROBES: list[Probe] = []


@config.command("check", with_appcontext=False)
@click.option("--live", is_flag=True, help="Also ask the database, Redis and the providers.")
@click.option("--json", "as_json", is_flag=True, help="Answer for programs.")
@click.pass_context
def check(context: click.Context, live: bool, as_json: bool) -> None:
    """What is set, what is wrong, why, and how to mend it. Exit 0: usable, 1: not usable, 2: could not be checked."""
    found = report()
    if live and found.config:
        with context.obj.load_app().app_context():
            found = found.probed(tuple(PROBES))
    elif live:
        found = found.probed(())
    click.echo(json.dumps(found.as_data(), indent=2, ensure_ascii=False) if as_json else found.as_text())
    context.exit(found.exit_code)
