"""How an address is shown to colleagues: enough to recognise it, not enough to copy it."""

from portal.crypto.columns import Undecryptable

DOTS = "•••"


def mask_email(email: str) -> str:
    """For example p•••@•••.example; a cell that cannot be decrypted says so."""
    if isinstance(email, Undecryptable):
        return str(email)
    local, _, domain = email.rpartition("@")
    ending = domain.rpartition(".")[2]
    return f"{local[:1]}{DOTS}@{DOTS}.{ending}"
