"""Changing a client, their wishes and their state, as staff do it."""

import re
from datetime import time

import pytest
from portal.clients.models import Client, ClientPreference, PointState, ZoneSource
from portal.clients.operations import NothingToDo, change_client, change_preferences, lift_restriction
from portal.clients.personal_data import erase_for, export_for
from portal.clients.queries import preference_of
from portal.clients.rules import NewPoint, Preference, PreferenceChange, WishRefused
from portal.clients.rules.attributes import AttributeRefused, read_lines, with_lines
from portal.clients.rules.facts import ClientChange, Details
from portal.db import db, new_id, transaction
from portal.staff.models import MemberState, StaffMember
from portal.web.actor import SYSTEM
from sqlalchemy import select

FACTS = {"language": "pt", "country": "PT", "time_zone": "Europe/Lisbon", "department": "Bookings"}


@pytest.fixture
def save(as_compliance_officer, submit):
    """Sends the form of a client with what was seen there."""

    def send(client, seen=None, **facts):
        page = f"/clients/{client.id}/edit"
        html = as_compliance_officer.get(page).text
        shown = re.search(r'name="seen"[^>]*value="([^"]*)"', html)[1]
        return submit(as_compliance_officer, page, page, seen=seen or shown, **FACTS | facts)

    return send


def test_a_client_is_changed_and_the_log_says_which_fields_without_values(
    save, as_compliance_officer, new_client, person, last_entry
):
    client, owner = new_client(), person("marketer")
    answer = save(client, full_name="Ana Reis", owner=str(owner.id), attributes="shoe size: 42\nclub: Harbour Rowers")
    assert answer.status_code == 303
    entry = last_entry()
    changed = {field: (before, after) for field, _, before, after in entry.changes}
    assert entry.action == "client.changed"
    assert changed["client.full_name"] == ("changed", "changed")
    assert changed["client.department"] == ("", "Bookings")
    assert "Harbour" not in str(entry.changes)
    html = as_compliance_officer.get(f"/clients/{client.id}").text
    assert "A••• R•••" in html
    assert owner.full_name in html
    assert ", Bookings" in html
    assert "Harbour Rowers" not in html


def test_attributes_are_revealed_with_a_purpose_and_changed_line_by_line(
    save, as_compliance_officer, new_client, submit, fresh
):
    client = new_client(details=Details(attributes={"shoe size": "42", "club": "Rowers"}))
    page = f"/clients/{client.id}"
    assert "Now known: shoe size, club." in as_compliance_officer.get(f"{page}/edit").text
    save(client, attributes="club:\nseat: window")
    html = submit(as_compliance_officer, page, f"{page}/reveals", purpose="a booking").text
    assert "<dt>shoe size</dt><dd>42</dd>" in html
    assert "<dt>seat</dt><dd>window</dd>" in html
    assert "Rowers" not in html
    save(client, attributes="shoe size:\nseat:")
    assert fresh(client.id)._attributes is None


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"full_name": "A\x07na"}, "no control characters"),
        ({"attributes": "no colon"}, "Line 1: write a name"),
        ({"attributes": "a: 1\na: 2"}, "Line 2: this name stands on an earlier line"),
        ({"attributes": f"{'k' * 61}: 1"}, "at most 60 letters"),
        ({"attributes": "\n".join(f"key {n}: {n}" for n in range(51))}, "at most 50 attributes"),
        ({"language": "xx"}, "Not a valid choice"),
        ({"department": "d" * 81}, "at most 80 letters"),
    ],
)
def test_a_change_that_cannot_be_kept_says_what_to_do(save, new_client, facts, says):
    answer = save(new_client(), **facts)
    assert answer.status_code == 422
    assert says in answer.text
    assert "<title>Error: Edit client" in answer.text


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(save, new_client, fresh):
    client = new_client()
    answer = save(client, seen="2026-01-01T00:00:00+00:00", department="Other")
    assert answer.status_code == 409
    assert "Somebody changed this client meanwhile." in answer.text
    assert fresh(client.id).department == ""


def test_an_owner_who_left_stays_the_choice(save, as_compliance_officer, new_client, person, fresh):
    owner = person("marketer")
    client = new_client(details=Details(owner_id=owner.id))
    with transaction():
        db.session.get(StaffMember, owner.id).state = MemberState.DISABLED
    assert "(has left)" in as_compliance_officer.get(f"/clients/{client.id}/edit").text
    assert save(client, owner=str(owner.id)).status_code == 303
    assert fresh(client.id).owner_id == owner.id


def test_a_zone_is_declared_worked_out_or_not_known(save, as_viewer, new_client, fresh):
    client = new_client(points=[NewPoint("sms", "+351912345678")])
    assert "as somebody said" in as_viewer.get(f"/clients/{client.id}").text
    for country, zone, source in (
        ("DE", "Europe/Berlin", ZoneSource.COUNTRY),
        ("", "UTC", ZoneSource.UNKNOWN),
    ):
        save(client, country=country, time_zone="")
        found = fresh(client.id)
        assert (found.time_zone, found.time_zone_source) == (zone, source)
    assert "Not known" in as_viewer.get(f"/clients/{client.id}").text
    save(client, time_zone="UTC")
    assert fresh(client.id).time_zone_source == ZoneSource.DECLARED


def test_a_change_of_nothing_leaves_no_entry(new_client, last_entry):
    client = new_client(country="PT")
    same = ClientChange("pt", "PT", "Europe/Lisbon", full_name="Maria Tavares")
    with transaction():
        change_client(client.id, same, SYSTEM)
    assert last_entry().action == "client.added"


def test_wishes_are_written_down_and_shown(as_compliance_officer, new_client, submit, last_entry, fresh):
    client = new_client()
    page = f"/clients/{client.id}/preferences"
    said = {"first": "sms", "second": "email", "contact_from": "18:30", "contact_until": "20:00"}
    answer = submit(as_compliance_officer, page, page, frequency="weekly", language="de", **said)
    assert answer.status_code == 303
    assert preference_of(db.session(), [client.id]) == {
        client.id: Preference(("sms", "email"), time(18, 30), time(20), "weekly")
    }
    assert fresh(client.id).language == "de"
    assert last_entry().action == "client.preferences_changed"
    assert "18:30" not in str(last_entry().changes)
    html = as_compliance_officer.get(f"/clients/{client.id}").text
    assert "SMS, then Email" in html
    assert "18:30 to 20:00" in html
    assert "At most one marketing message a week" in html
    form = as_compliance_officer.get(page).text
    assert 'value="18:30"' in form
    assert '<option selected value="sms">' in form


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"contact_from": "18:00"}, "both ends"),
        ({"contact_from": "18:00", "contact_until": "18:00"}, "two different times"),
        ({"first": "sms", "second": "sms"}, "Name each channel once"),
        ({"contact_from": "noon", "contact_until": "18:00"}, "Enter a time such as 18:30"),
        ({"frequency": "hourly"}, "Not a valid choice"),
    ],
)
def test_wishes_that_contradict_themselves_are_refused(as_compliance_officer, new_client, submit, said, says):
    client = new_client()
    page = f"/clients/{client.id}/preferences"
    answer = submit(as_compliance_officer, page, page, **{"frequency": "every", "language": "pt"} | said)
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.scalars(select(ClientPreference)).all() == []


def test_wishes_change_the_language_only_when_they_name_one(new_client, fresh):
    client = new_client()
    for language, expected in ((None, "pt"), ("en", "en")):
        with transaction():
            change_preferences(client.id, PreferenceChange(("email",), language=language), SYSTEM)
        assert fresh(client.id).language == expected
    with pytest.raises(WishRefused):
        change_preferences(client.id, PreferenceChange(("pigeon",)), SYSTEM)
    nobody = new_id()
    assert preference_of(db.session(), [nobody]) == {nobody: Preference()}


def test_a_restriction_is_begun_and_lifted_for_a_reason(as_compliance_officer, new_client, submit, last_entry, fresh):
    client = new_client()
    page = f"/clients/{client.id}/restriction"
    assert "Enter why" in submit(as_compliance_officer, page, page, reason="").text
    submit(as_compliance_officer, page, page, reason="Contests the data")
    assert (last_entry().action, last_entry().reason) == ("client.restricted", "Contests the data")
    html = as_compliance_officer.get(f"/clients/{client.id}").text
    assert "Restricted" in html
    assert "Mara Kessler restricted this client: “Contests the data”" in html
    assert submit(as_compliance_officer, page, page, reason="again").status_code == 303
    assert fresh(client.id).state == "restricted"
    submit(as_compliance_officer, page, f"{page}/end", reason="Corrected")
    assert (fresh(client.id).state, last_entry().action) == ("active", "client.restriction_lifted")
    with pytest.raises(NothingToDo, match="active already"):
        lift_restriction(client.id, "again", SYSTEM)


def test_an_erasure_takes_wishes_attributes_and_owner_too(session, new_client, person):
    client = new_client(details=Details(person("marketer").id, "Bookings", {"club": "Rowers"}))
    with transaction():
        change_preferences(client.id, PreferenceChange(("sms",), time(9), time(12), "monthly"), SYSTEM)
    found = export_for(client.id)
    assert found["client"]["attributes"] == {"club": "Rowers"}
    assert found["preferences"]["contact_hours"] == ["09:00", "12:00"]
    with transaction():
        assert erase_for(client.id, SYSTEM)["client_preference"] == 1
    session.expunge_all()
    shell = session.get(Client, client.id)
    assert (shell._attributes, shell.owner_id, shell.department) == (None, None, "")
    assert shell.time_zone_source == ZoneSource.UNKNOWN
    assert session.scalars(select(ClientPreference)).all() == []


def test_attribute_lines_are_read_strictly():
    assert read_lines("\n a : 1 \n\nb: x: y") == {"a": "1", "b": "x: y"}
    assert with_lines({"a": "1"}, {"a": "", "b": "2"}) == {"b": "2"}
    with pytest.raises(AttributeRefused, match="control characters"):
        read_lines("a: \x01")


def test_only_numbers_in_their_international_form_tell_a_zone(new_client, fresh):
    client = new_client(points=[NewPoint("sms", "0912 345 678")], keep_raw=True)
    assert client.contact_points[1].state == PointState.RAW
    with transaction():
        change_client(client.id, ClientChange("pt", None), SYSTEM)
    assert fresh(client.id).time_zone_source == ZoneSource.UNKNOWN
