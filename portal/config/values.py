"""The types of values that settings share. Their messages never repeat the value."""

import re
import unicodedata
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator

from portal.config.addresses import stand_in, web_address

ROOT = Path(__file__).resolve().parents[2]
E164_SHAPE = re.compile(r"\+[1-9][0-9]{6,14}")


def split_words(value: Any) -> Any:
    """A list written with commas, spaces or line breaks between its members."""
    return tuple(word for word in re.split(r"[\s,]+", value) if word) if isinstance(value, str) else value


def one_line(text: str) -> str:
    """Text without control characters, so that it can stand in a mail header or a log line."""
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError("holds a line break or another control character")
    return text.strip()


def e164(text: str) -> str:
    """A telephone number as +, country code and number, up to 15 digits."""
    if text and not E164_SHAPE.fullmatch(text):
        raise ValueError("is not in E.164 form: + and country code, digits only, such as +14155550123")
    return text


def email_address(text: str) -> str:
    """One bare email address, checked by its form only."""
    if not text:
        return text
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        pass
    raise ValueError("is not one email address, such as news@tidewell.example")


def time_zone(text: str) -> str:
    """The name of a zone of the time zone database."""
    try:
        return ZoneInfo(text).key
    except (ValueError, KeyError, OSError):
        pass
    raise ValueError("is not a known time zone; use a name such as Europe/Berlin")


def under_root(path: Path | None) -> Path | None:
    """A path that is relative stands in the project folder, wherever the command is typed."""
    return ROOT / path if path else None


def sid(prefix: str, example: str) -> AfterValidator:
    """The form of a Twilio identifier: two letters and 32 hexadecimal digits."""

    def check(text: str) -> str:
        if text and not re.fullmatch(rf"{prefix}[0-9a-fA-F]{{32}}", text):
            raise ValueError(f"does not look like {example}: {prefix} and 32 hexadecimal digits")
        return text

    return AfterValidator(check)


def digits(text: str) -> str:
    """An identifier of digits only."""
    if text and not re.fullmatch(r"[0-9]+", text):
        raise ValueError("holds more than digits; copy the number, not a name")
    return text


OneLine = Annotated[str, AfterValidator(one_line)]
Words = Annotated[tuple[str, ...], BeforeValidator(split_words)]
WholeNumbers = Annotated[tuple[int, ...], BeforeValidator(split_words)]
E164 = Annotated[str, AfterValidator(one_line), AfterValidator(e164)]
Digits = Annotated[str, AfterValidator(one_line), AfterValidator(digits)]
EmailAddress = Annotated[str, AfterValidator(one_line), AfterValidator(email_address)]
WebAddress = Annotated[str, AfterValidator(one_line), AfterValidator(web_address)]
StandIn = Annotated[str, AfterValidator(one_line), AfterValidator(stand_in)]
TimeZone = Annotated[str, AfterValidator(time_zone)]
ProjectPath = Annotated[Path, AfterValidator(under_root)]
OptionalPath = Annotated[Path | None, BeforeValidator(lambda value: value or None), AfterValidator(under_root)]
