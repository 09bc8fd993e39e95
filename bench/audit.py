"""
How many entries a second eight writing processes append to one chain, and how fast the chain is verified.

    python bench/audit.py [seconds] [writers]

Its own PostgreSQL keeps its promises here (fsync on, synchronous commits); every entry is a commit of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from flask_migrate import upgrade
from portal.app import create_app
from portal.audit.commands import check
from portal.audit.events import AuditAction
from portal.audit.operations import record
from portal.audit.operations.anchors import read_anchors
from portal.config.current import reset
from portal.crypto.lifecycle import ensure_ring
from portal.db import new_session, transaction
from portal.launch.postgres import EmbeddedPostgres
from portal.web.actor import SYSTEM

KEYS = {
    "SECRET_KEY": "bench-only-4mQ9vXr2Lk7TzBw8NcYd5HsJf3Ge6PaU",
    "DB_ENCRYPTION_KEY": "bench-only-Zk8wV3nQ7rT2yB5mX9cL4dF6gH1jS0aP",
    "HEEDFUL_ENV_FILE": os.devnull,
}


def main(seconds: float, writers: int) -> int:
    """Prints the figures as JSON; 1 when the chain is broken or short."""
    with tempfile.TemporaryDirectory(prefix="hfb-", dir="/tmp") as folder:
        postgres = EmbeddedPostgres(Path(folder), {}, die_with_parent=True)
        urls = postgres.start()
        os.environ.update(KEYS, DATABASE_URL=urls.app_url, DATABASE_OWNER_URL=urls.owner_url)
        reset()
        try:
            figures = measure(seconds, writers)
        finally:
            postgres.stop()
    print(json.dumps(figures, indent=2))
    return 0 if figures["chain"] == "unbroken" and figures["entries"] == figures["appended"] else 1


def measure(seconds: float, writers: int) -> dict:
    """Runs the writers at once, then walks along the chain."""
    app = create_app()
    with app.app_context():
        upgrade()
        with transaction() as session:
            ensure_ring(session)
        command = [sys.executable, __file__, "writer", str(seconds)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        running = [subprocess.Popen(command, **pipes) for _ in range(writers)]
        ready = [process.stdout.readline() for process in running]
        reports = [json.loads(out) for out in go(running)]
        started = time.perf_counter()
        with new_session() as session:
            result = check(session, read_anchors(Path("/nowhere")), compare_known=False)
        verified = time.perf_counter() - started
    slowest = sorted(delay for report in reports for delay in report["delays"])
    appended = len(slowest)
    warm = len(ready)
    return {
        "writers": writers,
        "seconds": seconds,
        "appended": appended,
        "appends_per_second": round(appended / seconds),
        "commit_ms": {"p50": at(slowest, 0.5), "p99": at(slowest, 0.99), "max": at(slowest, 1)},
        "entries": result.entries - warm,
        "verified_per_second": round(result.entries / verified),
        "chain": "broken" if result.problem else "unbroken",
    }


def go(running: list[subprocess.Popen]) -> list[str]:
    """Lets all writers begin at once and waits for their reports."""
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate()[0] for process in running]


def at(delays: list[float], part: float) -> float:
    """The delay that this part of all commits did not exceed, in milliseconds."""
    return round(delays[min(int(len(delays) * part), len(delays) - 1)] * 1000, 1)


def write(seconds: float) -> None:
    """One writer: commits single entries until the time is over, and reports how long each commit took."""
    delays = []
    with create_app().app_context():
        append_one()  # loads the keys and opens the connection
        print("ready", flush=True)
        sys.stdin.readline()
        until = time.perf_counter() + seconds
        while (started := time.perf_counter()) < until:
            append_one()
            delays.append(time.perf_counter() - started)
    print(json.dumps({"delays": delays}))


def append_one() -> None:
    """One entry in a commit of its own."""
    with new_session() as session:
        record(AuditAction.VIEW, SYSTEM, object_type="bench", session=session)
        session.commit()


if __name__ == "__main__":
    if sys.argv[1:2] == ["writer"]:
        write(float(sys.argv[2]))
    else:
        numbers = [float(argument) for argument in sys.argv[1:]]
        sys.exit(main(numbers[0] if numbers else 10.0, int(numbers[1]) if len(numbers) > 1 else 8))
