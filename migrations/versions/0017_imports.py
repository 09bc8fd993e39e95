"""Imports of clients: the file, its sealed rows, the addresses seen in it, and remembered mappings."""

import sqlalchemy as sa
from alembic import op
from migrations.guards import guard_sealed, unguard_sealed
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017_imports"
down_revision = "0016_gate"
branch_labels = None
depends_on = None

STATES = ("uploaded", "checking", "checked", "importing", "done", "stopped", "cancelled", "failed")
NOW = sa.text("now()")


def key() -> sa.Column:
    return sa.Column("id", sa.Uuid(), nullable=False, comment="internal: Identifies the row.")


def words(name: str, meaning: str, kind: str = "internal", **options):
    return sa.Column(name, sa.Text(), nullable=False, comment=f"{kind}: {meaning}", **options)


def sealed(name: str, meaning: str):
    return sa.Column(name, sa.LargeBinary(), comment=f"sealed: {meaning}")


def number(name: str, meaning: str):
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False, comment=f"internal: {meaning}")


def facts(name: str, meaning: str, empty: str = "{}"):
    options = {"server_default": sa.text(f"'{empty}'::jsonb"), "nullable": False}
    return sa.Column(name, JSONB(), comment=f"internal: {meaning}", **options)


def flag(name: str, meaning: str, default: str):
    return sa.Column(name, sa.Boolean(), server_default=default, nullable=False, comment=f"internal: {meaning}")


def moment(name: str, meaning: str, **options):
    return sa.Column(name, sa.DateTime(timezone=True), comment=f"internal: {meaning}", **options)


def of_import(table: str, **options):
    target = sa.ForeignKey("client_import.id", ondelete="CASCADE", name=f"fk_{table}_import_id")
    return sa.Column("import_id", sa.Uuid(), target, nullable=False, comment="internal: The import.", **options)


def upgrade() -> None:
    make_import()
    make_chunk()
    op.create_table(
        "import_seen",
        of_import("import_seen"),
        sa.Column(
            "address_index",
            sa.LargeBinary(),
            nullable=False,
            comment="secret: Channel and keyed hash of the address.",
        ),
        sa.Column("line", sa.BigInteger(), nullable=False, comment="internal: The first line that has it."),
        sa.PrimaryKeyConstraint("import_id", "address_index", name="pk_import_seen"),
    )
    op.create_table(
        "import_mapping",
        sa.Column(
            "fingerprint",
            sa.LargeBinary(),
            nullable=False,
            comment="internal: Digest of the names of the columns.",
        ),
        facts("mapping", "What each column becomes, and the choices for all rows."),
        moment("used_at", "When it was last used.", server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_import_mapping"),
    )


def make_import() -> None:
    listed = ", ".join(f"'{state}'" for state in STATES)
    op.create_table(
        "client_import",
        key(),
        words("state", "Where it stands."),
        sealed("file_name", "What the file was called."),
        sealed("columns", "Its columns as JSON: name, first value masked, how many rows fill it."),
        words("kind", "CSV or workbook.", server_default=""),
        words("encoding", "How its letters are written.", server_default=""),
        flag("certain", "Whether that is certain.", "true"),
        words("letters", "The letters beyond a to z in the whole file, each once.", server_default=""),
        words("delimiter", "What stands between its cells.", server_default=""),
        number("size", "Its size in bytes."),
        sa.Column(
            "fingerprint", sa.LargeBinary(), nullable=False, comment="internal: Digest of the names of its columns."
        ),
        number("rows", "How many rows it has."),
        number("chunks", "How many chunks they are kept in."),
        facts("mapping", "What each column becomes, and the choices for all rows."),
        flag("whole", "Whether it stops where a row is not good.", "false"),
        number("next_chunk", "The chunk that is worked on next in this phase."),
        facts("checked_rows", "What the check counted."),
        facts("written_rows", "What was written, counted."),
        sa.Column("stopped_line", sa.BigInteger(), comment="internal: The line before whose chunk it stopped."),
        words("trouble", "Why it stopped or failed, as a code.", server_default=""),
        words("actor_kind", "What kind of actor asked for it."),
        sa.Column("requested_by_id", sa.Uuid(), comment="internal: Who asked for it."),
        words("requested_by", "What the one who asked was called.", "pii"),
        moment("phase_started_at", "When the present phase began."),
        moment("checked_at", "When the check ended."),
        moment("ended_at", "When it ended; its rows go some days later."),
        moment("purged_at", "When its rows were deleted."),
        moment("created_at", "When the row was made.", server_default=NOW, nullable=False),
        moment(
            "updated_at",
            "When the row last changed; kept by the trigger heedful_touch_updated_at.",
            server_default=NOW,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_client_import"),
        sa.CheckConstraint(f"state IN ({listed})", name=op.f("ck_client_import_state")),
    )
    working = sa.text("state IN ('checking', 'importing')")
    op.create_index("ix_client_import_state", "client_import", ["state"], postgresql_where=working)
    op.execute(
        "CREATE TRIGGER touch BEFORE UPDATE ON client_import FOR EACH ROW EXECUTE FUNCTION heedful_touch_updated_at()"
    )
    guard_sealed(op, "client_import", {"file_name": "field.pii", "columns": "field.pii"})


def make_chunk() -> None:
    op.create_table(
        "import_chunk",
        key(),
        of_import("import_chunk"),
        sa.Column("number", sa.Integer(), nullable=False, comment="internal: Its place in the file, from 0."),
        sa.Column("row_count", sa.Integer(), nullable=False, comment="internal: How many rows it holds."),
        sealed("data", "The rows, packed; empty once deleted."),
        facts("problems", "What is wrong, each with line, number of the column and code; never a value.", "[]"),
        sa.PrimaryKeyConstraint("id", name="pk_import_chunk"),
    )
    op.create_index("uq_import_chunk_import_id_number", "import_chunk", ["import_id", "number"], unique=True)
    guard_sealed(op, "import_chunk", {"data": "field.pii"})


def downgrade() -> None:
    op.drop_table("import_mapping")
    op.drop_table("import_seen")
    unguard_sealed(op, "import_chunk")
    op.drop_table("import_chunk")
    unguard_sealed(op, "client_import")
    op.drop_table("client_import")
