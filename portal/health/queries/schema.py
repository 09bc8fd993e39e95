"""Which migrations the code has and which the database has."""

from functools import cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"


@cache
def heads() -> tuple[str, ...]:
    """The newest migrations of the code; exactly one in a sound tree."""
    return tuple(ScriptDirectory(str(MIGRATIONS)).get_heads())


def applied(connection: Connection) -> str | None:
    """The migration the database stands at; None in an empty one."""
    return MigrationContext.configure(connection).get_current_revision()
