"""What a code is, how often one may be asked for, and what the answers mean in words. Reads no database."""

from portal.verification.rules.answers import Checked, CheckState, ErrorCode, Started
from portal.verification.rules.codes import LIFETIME, TRIES
from portal.verification.rules.texts import check_words, language_of

__all__ = ["LIFETIME", "TRIES", "CheckState", "Checked", "ErrorCode", "Started", "check_words", "language_of"]
