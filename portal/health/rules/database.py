"""What must stand in the database beyond what the models say: triggers, grants, comments. Pure declarations."""

from dataclasses import dataclass

# Triggers that keep promises no constraint can keep. `touch` is expected of every table with updated_at.
TRIGGERS: dict[str, tuple[str, ...]] = {
    "audit_entry": ("append_only", "append_only_truncate"),
    "captured_email": ("guard_sealed",),
    "captured_sms": ("guard_sealed",),
    "client": ("guard_sealed", "source_stays"),
    "client_import": ("guard_sealed",),
    "consent_event": ("append_only", "append_only_all"),
    "consent_evidence": ("guard_sealed",),
    "contact_point": ("guard_sealed",),
    "crypto_key": ("next_generation", "still_used"),
    "import_chunk": ("guard_sealed",),
    "message": ("guard_sealed",),
    "message_template_version": ("keep_approved",),
    "setting_change": ("append_only",),
    "staff_member": ("guard_sealed",),
    "suppression": ("kept", "kept_all", "key_stands"),
    "topic_wording": ("append_only", "append_only_all"),
}

READ_AND_ADD = frozenset({"SELECT", "INSERT"})
EVERYTHING = READ_AND_ADD | {"UPDATE", "DELETE"}

# Tables of which the application's role may only read and add rows, where it does not own them.
APPEND_ONLY = ("audit_entry", "consent_event")
KEPT_BY_ALEMBIC = "alembic_version"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, with what to do."""

    what: str
    remedy: str


UPGRADE = "Run flask --app wsgi db upgrade."
RESTORE = "Somebody changed the database by hand: undo that, or restore the schema from a backup."
GRANT = "Run flask --app wsgi db upgrade as the owner; it sets the rights of the application's role."


def expected_rights(table: str) -> frozenset[str]:
    """What the application's role may do with a table."""
    return READ_AND_ADD if table in APPEND_ONLY else EVERYTHING
