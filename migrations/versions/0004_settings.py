"""The tables of settings."""

from alembic import op

revision = "0004_settings"
down_revision = "0003_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SELECT 1")


def downgrade() -> None:
    op.execute("SELECT 1")
