"""`flask clients import FILE`: the same rules as the pages; 0 fine, 1 found problems, 2 could not run."""

import getpass
import sys
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from portal.audit.operations import AuditUnavailable
from portal.clients.rules import LANGUAGES, countries
from portal.crypto.errors import CryptoError
from portal.db import db, transaction
from portal.imports.models import ClientImport, ImportState
from portal.imports.operations import ImportRefused, cancel_import, confirm_import, map_columns, start_import, work_on
from portal.imports.queries import find_import, list_problems, list_topic_choices, list_wording_choices
from portal.imports.rules.counting import Counts
from portal.imports.rules.encoding import Encoding
from portal.imports.rules.header import column_names
from portal.imports.rules.problems import PROBLEMS, Problem
from portal.imports.rules.refused import FileRefused
from portal.imports.rules.spoken import NotMappable, spoken_mapping
from portal.web.actor import Actor, ActorKind

SHOWN = 20
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--map", "pairs", multiple=True, help='"COLUMN=email"; a consent is "COLUMN=consent:TOPIC:CHANNEL".')
@click.option("--wording", "wordings", multiple=True, help='What people read, as "TOPIC=en:3".')
@click.option("--source", default="", help="Where the proof of the consents is.")
@click.option("--confirmed", is_flag=True, help="The people confirmed the consents, as double opt-in asks.")
@click.option("--region", default="", type=click.Choice(["", *countries()]), help="Country of numbers without code.")
@click.option("--language", default="en", type=click.Choice(list(LANGUAGES)), help="Of new clients without one.")
@click.option("--encoding", default="detect", type=click.Choice([str(one) for one in Encoding]), help="Of its letters.")
@click.option("--overwrite", is_flag=True, help="Update clients who are here already; opt-outs stay.")
@click.option("--dry-run", is_flag=True, help="Check every row, import none.")
@click.option("--good-rows", is_flag=True, help="Import the good rows; without it, all rows or none.")
def import_clients(file: Path, **chosen: object) -> None:
    """Imports clients from FILE (CSV or .xlsx). Columns that --map does not name are guessed from their names."""
    try:
        sys.exit(Run(chosen).run(file))
    except (AuditUnavailable, SQLAlchemyError, CryptoError):
        click.echo("The database or its keys do not answer as they should; see flask database verify.", err=True)
        sys.exit(2)


class Run:
    """One run of the command."""

    def __init__(self, chosen: dict[str, object]) -> None:
        self.chosen = chosen
        self.actor = Actor(ActorKind.COMMAND, f"Command line, {getpass.getuser()}")

    def run(self, file: Path) -> int:
        """Keeps the file, checks it and imports it; the exit status."""
        try:
            row = self._load(file)
            self._map(row)
        except FileRefused as refused:
            click.echo(str(refused), err=True)
            return 1
        except (NotMappable, ImportRefused) as refused:
            click.echo(str(refused), err=True)
            return 2
        return self._decide(self._work(row))

    def _load(self, file: Path) -> ClientImport:
        with file.open("rb") as opened, transaction():
            size = file.stat().st_size
            return start_import(opened, file.name, size, self.actor, Encoding(str(self.chosen["encoding"])))

    def _map(self, row: ClientImport) -> None:
        topics, names = list_topic_choices(), column_names(row.columns or "")
        wordings = list_wording_choices(db.session()).values()
        try:
            with transaction():
                map_columns(row.id, spoken_mapping(names, topics, wordings, self.chosen), self.actor)
        except (NotMappable, ImportRefused):
            self._drop(row)
            raise

    def _work(self, row: ClientImport) -> ClientImport:
        work_on(row.id, float("inf"))
        found = find_import(row.id)
        assert found is not None  # noqa: S101 - nobody deletes imports
        return found

    def _decide(self, row: ClientImport) -> int:
        counts = Counts.from_json(row.checked_rows)
        click.echo(f"Checked {row.rows:,} rows: {counts.words()}.")
        tell_problems(row)
        allowed = not counts.kept_out or bool(self.chosen["good_rows"])
        if self.chosen["dry_run"] or not counts.good or not allowed:
            self._drop(row)
            click.echo("Nothing was imported." + ("" if allowed else " --good-rows imports the good rows alone."))
            return 1 if counts.kept_out else 0
        with transaction():
            confirm_import(row.id, counts.good, self.actor, whole=not self.chosen["good_rows"])
        return tell_end(self._work(row))

    def _drop(self, row: ClientImport) -> None:
        with transaction():
            cancel_import(row.id, self.actor)


def tell_problems(row: ClientImport) -> None:
    """The first problems by line, in words that name nobody."""
    found = list_problems(row.id)
    for line, column, code in found[:SHOWN]:
        words = PROBLEMS[Problem(code)]
        place = f"line {line:,}, column {column}" if column else f"line {line:,}"
        click.echo(f"{place}: {words.text}. {words.remedy}.", err=True)
    if len(found) > SHOWN:
        click.echo(f"{len(found) - SHOWN:,} further problems; the page of imports lists them all.", err=True)


def tell_end(row: ClientImport) -> int:
    """What became of it; the exit status."""
    click.echo(f"Imported: {Counts.from_json(row.written_rows).words() or 'nobody'}.")
    if row.state == ImportState.STOPPED:
        text = PROBLEMS[Problem(row.trouble)].text
        click.echo(f"Stopped before the rows with line {row.stopped_line:,}: {text}.", err=True)
    return 0 if row.state == ImportState.DONE else 1
