"""
How many rows one worker checks and imports in a second: sealing, deduplication, suppression; all of it durable.

`python -m bench.imports [rows] [consents]` starts its own PostgreSQL (fsync on), Redis and worker. With `profile` as
the last word it works in this process and prints where the time goes.
"""

import cProfile
import io
import os
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import psutil
from flask_migrate import upgrade
from portal.app import create_app
from portal.clients.models import Client
from portal.config.current import install
from portal.config.load import load_config
from portal.consent.models import LegalBasis, TopicClass
from portal.consent.operations import add_wording, make_topic
from portal.crypto.lifecycle import ensure_ring
from portal.db import db, transaction
from portal.imports.models import ClientImport
from portal.imports.operations import confirm_import, map_columns, start_import, work_on
from portal.imports.queries import find_import
from portal.imports.rules.counting import Counts
from portal.imports.rules.mapping import Mapping
from portal.imports.rules.targets import consent_target
from portal.launch.postgres import EmbeddedPostgres
from portal.launch.redis import EmbeddedRedis
from portal.queue import JobName, QueueName, wake
from portal.web.actor import SYSTEM
from sqlalchemy import func, select

ENVIRONMENT = {
    "SECRET_KEY": "bench-4mQ9vXr2Lk7TzBw8NcYd5HsJf3Ge6PaU",
    "DB_ENCRYPTION_KEY": "hex:" + os.urandom(32).hex(),
    "LOG_LEVEL": "WARNING",
}
TARGETS = ["name", "email", "phone", "language", "country"]


@contextmanager
def servers(folder: Path) -> Iterator[None]:
    """Everything this bench needs to run beside the worker, named in the environment."""
    with ExitStack() as ending:
        postgres = EmbeddedPostgres(folder, die_with_parent=True)
        urls = postgres.start()
        ending.callback(postgres.stop)
        redis = EmbeddedRedis(folder, die_with_parent=True)
        ending.callback(redis.stop)
        os.environ |= ENVIRONMENT | {"REDIS_URL": redis.start()}
        os.environ |= {"DATABASE_URL": urls.app_url, "DATABASE_OWNER_URL": urls.owner_url}
        yield


def made_file(rows: int) -> io.BytesIO:
    """A semicolon file as a German spreadsheet writes it: an email each, a mobile number for two of three."""
    out = io.StringIO()
    out.write("Name;Mail;Mobil;Sprache;Land;Newsletter_am\n")
    for number in range(rows):
        phone = f"0151 {20_000_000 + number}" if number % 3 else ""
        mail = f"ana.mueller{number}@mail{number % 50}.example"
        out.write(f"Ana Müller{number};{mail};{phone};de;DE;14.03.2025\n")
    return io.BytesIO(out.getvalue().encode())


def by_worker(worker: psutil.Process, import_id: object, state: str) -> tuple[float, float, float]:
    """Lets the one worker do it; the seconds until the import stands there, and the worker's processor time."""
    started, before, stored = time.perf_counter(), spent(worker), database()
    wake(QueueName.IMPORTS, JobName.WORK_ON_IMPORT, import_id)
    while (row := look(import_id)).state != state:
        if row.is_over:
            sys.exit(f"{row.state}: {row.trouble}")
        time.sleep(0.1)
    seconds = time.perf_counter() - started
    # The time of a forked process is its worker's once it has ended.
    while worker.children():
        time.sleep(0.05)
    return seconds, spent(worker) - before, database() - stored


def spent(process: psutil.Process) -> float:
    """The processor time of a process and of those it forked, ended and living."""
    return sum(sum(one.cpu_times()[:4]) for one in (process, *process.children()))


def database() -> float:
    """The processor time of PostgreSQL."""
    return sum(spent(one) for one in psutil.Process().children() if one.name().startswith("postgres"))


def here(import_id: object, state: str) -> tuple[float, float, float]:
    """Does it in this process, and prints where the time goes."""
    profiler = cProfile.Profile()
    started = time.perf_counter()
    profiler.runcall(work_on, import_id, float("inf"))
    pstats.Stats(profiler).sort_stats("tottime").print_stats(35)
    assert look(import_id).state == state
    return time.perf_counter() - started, 0.0, 0.0


def look(import_id: object) -> ClientImport:
    with transaction():
        row = find_import(import_id)
    assert row is not None
    return row


def run(rows: int, work: Callable[[object, str], tuple[float, float, float]], *, consents: bool) -> None:
    file = made_file(rows)
    started = time.perf_counter()
    with transaction():
        row = start_import(file, "bench.csv", len(file.getvalue()), SYSTEM)
    said("upload: read, seal, store", rows, (time.perf_counter() - started, 0.0, 0.0))
    targets, wordings = [*TARGETS, ""], {}
    if consents:
        with transaction():
            topic = make_topic("News", TopicClass.MARKETING, LegalBasis.CONSENT, SYSTEM)
            wording = add_wording(topic.id, "de", "Ja, schreibt mir.", SYSTEM)
        targets[-1], wordings = consent_target(topic.id, "email"), {str(topic.id): str(wording.id)}
    for what in ("into an empty table", "once more, everybody is known"):
        with transaction():
            map_columns(row.id, Mapping(targets, wordings, source="fair", region="DE"), SYSTEM)
        said(f"check, {what}", rows, work(row.id, "checked"))
        good = Counts.from_json(look(row.id).checked_rows).good
        if not good:
            break
        with transaction():
            confirm_import(row.id, good, SYSTEM, whole=False)
        said("import", good, work(row.id, "done"))
        with transaction():
            row = start_import(made_file(rows), "bench.csv", 1, SYSTEM)
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Client)) == rows


def said(what: str, rows: int, took: tuple[float, float, float]) -> None:
    seconds, cpu, stored = took
    used = f", CPU each: worker {cpu / rows * 1e6:.0f} µs, database {stored / rows * 1e6:.0f} µs" if cpu else ""
    print(f"{what}: {rows / seconds:,.0f} rows/s ({seconds:.1f} s){used}, load {os.getloadavg()[0]:.1f}", flush=True)


def main(rows: int = 100_000, *, consents: bool = False, profiling: bool = False) -> None:
    with tempfile.TemporaryDirectory(prefix="hfi-", dir="/tmp") as folder, servers(Path(folder)):
        install(load_config(env_file=None))
        app = create_app()
        with app.app_context():
            upgrade()
            with transaction() as session:
                ensure_ring(session)
            if profiling:
                run(rows, here, consents=consents)
            else:
                worker = subprocess.Popen([sys.executable, "-m", "portal.worker", "work", "imports"])
                try:
                    run(rows, partial(by_worker, psutil.Process(worker.pid)), consents=consents)
                finally:
                    worker.terminate()
                    worker.wait()
                used = resource.getrusage(resource.RUSAGE_CHILDREN)
                print(f"worker: {used.ru_utime + used.ru_stime:.1f} s CPU, peak {used.ru_maxrss / 1024:.0f} MB")
            db.engine.dispose()


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(*numbers, consents="consents" in sys.argv, profiling="profile" in sys.argv)
