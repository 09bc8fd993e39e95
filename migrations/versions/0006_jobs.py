"""The tables of jobs: living workers and tickers, and the last runs of periodic tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0006_jobs"
down_revision = "0005_staff"
branch_labels = None
depends_on = None


def moment(name: str, meaning: str, **options) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), comment=f"internal: {meaning}", **options)


def words(name: str, meaning: str, **options) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False, comment=f"internal: {meaning}", **options)


def upgrade() -> None:
    now = sa.text("now()")
    op.create_table(
        "process_heartbeat",
        sa.Column("id", sa.Uuid, nullable=False, comment="internal: Identifies the row."),
        words("kind", "Worker or ticker."),
        words("host", "The machine it runs on."),
        sa.Column("pid", sa.Integer, nullable=False, comment="internal: Its process id on that machine."),
        words("queue", "The queue a worker listens to.", server_default=""),
        words("state", "What it is doing: leading, waiting …", server_default=""),
        moment("started_at", "When it started.", nullable=False, server_default=now),
        moment("seen_at", "When it last said that it lives.", nullable=False, server_default=now),
        words("version", "The version of the portal it runs."),
        sa.PrimaryKeyConstraint("id", name="pk_process_heartbeat"),
        sa.CheckConstraint("kind IN ('worker', 'ticker')", name=op.f("ck_process_heartbeat_kind")),
    )
    op.create_table(
        "periodic_run",
        words("name", "The name of the task."),
        moment("last_run_at", "When it last ran, well or not, by the database's clock."),
        moment("last_ok_at", "When it last ran well."),
        words("last_error", "The type of error of the last run; empty when it went well.", server_default=""),
        sa.Column("seconds", sa.Double, comment="internal: How long the last run took."),
        sa.Column("runs", sa.BigInteger, nullable=False, server_default="0", comment="internal: How often it ran."),
        sa.PrimaryKeyConstraint("name", name="pk_periodic_run"),
    )


def downgrade() -> None:
    op.drop_table("periodic_run")
    op.drop_table("process_heartbeat")
