"""The audit actions of messages."""

from enum import StrEnum


class MessageAction(StrEnum):
    """What happens to messages, as the audit log names it."""

    QUEUE = "message.queue"
    HAND_OVER = "message.hand_over"
    FREED = "message.free"
    CANCEL = "message.cancel"
    REVEAL = "message.reveal"
    VIEW = "message.view"
    LIST_VIEW = "message.list_view"
    READ_CAPTURED = "message.read_captured"
    MOVE = "message.move"
    ERASE = "message.erase"
    REMOVE = "message.remove"
