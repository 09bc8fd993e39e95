"""From figures to states: when a part is fine, when it needs a look, when it is broken. Pure."""

from datetime import datetime, timedelta

from portal.health.rules.report import Kind, Part, Report
from portal.settings.rules.times import in_words

CONNECTIONS_WARN = 0.8
DISK_WARN, DISK_BAD = 0.80, 0.95
BACKUP_WARN, BACKUP_BAD = timedelta(hours=26), timedelta(days=7)
AUDIT_WARN = timedelta(days=1)
CLOCK_WARN = 2.0
MEGABYTE, GIGABYTE = 1_000_000, 1_000_000_000


def ago(length: timedelta) -> str:
    """A past duration as people say it: its largest unit only."""
    words = in_words(length).split()
    return f"{words[0]} {words[1]}"


def database_report(version: str, median: float, used: int, most: int) -> Report:
    """The database by the time of its answers and its connections."""
    figures = f"{median * 1000:.1f} ms median answer, {used} of {most} connections"
    if used > most * CONNECTIONS_WARN:
        remedy = "Raise max_connections of PostgreSQL, or lower DATABASE_POOL_SIZE."
        return Report(Part.DATABASE, "Database", Kind.WARN, "Crowded", figures, remedy, f"PostgreSQL {version}")
    return Report(Part.DATABASE, "Database", Kind.OK, "Working", figures, sub=f"PostgreSQL {version}")


def redis_report(used: int, most: int, evicted: int) -> Report:
    """Redis by its memory; it may throw nothing away."""
    limit = f" of {most / MEGABYTE:.0f} MB" if most else ""
    figures, sub = f"{used / MEGABYTE:.0f} MB{limit}, {evicted or 'no'} keys evicted", "wake-ups only"
    if evicted:
        remedy = "Set maxmemory-policy noeviction; wake-ups were thrown away and came later."
        return Report(Part.REDIS, "Redis", Kind.WARN, "Evicting", figures, remedy, sub)
    return Report(Part.REDIS, "Redis", Kind.OK, "Working", figures, sub=sub)


def disk_report(used: int, total: int, folder: str) -> Report:
    """The disk that holds the portal's own files."""
    share = used / total
    figures = f"{share:.0%} of {total / GIGABYTE:.0f} GB"
    if share >= DISK_BAD:
        remedy = f"Free space or enlarge the disk of {folder} now; writing fails when it is full."
        return Report(Part.DISK, "Disk", Kind.BAD, "Full", figures, remedy)
    if share >= DISK_WARN:
        remedy = f"Free space or enlarge the disk of {folder}, or shorten the retention of exports and logs."
        return Report(Part.DISK, "Disk", Kind.WARN, "Filling", figures, remedy)
    return Report(Part.DISK, "Disk", Kind.OK, "Working", figures)


def backup_report(made_at: datetime | None, size: int, now: datetime) -> Report:
    """The newest backup by its age."""
    if made_at is None:
        remedy = "Run make backup, then every night from cron."
        return Report(Part.BACKUP, "Backup", Kind.WARN, "None yet", "no backup found", remedy)
    age = now - made_at
    figures = f"{ago(age)} old, {size / GIGABYTE:.1f} GB"
    if age > BACKUP_WARN:
        kind = Kind.BAD if age > BACKUP_BAD else Kind.WARN
        remedy = "Look why the nightly backup did not run, and run make backup."
        return Report(Part.BACKUP, "Backup", kind, "Old", figures, remedy)
    return Report(Part.BACKUP, "Backup", Kind.OK, "Working", figures)


def schema_report(applied: str | None, head: str, off: float) -> Report:
    """The migrations and the clock."""
    figures = f"{off:.2f} s off, at migration {applied or 'none'}"
    name = "Clock and schema"
    if applied != head:
        remedy = f"Run flask --app wsgi db upgrade; the code expects migration {head}."
        return Report(Part.SCHEMA, name, Kind.BAD, "Behind", figures, remedy)
    if abs(off) > CLOCK_WARN:
        remedy = "Set the clocks of this machine and of the database's by NTP; codes and deadlines depend on them."
        return Report(Part.SCHEMA, name, Kind.WARN, "Clock off", figures, remedy)
    return Report(Part.SCHEMA, name, Kind.OK, "Working", figures)


def audit_report(entries: int, intact: bool | None, verified_at: datetime | None, now: datetime) -> Report:
    """The audit log by its last verification; None means that there was none yet."""
    if verified_at is None:
        remedy = "Open the audit log and verify the chain once."
        return _audit(Kind.WARN, "Not verified", f"{entries:,} entries, never verified", remedy)
    figures = f"{entries:,} entries, verified {ago(now - verified_at)} ago"
    if not intact:
        remedy = "Open the audit log: it names the first bad entry. Keep a copy of the database before anything else."
        return _audit(Kind.BAD, "Broken", figures, remedy)
    if now - verified_at > AUDIT_WARN:
        return _audit(Kind.WARN, "Long unverified", figures, "Open the audit log and verify the chain.")
    return _audit(Kind.OK, "Unbroken", figures, "Nothing")


def _audit(kind: Kind, state: str, figures: str, remedy: str) -> Report:
    return Report(Part.AUDIT, "Audit log", kind, state, figures, remedy, endpoint="audit.index")
