"""Files become clients: what is new, what changes, what stays out; asserted on rows."""

import pytest

from tests.imports.conftest import bring, check, checked, csv_file, how_many, known, load, problems, written

HEADER = "Name,Email,Phone,Language,Country"


@pytest.fixture
def two(session):
    return load(
        csv_file(HEADER, "Ana Reis,ana@harbour.example,0151 23456789,de,DE", "Bo Lind,BO@harbour.example,,sv,SE")
    )


def test_nothing_is_written_before_somebody_confirms(two):
    row = check(two)
    assert (row.state, checked(row), problems(row)) == ("checked", {"new": 2}, [])
    assert how_many() == (0, 0)


def test_rows_become_clients_with_their_addresses(two):
    row = bring(check(two))
    assert (row.state, written(row), how_many()) == ("done", {"new": 2}, (2, 3))
    ana = known("ANA@harbour.example")
    assert (ana.full_name, ana.language, ana.country, ana.time_zone, ana.source) == (
        "Ana Reis", "de", "DE", "Europe/Berlin", "import",
    )  # fmt: skip
    assert [(p.channel, p.address) for p in ana.contact_points] == [
        ("email", "ana@harbour.example"), ("sms", "+4915123456789"),
    ]  # fmt: skip


def test_the_same_file_again_finds_everybody_and_adds_nobody(two):
    bring(check(two))
    row = check(load(csv_file(HEADER, "Ana Reis,ana@HARBOUR.example,+49 151 23456789,de,DE")), overwrite=True)
    assert (checked(row), how_many()) == ({"unchanged": 1}, (2, 3))
