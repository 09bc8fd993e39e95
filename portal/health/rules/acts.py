"""How the home page says what a person did: the audit log's actions as people would tell them. Pure."""

from portal.audit.events import AuditAction
from portal.health.events import HealthEvent
from portal.settings.events import SettingsEvent
from portal.staff.events import StaffEvent

WORDS: dict[str, str] = {
    AuditAction.EXPORT: "Exported a range of the audit log",
    AuditAction.REQUEST_VERIFICATION: "Asked for a check of the audit log",
    AuditAction.VERIFY: "Verified the audit log",
    AuditAction.VIEW: "Looked into the audit log",
    HealthEvent.RUN_CHECKS: "Ran all health checks",
    SettingsEvent.CHANGE: "Changed settings",
    StaffEvent.LIST_VIEWED: "Looked at the list of staff",
    StaffEvent.PASSWORD_SET: "Chose a password",
    StaffEvent.PREFERENCES_CHANGED: "Changed my preferences",
    StaffEvent.RECOVERY_CODES_KEPT: "Saved the recovery codes",
    StaffEvent.RECOVERY_CODES_MADE: "Made new recovery codes",
    StaffEvent.SECOND_FACTOR_SET: "Set up the second factor",
    StaffEvent.SESSION_ENDED: "Ended a session",
    StaffEvent.SIGN_IN: "Signed in",
    StaffEvent.SIGN_OUT: "Signed out",
    StaffEvent.STEP_UP: "Confirmed who I am",
}
LONGEST_NAME = 30


def in_words(action: str, thing: str) -> str:
    """For example `Changed settings: retry`. An action without words of its own is named as the log names it."""
    words = WORDS.get(action) or action.replace(".", ": ").replace("_", " ").capitalize()
    return f"{words}: {thing}" if is_name(thing) else words


def is_name(thing: str) -> bool:
    """Whether the thing acted on is a word people know, not the number or the id of a row."""
    return 0 < len(thing) < LONGEST_NAME and not thing.isdecimal()
