"""The tables of consent: topics, wordings, the append-only ledger, its evidence, current state, suppression."""

import sqlalchemy as sa
from alembic import op
from migrations.guards import guard_sealed

revision = "0008_consent"
down_revision = "0007_clients"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CHANNELS = ("email", "sms", "whatsapp")
TOUCHED = ("topic", "consent_evidence", "consent_state")

FUNCTIONS = (
    """
    CREATE FUNCTION heedful_consent_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- Only what an invented client of the demo agreed to may go; a client never becomes one of the demo later.
        IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'consent_event' THEN
            IF EXISTS (SELECT 1 FROM public.client c WHERE c.id = OLD.client_id AND c.source = 'demo') THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE FUNCTION heedful_client_source_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'How a client came to us never changes' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE FUNCTION heedful_remove_demo_consents() RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DECLARE
        gone bigint;
    BEGIN
        DELETE FROM consent_state s USING client c WHERE c.id = s.client_id AND c.source = 'demo';
        DELETE FROM consent_evidence v USING consent_event e, client c
            WHERE e.id = v.event_id AND c.id = e.client_id AND c.source = 'demo';
        DELETE FROM consent_event e USING client c WHERE c.id = e.client_id AND c.source = 'demo';
        GET DIAGNOSTICS gone = ROW_COUNT;
        RETURN gone;
    END $$
    """,
    "COMMENT ON FUNCTION heedful_consent_append_only() IS 'Refuses every change of what was agreed'",
    "COMMENT ON FUNCTION heedful_client_source_stays() IS 'Keeps real clients out of reach of the demo'",
    "COMMENT ON FUNCTION heedful_remove_demo_consents() IS 'Deletes what invented clients agreed to'",
    """
    CREATE TRIGGER source_stays BEFORE UPDATE OF source ON client FOR EACH ROW
    WHEN (OLD.source IS DISTINCT FROM NEW.source) EXECUTE FUNCTION heedful_client_source_stays()
    """,
)
# Wordings may go while nobody agreed to them: the foreign key of the ledger sees to that.
APPEND_ONLY = (
    ("consent_event", "append_only", "UPDATE OR DELETE", "ROW"),
    ("consent_event", "append_only_all", "TRUNCATE", "STATEMENT"),
    ("topic_wording", "append_only", "UPDATE", "ROW"),
    ("topic_wording", "append_only_all", "TRUNCATE", "STATEMENT"),
)


def needed(name, type_, comment, **options):
    return sa.Column(name, type_, nullable=False, comment=comment, **options)


def optional(name, type_, comment):
    return sa.Column(name, type_, nullable=True, comment=comment)


def row_id():
    return needed("id", sa.Uuid(), "internal: Identifies the row.")


def created_at():
    return needed("created_at", MOMENT, "internal: When the row was made.", server_default=sa.text("now()"))


def timestamps():
    kept = "internal: When the row last changed; kept by the trigger heedful_touch_updated_at."
    return created_at(), needed("updated_at", MOMENT, kept, server_default=sa.text("now()"))


def one_of(table, name, *words):
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{name} IN ({listed})", name=op.f(f"ck_{table}_{name}"))


def key(table, *columns):
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def points_to(table, name, target):
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}"))


def unique(table, *columns):
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def create_topics():
    op.create_table(
        "topic",
        row_id(),
        needed("key", sa.Text(), "internal: Short name that imports and interfaces use."),
        needed("name", sa.Text(), "internal: What clients and staff read."),
        needed("description", sa.Text(), "internal: What is sent, and about how often.", server_default=""),
        needed("topic_class", sa.Text(), "internal: Marketing, transactional or service-legal."),
        needed("legal_basis", sa.Text(), "internal: What allows writing on it."),
        needed("state", sa.Text(), "internal: Whether anything may be sent on it.", server_default="open"),
        *timestamps(),
        key("topic", "id"),
        unique("topic", "key"),
        one_of("topic", "topic_class", "marketing", "transactional", "service_legal"),
        one_of("topic", "legal_basis", "consent", "contract", "legal_obligation", "legitimate_interest"),
        one_of("topic", "state", "open", "closed"),
    )
    op.create_table(
        "topic_wording",
        row_id(),
        needed("topic_id", sa.Uuid(), "internal: The topic it asks for."),
        needed("language", sa.Text(), "internal: Language tag of the text."),
        needed("version", sa.Integer(), "internal: Counts from 1 for a topic and language."),
        needed("text", sa.Text(), "internal: What people read when they agreed."),
        needed("text_sha256", sa.LargeBinary(), "internal: Digest of the text."),
        created_at(),
        key("topic_wording", "id"),
        points_to("topic_wording", "topic_id", "topic"),
        unique("topic_wording", "topic_id", "language", "version"),
    )


def create_ledger():
    op.create_table(
        "consent_event",
        row_id(),
        needed("client_id", sa.Uuid(), "internal: The client who agreed or withdrew."),
        needed("seq", sa.Integer(), "internal: Place in the client's chain, from 1, no gaps."),
        optional("contact_point_id", sa.Uuid(), "internal: Address it was said for; kept when the address goes."),
        needed("topic_id", sa.Uuid(), "internal: What it is about."),
        needed("channel", sa.Text(), "internal: On which channel."),
        optional("wording_id", sa.Uuid(), "internal: What the person read."),
        needed("event", sa.Text(), "internal: What was said."),
        needed("method", sa.Text(), "internal: How it was said."),
        needed("actor_kind", sa.Text(), "internal: Kind of actor who recorded it."),
        optional("actor_id", sa.Uuid(), "internal: Who recorded it, if staff."),
        needed("actor_label", sa.Text(), "pii: What the actor was called at the time."),
        needed("occurred_at", MOMENT, "internal: When it was said."),
        needed("recorded_at", MOMENT, "internal: When it was written down."),
        optional("evidence_digest", sa.LargeBinary(), "secret: Keyed digest of the evidence; outlives it."),
        needed("prev", sa.LargeBinary(), "internal: Seal of the client's entry before."),
        needed("version", sa.SmallInteger(), "internal: Version of the canonical form."),
        needed("key_id", sa.BigInteger(), "internal: Audit key that made the seal."),
        needed("mac", sa.LargeBinary(), "internal: Seal over the canonical form."),
        key("consent_event", "id"),
        points_to("consent_event", "client_id", "client"),
        points_to("consent_event", "topic_id", "topic"),
        points_to("consent_event", "wording_id", "topic_wording"),
        unique("consent_event", "client_id", "seq"),
        one_of("consent_event", "channel", *CHANNELS),
        one_of("consent_event", "event", "requested", "confirmed", "granted", "withdrawn"),
        one_of("consent_event", "method", "form", "paper", "spoken", "staff", "import", "one_click", "link"),
    )
    op.create_table(
        "consent_evidence",
        row_id(),
        needed("event_id", sa.Uuid(), "internal: The event it proves."),
        needed("evidence", sa.LargeBinary(), "sealed: What proves it, and the network."),
        *timestamps(),
        key("consent_evidence", "id"),
        points_to("consent_evidence", "event_id", "consent_event"),
        unique("consent_evidence", "event_id"),
    )
    guard_sealed(op, "consent_evidence", {"evidence": "field.pii"})


def create_current():
    op.create_table(
        "consent_state",
        needed("client_id", sa.Uuid(), "internal: The client."),
        needed("topic_id", sa.Uuid(), "internal: The topic."),
        needed("channel", sa.Text(), "internal: The channel."),
        needed("state", sa.Text(), "internal: Where the client stands."),
        needed("since", MOMENT, "internal: Since when; a withdrawal repeated keeps its first date."),
        needed("event_id", sa.Uuid(), "internal: The event that made it so."),
        *timestamps(),
        key("consent_state", "client_id", "topic_id", "channel"),
        points_to("consent_state", "client_id", "client"),
        points_to("consent_state", "topic_id", "topic"),
        points_to("consent_state", "event_id", "consent_event"),
        one_of("consent_state", "channel", *CHANNELS),
        one_of("consent_state", "state", "none", "requested", "granted", "withdrawn"),
    )
    op.create_table(
        "suppression",
        row_id(),
        needed("address_hash", sa.LargeBinary(), "secret: HMAC of the normalised address under a suppression key."),
        needed("key_id", sa.BigInteger(), "internal: Suppression key that made the hash."),
        needed("channel", sa.Text(), "internal: The channel it holds for."),
        needed("scope", sa.Text(), "internal: What it stops."),
        needed("reason", sa.Text(), "internal: Why."),
        needed(
            "source",
            sa.Text(),
            "internal: What said so: a provider's code, a page, a command; never an address.",
        ),
        created_at(),
        key("suppression", "id"),
        one_of("suppression", "channel", *CHANNELS),
        one_of("suppression", "scope", "all"),
        one_of("suppression", "reason", "bounced", "opted_out", "erased"),
    )
    name = "uq_suppression_address_hash_channel_scope"
    op.create_index(name, "suppression", ["address_hash", "channel", "scope"], unique=True)


def upgrade() -> None:
    create_topics()
    create_ledger()
    create_current()
    for statement in FUNCTIONS:
        op.execute(statement)
    for table, name, events, each in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {events} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION heedful_consent_append_only()"
        )
        # ALWAYS: also where a session plays the part of a replica.
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    for table in TOUCHED:
        op.execute(
            f"CREATE TRIGGER touch BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION heedful_touch_updated_at()"
        )


def downgrade() -> None:
    for table in ("suppression", "consent_state", "consent_evidence", "consent_event", "topic_wording", "topic"):
        op.drop_table(table)
    op.execute("DROP TRIGGER source_stays ON client")
    for function in ("consent_append_only", "client_source_stays", "remove_demo_consents"):
        op.execute(f"DROP FUNCTION heedful_{function}()")
