"""`flask audit verify` and `flask audit export`: 0 fine, 1 found a problem, 2 could not run."""

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from portal.audit.events import AuditAction, Outcome
from portal.audit.operations import AuditUnavailable, record
from portal.audit.operations.anchors import anchors_path, read_anchors, write_anchor
from portal.audit.operations.export import export_lines, record_export
from portal.audit.operations.verification import check_slice
from portal.audit.queries import known_anchor
from portal.audit.rules.chain import Anchors, Position, Problem, missing_tail
from portal.crypto.errors import CryptoError
from portal.db import new_session, utc_now
from portal.web.actor import Actor, ActorKind

commands = AppGroup("audit", help="Checks the audit log, or hands it out.")

REMEDY = (
    "Keep the database, its backups and the file of anchors as they are, find out who could write to the database, and "
    "compare the named entries with the last backup. If a backup was restored on purpose, say so in the log of the "
    "incident and start a new file of anchors."
)


@dataclass(frozen=True)
class Result:
    """What one check found."""

    entries: int
    head: str
    anchors: int
    newest_anchor: int
    problem: Problem | None
    recorded: bool = False


@commands.command("verify")
@click.option("--anchors", "file", type=click.Path(path_type=Path), help="Another copy of the file of anchors.")
@click.option("--json", "as_json", is_flag=True, help="Answers in JSON.")
def verify(file: Path | None, as_json: bool) -> None:
    """Checks every entry and the end of the log; names the first bad entry."""
    try:
        if file is not None and not file.is_file():
            raise FileNotFoundError(2, "is not there", str(file))
        with new_session() as session:
            result = check(session, read_anchors(file or anchors_path()), compare_known=file is None)
        if result.problem is None and file is None:
            write_anchor(anchors_path(), Position(result.entries, bytes.fromhex(result.head)), utc_now())
    except (OSError, SQLAlchemyError, CryptoError) as error:
        click.echo(f"The check could not run: {cause(error)}.", err=True)
        sys.exit(2)
    result = Result(**{**vars(result), "recorded": record_check(result)})
    click.echo(json.dumps(asdict(result)) if as_json else in_words(result))
    sys.exit(1 if result.problem else 0)


@commands.command("export")
@click.option("--from", "first", type=click.IntRange(1), default=1, help="First entry.")
@click.option("--to", "last", type=click.IntRange(1), help="Last entry; without it, all there are.")
@click.option("--purpose", default="export on the command line", help="What it is for; kept in the log.")
def export(first: int, last: int | None, purpose: str) -> None:
    """Writes entries as JSON lines, the last line being sealed over all the others."""
    try:
        with new_session() as session:
            record_export(operator(), first, last, purpose, session)
            session.commit()
            for line in export_lines(session, first, last):
                click.echo(line, nl=False)
    except (AuditUnavailable, SQLAlchemyError, CryptoError) as error:
        click.echo(f"The export could not run: {cause(error)}.", err=True)
        sys.exit(2)


def check(session: Session, anchors: Anchors, *, compare_known: bool) -> Result:
    """Walks along the whole chain, trusting no stored progress."""
    position, problem, ended = Position(), None, False
    while not ended and problem is None:
        position, problem, ended = check_slice(session, position, anchors)
    known = known_anchor(session) if compare_known else 0
    problem = problem or anchors.problem or missing_tail(position, anchors, known)
    newest = anchors.newest.seq if anchors.newest else 0
    return Result(position.seq, position.mac.hex(), len(anchors.by_seq), newest, problem)


def record_check(result: Result) -> bool:
    """Puts the check itself into the log; says False where this role may only read."""
    outcome = Outcome.FAILED if result.problem else Outcome.DONE
    reason = result.problem.text if result.problem else f"Entries 1 to {result.entries:,} unbroken."
    try:
        with new_session() as session:
            record(
                AuditAction.VERIFY,
                operator(),
                object_type="audit_log",
                outcome=outcome,
                reason=reason,
                session=session,
            )
            session.commit()
    except AuditUnavailable:
        return False
    return True


def operator() -> Actor:
    """Whoever runs the command, by the name of the account on this machine."""
    name = os.environ.get("SUDO_USER") or os.environ.get("USER") or "unknown account"
    return Actor(ActorKind.COMMAND, f"{name} (command line)")


def in_words(result: Result) -> str:
    """The result for people."""
    if result.problem:
        lines = [f"BROKEN at entry {result.problem.seq:,} ({result.problem.kind}). {result.problem.text}", REMEDY]
    elif result.entries:
        lines = [f"Entries 1 to {result.entries:,} unbroken, head {result.head[:4]}…{result.head[-4:]}."]
        lines += [
            f"Anchors that agree: {result.anchors:,}, the newest at entry {result.newest_anchor:,}."
            if result.anchors
            else "No anchor yet: before this check a cut end would not have been noticed."
        ]
    else:
        lines = ["The log is empty."]
    if not result.recorded:
        lines.append("This check is not in the log: this database role may only read it.")
    return "\n".join(lines)


def cause(error: Exception) -> str:
    """Why a command could not run, without any value."""
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, DBAPIError):
        return "the database does not answer as it should; see flask database verify"
    if isinstance(error, AuditUnavailable):
        return "the log cannot be written, and an export that is not in the log is not made"
    return "the audit key cannot be used; see flask keys status"
