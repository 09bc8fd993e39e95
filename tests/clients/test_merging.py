"""Two clients who are one person become one."""

from datetime import time

import pytest
from portal.audit.models import AuditEntry
from portal.clients.models import ClientState, Source
from portal.clients.operations import (
    ClientGone,
    MergeRefused,
    add_client,
    change_preferences,
    merge_clients,
    restrict_client,
)
from portal.clients.personal_data import export_for
from portal.clients.queries import find_by_phone, ids_of, preference_of
from portal.clients.rules import NewPoint, Preference, PreferenceChange
from portal.clients.rules.facts import Details
from portal.db import db, transaction
from portal.web.actor import SYSTEM
from portal.web.slots import CLIENT_MERGED
from sqlalchemy import func, select

PHONE = "+4915123456717"


@pytest.fixture
def pair(new_client, person):
    """The client who stays and the one who goes."""
    kept = new_client(details=Details(attributes={"club": "Rowers"}))
    details = Details(person("marketer").id, "Bookings", {"club": "Sailors", "seat": "window"})
    points = [NewPoint("sms", PHONE)]
    return kept, new_client("Maria Tavares", "tavares@quayside.example", country="PT", points=points, details=details)


@pytest.fixture
def officer(as_compliance_officer, step_up):
    """A compliance officer who has just proved who they are."""
    return step_up(as_compliance_officer)


def merged(kept, gone, followers=()):
    with transaction():
        return merge_clients(kept.id, gone.id, followers, SYSTEM)


def test_the_kept_client_takes_over_everything_and_the_other_is_an_empty_shell(pair, fresh):
    kept, gone = pair
    assert merged(kept, gone) == ["2 contact points moved"]
    found = fresh(kept.id)
    assert sorted(point.address for point in found.live_points) == [
        PHONE, "maria@harbour.example", "tavares@quayside.example",
    ]  # fmt: skip
    assert found.attributes == {"club": "Rowers", "seat": "window"}
    assert (found.country, found.department, found.owner_id) == ("PT", "Bookings", gone.owner_id or found.owner_id)
    shell = fresh(gone.id)
    assert (shell.full_name, shell.attributes, shell.live_points) == (None, {}, [])
    assert (shell.state, shell.merged_into_id) == ("erased", kept.id)
    assert find_by_phone(PHONE).id == kept.id
    assert ids_of(kept.id) == [kept.id, gone.id]
    assert len(export_for(kept.id)["contact_points"]) == 3


def test_both_have_their_row_in_the_log(pair):
    kept, gone = pair
    merged(kept, gone)
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(2)).all()
    assert [(row.action, row.object_id) for row in rows] == [
        ("client.merged_away", str(gone.id)),
        ("client.merged", str(kept.id)),
    ]
    assert [row.reason for row in rows] == [f"went into C-{kept.number:06}", f"took over C-{gone.number:06}"]
    assert "Tavares" not in str([row.changes for row in rows])


def test_what_forbids_wins(pair, fresh):
    kept, gone = pair
    with transaction():
        restrict_client(gone.id, "Contests the data", SYSTEM)
        change_preferences(kept.id, PreferenceChange(("email",), frequency="weekly"), SYSTEM)
        change_preferences(gone.id, PreferenceChange(("sms",), time(9), time(12), "monthly"), SYSTEM)
    merged(kept, gone)
    assert fresh(kept.id).state == ClientState.RESTRICTED
    wishes = preference_of(db.session(), [kept.id, gone.id])
    assert wishes[kept.id] == Preference(("email",), time(9), time(12), "monthly")
    assert wishes[gone.id] == Preference()


def test_wishes_of_the_one_who_goes_are_taken_over_where_there_are_none(pair):
    kept, gone = pair
    with transaction():
        change_preferences(gone.id, PreferenceChange(("sms",)), SYSTEM)
    merged(kept, gone)
    assert preference_of(db.session(), [kept.id])[kept.id] == Preference(("sms",))


@pytest.mark.parametrize(("kept_zone", "found"), [("", "Asia/Kolkata"), ("Europe/Lisbon", "Europe/Lisbon")])
def test_a_zone_is_taken_over_where_none_is_known(session, fresh, kept_zone, found):
    with transaction():
        kept = add_client("Maria", "maria@harbour.example", "pt", kept_zone, SYSTEM)
        gone = add_client("Maria", "tavares@quayside.example", "pt", "Asia/Kolkata", SYSTEM)
    merged(kept, gone)
    assert (fresh(kept.id).time_zone, fresh(kept.id).time_zone_source) == (found, "declared")


def test_hours_of_the_kept_client_stay(pair):
    kept, gone = pair
    with transaction():
        change_preferences(kept.id, PreferenceChange((), time(8), time(10)), SYSTEM)
        change_preferences(gone.id, PreferenceChange((), time(9), time(12)), SYSTEM)
    merged(kept, gone)
    assert preference_of(db.session(), [kept.id])[kept.id].contact_from == time(8)


def test_who_was_merged_before_leads_to_the_last_one(pair, new_client, fresh):
    kept, gone = pair
    last = new_client("M T", "mt@harbour.example")
    merged(kept, gone)
    merged(last, kept)
    assert fresh(gone.id).merged_into_id == last.id
    assert ids_of(last.id) == [last.id, kept.id, gone.id]


def test_a_follower_that_fails_stops_the_whole_merge(pair, fresh):
    kept, gone = pair
    heard = []

    def fine(*facts):
        heard.append(facts[:2])
        return ["3 messages moved"]

    def broken(*_):
        raise OSError

    with pytest.raises(OSError, match=r"^$"):
        merged(kept, gone, [fine, broken])
    assert heard == [(kept.id, gone.id)]
    assert len(fresh(gone.id).live_points) == 2
    assert merged(kept, gone, [fine]) == ["2 contact points moved", "3 messages moved"]


def test_what_cannot_become_one_is_refused(pair, new_client):
    kept, gone = pair
    with pytest.raises(MergeRefused, match="same client"):
        merged(kept, kept)
    demo = new_client("Ana Reis", "ana@harbour.example", source=Source.DEMO)
    with pytest.raises(MergeRefused, match="demo"):
        merged(kept, demo)
    merged(kept, gone)
    with pytest.raises(ClientGone):
        merged(kept, gone)


def test_the_preview_says_what_would_move_and_moves_nothing(officer, pair, last_entry, fresh):
    kept, gone = pair
    html = officer.get(f"/clients/{kept.id}/merges/{gone.id}").text
    assert "2 contact points moved" in html
    assert "0 messages moved" in html
    assert f"Merge C-{gone.number:06} into C-{kept.number:06}" in html
    assert "Their names differ." not in html
    assert f'href="/clients/{gone.id}/merges/{kept.id}"' in html
    assert "tavares" not in html
    assert len(fresh(gone.id).live_points) == 2
    assert (last_entry().action, last_entry().object_id) == ("client.viewed", str(gone.id))
    assert db.session.scalar(select(func.count()).where(AuditEntry.action == "client.merged")) == 0


def test_the_number_has_to_be_typed(officer, pair, submit, fresh):
    kept, gone = pair
    page = f"/clients/{kept.id}/merges/{gone.id}"
    for typed, says in (("", "Type the number of the client who goes"), ("C-999999", f"Type C-{gone.number:06}")):
        answer = submit(officer, page, page, number=typed)
        assert (answer.status_code, says in answer.text) == (422, True)
    assert submit(officer, page, page, number=f"c-{gone.number}").location == f"/clients/{kept.id}"
    assert fresh(gone.id).merged_into_id == kept.id
    html = officer.get(f"/clients/{gone.id}").text
    assert "This client was merged." in html
    assert f'href="/clients/{kept.id}"' in html
    assert "merged another client into this one" in officer.get(f"/clients/{kept.id}").text


def test_a_pair_that_cannot_become_one_says_why_and_offers_no_button(officer, pair, new_client, submit):
    kept, gone = pair
    demo = new_client("Ana Reis", "ana@harbour.example", source=Source.DEMO)
    html = officer.get(f"/clients/{kept.id}/merges/{demo.id}").text
    assert "These two cannot become one." in html
    assert "Merge 2 clients into 1" not in html
    path = f"/clients/{kept.id}/merges/{demo.id}"
    answer = submit(officer, f"/clients/{kept.id}/merges/{gone.id}", path, number=f"C-{demo.number}")
    assert (answer.status_code, "belongs to the demo" in answer.text) == (422, True)
    other = new_client("Rui Vaz", "rui@harbour.example")
    assert "Their names differ." in officer.get(f"/clients/{kept.id}/merges/{other.id}").text


def test_a_merge_asks_for_a_fresh_proof(as_compliance_officer, pair):
    answer = as_compliance_officer.get(f"/clients/{pair[0].id}/merges/{pair[1].id}")
    assert (answer.status_code, "next=" in answer.location) == (302, True)


@pytest.mark.parametrize("term", ["tavares@quayside.example", PHONE, "number"])
def test_the_other_client_is_found_by_number_address_or_phone(officer, pair, submit, term):
    kept, gone = pair
    page = f"/clients/{kept.id}/merges"
    typed = f"C-{gone.number}" if term == "number" else term
    answer = submit(officer, f"{page}/new", f"{page}/searches", term=typed)
    assert answer.location == f"{page}/{gone.id}"


@pytest.mark.parametrize(
    ("term", "says"),
    [("maria@harbour.example", "No other client"), ("C-999999", "No other client"), ("maria", "Enter a whole")],
)
def test_nobody_else_found_is_said_beside_the_field(officer, pair, submit, term, says):
    page = f"/clients/{pair[0].id}/merges"
    answer = submit(officer, f"{page}/new", f"{page}/searches", term=term)
    assert (answer.status_code, says in answer.text) == (422, True)


def test_every_follower_of_the_application_is_asked(app, officer, pair, submit, fresh):
    kept, gone = pair
    heard = []
    CLIENT_MERGED.fill(app, lambda *facts: heard.append(facts[:2]) or [])
    page = f"/clients/{kept.id}/merges/{gone.id}"
    submit(officer, page, page, number=str(gone.number))
    CLIENT_MERGED._providers(app).pop()
    assert heard[-1] == (kept.id, gone.id)
    assert fresh(gone.id).merged_into_id == kept.id
