"""What comes in from people: their replies."""

from portal.intake.operations.replies import Confirmation, Outcome, receive_reply

__all__ = ["Confirmation", "Outcome", "receive_reply"]
