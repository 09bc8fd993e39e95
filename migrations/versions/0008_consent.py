"""The tables of consent."""

revision = "0008_consent"
down_revision = "0007_clients"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
