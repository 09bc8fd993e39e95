"""Reads a mail that simulation caught, as the program of the person who gets it would."""

from dataclasses import dataclass
from email import message_from_string
from email.message import EmailMessage
from email.policy import default

SHOWN = ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post")


@dataclass(frozen=True, slots=True)
class Mail:
    """What the person sees: the headers worth showing, and both parts."""

    headers: tuple[tuple[str, str], ...]
    text: str
    html: str


def read_mail(raw: str) -> Mail:
    """The parts of a complete mail; one that is missing is empty."""
    mail = message_from_string(raw, _class=EmailMessage, policy=default)
    headers = tuple((name, str(mail[name])) for name in SHOWN if mail[name])
    return Mail(headers, _part(mail, "plain"), _part(mail, "html"))


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
