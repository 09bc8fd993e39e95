"""The pages of clients, as staff meet them."""

import re
from datetime import timedelta

import pytest
from portal.audit.models import AuditEntry
from portal.clients.models import Client, ClientSearch, ClientState, ContactPoint, PointState
from portal.clients.personal_data import erase_for
from portal.clients.rules import NewPoint, client_number
from portal.clients.views import people
from portal.db import db, transaction
from portal.web.actor import SYSTEM
from sqlalchemy import event, func, select, text

NOBODY = "00000000-0000-7000-8000-000000000000"


def find(browser, submit, term, headers=None):
    return submit(browser, "/clients", "/clients/searches", headers, term=term)


def test_the_list_is_masked_and_says_so_in_the_log_first(as_viewer, new_client, last_entry):
    first, second = new_client(), new_client("Ana Reis", "ana@harbour.example")
    html = as_viewer.get("/clients").text
    assert html.index(client_number(second.number)) < html.index(client_number(first.number))
    assert "M••• T•••" in html
    assert "m•••@•••.example" in html
    assert not re.search("Maria|Tavares|harbour", html)
    assert (last_entry().action, last_entry().subject_refs) == ("client.list_viewed", [str(second.id), str(first.id)])
    assert "Add a client" not in html


def test_an_empty_list_says_what_a_client_is_and_what_to_do(as_compliance_officer, as_viewer):
    html = as_compliance_officer.get("/clients").text
    assert "No clients here" in html
    assert html.count('href="/clients/new"') == 1
    assert "/clients/new" not in as_viewer.get("/clients").text


def test_the_list_goes_page_by_page_in_both_directions(as_viewer, new_client, monkeypatch):
    monkeypatch.setattr(people, "PAGE", 2)
    numbers = [new_client(email=f"p{n}@harbour.example").number for n in range(5)][::-1]
    shown = lambda path: [int(n) for n in re.findall(r">C-0*(\d+)</a>", as_viewer.get(path).text)]  # noqa: E731
    link = lambda path, rel: (re.findall(rf'rel="{rel}" href="([^"]+)"', as_viewer.get(path).text) or [""])[0]  # noqa: E731
    pages = ["/clients"]
    while older := link(pages[-1], "next"):
        pages.append(older)
    assert [shown(page) for page in pages] == [numbers[:2], numbers[2:4], numbers[4:]]
    back = link(pages[-1], "prev")
    assert shown(back) == numbers[2:4]
    assert link(link(back, "prev"), "prev") == ""
    assert shown("/clients?above=999999999") == []
    for odd in ("below=0", f"below={2**63}", "above=-1", "above=x", "filter=x"):
        assert shown(f"/clients?{odd}") == numbers[:2]


def test_lists_ask_the_database_as_often_for_many_as_for_few(app, as_viewer, new_client):
    def statements():
        seen = []
        note = lambda *facts: seen.append(facts[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", note)
        as_viewer.get("/clients")
        event.remove(db.engine, "before_cursor_execute", note)
        # The settings are looked up once in a while, whoever comes.
        return len([one for one in seen if "SAVEPOINT" not in one and "setting" not in one])

    new_client()
    statements()  # what is read once and kept is read now
    few = statements()
    for number in range(10):
        new_client(email=f"p{number}@harbour.example")
    assert statements() == few


@pytest.mark.parametrize("term", ["  MARIA@bücher.EXAMPLE ", "maria@xn--bcher-kva.example", "number"])
def test_a_whole_address_or_a_number_finds_its_client(as_marketer, new_client, submit, last_entry, term):
    client = new_client(email="Maria@Bücher.example")
    answer = find(as_marketer, submit, f"c-{client.number:06}" if term == "number" else term)
    assert answer.status_code == 303
    assert re.fullmatch(r"/clients\?filter=[0-9a-f-]{36}", answer.location)
    entry = last_entry()
    assert (entry.action, entry.access_type, entry.subject_refs) == ("client.searched", "search", [str(client.id)])
    assert "ucher" not in entry.reason
    html = as_marketer.get(answer.location).text
    assert f"C-{client.number:06}" in html
    assert "Show all clients" in html


def test_a_search_that_finds_nobody_explains_why_parts_cannot_be_looked_up(as_viewer, new_client, submit):
    new_client()
    for term in ("maria@elsewhere.example", "C-999999999"):
        html = as_viewer.get(find(as_viewer, submit, term).location).text
        assert "No exact match" in html
        assert "whole addresses only" in html


def test_a_number_of_an_unknown_country_asks_for_it_and_is_then_found(as_viewer, new_client, submit):
    client = new_client(points=[NewPoint("sms", "+4915123456717")])
    html = find(as_viewer, submit, "0151 23456717").text
    assert "Or select the country of the number." in html
    assert "Country of the number" in html
    assert "Check the phone number" in find(as_viewer, submit, "+49 1512 3456717 890123").text
    answer = submit(as_viewer, "/clients", "/clients/searches", term="0151 23456717", country="DE")
    assert f"C-{client.number:06}" in as_viewer.get(answer.location).text


def test_the_organisations_country_reads_numbers_without_one(as_viewer, new_client, submit, organisation_in):
    organisation_in("DE")
    client = new_client(points=[NewPoint("whatsapp", "+4915123456717")])
    assert f"C-{client.number:06}" in as_viewer.get(find(as_viewer, submit, "0151 23456717").location).text


def test_a_number_that_two_clients_share_finds_both(as_viewer, new_client, submit):
    one = new_client(points=[NewPoint("sms", "+4915123456717")])
    two = new_client(email="ana@harbour.example", points=[NewPoint("whatsapp", "+4915123456717")])
    html = as_viewer.get(find(as_viewer, submit, "+49 1512 3456717").location).text
    assert all(f"C-{client.number:06}" in html for client in (one, two))


@pytest.mark.parametrize("term", ["", "  ", "maria", "Tavares", "0"])
def test_what_is_neither_an_address_nor_a_number_is_not_searched(session, as_viewer, submit, term):
    answer = find(as_viewer, submit, term)
    assert answer.status_code == 422
    assert "Error: Clients" in answer.text
    assert "Enter a" in answer.text
    assert db.session.scalar(select(func.count()).select_from(ClientSearch)) == 0


def test_a_search_is_kept_without_the_address_for_an_hour_and_for_whoever_made_it(
    as_viewer, signed_in_as, new_client, submit
):
    client = new_client()
    address = find(as_viewer, submit, "maria@harbour.example").location
    assert "This search is over" in signed_in_as("viewer").get(address).text
    assert "Show all clients" in as_viewer.get(address).text
    kept = db.session.scalars(select(ClientSearch)).one()
    with transaction():
        kept.expires_at -= timedelta(hours=1, seconds=1)
    assert "This search is over" in as_viewer.get(address).text
    find(as_viewer, submit, f"{client.number}")
    assert db.session.scalars(select(ClientSearch.address_index)).all() == [None]


def test_a_client_is_added_and_their_page_opens(as_compliance_officer, submit):
    form = as_compliance_officer.get("/clients/new").text
    assert re.search(r'<option selected value="en">', form)
    facts = {"full_name": " Ana  Reis ", "email": "ana@harbour.example", "language": "pt", "country": "PT"}
    answer = submit(as_compliance_officer, "/clients/new", "/clients", time_zone="Europe/Lisbon", **facts)
    assert answer.status_code == 303
    html = as_compliance_officer.get(answer.location).text
    assert "A••• R•••" in html
    assert "Portuguese" in html
    assert "Portugal" in html
    assert "Mara Kessler added this client" in html
    assert "The client was added." in html


def test_an_address_that_is_taken_names_the_client_who_has_it(as_compliance_officer, new_client, submit, last_entry):
    client = new_client()
    facts = {"full_name": "M T", "email": "MARIA@harbour.example", "language": "en", "country": ""}
    answer = submit(as_compliance_officer, "/clients/new", "/clients", time_zone="UTC", **facts)
    assert answer.status_code == 422
    assert f"Client C-{client.number:06} has this address already. Open that client instead." in answer.text
    assert f'href="/clients/{client.id}"' in answer.text
    assert (last_entry().action, last_entry().outcome) == ("client.duplicate_refused", "refused")
    assert db.session.scalar(select(func.count()).select_from(Client)) == 1


def test_a_client_is_added_with_phone_and_whatsapp_once_the_number_was_seen(as_compliance_officer, submit):
    facts = {"full_name": "Ana Reis", "language": "pt", "country": "PT", "time_zone": "", "department": "Bookings"}
    send = lambda **more: submit(as_compliance_officer, "/clients/new", "/clients", **facts, **more)  # noqa: E731
    shown = send(sms="912 345 678", whatsapp="PT.1349Ab")
    assert (shown.status_code, 'value="+351 912 345 678"' in shown.text) == (200, True)
    assert "No clients here" in as_compliance_officer.get("/clients").text
    html = as_compliance_officer.get(send(sms="+351 912 345 678", whatsapp="PT.1349Ab").location).text
    assert "+351 ••• 78" in html
    assert "Bookings" in html
    taken = send(email="ana@harbour.example", sms="+351912345678")
    assert (taken.status_code, "has this address already" in taken.text) == (422, True)
    assert "email address or a phone number" in send().text


def test_a_point_knows_its_kind_by_its_channel(session, new_client):
    client = new_client()
    for channel, kind in (("sms", "phone"), ("email", "email")):
        point = ContactPoint(client_id=client.id, channel=channel, address_index=kind.encode())
        point.address = "x"
        session.add(point)
        session.flush()
        assert point.kind == kind


@pytest.mark.parametrize(
    ("name", "email", "says"),
    [
        ("", "", "Enter the person&#39;s name"),
        ("Ana", "ana", "Enter an email address such as name@company.example."),
        ("Ana", "aña@harbour.example", "unaccented letters before the @"),
        ("A\x07na", "ana@harbour.example", "no control characters"),
    ],
)
def test_a_form_that_cannot_be_kept_says_what_to_do(as_compliance_officer, submit, name, email, says):
    facts = {"full_name": name, "email": email, "language": "en", "country": "", "time_zone": "UTC"}
    answer = submit(as_compliance_officer, "/clients/new", "/clients", **facts)
    assert answer.status_code == 422
    assert says in answer.text
    assert "<title>Error: Add a client" in answer.text


def test_the_page_of_a_client_is_masked_and_the_look_is_an_entry(as_viewer, new_client, last_entry):
    client = new_client()
    html = as_viewer.get(f"/clients/{client.id}").text
    assert f"Client C-{client.number:06}" in html
    assert "M••• T•••" in html
    assert not re.search("Maria|Tavares|harbour|reveals", html)
    assert (last_entry().action, last_entry().object_id) == ("client.viewed", str(client.id))


def test_an_unknown_client_is_a_page_that_does_not_exist(as_compliance_officer, new_client, submit):
    client = new_client()
    for path in (f"/clients/{NOBODY}", f"/clients/{NOBODY}/reveals", "/clients/maria"):
        assert as_compliance_officer.get(path).status_code == 404
    page, path = f"/clients/{client.id}", f"/clients/{NOBODY}/reveals"
    assert submit(as_compliance_officer, page, path, purpose="because").status_code == 404


def test_a_cell_that_cannot_be_decrypted_shows_as_that_and_is_never_revealed(as_compliance_officer, new_client, submit):
    client, other = new_client(), new_client("Ana Reis", "ana@harbour.example")
    swap = "UPDATE {0} SET {1} = o.{1} FROM {0} o WHERE {0}.{2} = :a AND o.{2} = :b"
    for facts in (("client", "full_name", "id"), ("contact_point", "address", "client_id")):
        db.session.execute(text(swap.format(*facts)), {"a": client.id, "b": other.id})
    db.session.commit()
    page = f"/clients/{client.id}"
    assert as_compliance_officer.get("/clients").text.count("cannot be decrypted") == 2
    assert as_compliance_officer.get(page).text.count("cannot be decrypted") == 3
    html = submit(as_compliance_officer, page, f"{page}/reveals", purpose="a booking").text
    assert html.count("cannot be decrypted") == 3
    assert "Ana" not in html


def test_an_erased_client_is_an_empty_page_without_a_reveal(as_compliance_officer, new_client):
    client = new_client()
    with transaction():
        erase_for(client.id, SYSTEM)
    html = as_compliance_officer.get(f"/clients/{client.id}").text
    assert "This client was erased." in html
    assert "reveals" not in html
    assert "Erased" in as_compliance_officer.get("/clients").text


def test_an_address_that_proved_dead_says_so(as_viewer, new_client, session):
    client = new_client()
    session.get(ContactPoint, client.contact_points[0].id).state = PointState.UNUSABLE
    session.get(Client, client.id).state = ClientState.RESTRICTED
    session.commit()
    for path in ("/clients", f"/clients/{client.id}"):
        html = as_viewer.get(path).text
        assert "Does not work" in html
        assert "Restricted" in html


def test_no_audit_row_means_no_page(as_compliance_officer, new_client, broken_log):
    client = new_client()
    with broken_log():
        for path in ("/clients", f"/clients/{client.id}", f"/clients/{client.id}/reveals"):
            answer = as_compliance_officer.get(path)
            assert answer.status_code == 503
            assert "M•••" not in answer.text
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 1 + staff_rows()


def staff_rows() -> int:
    return db.session.scalar(select(func.count()).where(AuditEntry.action.not_like("client.%"))) or 0
