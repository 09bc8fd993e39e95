"""
How many emails one worker process sends in a second: claim, gate, mark, render, SMTP, flush; all of it durable.

`python -m bench.send [messages] [runs]` starts its own PostgreSQL (fsync on), Redis and worker, and hands the emails to
Postfix's `smtp-sink`. With `profile` as the last word it sends in this process and prints where the time goes.
"""

import cProfile
import os
import pstats
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from flask_migrate import upgrade
from portal.app import create_app
from portal.clients.models import Channel, Client, ContactPoint, Source
from portal.clients.queries import index_of
from portal.config.current import install
from portal.config.load import load_config
from portal.consent.models import ConsentEvent, ConsentState, Standing
from portal.crypto.lifecycle import ensure_ring
from portal.db import db, new_id, transaction, utc_now
from portal.launch.postgres import EmbeddedPostgres
from portal.launch.redis import EmbeddedRedis
from portal.message_templates.models import MessageTemplateVersion
from portal.messages.jobs import send_slice
from portal.messages.models import Message
from portal.queue import JobName, QueueName, wake
from sqlalchemy import func, select, text
from tests.fixtures.clock import midday_zone
from tests.messages.ready import Ready, make_ready

FIGURES = """SELECT count(*), extract(epoch FROM max(ended_at) - min(started_at)) FROM message_attempt
    WHERE outcome = 'accepted'"""
ENVIRONMENT = {
    "SECRET_KEY": "bench-4mQ9vXr2Lk7TzBw8NcYd5HsJf3Ge6PaU",
    "DB_ENCRYPTION_KEY": "hex:" + os.urandom(32).hex(),
    "SMTP_HOST": "127.0.0.1",
    "SMTP_USE_TLS": "false",
    "SMTP_AUTH": "none",
    "SMTP_FROM_EMAIL": "news@tidewell.example",
    "LOG_LEVEL": "WARNING",
}


@contextmanager
def servers(folder: Path) -> Iterator[None]:
    """Everything this bench needs to run beside the worker, named in the environment."""
    sink = shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin") or sys.exit("smtp-sink comes with Postfix")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with ExitStack() as ending:
        postgres = EmbeddedPostgres(folder, die_with_parent=True)
        urls = postgres.start()
        ending.callback(postgres.stop)
        redis = EmbeddedRedis(folder, die_with_parent=True)
        ending.callback(redis.stop)
        os.environ |= ENVIRONMENT | {"REDIS_URL": redis.start(), "SMTP_PORT": port}
        os.environ |= {"DATABASE_URL": urls.app_url, "DATABASE_OWNER_URL": urls.owner_url}
        dropped = ["-u", "nobody"] if os.geteuid() == 0 else []
        taking = subprocess.Popen([sink, *dropped, f"127.0.0.1:{port}", "100"])
        ending.callback(taking.wait)
        ending.callback(taking.terminate)
        yield


def add_people(ready: Ready, count: int) -> list[tuple[UUID, UUID]]:
    """Clients who agreed, in few statements; the seals of their ledgers are empty, for nobody checks them here."""
    people = []
    with transaction() as session:
        for number in range(count):
            address = f"person{number}@mail.example"
            client = Client(id=new_id(), language="en", time_zone=midday_zone(), source=Source.DEMO)
            client.full_name = f"Ana Silva{number}"
            point = ContactPoint(id=new_id(), client_id=client.id, channel=Channel.EMAIL)
            point.address, point.address_index = address, index_of(address)
            people.append((client.id, point.id))
            session.add_all([client, point])
        session.flush()
        events = [granted(ready, client_id) for client_id, _ in people]
        session.add_all(events)
        session.flush()
        session.add_all(standing(event) for event in events)
    return people


def granted(ready: Ready, client_id: UUID) -> ConsentEvent:
    """An event of the ledger without its seal."""
    said = {"channel": "email", "event": "granted", "method": "staff", "actor_kind": "system", "actor_label": "bench"}
    seal = {"seq": 1, "prev": b"", "version": 1, "key_id": 0, "mac": b""}
    now = utc_now()
    about = {"client_id": client_id, "topic_id": ready.topic_id, "wording_id": ready.wording_id}
    return ConsentEvent(id=new_id(), occurred_at=now, recorded_at=now, **about, **said, **seal)


def standing(event: ConsentEvent) -> ConsentState:
    about = {"client_id": event.client_id, "topic_id": event.topic_id, "channel": event.channel}
    return ConsentState(**about, state=Standing.GRANTED, since=event.occurred_at, event_id=event.id)


def order(ready: Ready, people: list[tuple[UUID, UUID]]) -> None:
    """One message to each of them, and none from the run before."""
    with transaction() as session:
        session.execute(text("DELETE FROM message"))
        version = session.get_one(MessageTemplateVersion, ready.version_id)
        for client_id, point_id in people:
            about = {"client_id": client_id, "contact_point_id": point_id, "topic_id": ready.topic_id}
            content = {"version_id": version.id, "text_hash": version.content_hash, "channel": "email", "class_rank": 1}
            message = Message(**about, **content, expires_at=utc_now() + timedelta(days=1))
            message.fields = '{"event_name": "Harbour Gala"}'
            session.add(message)
    db.session.remove()


def send_by_worker(count: int) -> str:
    """Lets one worker send everything; messages per second, from the first mark to the last answer."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    worker = subprocess.Popen([sys.executable, "-m", "portal.worker", "work", "email"], stdout=subprocess.DEVNULL)
    try:
        wake(QueueName.EMAIL, JobName.SEND_EMAIL)
        while left():
            time.sleep(1)
    finally:
        worker.terminate()
        worker.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    done, seconds = db.session.execute(text(FIGURES)).one()
    assert done == count
    return f"{count / float(seconds):.0f} messages/s, {cpu / count * 1000:.1f} ms CPU of the worker each"


def left() -> int:
    with transaction() as session:
        return session.scalar(select(func.count()).where(Message.state != "accepted")) or 0


def profile() -> None:
    """Where the time of one slice in this process goes; the sending threads are not in it."""
    profiler = cProfile.Profile()
    profiler.runcall(send_slice)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)


def main(count: int = 5000, runs: int = 3, *, profiling: bool = False) -> None:
    with tempfile.TemporaryDirectory(prefix="hfb-", dir="/tmp") as folder, servers(Path(folder)):
        install(load_config(env_file=None))
        app = create_app()
        with app.app_context():
            upgrade()
            with transaction() as session:
                ensure_ring(session)
            with transaction():
                ready = make_ready()
            people = add_people(ready, count)
            for number in range(runs):
                order(ready, people)
                load = os.getloadavg()[0]
                print(
                    f"run {number + 1}, load {load:.1f}: {profile() if profiling else send_by_worker(count)}",
                    flush=True,
                )
            db.engine.dispose()


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(*numbers, profiling="profile" in sys.argv)
