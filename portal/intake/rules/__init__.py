"""What an answer to one of our messages means, and from whom it can be. Reads no database."""

from portal.intake.rules.reading import Meaning, plain, read_reply
from portal.intake.rules.senders import address_of

__all__ = ["Meaning", "address_of", "plain", "read_reply"]
