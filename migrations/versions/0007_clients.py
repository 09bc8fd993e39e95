"""The tables of clients: people, their addresses, and the searches of staff."""

import sqlalchemy as sa
from alembic import op
from migrations.guards import guard_sealed

revision = "0007_clients"
down_revision = "0006_jobs"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def needed(name, type_, comment, *args, **options):
    return sa.Column(name, type_, *args, nullable=False, comment=comment, **options)


def optional(name, type_, comment):
    return sa.Column(name, type_, nullable=True, comment=comment)


def row_id():
    return needed("id", sa.Uuid(), "internal: Identifies the row.")


def timestamps():
    kept = "internal: When the row last changed; kept by the trigger heedful_touch_updated_at."
    return (
        needed("created_at", MOMENT, "internal: When the row was made.", server_default=sa.text("now()")),
        needed("updated_at", MOMENT, kept, server_default=sa.text("now()")),
    )


def check(table, name, rule):
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def reference(table, name, target):
    constraint = op.f(f"fk_{table}_{name}")
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=constraint, ondelete="CASCADE")


def create_clients():
    op.create_table(
        "client",
        row_id(),
        needed(
            "number",
            sa.BigInteger(),
            "internal: What people call the client, as C-000123; gaps mean nothing.",
            sa.Identity(always=True),
        ),
        optional("full_name", sa.LargeBinary(), "sealed: Name; empty once erased."),
        needed("language", sa.Text(), "pii: Language we write in, as ISO 639."),
        needed("time_zone", sa.Text(), "pii: Zone in which the client lives."),
        optional("country", sa.Text(), "pii: Country, as ISO 3166."),
        needed("state", sa.Text(), "internal: Active, restricted, erasing or erased.", server_default="active"),
        needed("source", sa.Text(), "internal: How the client came to us."),
        *timestamps(),
        check("client", "state", "state IN ('active', 'restricted', 'erasing', 'erased')"),
        check("client", "source", "source IN ('staff', 'import', 'api', 'form', 'demo')"),
        check("client", "named_until_erased", "(full_name IS NULL) = (state = 'erased')"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("number", name=op.f("uq_client_number")),
    )


def create_contact_points():
    emptied = "(address IS NULL) = (state = 'erased') AND (address_index IS NULL) = (state = 'erased')"
    op.create_table(
        "contact_point",
        row_id(),
        needed("client_id", sa.Uuid(), "internal: The client it reaches."),
        needed("channel", sa.Text(), "internal: The way it reaches them."),
        optional("address", sa.LargeBinary(), "sealed: Address as the provider takes it; empty once erased."),
        optional("address_index", sa.LargeBinary(16), "secret: Keyed hash of the address, to find it."),
        needed("state", sa.Text(), "internal: Usable, unusable or erased.", server_default="usable"),
        *timestamps(),
        check("contact_point", "channel", "channel IN ('email', 'sms', 'whatsapp')"),
        check("contact_point", "state", "state IN ('usable', 'unusable', 'erased')"),
        check("contact_point", "addressed_until_erased", emptied),
        reference("contact_point", "client_id", "client"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_point")),
    )
    unique = "uq_contact_point_channel_address_index"
    op.create_index(unique, "contact_point", ["channel", "address_index"], unique=True)
    op.create_index("ix_contact_point_client_id", "contact_point", ["client_id"])


def create_searches():
    op.create_table(
        "client_search",
        row_id(),
        needed("staff_id", sa.Uuid(), "internal: Who searches; nobody else may use it."),
        optional("address_index", sa.LargeBinary(16), "secret: Keyed hash of the address that was typed."),
        optional("number", sa.BigInteger(), "internal: Number of the client that was typed."),
        needed("expires_at", MOMENT, "internal: When it is forgotten."),
        check("client_search", "one_term", "(address_index IS NULL) <> (number IS NULL)"),
        reference("client_search", "staff_id", "staff_member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_search")),
    )
    op.create_index("ix_client_search_expires_at", "client_search", ["expires_at"])


def upgrade():
    create_clients()
    create_contact_points()
    create_searches()
    for table in ("client", "contact_point"):
        op.execute(
            f"CREATE TRIGGER touch BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION heedful_touch_updated_at()"
        )
    guard_sealed(op, "client", {"full_name": "field.pii"})
    guard_sealed(op, "contact_point", {"address": "field.pii"})


def downgrade():
    op.drop_table("client_search")
    op.drop_table("contact_point")
    op.drop_table("client")
