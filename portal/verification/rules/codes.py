"""The code and the keyed hashes by which it and the number are known again; neither is ever stored in clear."""

import secrets
import uuid
from datetime import timedelta

from portal.crypto.blind_index import INDEX_BYTES
from portal.crypto.envelope import lp
from portal.crypto.keyring import ring
from portal.crypto.purposes import Purpose

DIGITS = 6
LIFETIME = timedelta(minutes=10)
TRIES = 3
CODE_LABEL = b"heedful/verification/code/v1"
NUMBER_LABEL = b"heedful/verification/number/v1"
# People type what they see; some phones group the digits.
SEPARATORS = str.maketrans("", "", " \u00a0\t-.")


def new_code() -> str:
    """Six digits that nobody can guess."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def clean_code(typed: str) -> str | None:
    """The six digits somebody typed; None for what cannot be a code, so that it costs no try."""
    code = typed.strip().translate(SEPARATORS)
    return code if code.isascii() and code.isdigit() and len(code) == DIGITS else None


def code_mark(verification_id: uuid.UUID, code: str) -> str:
    """The keyed hash of a code under the active key. Bound to its verification: the same code elsewhere differs."""
    return ring().mac(Purpose.FINGERPRINT, _code(verification_id, code))[1].hex()


def code_marks(verification_id: uuid.UUID, code: str) -> list[str]:
    """The hashes of a code under every key it may have been kept under."""
    return [tag.hex() for _, tag in ring().macs(Purpose.FINGERPRINT, _code(verification_id, code))]


def number_mark(number: str) -> bytes:
    """The keyed hash of a number in E.164, by which limits count what it was sent."""
    return ring().mac(Purpose.BIDX_PHONE, _number(number))[1][:INDEX_BYTES]


def number_marks(number: str) -> list[bytes]:
    """The hashes of a number under every key, so that a new key forgets no limit."""
    return [tag[:INDEX_BYTES] for _, tag in ring().macs(Purpose.BIDX_PHONE, _number(number))]


def _code(verification_id: uuid.UUID, code: str) -> bytes:
    return lp(CODE_LABEL) + lp(verification_id.bytes) + lp(code.encode())


def _number(number: str) -> bytes:
    return lp(NUMBER_LABEL) + lp(number.encode())
