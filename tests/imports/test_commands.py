"""`flask clients import`: the same rules as the pages, and what a script needs to know."""

import pytest
from portal.consent.models import SuppressionReason
from portal.consent.operations import suppress
from portal.db import db, transaction
from portal.imports.commands import import_clients, tell_end
from portal.imports.models import ClientImport
from sqlalchemy import event, select

from tests.imports.conftest import OFFICER, bring, check, csv_file, how_many, known, load, make_news

GOOD = ("Name,Email", "Ana Reis,ana@harbour.example", "Bo Lind,bo@harbour.example")


@pytest.fixture
def run(app, tmp_path, session):
    """`run(lines, *options)` on a file with these lines."""

    def invoke(lines, *options):
        file = tmp_path / "clients.csv"
        file.write_bytes(csv_file(*lines).getvalue())
        return app.test_cli_runner().invoke(import_clients, [str(file), *options])

    return invoke


def test_a_good_file_is_imported(run):
    done = run(GOOD)
    assert (done.exit_code, how_many()) == (0, (2, 2))
    assert "Imported: new 2." in done.output


def test_a_dry_run_imports_nobody(run):
    done = run(GOOD, "--dry-run")
    assert (done.exit_code, how_many()) == (0, (0, 0))
    assert "Checked 2 rows: new 2." in done.output
    assert db.session.scalars(select(ClientImport.state)).one() == "cancelled"


def test_a_problem_keeps_everybody_out_and_is_named_by_line(run):
    done = run([*GOOD, *(f"Cy,nowhere{n}" for n in range(25))])
    assert (done.exit_code, how_many()) == (1, (0, 0))
    assert "line 4, column 2: Nothing can be sent to this email address. Correct it in the file." in done.output
    assert "5 further problems" in done.output
    assert "--good-rows imports the good rows alone" in done.output


def test_the_good_rows_are_imported_when_asked_for(run):
    done = run([*GOOD, "Cy,nowhere"], "--good-rows")
    assert (done.exit_code, how_many()) == (0, (2, 2))


def test_columns_are_mapped_by_name_and_what_is_not_named_is_guessed(run):
    make_news()
    lines = ("Wer,Mail,Seit,Notiz", "Ana,ana@harbour.example,2025-03-14,vegan")
    options = ["--map", "Wer=name", "--map", "Seit=consent:news:email", "--map", "Notiz=attribute"]
    done = run(lines, *options, "--source", "fair", "--wording", "news=en:1", "--overwrite", "--region", "DE")
    assert done.exit_code == 0, done.output
    assert "new 1, consents 1" in done.output
    assert known("ana@harbour.example").attributes == {"Notiz": "vegan"}


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--map", "Who=name"], "There is no column “Who”. There are: Name, Email."),
        (["--map", "Name"], "has no ="),
        (["--map", "Name=consent:gone:email"], "A column cannot become “consent:gone:email”"),
        (["--wording", "gone=en:1"], "There is no wording “en:1” of a topic “gone”."),
        (["--map", "Name="], "Choose the column that holds names."),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_what_there_is(run, options, why):
    done = run(GOOD, *options)
    assert (done.exit_code, how_many()) == (2, (0, 0))
    assert why in done.output


def test_a_file_that_cannot_be_imported_is_a_problem(run):
    done = run(["Name,Name", "a,b"])
    assert (done.exit_code, "have the same name" in done.output) == (1, True)
    assert run(GOOD, "--region", "XX").exit_code == 2


def test_without_the_audit_log_it_cannot_run(run):
    def refuse(_connection, _cursor, statement, *_):
        if "INSERT INTO audit_entry" in statement:
            raise OSError("the disk of the log is full")

    event.listen(db.engine, "before_cursor_execute", refuse)
    done = run(GOOD)
    event.remove(db.engine, "before_cursor_execute", refuse)
    assert (done.exit_code, "see flask database verify" in done.output) == (2, True)


def test_an_import_of_all_or_none_that_stopped_says_where(session, capsys):
    row = check(load(csv_file(*GOOD)))
    with transaction():
        suppress(session, "email", "bo@harbour.example", SuppressionReason.MANUAL, source="call", actor=OFFICER)
    assert tell_end(bring(row, whole=True)) == 1
    said = capsys.readouterr()
    assert "Imported: nobody." in said.out
    assert "Stopped before the rows with line 3: The address is suppressed." in said.err
