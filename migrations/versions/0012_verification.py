"""Verifications of telephone numbers, and the SMS that simulation caught."""

import sqlalchemy as sa
from alembic import op
from migrations.guards import guard_sealed, unguard_sealed

revision = "0012_verification"
down_revision = "0011_ledger"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
STATES = ("started", "sent", "uncertain", "failed", "superseded", "confirmed", "exhausted")


def one_of(name: str, *words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{name} IN ({listed})", name=op.f(f"ck_verification_{name}"))


def needed(name: str, kind, comment: str, **options) -> sa.Column:
    return sa.Column(name, kind, nullable=False, comment=comment, **options)


def moment(name: str, meaning: str, **options) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), comment=f"internal: {meaning}", **{"nullable": False, **options})


def upgrade() -> None:
    make_verification()
    make_captured_sms()


def make_verification() -> None:
    op.create_table(
        "verification",
        needed("id", sa.Uuid(), "internal: Identifies the row."),
        sa.Column(
            "client_id",
            sa.Uuid(),
            comment="internal: The client it is for; empty for a stranger and after an erasure.",
        ),
        needed("channel", sa.Text(), "internal: How the code travels."),
        needed("purpose", sa.Text(), "internal: What the number is proved for."),
        needed("state", sa.Text(), "internal: Where it stands."),
        needed("number_hash", sa.LargeBinary(16), "secret: Keyed hash of the number, to count what it was sent."),
        moment("started_at", "When the code was asked for; limits count from here."),
        moment("expires_at", "When the code stops being valid."),
        moment("confirmed_at", "When the right code was typed.", nullable=True),
        needed("wrong_tries", sa.SmallInteger(), "internal: Wrong codes that were typed.", server_default="0"),
        needed("segments", sa.SmallInteger(), "internal: As how many segments it is billed."),
        needed(
            "cost_micro",
            sa.BigInteger(),
            "internal: Estimated price, in millionths of the currency of the daily limit.",
        ),
        needed("simulated", sa.Boolean(), "internal: Caught, not sent."),
        needed("failure_code", sa.Text(), "internal: Why it was not sent.", server_default=""),
        sa.Column("provider_id", sa.Text(), comment="pii: The provider's own id of the SMS."),
        moment("created_at", "When the row was made.", server_default=NOW),
        moment(
            "updated_at",
            "When the row last changed; kept by the trigger heedful_touch_updated_at.",
            server_default=NOW,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_verification"),
        one_of("channel", "email", "sms", "whatsapp"),
        one_of("purpose", "opt_in", "identity"),
        one_of("state", *STATES),
    )
    for columns in (["number_hash", "started_at"], ["started_at"], ["client_id"]):
        op.create_index(f"ix_verification_{'_'.join(columns)}", "verification", columns)
    op.execute(
        "CREATE TRIGGER touch BEFORE UPDATE ON verification FOR EACH ROW EXECUTE FUNCTION heedful_touch_updated_at()"
    )


def make_captured_sms() -> None:
    op.create_table(
        "captured_sms",
        needed("id", sa.Uuid(), "internal: Identifies the row."),
        sa.Column("message_id", sa.Uuid(), comment="internal: The message; empty for a code."),
        sa.Column("client_id", sa.Uuid(), comment="internal: The client it was for, where one is known."),
        moment("captured_at", "When it was caught.", server_default=NOW),
        needed("address", sa.LargeBinary(), "sealed: The number."),
        needed("body", sa.LargeBinary(), "sealed: The whole SMS."),
        sa.PrimaryKeyConstraint("id", name="pk_captured_sms"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_captured_sms_message_id", ondelete="CASCADE"),
        sa.UniqueConstraint("message_id", name="uq_captured_sms_message_id"),
    )
    for name in ("client_id", "captured_at"):
        op.create_index(f"ix_captured_sms_{name}", "captured_sms", [name])
    guard_sealed(op, "captured_sms", {"address": "field.message", "body": "field.message"})


def downgrade() -> None:
    unguard_sealed(op, "captured_sms")
    op.drop_table("captured_sms")
    op.drop_table("verification")
