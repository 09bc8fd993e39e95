"""Which email addresses we can write to, and the one form in which we keep them."""

import idna
from email_validator import EmailNotValidError, validate_email


class BadAddress(ValueError):
    """The text is no address we can keep on its channel; the message says why and does not repeat it."""


class NotMailable(BadAddress):
    """The text is no email address we can write to; the message says why and does not repeat it."""


def mailable(text: str) -> str:
    """
    The address as SMTP takes it: its domain in ASCII and lower case, the rest as it was typed.

    Nothing is asked of the network: whether a mailbox exists, the first message tells.
    """
    if not text.rpartition("@")[0].isascii():
        raise NotMailable("Mail servers take only unaccented letters before the @. Ask for another address.")
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        # The library's own words may quote the address.
        raise NotMailable("Enter an email address such as name@company.example.") from None
    return str(found.ascii_email)


def readable_address(address: str) -> str:
    """The address as people write it: a domain in other letters is shown in those letters."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{idna.decode(domain)}"
    except idna.IDNAError:
        return address
