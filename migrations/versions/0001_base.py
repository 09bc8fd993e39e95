"""What every table stands on: the function that keeps updated_at."""

from alembic import op

revision = "0001_base"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION heedful_touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.updated_at := now();
            RETURN NEW;
        END $$
        """
    )
    op.execute("COMMENT ON FUNCTION heedful_touch_updated_at() IS 'Keeps updated_at; by a trigger on each table'")


def downgrade() -> None:
    op.execute("DROP FUNCTION heedful_touch_updated_at()")
