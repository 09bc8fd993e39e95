"""What requests of people write into the audit log."""

from enum import StrEnum


class PrivacyEvent(StrEnum):
    """The audit actions of requests."""

    RECEIVE = "privacy.receive_request"
    REPEAT = "privacy.repeat_request"
    MOVE = "privacy.move_request"
