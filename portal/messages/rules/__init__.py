"""How messages move, what their states and reasons mean in words, and how a caught mail is read. Reads no database."""

from portal.messages.rules.moving import (
    ACCOUNT_PAUSE,
    CRASHES_ALLOWED,
    FINAL,
    IN_FLIGHT,
    RESENDS_WHEN_UNCERTAIN,
    MessageError,
    Next,
    Progress,
    Waits,
    after,
    after_lost_lease,
)

__all__ = [
    "ACCOUNT_PAUSE",
    "CRASHES_ALLOWED",
    "FINAL",
    "IN_FLIGHT",
    "RESENDS_WHEN_UNCERTAIN",
    "MessageError",
    "Next",
    "Progress",
    "Waits",
    "after",
    "after_lost_lease",
]
