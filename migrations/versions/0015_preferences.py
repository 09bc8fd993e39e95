"""Fresh links that people ask for, what they ask about their data, and the language of a message template."""

import sqlalchemy as sa
from alembic import op

revision = "0015_preferences"
down_revision = "0014_contact_points"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    make_link_request()
    make_privacy_request()
    op.add_column(
        "message_template",
        sa.Column(
            "language",
            sa.Text(),
            server_default="en",
            nullable=False,
            comment="internal: Language of the text, for the words around it.",
        ),
    )


def make_link_request() -> None:
    op.create_table(
        "link_request",
        sa.Column("id", sa.Uuid(), nullable=False, comment="internal: Identifies the row."),
        sa.Column(
            "address_index",
            sa.LargeBinary(16),
            nullable=False,
            comment="secret: Keyed hash of the address that was typed.",
        ),
        sa.Column(
            "network_hash",
            sa.LargeBinary(16),
            nullable=False,
            comment="secret: Keyed hash of the network it came from.",
        ),
        sa.Column("language", sa.Text(), nullable=False, comment="internal: Language of the page it was asked on."),
        sa.Column("asked_at", MOMENT, nullable=False, comment="internal: When it was asked."),
        sa.Column("answered_at", MOMENT, nullable=True, comment="internal: When it was dealt with."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_request")),
    )
    for name in ("address_index", "network_hash"):
        op.create_index(f"ix_link_request_{name}_asked_at", "link_request", [name, "asked_at"])
    waiting = sa.text("answered_at IS NULL")
    op.create_index("ix_link_request_waiting", "link_request", ["asked_at"], postgresql_where=waiting)


def make_privacy_request() -> None:
    op.create_table(
        "privacy_request",
        sa.Column("id", sa.Uuid(), nullable=False, comment="internal: Identifies the row."),
        sa.Column("client_id", sa.Uuid(), nullable=False, comment="internal: Whose data it is about."),
        sa.Column("kind", sa.Text(), nullable=False, comment="internal: Access or erasure."),
        sa.Column("state", sa.Text(), nullable=False, comment="internal: How far it is."),
        sa.Column("origin", sa.Text(), nullable=False, comment="internal: Where it was asked."),
        sa.Column(
            "contact_point_id",
            sa.Uuid(),
            nullable=True,
            comment="internal: Address whose link was used; kept when it goes.",
        ),
        sa.Column(
            "received_at", MOMENT, nullable=False, comment="internal: When it came in; the legal clock starts here."
        ),
        sa.CheckConstraint("kind IN ('access', 'erasure')", name=op.f("ck_privacy_request_kind")),
        sa.CheckConstraint("state IN ('received')", name=op.f("ck_privacy_request_state")),
        sa.CheckConstraint("origin IN ('preference_centre')", name=op.f("ck_privacy_request_origin")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_privacy_request_client_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_request")),
    )
    op.create_index(
        "uq_privacy_request_open",
        "privacy_request",
        ["client_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state = 'received'"),
    )


def downgrade() -> None:
    op.drop_column("message_template", "language")
    op.drop_table("privacy_request")
    op.drop_table("link_request")
