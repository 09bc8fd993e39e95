"""The outbox of messages, their attempts, and what simulation caught."""

import sqlalchemy as sa
from alembic import op
from migrations.guards import guard_sealed, unguard_sealed

revision = "0010_messages"
down_revision = "0009_templates"
branch_labels = None
depends_on = None

STATES = (
    "queued", "claimed", "handed", "accepted", "delivered", "read", "failed", "bounced", "suppressed", "cancelled",
    "expired", "uncertain", "dead",
)  # fmt: skip
NOW = sa.text("now()")


def moment(name: str, meaning: str, **options):
    return sa.Column(name, sa.DateTime(timezone=True), comment=f"internal: {meaning}", **options)


def reference(name: str, target: str, meaning: str, **options):
    key = sa.ForeignKey(target, name=options.pop("key"), ondelete=options.pop("ondelete", None))
    return sa.Column(name, sa.Uuid(), key, nullable=False, comment=f"internal: {meaning}", **options)


def words(name: str, meaning: str, **options):
    return sa.Column(name, sa.Text(), comment=f"internal: {meaning}", **{"nullable": False, **options})


def number(name: str, kind, meaning: str):
    return sa.Column(name, kind, server_default="0", nullable=False, comment=f"internal: {meaning}")


def upgrade() -> None:
    make_message()
    make_attempt()
    make_captured_email()


def make_message() -> None:
    listed = ", ".join(f"'{state}'" for state in STATES)
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False, comment="internal: Identifies the row."),
        reference("client_id", "client.id", "The client it is written to.", key="fk_message_client_id"),
        reference("contact_point_id", "contact_point.id", "The address it goes to.", key="fk_message_contact_point_id"),
        reference("topic_id", "topic.id", "What it is about; decides the basis.", key="fk_message_topic_id"),
        reference("version_id", "message_template_version.id", "The text it uses.", key="fk_message_version_id"),
        words("text_hash", "Hash of the version's text when it was queued."),
        words("channel", "email, sms or whatsapp."),
        sa.Column(
            "class_rank", sa.SmallInteger(), nullable=False, comment="internal: 0 goes before 1: marketing is 1."
        ),
        words("state", "Where it stands.", server_default="queued"),
        words("reason", "Why it stands there, as a code.", server_default=""),
        moment("due_at", "Not handed over before.", server_default=NOW, nullable=False),
        moment("expires_at", "Not worth sending after.", nullable=False),
        number("attempts", sa.Integer(), "Hand-overs that counted."),
        number("crashes", sa.SmallInteger(), "Workers lost with it."),
        number("resends", sa.SmallInteger(), "Repeats after doubt."),
        sa.Column("lease_token", sa.Uuid(), comment="internal: The claim it belongs to."),
        words("lease_owner", "The process that claimed it.", nullable=True),
        moment("lease_until", "When the claim ends."),
        words("verdict", "The gate's last answer.", server_default=""),
        moment("verdict_at", "When the gate last answered."),
        moment("handed_at", "When it was last handed over."),
        moment("accepted_at", "When a provider took it."),
        sa.Column("provider_id", sa.Text(), comment="pii: The provider's own id of it."),
        words("failure_text", "The last failure in words.", server_default=""),
        sa.Column(
            "simulated", sa.Boolean(), server_default="false", nullable=False, comment="internal: Caught, not sent."
        ),
        words("idempotency_key", "Makes a repeated order one message.", nullable=True),
        sa.Column("fields", sa.LargeBinary(), comment="sealed: The values of its fields, as JSON."),
        moment("created_at", "When the row was made.", server_default=NOW, nullable=False),
        moment(
            "updated_at",
            "When the row last changed; kept by the trigger heedful_touch_updated_at.",
            server_default=NOW,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("idempotency_key", name="uq_message_idempotency_key"),
        sa.CheckConstraint("channel IN ('email', 'sms', 'whatsapp')", name=op.f("ck_message_channel")),
        sa.CheckConstraint(f"state IN ({listed})", name=op.f("ck_message_state")),
        # Room on each page, so that a change of state stays there and rewrites no index.
        postgresql_with={"fillfactor": 80},
    )
    due = sa.text("state = 'queued'")
    op.create_index("ix_message_due", "message", ["channel", "class_rank", "due_at", "id"], postgresql_where=due)
    leased = sa.text("state IN ('claimed', 'handed')")
    op.create_index("ix_message_leased", "message", ["lease_until"], postgresql_where=leased)
    op.create_index("ix_message_client_id_id", "message", ["client_id", "id"])
    for name in ("contact_point_id", "topic_id", "version_id"):
        op.create_index(f"ix_message_{name}", "message", [name])
    op.execute("CREATE TRIGGER touch BEFORE UPDATE ON message FOR EACH ROW EXECUTE FUNCTION heedful_touch_updated_at()")
    guard_sealed(op, "message", {"fields": "field.message"})


def make_attempt() -> None:
    op.create_table(
        "message_attempt",
        sa.Column("id", sa.Uuid(), nullable=False, comment="internal: Identifies the row."),
        reference("message_id", "message.id", "The message.", key="fk_message_attempt_message_id", ondelete="CASCADE"),
        sa.Column(
            "number",
            sa.Integer(),
            nullable=False,
            comment="internal: Which hand-over of the message it was, from 1.",
        ),
        moment("started_at", "When the hand-over began.", nullable=False),
        moment("ended_at", "When its outcome was known.", nullable=False),
        words("outcome", "accepted, refused, unknown or lost."),
        words("code", "The provider's code."),
        words("text", "The outcome in our words."),
        words("worker", "The process that handed it over."),
        sa.PrimaryKeyConstraint("id", name="pk_message_attempt"),
    )
    op.create_index("ix_message_attempt_message_id", "message_attempt", ["message_id"])


def make_captured_email() -> None:
    op.create_table(
        "captured_email",
        sa.Column("id", sa.Uuid(), nullable=False, comment="internal: Identifies the row."),
        reference("message_id", "message.id", "The message.", key="fk_captured_email_message_id", ondelete="CASCADE"),
        moment("captured_at", "When it was caught.", server_default=NOW, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False, comment="sealed: The complete mail."),
        sa.PrimaryKeyConstraint("id", name="pk_captured_email"),
        sa.UniqueConstraint("message_id", name="uq_captured_email_message_id"),
    )
    guard_sealed(op, "captured_email", {"raw": "field.message"})


def downgrade() -> None:
    unguard_sealed(op, "captured_email")
    op.drop_table("captured_email")
    op.drop_table("message_attempt")
    unguard_sealed(op, "message")
    op.drop_table("message")
