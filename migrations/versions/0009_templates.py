"""The tables of message templates; approved versions never change."""

import sqlalchemy as sa
from alembic import op

revision = "0009_templates"
down_revision = "0008_consent"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEEP_APPROVED = """
    CREATE FUNCTION heedful_keep_approved_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.state = 'draft' THEN
            RETURN NEW;
        END IF;
        IF OLD.state = 'approved' AND NEW.state = 'retired'
           AND (NEW.id, NEW.template_id, NEW.number, NEW.subject, NEW.body, NEW.content_hash, NEW.revision,
                NEW.created_by, NEW.edited_by, NEW.edited_by_id, NEW.approved_by, NEW.approved_at)
             IS NOT DISTINCT FROM
               (OLD.id, OLD.template_id, OLD.number, OLD.subject, OLD.body, OLD.content_hash, OLD.revision,
                OLD.created_by, OLD.edited_by, OLD.edited_by_id, OLD.approved_by, OLD.approved_at) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'An approved version of a message template never changes' USING ERRCODE = 'restrict_violation';
    END $$
"""


def needed(name, type_, comment, **options):
    return sa.Column(name, type_, nullable=False, comment=comment, **options)


def optional(name, type_, comment):
    return sa.Column(name, type_, nullable=True, comment=comment)


def timestamps():
    kept = "internal: When the row last changed; kept by the trigger heedful_touch_updated_at."
    return (
        needed("created_at", MOMENT, "internal: When the row was made.", server_default=sa.text("now()")),
        needed("updated_at", MOMENT, kept, server_default=sa.text("now()")),
    )


def one_of(table, name, *words):
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{name} IN ({listed})", name=op.f(f"ck_{table}_{name}"))


def create_templates():
    op.create_table(
        "message_template",
        needed("id", sa.Uuid(), "internal: Identifies the row."),
        needed("key", sa.Text(), "internal: Short name for machines."),
        needed("name", sa.Text(), "internal: Name as staff see it."),
        needed("topic_id", sa.Uuid(), "internal: The purpose it is written for."),
        needed("urgency", sa.Text(), "internal: How soon its messages must leave."),
        needed("state", sa.Text(), "internal: Whether it may still be used."),
        needed("created_by", sa.Text(), "pii: Label of who made it."),
        *timestamps(),
        one_of("message_template", "urgency", "critical", "high", "normal", "low"),
        one_of("message_template", "state", "active", "archived"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_template")),
        sa.UniqueConstraint("key", name=op.f("uq_message_template_key")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_message_template_topic_id")),
    )
    op.create_index("ix_message_template_topic_id", "message_template", ["topic_id"])


def create_versions():
    op.create_table(
        "message_template_version",
        needed("id", sa.Uuid(), "internal: Identifies the row."),
        needed("template_id", sa.Uuid(), "internal: The template it belongs to."),
        needed("number", sa.Integer(), "internal: Counts the versions of a template from 1."),
        needed("state", sa.Text(), "internal: Draft, approved or retired."),
        needed("subject", sa.Text(), "internal: Subject line, with fields."),
        needed("body", sa.Text(), "internal: Message in Markdown, with fields."),
        needed("content_hash", sa.Text(), "internal: SHA-256 of subject and body."),
        needed("revision", sa.Integer(), "internal: Counts the saves of a draft, to notice two editors."),
        needed("created_by", sa.Text(), "pii: Label of who started it."),
        needed("edited_by", sa.Text(), "pii: Label of who saved it last."),
        optional("edited_by_id", sa.Uuid(), "internal: Who saved it last, if staff."),
        optional("approved_by", sa.Text(), "pii: Label of who approved it."),
        optional("approved_at", MOMENT, "internal: When it was approved."),
        optional("retired_at", MOMENT, "internal: When a newer one took its place."),
        *timestamps(),
        one_of("message_template_version", "state", "draft", "approved", "retired"),
        sa.CheckConstraint(
            "state = 'draft' OR approved_at IS NOT NULL", name=op.f("ck_message_template_version_approved_with_moment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_template_version")),
        sa.UniqueConstraint("template_id", "number", name=op.f("uq_message_template_version_template_id_number")),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["message_template.id"],
            name=op.f("fk_message_template_version_template_id"),
            ondelete="CASCADE",
        ),
    )
    for state in ("draft", "approved"):
        op.create_index(
            f"ix_message_template_version_{state}",
            "message_template_version",
            ["template_id"],
            unique=True,
            postgresql_where=sa.text(f"state = '{state}'"),
        )


def upgrade():
    create_templates()
    create_versions()
    op.execute(KEEP_APPROVED)
    op.execute(
        "CREATE TRIGGER keep_approved BEFORE UPDATE ON message_template_version "
        "FOR EACH ROW EXECUTE FUNCTION heedful_keep_approved_version()"
    )
    for table in ("message_template", "message_template_version"):
        op.execute(
            f"CREATE TRIGGER touch BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION heedful_touch_updated_at()"
        )


def downgrade():
    op.drop_table("message_template_version")
    op.drop_table("message_template")
    op.execute("DROP FUNCTION heedful_keep_approved_version()")
