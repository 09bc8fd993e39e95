"""The same address at the same moment, over real connections with real commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from portal.clients.models import Client, ContactPoint
from portal.clients.operations import ClientExists, add_client
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
