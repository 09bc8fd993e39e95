"""The tables of staff: accounts, set-up links, recovery codes, sessions, sign-in attempts."""

import sqlalchemy as sa
from alembic import op
from migrations.guards import guard_sealed

revision = "0005_staff"
down_revision = "0004_settings"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TOUCHED = ("staff_member", "staff_set_up_link", "staff_recovery_code", "staff_session")
SEALED = {"full_name": "field.pii", "email": "field.pii", "totp_secret": "totp", "totp_pending": "totp"}


def needed(name, type_, comment, **options):
    return sa.Column(name, type_, nullable=False, comment=comment, **options)


def optional(name, type_, comment):
    return sa.Column(name, type_, nullable=True, comment=comment)


def row_id():
    return needed("id", sa.Uuid(), "internal: Identifies the row.")


def member_id():
    return needed("staff_id", sa.Uuid(), "internal: The member it belongs to.")


def timestamps():
    kept = "internal: When the row last changed; kept by the trigger heedful_touch_updated_at."
    return (
        needed("created_at", MOMENT, "internal: When the row was made.", server_default=sa.text("now()")),
        needed("updated_at", MOMENT, kept, server_default=sa.text("now()")),
    )


def one_of(table, name, *words):
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{name} IN ({listed})", name=op.f(f"ck_{table}_{name}"))


def keys(table, unique=""):
    found = [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]
    if table != "staff_member":
        name = op.f(f"fk_{table}_staff_id")
        found.append(sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=name, ondelete="CASCADE"))
    if unique:
        found.append(sa.UniqueConstraint(unique, name=op.f(f"uq_{table}_{unique}")))
    return found


def create_members():
    op.create_table(
        "staff_member",
        row_id(),
        needed("full_name", sa.LargeBinary(), "sealed: Name as shown to colleagues."),
        needed("email", sa.LargeBinary(), "sealed: Work address, the name to sign in with."),
        needed("email_bidx", sa.LargeBinary(16), "secret: Keyed hash of the address, to find it."),
        optional("password_hash", sa.Text(), "secret: Argon2id hash; empty until the set-up link was used."),
        optional("totp_secret", sa.LargeBinary(), "sealed: Seed of the second factor in use."),
        optional("totp_pending", sa.LargeBinary(), "sealed: Seed shown for set-up, not confirmed yet."),
        optional("totp_confirmed_at", MOMENT, "internal: When the second factor was set up."),
        optional("totp_last_step", sa.BigInteger(), "internal: Time step of the last code; none before works."),
        optional("recovery_kept_at", MOMENT, "internal: When they said the recovery codes are kept."),
        needed("role", sa.Text(), "internal: What they are here to do."),
        needed("state", sa.Text(), "internal: Invited, active or disabled."),
        needed("theme", sa.Text(), "internal: Light, dark or system.", server_default="system"),
        needed("time_zone", sa.Text(), "internal: Zone in which they read times."),
        needed(
            "shortcuts_enabled",
            sa.Boolean(),
            "internal: Whether single keys act as shortcuts.",
            server_default=sa.text("true"),
        ),
        needed(
            "is_demo", sa.Boolean(), "internal: Whether demo load made this account.", server_default=sa.text("false")
        ),
        *timestamps(),
        one_of("staff_member", "role", "admin", "compliance_officer", "marketer", "viewer"),
        one_of("staff_member", "state", "invited", "active", "disabled"),
        one_of("staff_member", "theme", "system", "light", "dark"),
        *keys("staff_member", "email_bidx"),
    )


def create_links_and_codes():
    op.create_table(
        "staff_set_up_link",
        row_id(),
        member_id(),
        needed("token_hash", sa.LargeBinary(32), "secret: Hash of the token in the link."),
        needed("expires_at", MOMENT, "internal: When the link stops working."),
        optional("used_at", MOMENT, "internal: When it was used or replaced."),
        *timestamps(),
        *keys("staff_set_up_link", "token_hash"),
    )
    op.create_index("ix_staff_set_up_link_staff_id", "staff_set_up_link", ["staff_id"])
    op.create_table(
        "staff_recovery_code",
        row_id(),
        member_id(),
        needed("code_hash", sa.LargeBinary(32), "secret: Hash of the code."),
        optional("used_at", MOMENT, "internal: When it was used."),
        *timestamps(),
        *keys("staff_recovery_code"),
    )
    op.create_index("ix_staff_recovery_code_staff_id", "staff_recovery_code", ["staff_id"])


def create_sessions():
    reasons = (
        "signed_out", "revoked", "idle", "too_old", "disabled", "reset", "role_changed", "replaced", "too_many_codes",
    )  # fmt: skip
    op.create_table(
        "staff_session",
        row_id(),
        member_id(),
        needed("token_hash", sa.LargeBinary(32), "secret: Hash of the token in the cookie."),
        needed("stage", sa.Text(), "internal: Half until the second factor is proved."),
        needed("method", sa.Text(), "internal: How the person proved who they are."),
        needed("started_at", MOMENT, "internal: When the password was proved."),
        needed("seen_at", MOMENT, "internal: When it was last used, to the minute."),
        optional("authenticated_at", MOMENT, "internal: When all factors were last proved."),
        needed("code_failures", sa.Integer(), "internal: Wrong answers in a row.", server_default="0"),
        needed("ip", sa.Text(), "pii: Address it was started from."),
        needed("agent", sa.Text(), "internal: Class of browser and system."),
        optional("ended_at", MOMENT, "internal: When it ended."),
        optional("ended_reason", sa.Text(), "internal: Why it ended, one of a fixed list."),
        *timestamps(),
        one_of("staff_session", "stage", "half", "complete"),
        one_of("staff_session", "ended_reason", *reasons),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_reason IS NULL)", name=op.f("ck_staff_session_ended_with_reason")
        ),
        *keys("staff_session", "token_hash"),
    )
    still_open = sa.text("ended_at IS NULL")
    op.create_index("ix_staff_session_open", "staff_session", ["staff_id"], postgresql_where=still_open)
    op.create_index("ix_staff_session_staff_id_started_at", "staff_session", ["staff_id", "started_at"])


def create_attempts():
    op.create_table(
        "staff_sign_in_attempt",
        row_id(),
        needed("at", MOMENT, "internal: When it was made."),
        needed("email_bidx", sa.LargeBinary(16), "secret: Keyed hash of the address that was typed."),
        needed("ip", sa.Text(), "pii: Address it came from."),
        needed("agent", sa.Text(), "internal: Class of browser and system."),
        needed("outcome", sa.Text(), "internal: How it ended."),
        one_of(
            "staff_sign_in_attempt",
            "outcome",
            *("open", "wrong_password", "wrong_code", "password_right", "signed_in", "stepped_up"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sign_in_attempt")),
    )
    op.create_index("ix_staff_sign_in_attempt_email_bidx_ip_at", "staff_sign_in_attempt", ["email_bidx", "ip", "at"])
    op.create_index("ix_staff_sign_in_attempt_at", "staff_sign_in_attempt", ["at"])


def upgrade():
    create_members()
    create_links_and_codes()
    create_sessions()
    create_attempts()
    for table in TOUCHED:
        op.execute(
            f"CREATE TRIGGER touch BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION heedful_touch_updated_at()"
        )
    guard_sealed(op, "staff_member", SEALED)


def downgrade():
    op.drop_table("staff_sign_in_attempt")
    op.drop_table("staff_session")
    op.drop_table("staff_recovery_code")
    op.drop_table("staff_set_up_link")
    op.drop_table("staff_member")
