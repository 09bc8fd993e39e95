"""The audit actions of verifications."""

from enum import StrEnum


class VerificationAction(StrEnum):
    """What happens to verifications, as the audit log names it. Neither a number nor a code is ever in an entry."""

    START = "verification.start"
    SENT = "verification.sent"
    NOT_SENT = "verification.not_sent"
    CONFIRM = "verification.confirm"
    WRONG_CODE = "verification.wrong_code"
    MERGE = "verification.merge"
    UNLINK = "verification.unlink"
    REMOVE = "verification.remove"
    PURGE = "verification.purge"
