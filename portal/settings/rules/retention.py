"""Settings about how long things are kept; the retention runs read them and preview what they would delete."""

from datetime import timedelta

from portal.settings.rules.setting import Area, Setting
from portal.settings.rules.times import Duration

DAY = timedelta(days=1)


def _kept(name: str, label: str, days: int, help_: str, source: str, *, low: int = 1) -> Setting[timedelta]:
    return Setting(
        key=f"retention.{name}",
        area=Area.RETENTION,
        kind=Duration(low * DAY, 3_650 * DAY),
        default=days * DAY,
        label=label,
        help=help_,
        source=source,
    )


LIMITATION = "GDPR Art. 5(1)(e), storage limitation."
MESSAGE_CONTENT = _kept(
    "message_content", "Text of sent messages", 90, "Then the text goes, the record stays.", LIMITATION
)
DELIVERY_EVENTS = _kept("delivery_events", "Delivery events", 395, "Then only counts stay.", LIMITATION)
PROSPECTS = _kept(
    "prospects",
    "Prospects who do not answer",
    1_095,
    "Counted from the last act of the person; opening a message is none.",
    "Practice of the French authority CNIL: three years.",
)
CONSENT_EVIDENCE = _kept(
    "consent_evidence",
    "Proof of consent after it ended",
    1_095,
    "Then the proof goes. Suppressions stay, or a stopped address could be written to again.",
    "GDPR Art. 7(1): being able to prove consent, within the limitation period.",
    low=365,
)
UNCONFIRMED = _kept("unconfirmed", "Unconfirmed sign-ups", 14, "Then the address is deleted.", LIMITATION)
VERIFICATIONS = _kept(
    "verifications", "Verifications by code", 30, "Then their records go; consents stay.", LIMITATION, low=2
)
IMPORT_FILES = _kept("import_files", "Import files", 7, "Counted from the end of the import.", LIMITATION)
REQUEST_DATA = _kept("request_data", "Data of closed requests", 90, "The register and certificate stay.", LIMITATION)
EXPORTS = _kept("exports", "Export packages", 7, "Then the download ends.", LIMITATION)
AUDIT_LOG = _kept(
    "audit_log",
    "Audit log",
    1_095,
    "Whole sealed segments only; the anchor of each stays.",
    "PCI DSS 10.5.1: twelve months at least.",
    low=365,
)
LOGS = _kept("logs", "Log files", 30, "They hold network addresses.", LIMITATION)
BACKUPS = _kept("backups", "Backups", 35, "Erasures are replayed when one is restored.", LIMITATION)
