"""Adding, finding, revealing and erasing clients, asserted on rows."""

import pytest
from portal.audit.operations import PurposeMissing
from portal.clients.models import Channel, Client, ClientState, ContactPoint, PointState, Source
from portal.clients.operations import ClientExists, ClientUnknown, remove_clients, reveal
from portal.clients.queries import find_by_email, find_by_number, find_client, list_clients, list_demo_clients
from portal.clients.rules import NotAName, NotMailable
from portal.crypto.columns import Undecryptable
from portal.db import db, new_id, transaction
from portal.web.actor import SYSTEM
from sqlalchemy import func, select, text


def test_a_client_is_added_sealed_and_found_again_by_the_address(session, new_client):
    added = new_client()
    session.expunge_all()
    client = find_by_email("maria@harbour.example")
    assert (client.id, client.full_name, client.state) == (added.id, "Maria Tavares", ClientState.ACTIVE)
    assert [(p.channel, p.address, p.state) for p in client.contact_points] == [
        (Channel.EMAIL, "maria@harbour.example", PointState.USABLE)
    ]
    stored = session.execute(text("SELECT full_name FROM client UNION ALL SELECT address FROM contact_point")).scalars()
    assert not any(b"aria" in bytes(cell) for cell in stored)


def test_adding_is_an_audit_row_without_personal_data(new_client, last_entry):
    client = new_client()
    entry = last_entry()
    assert (entry.action, entry.subject_refs) == ("client.added", [str(client.id)])
    assert "aria" not in str(entry.changes)
    assert "Lisbon" not in str(entry.changes)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Maria@Harbour.example", "mARIA@hARBOUR.EXAMPLE"),
        ("maria@bücher.example", "maria@xn--bcher-kva.example"),
        ("maria@xn--bcher-kva.example", "MARIA@BÜCHER.example"),
        ("maria@harbour.example", "  maria@harbour.example  "),
    ],
)
def test_one_address_in_any_spelling_is_one_client(session, first, second, new_client):
    client = new_client(email=first)
    assert find_by_email(second).id == client.id
    with pytest.raises(ClientExists, match=f"C-{client.number:06} has this address already") as refused:
        new_client(email=second)
    assert refused.value.client_id == client.id
    assert session.scalar(select(func.count()).select_from(ContactPoint)) == 1


def test_an_address_is_kept_as_smtp_takes_it(new_client):
    assert new_client(email="Maria.T@Bücher.Example").contact_points[0].address == "Maria.T@xn--bcher-kva.example"


def test_dots_and_plus_signs_make_other_people(new_client):
    assert new_client(email="ma.ria@harbour.example").id != new_client(email="maria+x@harbour.example").id


@pytest.mark.parametrize("name", ["", "  ", "A\nBcc: b@c.example", "x" * 201])
def test_what_is_no_name_is_refused(session, name, new_client):
    with pytest.raises(NotAName):
        new_client(name)


@pytest.mark.parametrize("email", ["", "maria", "maria@", "märia@harbour.example", "a b@harbour.example", "m@host"])
def test_an_address_we_cannot_write_to_is_refused_without_being_repeated(session, email, new_client):
    with pytest.raises(NotMailable) as refused:
        new_client(email=email)
    assert not email or email not in str(refused.value)


def test_a_revealed_client_is_an_entry_with_its_purpose_before_anything_is_read(new_client, last_entry):
    client = new_client()
    with transaction():
        found = reveal(client.id, "client called about a booking", SYSTEM)
    entry = last_entry()
    assert (entry.action, entry.access_type, entry.purpose) == (
        "client.revealed",
        "decrypt",
        "client called about a booking",
    )
    assert found.full_name == "Maria Tavares"


def test_without_a_purpose_nothing_is_revealed(new_client):
    client = new_client()
    with pytest.raises(PurposeMissing), transaction():
        reveal(client.id, " ", SYSTEM)
    with pytest.raises(ClientUnknown):
        reveal(new_id(), "why not", SYSTEM)


def test_clients_are_listed_newest_first_page_by_page(new_client):
    numbers = [new_client(email=f"p{n}@harbour.example").number for n in range(5)][::-1]
    assert [c.number for c in list_clients(limit=2)] == numbers[:2]
    assert [c.number for c in list_clients(below=numbers[1], limit=2)] == numbers[2:4]
    assert [c.number for c in list_clients(above=numbers[3], limit=2)] == numbers[1:3]
    assert find_by_number(numbers[0]).number == numbers[0]


def test_a_cell_that_cannot_be_read_says_so_and_breaks_nothing(session, new_client):
    first, other = new_client(), new_client(email="other@harbour.example")
    session.execute(text("UPDATE client SET full_name = o.full_name FROM client o WHERE client.id = :a AND o.id = :b"),
                    {"a": first.id, "b": other.id})  # fmt: skip
    session.expunge_all()
    name = find_client(first.id).full_name
    assert isinstance(name, Undecryptable)
    assert str(name) == "cannot be decrypted"


def test_demo_clients_are_removed_and_nobody_else(session, new_client, last_entry):
    kept = new_client()
    new_client(email="demo@harbour.example", source=Source.DEMO, country="PT")
    with transaction():
        remove_clients(list_demo_clients(), SYSTEM)
    assert db.session.scalars(select(Client.id)).all() == [kept.id]
    assert db.session.scalars(select(ContactPoint.client_id)).all() == [kept.id]
    assert last_entry().action == "client.removed"
