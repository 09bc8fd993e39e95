"""What the staff feature writes into the audit log."""

from enum import StrEnum


class StaffEvent(StrEnum):
    """The audit actions of accounts, sign-ins and sessions."""

    MEMBER_CREATED = "staff.member_created"
    MEMBER_RESET = "staff.member_reset"
    MEMBER_DISABLED = "staff.member_disabled"
    MEMBER_ENABLED = "staff.member_enabled"
    MEMBER_REMOVED = "staff.member_removed"
    ROLE_CHANGED = "staff.role_changed"
    PREFERENCES_CHANGED = "staff.preferences_changed"
    PASSWORD_SET = "staff.password_set"  # noqa: S105 - the name of an event
    SECOND_FACTOR_SET = "staff.second_factor_set"
    RECOVERY_CODES_MADE = "staff.recovery_codes_made"
    RECOVERY_CODES_KEPT = "staff.recovery_codes_kept"
    PASSWORD_PROVED = "staff.password_proved"  # noqa: S105 - the name of an event
    SIGN_IN = "staff.sign_in"
    STEP_UP = "staff.step_up"
    SIGN_OUT = "staff.sign_out"
    SESSION_ENDED = "staff.session_ended"
    LIST_VIEWED = "staff.list_viewed"
