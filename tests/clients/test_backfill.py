"""Numbers that came without a country are brought into their international form."""

import pytest
from portal.clients.commands import commands
from portal.clients.operations import Backfilled, backfill_phones
from portal.clients.queries import count_raw_points, find_by_phone
from portal.clients.rules import NewPoint
from portal.db import transaction
from portal.web.actor import SYSTEM


@pytest.fixture
def raw(new_client):
    """A client whose number came without a country."""

    def add(number, email, country=None, **facts):
        client = new_client(email=email, points=[NewPoint("sms", number)], keep_raw=True, **facts)
        if country:
            with transaction():
                client.country = country
        return client

    return add


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(commands, ["backfill-e164", *words])


def test_a_number_without_a_country_is_kept_shown_and_never_found(raw, as_viewer):
    client = raw("0151 23456717", "a@harbour.example")
    assert client.contact_points[1].address_index is None
    assert find_by_phone("+4915123456717") is None
    for page in ("/clients", f"/clients/{client.id}"):
        html = as_viewer.get(page).text
        assert "••• 17" in html
        assert "Country missing" in html


def test_the_country_of_the_client_and_then_the_region_bring_it_home(raw, run, fresh, last_entry):
    portuguese = raw("912 345 678", "a@harbour.example", country="PT")
    german = raw("0151 23456717", "b@harbour.example")
    odd = raw("12", "c@harbour.example")
    answer = run("--region", "de")
    assert answer.exit_code == 1
    assert "3 numbers without a country code." in answer.output
    assert "2 brought into their international form." in answer.output
    assert "1 cannot be read" in answer.output
    assert fresh(portuguese.id).contact_points[1].address == "+351912345678"
    assert find_by_phone("+4915123456717").id == german.id
    assert fresh(odd.id).contact_points[1].state == "raw"
    assert last_entry().action == "client.point_normalised"
    assert count_raw_points() == 1


def test_a_dry_run_says_the_same_and_changes_nothing(raw, run):
    raw("0151 23456717", "a@harbour.example")
    answer = run("--region", "DE", "--dry-run")
    assert (answer.exit_code, "1 would be brought" in answer.output) == (0, True)
    assert count_raw_points() == 1
    assert run("--region", "DE").exit_code == 0
    assert run().output.startswith("0 numbers")


def test_a_double_goes_and_what_another_client_has_waits_for_a_merge(raw, new_client, run, fresh):
    has = [NewPoint("sms", "+4915123456717"), NewPoint("sms", "0151 23456717")]
    double = new_client(email="a@harbour.example", points=has, keep_raw=True)
    taken = raw("0151 23456717", "b@harbour.example")
    answer = run("--region", "DE")
    assert answer.exit_code == 1
    assert "1 removed: their client has the number already." in answer.output
    assert "1 belong to another client too" in answer.output
    assert len(fresh(double.id).live_points) == 2
    assert fresh(taken.id).contact_points[1].state == "raw"


def test_a_number_that_is_only_possible_is_kept_but_not_used(raw, run, fresh):
    client = raw("(555) 123-4567", "a@harbour.example")
    assert run("--region", "US").exit_code == 0
    assert fresh(client.id).contact_points[1].state == "unusable"


def test_numbers_are_read_a_few_at_a_time(raw):
    for number in range(3):
        raw("12", f"c{number}@harbour.example")
    so_far = Backfilled()
    assert [backfill_phones(so_far, "DE", 2, SYSTEM) for _ in range(3)] == [True, True, False]
    assert (so_far.seen, so_far.left) == (3, 3)


def test_a_region_that_is_none_is_refused(run):
    answer = run("--region", "Germany")
    assert answer.exit_code == 2
    assert "two letters" in answer.output
