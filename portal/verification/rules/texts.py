"""What people read: the SMS itself, and the sentences of every answer, in English and German."""

from datetime import timedelta

from portal.verification.rules.answers import Checked, CheckState, ErrorCode
from portal.verification.rules.codes import LIFETIME
from portal.verification.rules.limits import Limit, Refusal

LONGEST_NAME = 60
DEFAULT = "en"
DOUBT = "doubt"
STOPPED = "stopped"
MINUTES = int(LIFETIME.total_seconds() // 60)

SMS = {
    "en": "{name}: your code is {code}. It is valid for {minutes} minutes. We never ask you for it.",
    "de": "{name}: Ihr Code ist {code}. Er gilt {minutes} Minuten. Wir fragen Sie nie danach.",
}
START: dict[str, dict[str, str]] = {
    "en": {
        ErrorCode.SMS_DISABLED: "Codes by SMS are switched off here. Please choose another way.",
        ErrorCode.CREDENTIALS_MISSING: "SMS cannot be sent at the moment. Please choose another way.",
        ErrorCode.INVALID_PHONE_FORMAT: "This is no telephone number that takes SMS. Enter it with its country code, "
        "for example +49 1512 3456789.",
        ErrorCode.REDIS_UNAVAILABLE: "Codes cannot be checked at the moment, so none was sent. "
        "Please try again in a few minutes.",
        ErrorCode.TWILIO_API_ERROR: "The SMS could not be sent. Please check the number, or try again in a minute.",
        DOUBT: "We do not know whether the SMS was sent. If a code arrives, you can use it; else ask for another in "
        "a minute.",
        STOPPED: "This number has stopped SMS from us. Send START to the number that STOP was sent to, then ask for a "
        "new code.",
        Limit.SPACING: "A code was asked for this number a moment ago. Please wait {wait}, then ask for a new one.",
        Limit.HOUR: "Too many codes were sent to this number in the last hour. Please try again in {wait}.",
        Limit.DAY: "Too many codes were sent to this number today. Please try again in {wait}.",
        Limit.MONEY: "No more codes can be sent today. Please try again tomorrow, or choose another way.",
    },
    "de": {
        ErrorCode.SMS_DISABLED: "Codes per SMS sind hier ausgeschaltet. Bitte wählen Sie einen anderen Weg.",
        ErrorCode.CREDENTIALS_MISSING: "SMS können zurzeit nicht gesendet werden. Bitte wählen Sie einen anderen Weg.",
        ErrorCode.INVALID_PHONE_FORMAT: "Das ist keine Telefonnummer, die SMS empfängt. Geben Sie sie mit "
        "Ländervorwahl ein, zum Beispiel +49 1512 3456789.",
        ErrorCode.REDIS_UNAVAILABLE: "Codes können zurzeit nicht geprüft werden, darum wurde keiner gesendet. "
        "Bitte versuchen Sie es in ein paar Minuten noch einmal.",
        ErrorCode.TWILIO_API_ERROR: "Die SMS konnte nicht gesendet werden. Bitte prüfen Sie die Nummer, oder versuchen "
        "Sie es in einer Minute noch einmal.",
        DOUBT: "Wir wissen nicht, ob die SMS gesendet wurde. Wenn ein Code ankommt, gilt er; sonst fordern Sie in "
        "einer Minute einen neuen an.",
        STOPPED: "Diese Nummer hat SMS von uns gestoppt. Senden Sie START an die Nummer, an die STOP ging, und fordern "
        "Sie dann einen neuen Code an.",
        Limit.SPACING: "Für diese Nummer wurde gerade ein Code angefordert. Bitte warten Sie {wait} und fordern Sie "
        "dann einen neuen an.",
        Limit.HOUR: "An diese Nummer gingen in der letzten Stunde zu viele Codes. Bitte versuchen Sie es in {wait} "
        "noch einmal.",
        Limit.DAY: "An diese Nummer gingen heute zu viele Codes. Bitte versuchen Sie es in {wait} noch einmal.",
        Limit.MONEY: "Heute können keine Codes mehr gesendet werden. Bitte versuchen Sie es morgen noch einmal, oder "
        "wählen Sie einen anderen Weg.",
    },
}
CHECK: dict[str, dict[str, str]] = {
    "en": {
        CheckState.CONFIRMED: "The code is right.",
        CheckState.WRONG: "This code is not right. You can try {tries}.",
        CheckState.MALFORMED: "A code has six digits. Enter the one from the SMS.",
        CheckState.EXPIRED: "This code is no longer valid. Ask for a new one.",
        CheckState.EXHAUSTED: "The code was wrong three times, so it is no longer valid. Ask for a new one.",
        CheckState.USED: "This code was used already.",
        CheckState.UNKNOWN: "There is no code to check here. Ask for a new one.",
        CheckState.UNAVAILABLE: "Codes cannot be checked at the moment. Please try again in a few minutes.",
    },
    "de": {
        CheckState.CONFIRMED: "Der Code stimmt.",
        CheckState.WRONG: "Dieser Code stimmt nicht. Sie können es {tries} versuchen.",
        CheckState.MALFORMED: "Ein Code hat sechs Ziffern. Geben Sie den aus der SMS ein.",
        CheckState.EXPIRED: "Dieser Code gilt nicht mehr. Fordern Sie einen neuen an.",
        CheckState.EXHAUSTED: "Der Code war dreimal falsch und gilt nicht mehr. Fordern Sie einen neuen an.",
        CheckState.USED: "Dieser Code wurde schon verwendet.",
        CheckState.UNKNOWN: "Hier gibt es keinen Code zu prüfen. Fordern Sie einen neuen an.",
        CheckState.UNAVAILABLE: "Codes können zurzeit nicht geprüft werden. Bitte versuchen Sie es in ein paar Minuten "
        "noch einmal.",
    },
}
ONCE_MORE = {"en": ("once more", "{} more times"), "de": ("noch einmal", "noch {} Mal")}
WAITS = {
    "en": (("{} second", "{} seconds"), ("{} minute", "{} minutes"), ("{} hour", "{} hours")),
    "de": (("{} Sekunde", "{} Sekunden"), ("{} Minute", "{} Minuten"), ("{} Stunde", "{} Stunden")),
}


def language_of(tag: str) -> str:
    """The language of ours that a tag asks for: `de` for de-AT; English for those we do not have."""
    language = tag.lower().partition("-")[0]
    return language if language in SMS else DEFAULT


def sms_text(organisation: str, code: str, language: str) -> str:
    """The whole SMS: who sends it, the code, how long it is valid, and that nobody will ask for it."""
    name = organisation if len(organisation) <= LONGEST_NAME else f"{organisation[: LONGEST_NAME - 3].rstrip()}..."
    return SMS[language_of(language)].format(name=name, code=code, minutes=MINUTES)


def start_words(reason: str, language: str) -> str:
    """The sentence for a code that was not sent."""
    return START[language_of(language)][reason]


def refusal_words(refused: Refusal, language: str) -> str:
    """The sentence for a limit that stands in the way, with the time until it no longer does."""
    wait = wait_words(refused.wait, language) if refused.wait is not None else ""
    return start_words(refused.limit, language).format(wait=wait)


def check_words(checked: Checked, language: str) -> str:
    """The sentence for a code that was typed."""
    once, often = ONCE_MORE[language_of(language)]
    tries = once if checked.tries_left == 1 else often.format(checked.tries_left)
    return CHECK[language_of(language)][checked.state].format(tries=tries)


def wait_words(wait: timedelta, language: str) -> str:
    """A time in its largest fitting unit, rounded up: nobody comes too early."""
    seconds = max(1, -(-wait // timedelta(seconds=1)))
    in_seconds, in_minutes, in_hours = WAITS[language_of(language)]
    size, (one, many) = (1, in_seconds) if seconds <= 90 else (60, in_minutes)
    if seconds > 90 * 60:
        size, (one, many) = 3600, in_hours
    count = -(-seconds // size)
    return (one if count == 1 else many).format(count)
