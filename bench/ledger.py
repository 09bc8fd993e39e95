"""
How fast consents are taken over, written and checked: sealed chains, current state and audit rows, all of it durable.

`python -m bench.ledger [clients]` starts its own PostgreSQL (fsync on). With `profile` as the last word it prints where
the time of taking over goes.
"""

import cProfile
import os
import pstats
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

from flask_migrate import upgrade
from portal.app import create_app
from portal.clients.models import Channel, PointKind, Source, ZoneSource
from portal.clients.operations.bulk import BulkClient, BulkPoint, copy_clients, copy_points
from portal.clients.queries import index_of
from portal.clients.rules import ReadPoint
from portal.config.current import install
from portal.config.load import load_config
from portal.consent.models import LegalBasis, Method, TopicClass
from portal.consent.operations import add_wording, import_consents, make_topic, withdraw
from portal.consent.queries import check_ledger
from portal.consent.rules import ImportedConsent, ImportOutcome
from portal.crypto.lifecycle import ensure_ring
from portal.db import db, new_id, transaction, utc_now
from portal.launch.postgres import EmbeddedPostgres
from portal.web.actor import SYSTEM

CHUNK = 1000


def some_clients(count: int) -> list[UUID]:
    """Clients with an email address each."""
    ids = [new_id() for _ in range(count)]
    with transaction() as session:
        home = ("en", "Europe/Lisbon", ZoneSource.DECLARED, "PT", Source.IMPORT)
        copy_clients(session, [BulkClient(one, f"Ana Silva{number}", *home) for number, one in enumerate(ids)])
        addresses = [(one, f"person{number}@mail.example") for number, one in enumerate(ids)]
        copy_points(
            session,
            [
                BulkPoint(new_id(), one, ReadPoint(Channel.EMAIL, PointKind.EMAIL, address), index_of(address))
                for one, address in addresses
            ],
        )
    return ids


def take_over(ids: list[UUID]) -> float:
    """Seconds to write a consent of each, a thousand in one transaction."""
    with transaction():
        topic = make_topic("News", TopicClass.MARKETING, LegalBasis.CONSENT, SYSTEM, key=f"news-{new_id()}")
        wording = add_wording(topic.id, "en", "Yes, write to me.", SYSTEM)
    rows = [ImportedConsent(one, topic.id, "email", wording.id, "Old shop", utc_now()) for one in ids]
    start = time.perf_counter()
    for first in range(0, len(rows), CHUNK):
        with transaction() as session:
            counts = import_consents(session, rows[first : first + CHUNK], SYSTEM)
        db.session.remove()
        assert counts == {ImportOutcome.TAKEN: len(rows[first : first + CHUNK])}
    return time.perf_counter() - start


def stop(ids: list[UUID]) -> float:
    """Seconds to withdraw one by one, each in a transaction of its own."""
    with transaction():
        topic = make_topic("Events", TopicClass.MARKETING, LegalBasis.CONSENT, SYSTEM)
    start = time.perf_counter()
    for one in ids:
        with transaction():
            withdraw(one, topic.id, "email", Method.LINK, SYSTEM)
        db.session.remove()
    return time.perf_counter() - start


def check() -> float:
    """Seconds to check every seal, wording and state."""
    start = time.perf_counter()
    assert check_ledger(db.session()) == []
    return time.perf_counter() - start


def said(what: str, number: int, work: Callable[[], float]) -> None:
    """Prints the rate by the clock, and the time of this process alone, which a busy machine changes less."""
    before = time.process_time()
    seconds = work()
    used = (time.process_time() - before) / number
    load = f"load {os.getloadavg()[0]:.1f}"
    print(f"{what}: {number / seconds:,.0f}/s ({seconds:.1f} s), {used * 1e6:,.0f} us CPU each, {load}", flush=True)


def main(count: int = 20_000, *, profiling: bool = False) -> None:
    with tempfile.TemporaryDirectory(prefix="hfb-", dir="/tmp") as folder, ExitStack() as ending:
        postgres = EmbeddedPostgres(Path(folder), die_with_parent=True)
        urls = postgres.start()
        ending.callback(postgres.stop)
        os.environ |= {"SECRET_KEY": "bench-4mQ9vXr2Lk7TzBw8NcYd5HsJf3Ge6PaU", "LOG_LEVEL": "WARNING"}
        os.environ |= {"DB_ENCRYPTION_KEY": "hex:" + os.urandom(32).hex()}
        os.environ |= {"DATABASE_URL": urls.app_url, "DATABASE_OWNER_URL": urls.owner_url}
        install(load_config(env_file=None))
        with create_app().app_context():
            upgrade()
            with transaction() as session:
                ensure_ring(session)
            ids = some_clients(count)
            if profiling:
                profiler = cProfile.Profile()
                profiler.runcall(take_over, ids)
                pstats.Stats(profiler).sort_stats("tottime").print_stats(30)
            else:
                said("taken over, into empty ledgers", count, lambda: take_over(ids))
                said("taken over, behind another event", count, lambda: take_over(ids))
                said("withdrawn, one transaction each", 1000, lambda: stop(ids[:1000]))
                said("events checked", 2 * count + 1000, check)
            db.engine.dispose()


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word != "profile"]
    main(*numbers, profiling="profile" in sys.argv)
