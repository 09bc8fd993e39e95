"""The append-only chain of audit entries, and the verifications of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_audit"
down_revision = "0002_crypto"
branch_labels = None
depends_on = None

ARRAY_OF_TEXT = postgresql.ARRAY(sa.Text())
MOMENT = sa.DateTime(timezone=True)

FUNCTIONS = (
    """
    CREATE FUNCTION heedful_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'The audit log is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
    END $$
    """,
    "COMMENT ON FUNCTION heedful_audit_append_only() IS 'Refuses every change of an audit entry'",
    """
    CREATE FUNCTION heedful_audit_head(OUT seq bigint, OUT mac bytea) RETURNS SETOF record LANGUAGE plpgsql AS $$
    BEGIN
        -- Two statements: the second one sees what the last holder of the lock committed.
        PERFORM pg_advisory_xact_lock(7203331002);
        RETURN QUERY SELECT e.seq, e.mac FROM audit_entry e ORDER BY e.seq DESC LIMIT 1;
    END $$
    """,
    "COMMENT ON FUNCTION heedful_audit_head() IS 'Locks the audit chain until the commit and reads its last entry'",
)

TRIGGERS = (
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION heedful_audit_append_only()
    """,
    """
    CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION heedful_audit_append_only()
    """,
    # ALWAYS: also where a session plays the part of a replica.
    "ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER append_only",
    "ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER append_only_truncate",
    """
    CREATE TRIGGER touch BEFORE UPDATE ON audit_verification
    FOR EACH ROW EXECUTE FUNCTION heedful_touch_updated_at()
    """,
)


def needed(name, type_, comment, **options):
    return sa.Column(name, type_, nullable=False, comment=comment, **options)


def optional(name, type_, comment):
    return sa.Column(name, type_, nullable=True, comment=comment)


def create_entries():
    op.create_table(
        "audit_entry",
        needed("seq", sa.BigInteger(), "internal: Place in the chain, from 1, no gaps.", autoincrement=False),
        needed("version", sa.SmallInteger(), "internal: Version of the canonical form."),
        needed("event_id", sa.Uuid(), "internal: Identifies the event outside the chain."),
        needed("at", MOMENT, "internal: When it happened."),
        needed("actor_kind", sa.Text(), "internal: Kind of actor."),
        optional("actor_id", sa.Uuid(), "internal: Who did it."),
        needed("actor_label", sa.Text(), "pii: What the actor was called at the time."),
        needed("actor_roles", ARRAY_OF_TEXT, "internal: Roles of the actor at the time."),
        optional("session_id", sa.Uuid(), "internal: Session of the actor."),
        optional("auth_method", sa.Text(), "internal: How the actor signed in."),
        needed("action", sa.Text(), "internal: What was done, as feature.verb."),
        needed("access_type", sa.Text(), "internal: In which way data were touched."),
        needed("purpose", sa.Text(), "internal: What the data were needed for."),
        needed(
            "subject_refs",
            ARRAY_OF_TEXT,
            "internal: References of the clients whose data were touched; never an address.",
        ),
        needed("object_type", sa.Text(), "internal: Kind of thing acted on."),
        needed("object_id", sa.Text(), "internal: Which thing was acted on."),
        needed("outcome", sa.Text(), "internal: How it ended."),
        needed("reason", sa.Text(), "internal: Why, in words; addresses are taken out on write."),
        optional("ip", sa.Text(), "pii: Network address; a client's is cut short."),
        optional("ua_hash", sa.Text(), "internal: Hash of the browser's name."),
        optional("request_id", sa.Text(), "internal: Request in the logs."),
        needed(
            "changes",
            postgresql.JSONB(),
            "internal: Changed fields: name, class, before, after; hidden where the class asks for it.",
        ),
        needed("prev", sa.LargeBinary(), "internal: Seal of the entry before."),
        needed("key_id", sa.BigInteger(), "internal: Audit key that made the seal."),
        needed("mac", sa.LargeBinary(), "internal: Seal over the canonical form."),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.create_index("ix_audit_entry_actor_id_seq", "audit_entry", ["actor_id", sa.text("seq DESC")])
    op.create_index("ix_audit_entry_action_seq", "audit_entry", ["action", sa.text("seq DESC")])
    op.create_index("ix_audit_entry_object_id_seq", "audit_entry", ["object_id", sa.text("seq DESC")])
    op.create_index("ix_audit_entry_subject_refs", "audit_entry", ["subject_refs"], postgresql_using="gin")


def create_verifications():
    op.create_table(
        "audit_verification",
        needed("id", sa.Uuid(), "internal: Identifies the row."),
        needed("state", sa.Text(), "internal: How far it has come."),
        needed("requested_by", sa.Text(), "pii: What the one who asked was called."),
        optional("requested_by_id", sa.Uuid(), "internal: Who asked."),
        optional("started_at", MOMENT, "internal: When the first slice began."),
        optional("finished_at", MOMENT, "internal: When it ended."),
        needed("checked_seq", sa.BigInteger(), "internal: Last entry found in order."),
        optional("checked_mac", sa.LargeBinary(), "internal: Seal of the last entry found in order."),
        needed("head_seq", sa.BigInteger(), "internal: Last entry when it was last counted."),
        needed("anchors", sa.Integer(), "internal: How many anchors were compared."),
        needed("anchored_seq", sa.BigInteger(), "internal: Entry of the newest anchor."),
        optional("anchored_at", MOMENT, "internal: When the newest anchor was written."),
        optional("problem_kind", sa.Text(), "internal: What is wrong, as a word."),
        optional("problem_seq", sa.BigInteger(), "internal: First wrong entry."),
        optional("problem_text", sa.Text(), "internal: What is wrong, in words."),
        needed("created_at", MOMENT, "internal: When the row was made.", server_default=sa.text("now()")),
        needed(
            "updated_at",
            MOMENT,
            "internal: When the row last changed; kept by the trigger heedful_touch_updated_at.",
            server_default=sa.text("now()"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_verification"),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'intact', 'broken', 'failed')", name="ck_audit_verification_state"
        ),
    )
    # At most one verification is open, however many people press the button.
    op.execute(
        "CREATE UNIQUE INDEX uq_audit_verification_open ON audit_verification ((true))"
        " WHERE state IN ('queued', 'running')"
    )
    op.create_index("ix_audit_verification_created_at", "audit_verification", [sa.text("created_at DESC")])


def upgrade() -> None:
    create_entries()
    create_verifications()
    for statement in FUNCTIONS + TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit_verification")
    op.drop_table("audit_entry")
    op.execute("DROP FUNCTION heedful_audit_head()")
    op.execute("DROP FUNCTION heedful_audit_append_only()")
