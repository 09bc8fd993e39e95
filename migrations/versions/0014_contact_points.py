"""Phones and WhatsApp identities, wishes of clients, who looks after them, and clients that were merged."""

import sqlalchemy as sa
from alembic import op
from migrations.guards import guard_sealed, unguard_sealed
from sqlalchemy.dialects import postgresql

revision = "0014_contact_points"
down_revision = "0013_suppression"
branch_labels = None
depends_on = None

WORDS = {
    ("client", "time_zone_source"): "time_zone_source IN ('declared', 'country', 'phone', 'unknown')",
    ("client", "attributes_until_erased"): "attributes IS NULL OR state <> 'erased'",
    ("client", "merged_is_erased"): "merged_into_id IS NULL OR (state = 'erased' AND merged_into_id <> id)",
    ("contact_point", "kind"): "kind IN ('email', 'phone', 'whatsapp_id')",
    ("contact_point", "state"): "state IN ('usable', 'unusable', 'raw', 'erased')",
    ("contact_point", "addressed_until_erased"): (
        "(address IS NULL) = (state = 'erased') AND (address_index IS NULL) = (state IN ('erased', 'raw'))"
    ),
    ("contact_point", "kind_fits_channel"): (
        "(kind = 'email') = (channel = 'email') AND (kind <> 'whatsapp_id' OR channel = 'whatsapp')"
    ),
}
BEFORE = {
    ("contact_point", "state"): "state IN ('usable', 'unusable', 'erased')",
    ("contact_point", "addressed_until_erased"): (
        "(address IS NULL) = (state = 'erased') AND (address_index IS NULL) = (state = 'erased')"
    ),
}


def needed(name, type_, comment, **options):
    return sa.Column(name, type_, nullable=False, comment=comment, **options)


def optional(name, type_, comment):
    return sa.Column(name, type_, nullable=True, comment=comment)


def check(table, name, rule):
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def drop_check(table, name):
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")


def widen_client():
    for column in (
        needed("time_zone_source", sa.Text(), "internal: How we know the zone.", server_default="declared"),
        optional("owner_id", sa.Uuid(), "internal: The member of staff who looks after the client."),
        needed("department", sa.Text(), "internal: The department that looks after the client.", server_default=""),
        optional("attributes", sa.LargeBinary(), "sealed: What else is known, by name, as JSON."),
        optional(
            "merged_into_id",
            sa.Uuid(),
            "internal: The client kept when two turned out to be one person; this row is then an empty shell.",
        ),
    ):
        op.add_column("client", column)
    op.create_foreign_key(
        op.f("fk_client_owner_id"), "client", "staff_member", ["owner_id"], ["id"], ondelete="SET NULL"
    )
    op.create_foreign_key(op.f("fk_client_merged_into_id"), "client", "client", ["merged_into_id"], ["id"])
    op.create_index("ix_client_owner_id", "client", ["owner_id"])
    merged = sa.text("merged_into_id IS NOT NULL")
    op.create_index("ix_client_merged_into_id", "client", ["merged_into_id"], postgresql_where=merged)
    unguard_sealed(op, "client")
    guard_sealed(op, "client", {"full_name": "field.pii", "attributes": "field.pii"})


def widen_contact_point():
    # A default keeps the column from ever being empty; a check below refuses it where it does not fit the channel.
    kind = needed("kind", sa.Text(), "internal: Email, phone or WhatsApp identity.", server_default="email")
    op.add_column("contact_point", kind)
    op.execute("UPDATE contact_point SET kind = 'phone' WHERE channel <> 'email'")
    comment = "internal: Usable, unusable, raw or erased."
    op.alter_column("contact_point", "state", existing_type=sa.Text(), comment=comment)
    for table, name in BEFORE:
        drop_check(table, name)


def make_preferences():
    op.create_table(
        "client_preference",
        needed("client_id", sa.Uuid(), "internal: Whose wishes they are."),
        needed(
            "channel_order",
            postgresql.ARRAY(sa.Text()),
            "pii: Channels in the order the client likes; those left out come last.",
            server_default="{}",
        ),
        optional("contact_from", sa.Time(), "pii: Start of the hours for messages, in the client's zone."),
        optional("contact_until", sa.Time(), "pii: End of the hours for messages, in the client's zone."),
        needed("frequency", sa.Text(), "pii: How often marketing may come.", server_default="every"),
        needed(
            "updated_at",
            sa.DateTime(timezone=True),
            "internal: When the row last changed; kept by the trigger heedful_touch_updated_at.",
            server_default=sa.text("now()"),
        ),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_client_preference")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_client_preference_client_id"), ondelete="CASCADE"
        ),
        sa.CheckConstraint("frequency IN ('every', 'weekly', 'monthly')", name=op.f("ck_client_preference_frequency")),
        sa.CheckConstraint(
            "channel_order <@ ARRAY['email', 'sms', 'whatsapp']", name=op.f("ck_client_preference_channels_known")
        ),
        sa.CheckConstraint(
            "num_nonnulls(contact_from, contact_until) <> 1"
            " AND (contact_from IS NULL OR contact_from <> contact_until)",
            name=op.f("ck_client_preference_hours_whole"),
        ),
    )
    op.execute(
        "CREATE TRIGGER touch BEFORE UPDATE ON client_preference FOR EACH ROW "
        "EXECUTE FUNCTION heedful_touch_updated_at()"
    )


def upgrade():
    widen_client()
    widen_contact_point()
    for (table, name), rule in WORDS.items():
        check(table, name, rule)
    make_preferences()


def downgrade():
    op.drop_table("client_preference")
    for table, name in WORDS:
        drop_check(table, name)
    # A number of an unknown country has no place in the older tables.
    op.execute("UPDATE contact_point SET state = 'erased', address = NULL, address_index = NULL WHERE state = 'raw'")
    for (table, name), rule in BEFORE.items():
        check(table, name, rule)
    comment = "internal: Usable, unusable or erased."
    op.alter_column("contact_point", "state", existing_type=sa.Text(), comment=comment)
    op.drop_column("contact_point", "kind")
    unguard_sealed(op, "client")
    for name in ("merged_into_id", "attributes", "department", "owner_id", "time_zone_source"):
        op.drop_column("client", name)
    guard_sealed(op, "client", {"full_name": "field.pii"})
