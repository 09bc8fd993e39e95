"""`flask database verify`: compares the database with what the code expects, piece by piece; changes nothing."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, inspect, text
from sqlalchemy.exc import SAWarning

from portal.db import Base, DataClass
from portal.health.queries.schema import applied, heads
from portal.health.rules.database import (
    APPEND_ONLY,
    GRANT,
    KEPT_BY_ALEMBIC,
    RESTORE,
    TRIGGERS,
    UPGRADE,
    Finding,
    expected_rights,
)

# The tables of every feature stand in this one collection once the application was made.
METADATA = Base.metadata


def check_migrations(connection: Connection) -> Iterator[Finding]:
    """One head in the code, and the database stands there."""
    yield from migration_findings(applied(connection), heads())


def migration_findings(stands: str | None, newest: Sequence[str]) -> Iterator[Finding]:
    """What is wrong with a database that stands there and code whose newest migrations are these."""
    if len(newest) != 1:
        yield Finding(f"the code has {len(newest)} newest migrations", "Merge them into one line.")
    if stands not in newest:
        yield Finding(f"the database stands at migration {stands or 'none'}, the code at {newest[0]}", UPGRADE)


def check_tables(connection: Connection) -> Iterator[Finding]:
    """Tables, columns, indexes, unique and foreign keys as the models have them."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    with warnings.catch_warnings():
        # SQLAlchemy 2.1 warns about every constraint that is NOT VALID; check_constraints says it better.
        warnings.simplefilter("ignore", SAWarning)
        differences = compare_metadata(context, METADATA)
    for difference in differences:
        yield Finding(_told(difference), UPGRADE)


def check_constraints(connection: Connection) -> Iterator[Finding]:
    """Check constraints by name, and none of any kind that was never validated."""
    inspector = inspect(connection)
    present = set(inspector.get_table_names())
    for table in METADATA.sorted_tables:
        wanted = {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
        found = (
            {str(one["name"]) for one in inspector.get_check_constraints(table.name)}
            if table.name in present
            else wanted
        )
        for name in sorted(wanted - found):
            yield Finding(f"table {table.name} lacks the constraint {name}", RESTORE)
    unproven = "SELECT conrelid::regclass::text || '.' || conname FROM pg_constraint WHERE NOT convalidated ORDER BY 1"
    for name in connection.execute(text(unproven)).scalars():
        yield Finding(f"the constraint {name} was never validated", "Run ALTER TABLE … VALIDATE CONSTRAINT as owner.")


def check_indexes(connection: Connection) -> Iterator[Finding]:
    """No index that a broken build left unusable."""
    broken = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT (indisvalid AND indisready) ORDER BY 1"
    for name in connection.execute(text(broken)).scalars():
        yield Finding(f"the index {name} cannot be used", f"Run REINDEX INDEX CONCURRENTLY {name} as owner.")


def check_triggers(connection: Connection) -> Iterator[Finding]:
    """Every trigger that keeps a promise is there and switched on."""
    rows = connection.execute(
        text("SELECT tgrelid::regclass::text AS place, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal")
    )
    found = {(row.place, row.tgname): row.tgenabled for row in rows}
    for place in sorted(expected_triggers()):
        if place not in found:
            yield Finding(f"table {place[0]} lacks the trigger {place[1]}", RESTORE)
        elif found[place] not in ("O", "A"):
            remedy = f"Run ALTER TABLE {place[0]} ENABLE TRIGGER {place[1]} as owner, and ask who switched it off."
            yield Finding(f"the trigger {place[1]} of table {place[0]} is switched off", remedy)


def expected_triggers() -> set[tuple[str, str]]:
    """Every trigger by table and name: those written down, and touch wherever a row knows when it changed."""
    touched = {(table.name, "touch") for table in METADATA.sorted_tables if "updated_at" in table.columns}
    return touched | {(table, name) for table, names in TRIGGERS.items() for name in names}


def check_comments(connection: Connection) -> Iterator[Finding]:
    """Every column says its class and its meaning."""
    inspector = inspect(connection)
    classes = tuple(f"{kind}: " for kind in DataClass)
    for table in inspector.get_table_names():
        if table != KEPT_BY_ALEMBIC:
            for column in inspector.get_columns(table):
                if not (column.get("comment") or "").startswith(classes):
                    yield Finding(f"the column {table}.{column['name']} does not say its class", UPGRADE)


def check_grants(connection: Connection) -> Iterator[Finding]:
    """The role that asks may do what the application needs, and with the audit log no more than that."""
    names = inspect(connection).get_table_names()
    for table in (one for one in names if one != KEPT_BY_ALEMBIC):
        wanted = expected_rights(table)
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"):
            has = connection.execute(
                text("SELECT has_table_privilege(:t, :r)"), {"t": f'"{table}"', "r": right}
            ).scalar()
            if right in wanted and not has:
                yield Finding(f"this role may not {right} on {table}", GRANT)
            if right not in wanted and has and table in APPEND_ONLY:
                remedy = "Let the application use a role that does not own the tables (DATABASE_OWNER_URL beside it)."
                yield Finding(f"this role may {right} on {table}", remedy)


CHECKS: dict[str, Callable[[Connection], Iterator[Finding]]] = {
    "migrations": check_migrations,
    "tables": check_tables,
    "constraints": check_constraints,
    "indexes": check_indexes,
    "triggers": check_triggers,
    "comments": check_comments,
    "grants": check_grants,
}


def verify(connection: Connection) -> dict[str, list[Finding]]:
    """The findings of every check, by its name; all empty in a sound database."""
    return {name: list(check(connection)) for name, check in CHECKS.items()}


@dataclass(frozen=True, slots=True)
class TableFigures:
    """How large a table is and when it was last tidied, as the server counts it."""

    table: str
    rows: int
    size: int
    analyzed: bool


def table_figures(connection: Connection) -> list[TableFigures]:
    """The figures of every table, the largest first. Rows are the server's estimate."""
    rows = connection.execute(
        text(
            "SELECT s.relname, greatest(s.n_live_tup, c.reltuples, 0)::bigint AS rows, "
            "pg_total_relation_size(s.relid) AS size, "
            "coalesce(s.last_analyze, s.last_autoanalyze) IS NOT NULL AS analyzed "
            "FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid ORDER BY size DESC, s.relname"
        )
    )
    return [TableFigures(row.relname, row.rows, row.size, row.analyzed) for row in rows]


def _told(difference: Any) -> str:
    """A difference of alembic's in words: what is missing, what is too much, what differs, and where."""
    if isinstance(difference, list):
        return "; ".join(_told(one) for one in difference)
    names = [name for one in difference[1:] for name in _names(one)]
    return f"{difference[0].replace('_', ' ')}: {' '.join(names)}"


def _names(thing: object) -> list[str]:
    if isinstance(thing, str):
        return [thing]
    table = getattr(thing, "table", None)
    name = getattr(thing, "name", None)
    return [f"{table.name}.{name}" if table is not None else str(name)] if name else []
