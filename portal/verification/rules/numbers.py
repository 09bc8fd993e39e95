"""Which telephone numbers a code can be sent to."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat


class NotAnSmsNumber(ValueError):
    """The text is no telephone number that can be sent to; the message does not repeat it."""


def sms_number(text: str, region: str | None) -> str:
    """The number in E.164, one without a country code read as one of the region; raises NotAnSmsNumber."""
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        raise NotAnSmsNumber("This is no telephone number.") from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise NotAnSmsNumber("This telephone number cannot be sent to.")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
