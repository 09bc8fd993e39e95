"""Somebody else acts on a client in the moment in which a row about them is written, over real connections."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from portal.clients.operations import add_client
from portal.clients.personal_data import erase_for
from portal.clients.queries import points_of
from portal.db import transaction
from portal.imports.operations import confirm_import, pump
from portal.imports.queries import find_import
from portal.web.actor import SYSTEM

from tests.imports.conftest import FOREVER, OFFICER, check, csv_file, load, written


def test_a_client_who_is_erased_while_their_row_is_written_is_given_nothing(own_app):
    with own_app.app_context():
        with transaction():
            ana = add_client("Ana", "ana@harbour.example", "en", "UTC", SYSTEM).id
        row = check(load(csv_file("Name,Email,Phone", "Ana,ana@harbour.example,+4915123456789")), overwrite=True)
        with transaction():
            confirm_import(row.id, 1, OFFICER, whole=False)
    erasing = Event()

    def erase():
        with own_app.app_context(), transaction():
            erase_for(ana, SYSTEM)
            erasing.set()
            time.sleep(1.0)

    def write():
        erasing.wait(20)
        with own_app.app_context():
            return pump.work_on(row.id, FOREVER)

    with ThreadPoolExecutor(2) as pool:
        assert [one.result() for one in (pool.submit(erase), pool.submit(write))] == [None, False]
    with own_app.app_context():
        assert points_of(ana) == []
        assert written(find_import(row.id)) == {"new": 1}
