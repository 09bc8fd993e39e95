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
    pairs = ", ".join(f"'{column}:{purpose}'" for column, purpose in purposes.items())
    op.execute(
        f'CREATE TRIGGER guard_sealed BEFORE INSERT OR UPDATE OF {columns} ON "{table}" '
        f"FOR EACH ROW EXECUTE FUNCTION heedful_guard_sealed({pairs})"
    )


def unguard_sealed(op: Operations, table: str) -> None:
    """Takes the guard off, for a migration that puts a new one on."""
    op.execute(f'DROP TRIGGER guard_sealed ON "{table}"')
