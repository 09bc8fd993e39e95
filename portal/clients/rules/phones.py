"""Which phone numbers are kept and which can be sent to, by the numbering plans that phonenumbers knows."""

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

from portal.clients.rules.addresses import BadAddress

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
EXTENSION = re.compile(r"(?:ext|durchwahl|x|#)[\s.:=]*[0-9]{1,7}$", re.IGNORECASE)
LONGEST = 60
WRONG_LENGTH = {
    ValidationResult.TOO_SHORT: "Enter the whole phone number; this one has too few digits for its country.",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "Enter the whole phone number, with its area code.",
    ValidationResult.TOO_LONG: "Check the phone number; this one has too many digits for its country.",
}


class NotAPhone(BadAddress):
    """The text is no phone number we can keep; the message says why and does not repeat it."""

    code = "INVALID_PHONE_FORMAT"


class CountryMissing(NotAPhone):
    """The number is typed as people do at home, and nobody says where that is."""


def normalised_phone(text: str, region: str | None) -> str:
    """
    The number in E.164, such as +4915123456789. A number without a country code is read as one of the region.

    Kept is what is possible: numbering plans change faster than our knowledge of them. Raises NotAPhone in a sentence,
    CountryMissing where only the country code or the region is missing.
    """
    return judged_phone(text, region)[0]


def judged_phone(text: str, region: str | None) -> tuple[str, bool]:
    """The same, and whether the number can be sent to: both from one reading, which is what costs the time."""
    number = _parsed(_plain(text), region or None)
    length = phonenumbers.is_possible_number_with_reason(number)
    if length != ValidationResult.IS_POSSIBLE:
        raise NotAPhone(WRONG_LENGTH.get(length, "Check the phone number; its country has none of this length."))
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if not E164.fullmatch(written):
        raise NotAPhone("Check the phone number; it is too short to be reached from abroad.")
    return written, phonenumbers.is_valid_number(number)


def is_sendable_phone(e164: str) -> bool:
    """Whether the number is in use in its country as far as is known; what is only possible is kept, not sent to."""
    return phonenumbers.is_valid_number(phonenumbers.parse(e164))


def readable_phone(e164: str) -> str:
    """The number in the groups that people of its country use, with the country code."""
    return phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)


def country_code(e164: str) -> str:
    """The digits of the country alone, such as 49; empty for what is no number in E.164."""
    return str(phonenumbers.parse(e164).country_code) if E164.fullmatch(e164) else ""


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("tel:")
    if len(plain) > LONGEST:
        raise NotAPhone("Enter one phone number.")
    if EXTENSION.search(plain):
        raise NotAPhone("Enter the number without an extension; messages cannot reach one.")
    # The library reads letters as the keys of a telephone, also those of a note beside the number.
    if any(letter.isalpha() for letter in plain):
        raise NotAPhone("Enter the phone number in digits alone.")
    return f"+{plain[2:]}" if plain.startswith("00") else plain


def _parsed(plain: str, region: str | None) -> PhoneNumber:
    try:
        return phonenumbers.parse(plain, region)
    except NumberParseException as problem:
        at_home = problem.error_type == NumberParseException.INVALID_COUNTRY_CODE and not plain.startswith("+")
        if at_home:
            raise CountryMissing("Enter the number with + and its country code, such as +49 30 1234567.") from None
        # The library's own words may quote the number.
        raise NotAPhone("Enter a phone number such as +49 30 1234567.") from None
