"""
What sealing costs: cells, indexes, the master key, the ring, and the guard in the database.

`python bench/crypto.py` starts a PostgreSQL of its own in a temporary folder (fsync off, so that the trigger is seen
and not the disk) and migrates it. Figures depend on the machine and on what else runs there: compare them with one
another.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask_migrate import upgrade
from migrations.guards import guard_sealed, unguard_sealed
from portal.app import create_app
from portal.config.current import install
from portal.config.load import load_config
from portal.config.secret import Secret
from portal.crypto.blind_index import blind_index
from portal.crypto.columns import SealedText, identify_first, sealed_column
from portal.crypto.keyring import KeyRing, ring
from portal.crypto.lifecycle import ensure_ring
from portal.crypto.master import derive_masters
from portal.crypto.purposes import Purpose
from portal.db import db, id_column, new_id, transaction
from portal.launch.postgres import EmbeddedPostgres
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.orm import DeclarativeBase

ADDRESS = b"ada.lovelace@tidewell.example"
ROWS = 20_000
ROUNDS = 5


class BenchBase(DeclarativeBase):
    """Keeps the table of this bench apart."""


class Person(BenchBase):
    __tablename__ = "bench_person"

    id = id_column()
    _name = sealed_column(Purpose.FIELD_PII, "bench.name", meaning="Name.")
    name = SealedText("_name")


event.listen(BenchBase, "init", identify_first, propagate=True)


def each(name: str, act: Callable[[], object], times: int) -> None:
    """Prints the median of several rounds, per call."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(times):
            act()
        rounds.append((time.perf_counter() - started) / times * 1e6)
    print(f"{name:<52} {statistics.median(rounds):>12.2f} µs   (best {min(rounds):.2f})")


def bench_cells() -> None:
    row, keys = new_id(), ring()
    cell = keys.seal(Purpose.FIELD_PII, "client.email", row, ADDRESS)
    person = Person(name=ADDRESS.decode())
    each("seal 29 bytes", lambda: keys.seal(Purpose.FIELD_PII, "client.email", row, ADDRESS), 50_000)
    each("open 29 bytes", lambda: keys.open(Purpose.FIELD_PII, "client.email", row, cell), 50_000)
    each("read a SealedText attribute", lambda: person.name, 50_000)
    each("assign a SealedText attribute", lambda: setattr(person, "name", "Ada Lovelace"), 20_000)
    each("audit MAC of 500 bytes", lambda: keys.mac(Purpose.AUDIT, bytes(500)), 50_000)
    each("blind index of an e-mail address", lambda: blind_index(Purpose.BIDX_EMAIL, "c.e", ADDRESS.decode()), 20_000)
    each("blind index of a phone number", lambda: blind_index(Purpose.BIDX_PHONE, "c.p", "+49 151 12345678"), 20_000)


def bench_ring() -> None:
    salt, phrase = bytes(16), Secret("a passphrase of more than forty characters, invented")
    each("master key from a passphrase (Argon2id)", lambda: derive_masters(phrase, (), salt), 3)
    each("master key from base64", lambda: derive_masters(Secret("hex:" + "5a" * 32), (), salt), 1_000)
    each("load the ring (10 keys, new connection)", KeyRing(db.engine).reload, 20)


def bench_guard(owner: Connection) -> None:
    """Inserts and updates of rows with three sealed columns, with and without the trigger, all inside the server."""
    op = Operations(MigrationContext.configure(owner))
    cell = ring().seal(Purpose.FIELD_PII, "bench.name", new_id(), ADDRESS)
    owner.execute(text("CREATE TABLE bench_guard (id bigint PRIMARY KEY, seen int, a bytea, b bytea, c bytea)"))
    columns = dict.fromkeys("abc", "field.pii")
    insert = "INSERT INTO bench_guard SELECT n, 0, :c, :c, :c FROM generate_series(1, :rows) n"
    update = "UPDATE bench_guard SET a = set_byte(a, 33, seen), b = set_byte(b, 33, seen), c = set_byte(c, 33, seen)"
    work = {
        "insert 3 cells": insert,
        "update 3 cells": f"{update}, seen = seen + 1",
        "touch the row": "UPDATE bench_guard SET seen = seen + 1",
    }
    plain = {name: server_time(owner, statement, cell) for name, statement in work.items()}
    guard_sealed(op, "bench_guard", columns)
    for name, statement in work.items():
        guarded = server_time(owner, statement, cell)
        figures = f"{plain[name]:>8.2f} plain {guarded:>8.2f} guarded {guarded - plain[name]:>8.2f} the guard"
        print(f"{name:<28} {figures}, µs/row")
    unguard_sealed(op, "bench_guard")


def server_time(owner: Connection, statement: str, cell: bytes) -> float:
    rounds = []
    for _ in range(ROUNDS):
        if statement.startswith("INSERT"):
            owner.execute(text("TRUNCATE bench_guard"))
        values = {"c": cell, "rows": ROWS} if statement.startswith("INSERT") else {}
        started = time.perf_counter()
        owner.execute(text(statement), values)
        rounds.append((time.perf_counter() - started) / ROWS * 1e6)
        owner.commit()
    return statistics.median(rounds)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hfb-", dir="/tmp") as folder:
        server = EmbeddedPostgres(Path(folder), {"fsync": "off"}, die_with_parent=True)
        urls = server.start()
        keys = {
            "SECRET_KEY": "bench-4mQ9vXr2Lk7TzBw8NcYd5HsJf3Ge6PaU",
            "DB_ENCRYPTION_KEY": "hex:" + os.urandom(32).hex(),
        }
        os.environ |= {**keys, "DATABASE_URL": urls.app_url, "DATABASE_OWNER_URL": urls.owner_url}
        try:
            install(load_config(env_file=None))
            app = create_app()
            with app.app_context():
                upgrade()
                with transaction() as session:
                    ensure_ring(session)
                print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
                bench_cells()
                bench_ring()
                owner_engine = create_engine(urls.owner_url)
                with owner_engine.connect() as owner:
                    bench_guard(owner)
                owner_engine.dispose()
                db.engine.dispose()
        finally:
            server.stop()


if __name__ == "__main__":
    main()
