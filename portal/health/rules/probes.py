"""What an answer of a provider means and what to do about it, in our own words. Pure."""

from portal.channels.probes.outcome import ProbeCode, ProbeOutcome
from portal.health.rules.report import Kind, Part, Report

NAMES = {Part.EMAIL: "Email (SMTP)", Part.SMS: "SMS (Twilio)", Part.WHATSAPP: "WhatsApp"}
SIGN_IN = {
    Part.EMAIL: "SMTP_USERNAME and SMTP_PASSWORD (or the OAuth2 variables)",
    Part.SMS: "TWILIO_ACCOUNT_SID with TWILIO_API_KEY and TWILIO_API_SECRET (or TWILIO_AUTH_TOKEN)",
    Part.WHATSAPP: "WHATSAPP_ACCESS_TOKEN; a token that ended is made anew for a system user",
}
PLACE = {
    Part.EMAIL: "SMTP_HOST and SMTP_PORT",
    Part.SMS: "the way to api.twilio.com through your firewall",
    Part.WHATSAPP: "WHATSAPP_API_URL",
}
UNKNOWN = {
    Part.EMAIL: "SMTP_HOST",
    Part.SMS: "TWILIO_ACCOUNT_SID",
    Part.WHATSAPP: "WHATSAPP_PHONE_NUMBER_ID",
}


def probe_report(part: Part, outcome: ProbeOutcome) -> Report:
    """The report of one probe; the provider's own text is not in it."""
    if outcome.works:
        figures = f"answered in {outcome.seconds:.1f} s"
        return Report(part, NAMES[part], Kind.OK, "Working", figures)
    state, figures, remedy = _words(part, outcome.code)
    number = f" (answer {outcome.number})" if outcome.number else ""
    return Report(part, NAMES[part], Kind.BAD, state, f"{figures}{number}", remedy)


def _words(part: Part, code: ProbeCode) -> tuple[str, str, str]:
    words = {
        ProbeCode.UNREACHABLE: ("No answer", "could not be reached", f"Check {PLACE[part]} and the network."),
        ProbeCode.TIMEOUT: ("Too slow", "did not answer in time", f"Check {PLACE[part]}; a firewall may drop it."),
        ProbeCode.UNTRUSTED: (
            "Not trusted",
            "its certificate could not be verified",
            f"Check {PLACE[part]}; if it uses an authority of your own, name that in CA_BUNDLE.",
        ),
        ProbeCode.NO_TLS: (
            "No TLS",
            "does not offer STARTTLS",
            "Use the port that does (587), or SMTP_USE_SSL=true with port 465.",
        ),
        ProbeCode.NO_SIGN_IN: (
            "No sign-in",
            "asks for no sign-in here",
            "Check SMTP_PORT, or set SMTP_AUTH=none for a relay that asks for none.",
        ),
        ProbeCode.REFUSED: ("Refused", "did not accept our sign-in", f"Check {SIGN_IN[part]}."),
        ProbeCode.UNKNOWN: ("Unknown", "does not know the account or number", f"Check {UNKNOWN[part]}."),
        ProbeCode.INACTIVE: ("Inactive", "our account is not active", "Open the provider's console and look why."),
        ProbeCode.THROTTLED: ("Busy", "asks us to come back later", "Try again in a few minutes."),
        ProbeCode.BROKEN: (
            "Broken",
            "answered in a way we cannot use",
            f"Check {PLACE[part]}; if it is right, look at the provider's status page.",
        ),
    }
    return words[code]
