"""Random tokens that are shown once and kept as a hash: session ids, set-up links, recovery codes."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, fit for a cookie and for an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored. Unsalted and fast is enough: the tokens are random and too long to be guessed."""
    return hashlib.sha256(token.encode()).digest()
