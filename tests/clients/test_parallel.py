"""The same address at the same moment, over real connections with real commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from portal.clients.models import Client, ContactPoint
from portal.clients.operations import ClientExists, ClientGone, add_client, add_contact_point, merge_clients
from portal.clients.personal_data import erase_for
from portal.db import db, transaction
from portal.web.actor import SYSTEM
from sqlalchemy import func, select

SPELLINGS = ("maria@bücher.example", "MARIA@BÜCHER.example", "Maria@xn--bcher-kva.example")


def test_fifty_who_add_one_address_at_once_make_one_client(own_app):
    start = Barrier(10)

    def add(number):
        if number < 10:
            start.wait(20)
        with own_app.app_context():
            try:
                with transaction():
                    return add_client("Maria Tavares", SPELLINGS[number % 3], "pt", "Europe/Lisbon", SYSTEM).number
            except ClientExists as existing:
                return str(existing)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(add, range(50)))
    added = [answer for answer in answers if isinstance(answer, int)]
    assert len(added) == 1
    assert {answer for answer in answers if isinstance(answer, str)} == {
        f"Client C-{added[0]:06} has this address already. Open that client instead."
    }
    with own_app.app_context():
        counts = [db.session.scalar(select(func.count()).select_from(table)) for table in (Client, ContactPoint)]
        assert counts == [1, 1]


def at_once(app, *acts):
    """Does these at the same moment, each in a transaction of its own; says what each answered or raised."""
    start = Barrier(len(acts))

    def run(act):
        start.wait(20)
        with app.app_context():
            try:
                with transaction():
                    return act()
            except (ClientGone, ClientExists) as refused:
                return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_merges_of_one_pair_in_both_directions_make_one_client(own_app):
    for number in range(5):
        with own_app.app_context(), transaction():
            one, other = (add_client("Maria", f"{n}{number}@harbour.example", "pt", "UTC", SYSTEM).id for n in "ab")
        answers = at_once(
            own_app,
            lambda: merge_clients(one, other, [], SYSTEM),  # noqa: B023 - done before the next turn
            lambda: merge_clients(other, one, [], SYSTEM),  # noqa: B023
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["ClientGone", "list"]


def test_an_address_added_while_its_client_is_erased_does_not_stay(own_app):
    for number in range(5):
        with own_app.app_context(), transaction():
            client = add_client("Maria", f"{number}@harbour.example", "pt", "UTC", SYSTEM)
        phone = f"+49151234567{number:02}"
        at_once(
            own_app,
            lambda: erase_for(client.id, SYSTEM),  # noqa: B023
            lambda: add_contact_point(client, "sms", phone, SYSTEM),  # noqa: B023
        )
    with own_app.app_context():
        assert db.session.scalars(select(ContactPoint.state).distinct()).all() == ["erased"]
