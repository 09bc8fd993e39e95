"""The checks of the health page: each looks at one part now, quickly, and answers with its report."""

import shutil
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.audit.events import VerificationState
from portal.audit.queries import head, latest_verification
from portal.config.current import current
from portal.config.tls import is_verified
from portal.crypto.errors import CryptoError
from portal.crypto.keyring import self_test
from portal.db import utc_now
from portal.health.queries.schema import applied, heads
from portal.health.rules.processes import ticker_report, workers_report
from portal.health.rules.report import Kind, Part, Report
from portal.health.rules.thresholds import (
    audit_report,
    backup_report,
    database_report,
    disk_report,
    redis_report,
    schema_report,
)
from portal.queue import QueueName, redis_connection
from portal.queue.processes import list_processes, list_runs

log = structlog.get_logger("health.parts")
PINGS = 5


def all_reports(session: Session) -> list[Report]:
    """Every part in the order of the page. A check that fails itself is a report too; no database at all raises."""
    session.connection()
    return [_guarded(part, check, session) for part, check in CHECKS.items()]


def _guarded(part: Part, check: Callable[[Session], Report], session: Session) -> Report:
    try:
        with session.begin_nested():
            return check(session)
    except (SQLAlchemyError, OSError) as error:
        # The text of a driver's error may hold values; its type is enough to find it in the server's log.
        failure = type(error).__name__
        log.error("health.check_failed", part=part, error=failure)  # noqa: TRY400
        remedy = f"Look for health.check_failed in the log; the check ended with {failure}."
        return Report(part, part.capitalize(), Kind.BAD, "Unknown", "could not be looked at", remedy)


def database(session: Session) -> Report:
    """The time of its answers and its connections."""
    times = []
    for _ in range(PINGS):
        started = time.perf_counter()
        session.execute(text("SELECT 1"))
        times.append(time.perf_counter() - started)
    facts = session.execute(
        text(
            "SELECT current_setting('server_version') AS version, current_setting('max_connections')::int AS most, "
            "(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used"
        )
    ).one()
    return database_report(facts.version.split()[0], statistics.median(times), facts.used, facts.most)


def redis(session: Session) -> Report:
    """Whether wake-ups can be passed on; sending does not depend on it."""
    del session
    connection, sub = redis_connection(), "wake-ups only"
    if connection is None:
        return Report(Part.REDIS, "Redis", Kind.NONE, "Not used", "sending goes on by polling", sub=sub)
    try:
        facts: Any = connection.info()
    except RedisError:
        remedy = "Start Redis, or mend REDIS_URL. Until then sending goes on by polling, up to 5 seconds later."
        return Report(Part.REDIS, "Redis", Kind.BAD, "No answer", "does not answer", remedy, sub)
    return redis_report(facts["used_memory"], facts["maxmemory"], facts["evicted_keys"])


def workers(session: Session) -> Report:
    """Whether every queue has a living worker."""
    return workers_report(list_processes(session), list(QueueName), _now(session))


def ticker(session: Session) -> Report:
    """Whether a ticker lives and its tasks run well."""
    failing = [run.name for run in list_runs(session) if run.last_error]
    return ticker_report(list_processes(session), failing, _now(session))


def disk(session: Session) -> Report:
    """The disk that holds the portal's own files."""
    del session
    folder = current().general.var_dir
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    usage = shutil.disk_usage(existing)
    return disk_report(usage.used, usage.used + usage.free, str(folder))


def backup(session: Session) -> Report:
    """The newest file among the backups."""
    del session
    newest = newest_backup()
    if newest is None:
        return backup_report(None, 0, utc_now())
    facts = newest.stat()
    return backup_report(datetime.fromtimestamp(facts.st_mtime, UTC), facts.st_size, utc_now())


def newest_backup() -> Path | None:
    """The newest finished backup; one that is being written has a name that begins with a dot."""
    folder = current().general.var_dir / "backups"
    found = [path for path in folder.glob("[!.]*") if path.is_file()] if folder.is_dir() else []
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def audit(session: Session) -> Report:
    """What the last verification of the chain found."""
    last = latest_verification(session)
    if last is None:
        return audit_report(head(session).seq, None, None, utc_now())
    return audit_report(head(session).seq, last.state == VerificationState.INTACT, last.finished_at, utc_now())


def schema(session: Session) -> Report:
    """The migrations, and how far the clocks are apart."""
    before = utc_now()
    there = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    middle = before + (utc_now() - before) / 2
    off: float = (there - middle).total_seconds()
    return schema_report(applied(session.connection()), heads()[0], off)


def keys(session: Session) -> Report:
    """Whether the master key opens every stored key."""
    del session
    name = "Encryption keys"
    try:
        self_test()
    except CryptoError as error:
        return Report(Part.KEYS, name, Kind.BAD, "Locked", "the master key does not fit", str(error))
    return Report(Part.KEYS, name, Kind.OK, "Working", "the master key opens every stored key")


def tls(session: Session) -> Report:
    """Whether certificates of others are verified."""
    del session
    config, name = current(), "Certificates"
    if not config.security.tls_verify:
        remedy = "Remove TLS_VERIFY=false; name an own authority in CA_BUNDLE instead."
        return Report(Part.TLS, name, Kind.WARN, "Not verified", "anybody could pose as a provider", remedy)
    urls = {"DATABASE_URL": config.database.url, "REDIS_URL": config.redis.url}
    open_ = [variable for variable, url in urls.items() if url and not is_verified(url.reveal())]
    if open_:
        remedy = f"Let {' and '.join(open_)} ask for a verified certificate."
        return Report(Part.TLS, name, Kind.WARN, "Partly", "one connection is not verified", remedy)
    return Report(Part.TLS, name, Kind.OK, "Verified", "every connection to another machine")


def _now(session: Session) -> datetime:
    now: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now


CHECKS: dict[Part, Callable[[Session], Report]] = {
    Part.DATABASE: database,
    Part.REDIS: redis,
    Part.WORKERS: workers,
    Part.TICKER: ticker,
    Part.DISK: disk,
    Part.BACKUP: backup,
    Part.AUDIT: audit,
    Part.SCHEMA: schema,
    Part.KEYS: keys,
    Part.TLS: tls,
}
