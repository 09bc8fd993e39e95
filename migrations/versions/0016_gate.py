"""Every answer of the gate to a message, with the version of the rules that gave it."""

import sqlalchemy as sa
from alembic import op

revision = "0016_gate"
down_revision = "0015_preferences"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    message = sa.ForeignKey("message.id", name="fk_gate_decision_message_id", ondelete="CASCADE")
    op.create_table(
        "gate_decision",
        sa.Column("id", sa.Uuid(), nullable=False, comment="internal: Identifies the row."),
        sa.Column("message_id", sa.Uuid(), message, nullable=False, comment="internal: The message."),
        sa.Column("at", MOMENT, nullable=False, comment="internal: When the gate answered."),
        sa.Column("answer", sa.Text(), nullable=False, comment="internal: allow, defer or refuse."),
        sa.Column("reason", sa.Text(), nullable=False, comment="internal: Why, as a code."),
        sa.Column("until", MOMENT, comment="internal: Until when it waits, where that is known."),
        sa.Column(
            "rule_set", sa.SmallInteger(), nullable=False, comment="internal: Version of the rules that answered."
        ),
        sa.PrimaryKeyConstraint("id", name="pk_gate_decision"),
        sa.CheckConstraint("answer IN ('allow', 'defer', 'refuse')", name=op.f("ck_gate_decision_answer")),
    )
    op.create_index("ix_gate_decision_message_id", "gate_decision", ["message_id"])


def downgrade() -> None:
    op.drop_table("gate_decision")
