"""Triggers that migrations put on tables; a table with sealed columns has one, and a test looks for it."""

from collections.abc import Mapping

from alembic.operations import Operations


def guard_sealed(op: Operations, table: str, purposes: Mapping[str, str]) -> None:
    """
    Refuses plaintext, keys of another purpose and keys that may not be written, in each sealed column of a table.

    `purposes` maps the column to its purpose: `guard_sealed(op, "staff", {"email": "field.pii"})`. The trigger goes
    with its table; call `unguard_sealed` first where the columns change.
    """
    columns = ", ".join(f'"{column}"' for column in purposes)
    fresh, before = (", ".join(f'(${row})."{column}"' for column in purposes) for row in (1, 2))
    pairs = ", ".join(f"'{column}:{purpose}'" for column, purpose in purposes.items())
    trigger = (
        f'CREATE TRIGGER guard_sealed BEFORE INSERT OR UPDATE OF {columns} ON "{table}" FOR EACH ROW '
        f"EXECUTE FUNCTION heedful_guard_sealed('SELECT ARRAY[{fresh}], ARRAY[{before}]', {pairs})"
    )
    op.execute(trigger.replace(":", r"\:"))  # a colon would begin a bind parameter


def unguard_sealed(op: Operations, table: str) -> None:
    """Takes the guard off, for a migration that puts a new one on."""
    op.execute(f'DROP TRIGGER guard_sealed ON "{table}"')
