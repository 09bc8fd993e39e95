"""Suppression: marketing alone can be stopped, who said so is told apart, and nothing leaves but by two people."""

import sqlalchemy as sa
from alembic import op

revision = "0013_suppression"
down_revision = "0012_verification"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ORIGINS = ("person", "staff", "provider", "import", "system")
OLD_REASONS = ("bounced", "opted_out", "erased")
REASONS = (*OLD_REASONS, "manual", "complained", "wrong_person", "provider", "imported")

KEPT = """
CREATE FUNCTION heedful_suppression_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        -- A person's own choice is lifted by the person; the rest needs somebody who asked and a second who agreed.
        IF OLD.reason IN ('opted_out', 'erased') OR OLD.source = 'demo' OR EXISTS (
            SELECT 1 FROM public.suppression_removal r WHERE r.suppression_id = OLD.id AND r.state = 'approved'
        ) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'The suppression list is kept: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""
# The shared lock is what ending a key waits for: a writer that saw the key has committed before the rows are counted.
KEY_STANDS = """
CREATE FUNCTION heedful_suppression_key_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7203332, (NEW.key_id - 2147483648)::int);
    IF NOT EXISTS (
        SELECT 1 FROM public.crypto_key k
        WHERE k.id = NEW.key_id AND k.purpose = 'suppression' AND k.state NOT IN ('pending', 'retired', 'destroyed')
    ) THEN
        RAISE EXCEPTION 'suppression takes no hash under key %', NEW.key_id USING ERRCODE = '22H04';
    END IF;
    RETURN NEW;
END $$
"""
KEY_STILL_USED = """
CREATE FUNCTION heedful_suppression_key_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.purpose = 'suppression' AND EXISTS (SELECT 1 FROM public.suppression s WHERE s.key_id = OLD.id) THEN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'Key % still holds up the suppression list', OLD.id USING ERRCODE = 'restrict_violation';
        ELSIF NEW.state IN ('drained', 'retired', 'destroyed') THEN
            RAISE EXCEPTION 'Key % still holds up the suppression list', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = (
    ("suppression", "kept", "UPDATE OR DELETE", "ROW", "heedful_suppression_kept"),
    ("suppression", "kept_all", "TRUNCATE", "STATEMENT", "heedful_suppression_kept"),
    ("suppression", "key_stands", "INSERT", "ROW", "heedful_suppression_key_stands"),
    ("crypto_key", "still_used", "UPDATE OF state OR DELETE", "ROW", "heedful_suppression_key_used"),
)
COMMENTS = (
    "COMMENT ON FUNCTION heedful_suppression_kept() IS 'Refuses every change of who must not be written to'",
    "COMMENT ON FUNCTION heedful_suppression_key_stands() IS 'Takes hashes only under keys that stay readable'",
    "COMMENT ON FUNCTION heedful_suppression_key_used() IS 'Keeps the keys on which the suppression list rests'",
)


def one_of(table: str, name: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({name} IN ({listed}))"


def replace_words(scopes: tuple[str, ...], reasons: tuple[str, ...]) -> None:
    for name, words in (("scope", scopes), ("reason", reasons)):
        op.drop_constraint(op.f(f"ck_suppression_{name}"), "suppression", type_="check")
        op.execute(one_of("suppression", name, words))


def needed(name: str, kind, comment: str, **options) -> sa.Column:
    return sa.Column(name, kind, nullable=False, comment=comment, **options)


def make_removals() -> None:
    op.create_table(
        "suppression_removal",
        needed("id", sa.Uuid(), "internal: Identifies the row."),
        needed("suppression_id", sa.Uuid(), "internal: The entry; the id stays when the entry goes."),
        needed("channel", sa.Text(), "internal: The channel of the entry."),
        needed("reason", sa.Text(), "internal: Why the address stood on the list."),
        needed("state", sa.Text(), "internal: Where the request stands.", server_default="open"),
        needed("asked_by", sa.Uuid(), "internal: Who asked."),
        needed("asked_label", sa.Text(), "pii: What the asking person was called."),
        needed("asked_at", MOMENT, "internal: When it was asked."),
        needed("asked_because", sa.Text(), "internal: Why the address may be written to again; never an address."),
        sa.Column("decided_by", sa.Uuid(), comment="internal: Who decided; never who asked."),
        sa.Column("decided_label", sa.Text(), comment="pii: What the deciding person was called."),
        sa.Column("decided_at", MOMENT, comment="internal: When it was decided."),
        needed("decided_because", sa.Text(), "internal: What the second person said to it.", server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_suppression_removal"),
        sa.CheckConstraint(
            "state IN ('open', 'approved', 'denied', 'gone')", name=op.f("ck_suppression_removal_state")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> asked_by", name=op.f("ck_suppression_removal_second_person")
        ),
        sa.CheckConstraint(
            "(state IN ('approved', 'denied')) = (decided_by IS NOT NULL)", name=op.f("ck_suppression_removal_decided")
        ),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_suppression_removal_open", "suppression_removal", ["suppression_id"], unique=True, postgresql_where=is_open
    )


def upgrade() -> None:
    origin = needed("origin", sa.Text(), "internal: Who said so.", server_default="system")
    op.add_column("suppression", origin)
    op.execute("UPDATE suppression SET origin = CASE reason WHEN 'bounced' THEN 'provider' ELSE 'person' END")
    op.execute(one_of("suppression", "origin", ORIGINS))
    replace_words(("all", "marketing"), REASONS)
    op.drop_index("uq_suppression_address_hash_channel_scope", "suppression")
    columns = ["address_hash", "channel", "scope", "reason"]
    op.create_index("uq_suppression_address_hash", "suppression", columns, unique=True)
    op.create_index("ix_suppression_key_id", "suppression", ["key_id"])
    make_removals()
    for statement in (KEPT, KEY_STANDS, KEY_STILL_USED, *COMMENTS):
        op.execute(statement)
    for table, name, events, each, function in TRIGGERS:
        op.execute(f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()")
        if name != "key_stands":
            # ALWAYS: also where a session plays the part of a replica.
            op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def downgrade() -> None:
    for table, name, *_ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for function in ("kept", "key_stands", "key_used"):
        op.execute(f"DROP FUNCTION heedful_suppression_{function}()")
    op.drop_table("suppression_removal")
    op.drop_index("ix_suppression_key_id", "suppression")
    op.drop_index("uq_suppression_address_hash", "suppression")
    # What older code does not know still stops everything: too much is safe, too little is not.
    op.execute(
        "DELETE FROM suppression a USING suppression b WHERE a.address_hash = b.address_hash "
        "AND a.channel = b.channel AND a.id > b.id"
    )
    op.execute("UPDATE suppression SET scope = 'all'")
    op.execute("UPDATE suppression SET reason = 'opted_out' WHERE reason NOT IN ('bounced', 'opted_out', 'erased')")
    replace_words(("all",), OLD_REASONS)
    columns = ["address_hash", "channel", "scope"]
    op.create_index("uq_suppression_address_hash_channel_scope", "suppression", columns, unique=True)
    op.drop_column("suppression", "origin")
