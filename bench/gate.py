"""
How fast the gate is: decisions a second from facts already loaded; the audience of a million clients in the database.

`python -m bench.gate [clients] [runs]` starts its own PostgreSQL (fsync on). The clients' sealed cells are made up: the
audience reads none. One in ten is restricted, one in five withdrew, one in five was never asked.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from uuid import UUID

import psutil
from flask_migrate import upgrade
from portal.app import create_app
from portal.config.current import install
from portal.config.load import load_config
from portal.crypto.lifecycle import ensure_ring
from portal.db import db, transaction
from portal.gate.queries.audience import audience, count_audience
from portal.gate.rules import Cap, Consent, Facts, HandOver, Hours, Reason, decide
from portal.gate.rules.laws import clock_of, legal_caps
from portal.gate.rules.zones import Home, place_of
from portal.launch.postgres import EmbeddedPostgres
from sqlalchemy import create_engine, text
from tests.messages.ready import make_ready

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
PLAIN = Facts(
    sending_on=True,
    channel_on=True,
    client_state="active",
    has_address=True,
    suppressed=False,
    topic_open=True,
    consent_needed=True,
    consent=Consent.GRANTED,
    version_approved=True,
    text_unchanged=True,
    deadline=NOW + timedelta(days=1),
)
HOUSE = (Hours(clock(8), clock(21)),)
WISH = (Hours(clock(9), clock(20), Reason.CONTACT_HOURS),)
# What a guard or a foreign key would ask of each row is known to hold here, and is not what is measured.
FILL = (
    "SET session_replication_role = replica",
    """INSERT INTO client (id, full_name, language, time_zone, state, source)
       SELECT md5(n::text)::uuid, '\\x01', 'en', 'Europe/Lisbon',
         CASE n % 10 WHEN 0 THEN 'restricted' ELSE 'active' END, 'demo'
       FROM generate_series(1, :count) AS n""",
    """INSERT INTO contact_point (id, client_id, channel, kind, address, address_index)
       SELECT gen_random_uuid(), md5(n::text)::uuid, 'email', 'email', '\\x01', substr(sha256(n::text::bytea), 1, 16)
       FROM generate_series(1, :count) AS n""",
    """INSERT INTO consent_state (client_id, topic_id, channel, state, since, event_id)
       SELECT md5(n::text)::uuid, :topic, 'email',
         CASE n % 5 WHEN 0 THEN 'withdrawn' ELSE 'granted' END, now(), md5(n::text)::uuid
       FROM generate_series(1, :count) AS n WHERE n % 5 <> 1""",
)


def cases() -> dict[str, Facts]:
    """Facts as they come, from those without hours to those with the most."""
    lisbon = place_of(Home("Europe/Lisbon", is_declared=True, country="PT"), "email", "", "UTC")
    anywhere = place_of(Home("UTC", is_declared=False, country="US"), "sms", "+13055550100", "UTC")
    topic = UUID(int=1)
    handed = [HandOver(UUID(int=n), UUID(int=2), topic, "sms", NOW - timedelta(days=n)) for n in range(2, 9)]
    caps = (
        Cap(Reason.TOPIC_CAP, 10, timedelta(days=30), topic_id=topic),
        Cap(Reason.TOTAL_CAP, 20, timedelta(days=30)),
        *legal_caps(anywhere, "sms"),
    )
    counted = tuple(cap.counting(handed) for cap in caps)
    marketing = replace(PLAIN, is_marketing=True)
    return {
        "no marketing": PLAIN,
        "marketing, one zone, house hours": replace(marketing, clock=clock_of(lisbon, "email", HOUSE, ())),
        "the same with the client's hours and 2 caps": replace(
            marketing, clock=clock_of(lisbon, "email", HOUSE, WISH), caps=counted[:2]
        ),
        "SMS to Florida, zone unknown: 8 zones, 3 caps": replace(
            marketing, clock=clock_of(anywhere, "sms", HOUSE, ()), caps=counted
        ),
        "withdrawn": replace(marketing, consent=Consent.WITHDRAWN),
    }


def decisions(facts: Facts, count: int = 100_000) -> float:
    """Decisions in a second of processor time, in one process."""
    start = time.process_time()
    for _ in range(count):
        decide(facts, NOW)
    return count / (time.process_time() - start)


def fill(superuser_url: str, topic_id: UUID, count: int) -> None:
    """Clients, addresses and consents, written by the server itself."""
    engine = create_engine(superuser_url)
    with engine.begin() as connection:
        for statement in FILL:
            connection.execute(text(statement), {"count": count, "topic": topic_id})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def ask(topic_id: UUID) -> str:
    """The audience counted, with the server's workers and by one process alone, and put into a table."""
    with transaction() as session:
        parallel = timed(lambda: session.scalar(count_audience(topic_id, "email")))
        query = audience(topic_id, "email").compile(db.engine, compile_kwargs={"literal_binds": True})
        kept = timed(lambda: session.execute(text(f"CREATE TEMP TABLE kept ON COMMIT DROP AS {query}")))
        session.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
        pid = session.scalar(text("SELECT pg_backend_pid()")) or 0
        before = processor_time(pid)
        number = session.scalar(count_audience(topic_id, "email"))
        alone = processor_time(pid) - before
        return f"{number} clients counted in {parallel:.2f} s, kept in {kept:.2f} s, {alone:.2f} s of one processor"


def timed(act: Callable[[], object]) -> float:
    """Seconds by the clock on the wall."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def processor_time(pid: int) -> float:
    """What a process has used so far, in seconds."""
    used = psutil.Process(pid).cpu_times()
    return float(used.user + used.system)


def main(count: int = 1_000_000, runs: int = 3) -> None:
    for name, facts in cases().items():
        rate = max(decisions(facts) for _ in range(runs))
        print(
            f"{name}: {decide(facts, NOW).answer}, {rate:,.0f} decisions/s, load {os.getloadavg()[0]:.1f}", flush=True
        )
    with tempfile.TemporaryDirectory(prefix="hfb-", dir="/tmp") as folder, ExitStack() as ending:
        postgres = EmbeddedPostgres(Path(folder), die_with_parent=True)
        urls = postgres.start()
        ending.callback(postgres.stop)
        os.environ |= {"SECRET_KEY": "bench-4mQ9vXr2Lk7TzBw8NcYd5HsJf3Ge6PaU", "LOG_LEVEL": "WARNING"}
        os.environ |= {"DB_ENCRYPTION_KEY": "hex:" + os.urandom(32).hex()}
        os.environ |= {"DATABASE_URL": urls.app_url, "DATABASE_OWNER_URL": urls.owner_url}
        install(load_config(env_file=None))
        app = create_app()
        with app.app_context():
            upgrade()
            with transaction() as session:
                ensure_ring(session)
            with transaction():
                topic_id = make_ready().topic_id
            fill(urls.superuser_url, topic_id, count)
            for _ in range(runs):
                print(f"{ask(topic_id)}, load {os.getloadavg()[0]:.1f}", flush=True)
            db.engine.dispose()


if __name__ == "__main__":
    main(*[int(word) for word in sys.argv[1:] if word.isdigit()])
