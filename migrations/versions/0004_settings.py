"""The tables of settings and of the health page."""

import sqlalchemy as sa
from alembic import op

revision = "0004_settings"
down_revision = "0003_audit"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
APPEND_ONLY = """
CREATE FUNCTION heedful_setting_change_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'setting_change is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$
"""


def upgrade() -> None:
    create_setting()
    create_setting_change()
    create_setting_generation()
    create_health_state()


def create_setting() -> None:
    op.create_table(
        "setting",
        sa.Column("key", sa.Text, primary_key=True, comment="public: Name of the setting."),
        sa.Column("value", sa.Text, nullable=False, comment="internal: The value as its kind writes it."),
        sa.Column("generation", sa.BigInteger, nullable=False, comment="internal: Generation of the last change."),
        sa.Column("changed_by", sa.Text, nullable=False, comment="pii: Label of who changed it last."),
        sa.Column("changed_at", MOMENT, nullable=False, comment="internal: When it was changed last."),
        *timestamps(),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
    )
    touch("setting")


def create_setting_change() -> None:
    op.create_table(
        "setting_change",
        sa.Column("id", sa.Uuid, nullable=False, comment="internal: Identifies the row."),
        sa.Column("key", sa.Text, nullable=False, comment="public: Name of the setting."),
        sa.Column("old_value", sa.Text, nullable=False, comment="internal: The value before, default or stored."),
        sa.Column("new_value", sa.Text, nullable=False, comment="internal: The value after."),
        sa.Column("generation", sa.BigInteger, nullable=False, comment="internal: Generation this change made."),
        sa.Column("changed_by", sa.Text, nullable=False, comment="pii: Label of who changed it."),
        sa.Column("actor_id", sa.Uuid, nullable=True, comment="internal: Who, if staff."),
        sa.Column("reason", sa.Text, nullable=False, server_default="", comment="internal: Why, in their words."),
        sa.Column("changed_at", MOMENT, nullable=False, server_default=sa.text("now()"), comment="internal: When."),
        sa.PrimaryKeyConstraint("id", name="pk_setting_change"),
    )
    op.create_index("ix_setting_change_key_generation", "setting_change", ["key", "generation"])
    op.execute(APPEND_ONLY)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON setting_change "
        "FOR EACH STATEMENT EXECUTE FUNCTION heedful_setting_change_append_only()"
    )


def create_setting_generation() -> None:
    op.create_table(
        "setting_generation",
        sa.Column("id", sa.SmallInteger, nullable=False, autoincrement=False, comment="public: Always 1."),
        sa.Column("generation", sa.BigInteger, nullable=False, comment="internal: Counts the saves of settings."),
        sa.Column("changed_at", MOMENT, nullable=False, comment="internal: When the generation was made."),
        sa.CheckConstraint("id = 1", name=op.f("ck_setting_generation_one_row")),
        sa.PrimaryKeyConstraint("id", name="pk_setting_generation"),
    )
    op.execute("INSERT INTO setting_generation (id, generation, changed_at) VALUES (1, 0, now())")


def create_health_state() -> None:
    op.create_table(
        "health_state",
        sa.Column("part", sa.Text, nullable=False, comment="public: Name of the part that is watched."),
        sa.Column("name", sa.Text, nullable=False, comment="public: What the part is called on pages."),
        sa.Column("state", sa.Text, nullable=False, comment="internal: State word of the part."),
        sa.Column("kind", sa.Text, nullable=False, comment="internal: ok, warn, bad or none."),
        sa.Column("figures", sa.Text, nullable=False, comment="internal: What was measured, in our own words."),
        sa.Column("remedy", sa.Text, nullable=False, comment="internal: What to do, in our own words."),
        sa.Column("since", MOMENT, nullable=False, comment="internal: Since when the part is in this state."),
        sa.Column("checked_at", MOMENT, nullable=False, comment="internal: When the part was last looked at."),
        *timestamps(),
        sa.CheckConstraint("kind IN ('ok', 'warn', 'bad', 'none')", name=op.f("ck_health_state_kind")),
        sa.PrimaryKeyConstraint("part", name="pk_health_state"),
    )
    touch("health_state")


def timestamps() -> tuple[sa.Column, sa.Column]:
    now = sa.text("now()")
    kept = "internal: When the row last changed; kept by the trigger heedful_touch_updated_at."
    return (
        sa.Column("created_at", MOMENT, nullable=False, server_default=now, comment="internal: When the row was made."),
        sa.Column("updated_at", MOMENT, nullable=False, server_default=now, comment=kept),
    )


def touch(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER touch BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION heedful_touch_updated_at()"
    )


def downgrade() -> None:
    for table in ("health_state", "setting_generation", "setting_change", "setting"):
        op.drop_table(table)
    op.execute("DROP FUNCTION heedful_setting_change_append_only()")
