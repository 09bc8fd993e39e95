"""The tables of staff."""

from alembic import op

revision = "0005_staff"
down_revision = "0004_settings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SELECT 1")


def downgrade() -> None:
    op.execute("SELECT 1")
