"""Adding, replacing, trusting and removing addresses, as staff do it."""

import re

import pytest
from portal.clients.models import PointState
from portal.clients.operations import ClientGone, PointUnknown, add_contact_point, remove_contact_point
from portal.clients.operations.points import find_live
from portal.clients.personal_data import erase_for
from portal.clients.queries import find_by_address, find_by_phone, find_point, index_of_phone, points_of
from portal.clients.rules import NewPoint
from portal.db import new_id, transaction
from portal.web.actor import SYSTEM

PHONE = "+4915123456717"


@pytest.fixture
def add_point(as_compliance_officer, submit):
    """Sends the form for one more address."""

    def send(client, address, channel="sms", **facts):
        page = f"/clients/{client.id}/contact-points"
        return submit(as_compliance_officer, f"{page}/new", page, address=address, channel=channel, **facts)

    return send


def test_a_number_is_shown_back_before_it_is_kept(add_point, new_client, last_entry):
    client = new_client(country="DE")
    asked = add_point(client, "0151 2345 6717", country="DE")
    assert asked.status_code == 200
    assert "Check the number." in asked.text
    assert 'value="+49 1512 3456717"' in asked.text
    assert len(points_of(client.id)) == 1
    assert add_point(client, "+49 1512 3456717").status_code == 303
    assert [point.address for point in points_of(client.id)][1] == PHONE
    assert (last_entry().action, last_entry().subject_refs) == ("client.point_added", [str(client.id)])
    assert PHONE not in str(last_entry().changes)


def test_the_page_shows_each_address_masked_with_its_state(add_point, as_viewer, new_client):
    client = new_client()
    for address, channel in ((PHONE, "sms"), ("+15551234567", "whatsapp"), ("DE.13491208655302741918", "whatsapp")):
        assert add_point(client, address, channel).status_code == 303
    html = as_viewer.get(f"/clients/{client.id}").text
    assert "+49 ••• 17" in html
    assert "+1 ••• 67" in html
    assert "••• 18" in html
    assert "WhatsApp identity, no number" in html
    assert "Does not work" in html
    assert not re.search(r"3456717|1234567|1349120|contact-points", html)
    assert "+49 ••• 17" in as_viewer.get("/clients").text


def test_all_of_them_are_revealed_with_a_purpose(add_point, as_compliance_officer, new_client, submit):
    client = new_client()
    add_point(client, PHONE)
    add_point(client, "DE.13491208655302741918", "whatsapp")
    page = f"/clients/{client.id}"
    html = submit(as_compliance_officer, page, f"{page}/reveals", purpose="a call").text
    assert "+49 1512 3456717" in html
    assert "DE.13491208655302741918" in html


@pytest.mark.parametrize(
    ("address", "channel", "says"),
    [
        ("", "sms", "Enter the address"),
        ("0151 2345678", "sms", "country code"),
        ("+49 151 2345678 ext 7", "sms", "without an extension"),
        ("maria", "email", "Enter an email address such as"),
        (PHONE, "pigeon", "Not a valid choice"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(add_point, new_client, address, channel, says):
    answer = add_point(new_client(), address, channel)
    assert answer.status_code == 422
    assert says in answer.text
    assert "<title>Error: Add a contact point" in answer.text


def test_a_number_that_somebody_has_names_the_client(add_point, new_client, last_entry):
    holder = new_client(points=[NewPoint("sms", PHONE)])
    client = new_client(email="ana@harbour.example")
    answer = add_point(client, PHONE)
    assert answer.status_code == 422
    assert f"Client C-{holder.number:06} has this address already." in answer.text
    assert f'href="/clients/{holder.id}"' in answer.text
    assert (last_entry().action, last_entry().object_id) == ("client.duplicate_refused", str(holder.id))
    assert add_point(client, PHONE, "whatsapp").status_code == 303


def test_a_replaced_address_is_a_new_row_and_the_old_one_is_empty(as_compliance_officer, new_client, submit, fresh):
    client = new_client()
    old = client.contact_points[0].id
    page = f"/clients/{client.id}/contact-points/{old}"
    answer = submit(as_compliance_officer, page, f"{page}/replacements", address="ana@harbour.example")
    assert answer.status_code == 303
    rows = fresh(client.id).contact_points
    assert [(row.state, row.address) for row in rows] == [("erased", None), ("usable", "ana@harbour.example")]
    assert as_compliance_officer.get(page).status_code == 404
    assert [point.id for point in points_of(client.id)] == [rows[1].id]


def test_a_replacement_is_shown_back_and_refused_like_a_new_one(as_compliance_officer, new_client, submit, fresh):
    client = new_client(points=[NewPoint("sms", PHONE)])
    new_client(email="ana@harbour.example", points=[NewPoint("sms", "+4915123456789")])
    page = f"/clients/{client.id}/contact-points/{client.contact_points[1].id}"
    send = lambda **facts: submit(as_compliance_officer, page, f"{page}/replacements", **facts)  # noqa: E731
    assert "Enter the address" in send(address="").text
    assert send(address="12").status_code == 422
    shown = send(address="030 1234567", country="DE")
    assert (shown.status_code, 'value="+49 30 1234567"' in shown.text) == (200, True)
    taken = send(address="+4915123456789")
    assert (taken.status_code, "has this address already" in taken.text) == (422, True)
    assert fresh(client.id).contact_points[1].address == PHONE


def test_an_address_is_removed_and_can_be_another_clients(as_compliance_officer, new_client, submit, last_entry):
    client = new_client(points=[NewPoint("sms", PHONE)])
    point = client.contact_points[1]
    page = f"/clients/{client.id}/contact-points/{point.id}"
    assert submit(as_compliance_officer, page, f"{page}/removal").status_code == 303
    assert last_entry().action == "client.point_removed"
    assert find_by_phone(PHONE) is None
    assert new_client(email="ana@harbour.example", points=[NewPoint("sms", PHONE)]).id
    html = as_compliance_officer.get(f"/clients/{client.id}").text
    assert "+49 •••" not in html
    assert "removed a contact point" in html


def test_an_address_that_looked_dead_is_used_again_for_a_reason(
    as_compliance_officer, new_client, submit, last_entry, fresh
):
    client = new_client(points=[NewPoint("sms", "+15551234567")])
    point = client.contact_points[1]
    page = f"/clients/{client.id}/contact-points/{point.id}"
    assert "Use it all the same" in as_compliance_officer.get(page).text
    refused = submit(as_compliance_officer, page, f"{page}/trust", reason="")
    assert (refused.status_code, "Enter why" in refused.text) == (422, True)
    assert submit(as_compliance_officer, page, f"{page}/trust", reason="They answered a call").status_code == 303
    assert fresh(client.id).contact_points[1].state == PointState.USABLE
    assert (last_entry().action, last_entry().reason) == ("client.point_trusted", "They answered a call")
    again = submit(as_compliance_officer, page, f"{page}/trust", reason="again")
    assert (again.status_code, "Somebody was faster" in again.text) == (409, True)


def test_nothing_can_be_added_to_a_client_who_was_erased(as_compliance_officer, new_client):
    client = new_client()
    point = client.contact_points[0].id
    with transaction():
        erase_for(client.id, SYSTEM)
    for path in ("contact-points/new", f"contact-points/{point}", "edit", "preferences", "restriction", "merges/new"):
        assert as_compliance_officer.get(f"/clients/{client.id}/{path}").status_code == 404
    with pytest.raises(ClientGone, match="was erased"):
        add_contact_point(client, "sms", PHONE, SYSTEM)


def test_another_clients_address_cannot_be_touched(as_compliance_officer, new_client, submit):
    client, other = new_client(), new_client("Ana Reis", "ana@harbour.example")
    point = other.contact_points[0].id
    assert as_compliance_officer.get(f"/clients/{client.id}/contact-points/{point}").status_code == 404
    with pytest.raises(PointUnknown):
        remove_contact_point(client, point, [], SYSTEM)
    with pytest.raises(PointUnknown):
        find_live(client, new_id())
    assert find_point(client.id, point) is None
    assert find_point(other.id, point).id == point


def test_only_those_who_may_change_clients_see_the_way_there(as_viewer, as_marketer, new_client):
    client = new_client()
    for browser in (as_viewer, as_marketer):
        assert browser.get(f"/clients/{client.id}/contact-points/new").status_code == 403
        assert "Edit client" not in browser.get(f"/clients/{client.id}").text


def test_an_address_is_found_on_its_own_channel(new_client):
    client = new_client(points=[NewPoint("sms", PHONE), NewPoint("whatsapp", "DE.1349Ab")])
    found = [
        find_by_address("sms", "+49 151 23456717"),
        find_by_address("email", "MARIA@harbour.example"),
        find_by_address("whatsapp", "DE.1349Ab"),
        find_by_phone(PHONE),
    ]
    assert [one.id for one in found] == [client.id] * 4
    assert find_by_address("whatsapp", PHONE) is None
    assert find_by_address("whatsapp", "DE.1349aB") is None
    assert find_by_address("sms", "0151 23456717") is None
    assert client.contact_points[1].address_index == index_of_phone(PHONE)
