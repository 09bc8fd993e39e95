"""Handing out and erasing what is held about a client."""

from portal.clients.models import Client, ClientSearch, ContactPoint
from portal.clients.operations import start_search
from portal.clients.personal_data import TABLES, erase_for, export_for
from portal.clients.queries import find_by_email
from portal.db import db, new_id, transaction
from portal.web.actor import SYSTEM, Actor, ActorKind
from sqlalchemy import select, text


def test_everything_held_is_handed_out_in_clear(new_client):
    client = new_client(country="PT")
    found = export_for(client.id)
    assert found["client"] | {"since": ""} == {
        "number": f"C-{client.number:06}",
        "full_name": "Maria Tavares",
        "language": "pt",
        "time_zone": "Europe/Lisbon",
        "country": "PT",
        "state": "active",
        "time_zone_known_from": "declared",
        "department": "",
        "attributes": {},
        "source": "staff",
        "since": "",
    }
    assert found["preferences"] == {"channel_order": [], "contact_hours": [], "frequency": "every", "language": "pt"}
    assert [point["address"] for point in found["contact_points"]] == ["maria@harbour.example"]
    assert export_for(new_id()) == {}


def test_an_erasure_leaves_a_shell_and_frees_the_address(session, new_client, last_entry):
    client = new_client(country="PT")
    with transaction():
        assert erase_for(client.id, SYSTEM) == {"client": 1, "contact_point": 1, "client_preference": 0}
    session.expunge_all()
    shell = session.get(Client, client.id)
    assert (shell.full_name, shell.country, shell.language, shell.time_zone, shell.state) == (
        (None, None, "und", "UTC", "erased")
    )
    point = session.scalars(select(ContactPoint)).one()
    assert (point.client_id, point.address, point.address_index, point.state) == (client.id, None, None, "erased")
    assert last_entry().action == "client.erased"
    assert "maria" not in str(last_entry().changes).lower()
    assert find_by_email("maria@harbour.example") is None
    assert new_client().id != client.id


def test_erasing_twice_or_nobody_changes_nothing(new_client):
    client = new_client()
    with transaction():
        erase_for(client.id, SYSTEM)
    assert erase_for(client.id, SYSTEM) == erase_for(new_id(), SYSTEM) == dict.fromkeys(TABLES, 0)


def test_searches_for_an_erased_client_are_forgotten(new_client, person):
    client = new_client()
    viewer = Actor(ActorKind.STAFF, "Tom Berg", id=person("viewer").id)
    with transaction():
        start_search("maria@harbour.example", viewer)
        start_search("other@harbour.example", viewer)
    with transaction():
        erase_for(client.id, SYSTEM)
    assert len(db.session.scalars(select(ClientSearch)).all()) == 1


def test_a_client_who_cannot_be_decrypted_is_erased_all_the_same(session, new_client):
    client, other = new_client(), new_client("Ana Reis", "ana@harbour.example")
    session.execute(
        text("UPDATE client SET full_name = o.full_name FROM client o WHERE client.id = :a AND o.id = :b"),
        {"a": client.id, "b": other.id},
    )
    session.expunge_all()
    with transaction():
        assert erase_for(client.id, SYSTEM)["client"] == 1
    assert session.get(Client, client.id).full_name is None
