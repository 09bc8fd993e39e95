"""Consents that are requested and confirmed, refused, renewed, imported, merged and that end; caps of topics."""

import sqlalchemy as sa
from alembic import op

revision = "0011_ledger"
down_revision = "0010_messages"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STANDINGS = ("none", "requested", "granted", "withdrawn")
HAPPENINGS = ("requested", "confirmed", "granted", "withdrawn")
METHODS = ("form", "paper", "spoken", "staff", "import", "one_click", "link")
BASES = ("consent", "contract", "legal_obligation", "legitimate_interest")
# table, column, words until now, words that come
WORDS = (
    ("topic", "legal_basis", BASES, ("soft_opt_in",)),
    ("consent_event", "event", HAPPENINGS, ("refused", "expired", "imported", "renewed", "merged")),
    ("consent_event", "method", METHODS, ("api", "sms_keyword", "preference_centre", "merge", "system")),
    ("consent_state", "state", STANDINGS, ("refused", "expired")),
)
EVENT_COLUMNS = (
    ("topic_version", sa.Integer(), "internal: Version of the topic at the time."),
    ("legal_basis", sa.Text(), "internal: What the topic rested on at the time."),
    ("statement_sha256", sa.LargeBinary(), "internal: Digest of what the person read."),
    ("language", sa.Text(), "internal: Language of what the person read."),
    ("jurisdiction", sa.Text(), "internal: Country of the client at the time, whose law held."),
    ("source_url", sa.Text(), "internal: Page it was said on, without what follows the path."),
    ("source_name", sa.Text(), "internal: Form, list or file it was said on."),
    ("user_agent", sa.Text(), "internal: Kind of program it was said with."),
    ("contact_point_hmac", sa.LargeBinary(), "secret: Keyed hash of the address; outlives it."),
    ("refers_to_id", sa.Uuid(), "internal: Event it answers, ends or carries over."),
    ("carried", sa.Text(), "internal: Where a merged client stood, which holds here too."),
    ("expires_at", MOMENT, "internal: When it ends by itself."),
)
STATE_COLUMNS = (
    ("expires_at", MOMENT, "internal: When the consent ends by itself."),
    ("pending_id", sa.Uuid(), "internal: Request that waits to be confirmed."),
    ("pending_until", MOMENT, "internal: How long it waits."),
)
CHECKS = (
    ("topic", "cap_is_whole", "(cap_messages IS NULL) = (cap_days IS NULL)"),
    ("topic", "cap_counts", "cap_messages > 0 AND cap_days > 0"),
    ("topic", "confirms_consent", "NOT double_opt_in OR legal_basis = 'consent'"),
    ("consent_state", "pending_is_whole", "(pending_id IS NULL) = (pending_until IS NULL)"),
)


def check(table, name, rule):
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def one_of(name, words):
    return f"{name} IN ({', '.join(repr(word) for word in words)})"


def add_topic_columns():
    columns = (
        sa.Column(
            "double_opt_in",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="internal: Whether the person has to confirm what they asked for.",
        ),
        sa.Column(
            "cap_messages",
            sa.Integer(),
            nullable=True,
            comment="internal: At most so many messages to one client...",
        ),
        sa.Column("cap_days", sa.Integer(), nullable=True, comment="internal: ...in so many days; empty for no limit."),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=False,
            server_default="1",
            comment="internal: Counts the changes of what the topic says, from 1.",
        ),
    )
    for column in columns:
        op.add_column("topic", column)


def upgrade() -> None:
    add_topic_columns()
    for table, columns in (("consent_event", EVENT_COLUMNS), ("consent_state", STATE_COLUMNS)):
        for name, type_, comment in columns:
            op.add_column(table, sa.Column(name, type_, nullable=True, comment=comment))
    for table, name, before, more in WORDS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        check(table, name, one_of(name, before + more))
    check("consent_event", "legal_basis", one_of("legal_basis", (*BASES, "soft_opt_in")))
    check("consent_event", "carried", one_of("carried", (*STANDINGS, "refused", "expired")))
    for name in ("expires_at", "pending_until"):
        where = sa.text(f"{name} IS NOT NULL")
        op.create_index(op.f(f"ix_consent_state_{name}"), "consent_state", [name], postgresql_where=where)
    for table, name, rule in CHECKS:
        check(table, name, rule)


def downgrade() -> None:
    # What was written since stays; new rows are held to the old words.
    for table, name, before, _ in WORDS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        rule = one_of(name, before)
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({rule}) NOT VALID")
    for name, _, _ in reversed(STATE_COLUMNS):
        op.drop_column("consent_state", name)
    for name, _, _ in reversed(EVENT_COLUMNS):
        op.drop_column("consent_event", name)
    for name in ("version", "cap_days", "cap_messages", "double_opt_in"):
        op.drop_column("topic", name)
