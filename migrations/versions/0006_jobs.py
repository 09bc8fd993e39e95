"""The tables of jobs."""

from alembic import op

revision = "0006_jobs"
down_revision = "0005_staff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SELECT 1")


def downgrade() -> None:
    op.execute("SELECT 1")
