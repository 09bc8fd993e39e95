"""The tables of audit."""

from alembic import op

revision = "0003_audit"
down_revision = "0002_crypto"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SELECT 1")


def downgrade() -> None:
    op.execute("SELECT 1")
