"""Which rule of the table of messaging law an answer of the gate stands for; the reasons without one are our own."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.gate.rules.verdicts import Reason

RULE_IDS: Mapping[str, str] = MappingProxyType(
    {
        Reason.NOT_APPROVED: "GEN-01",
        Reason.TEXT_CHANGED: "GEN-01",
        Reason.TOPIC_CLOSED: "GEN-07",
        Reason.NEVER_AGREED: "GEN-07",
        Reason.NOT_CONFIRMED: "GEN-07",
        Reason.WITHDRAWN: "GEN-07",
        Reason.SAID_NO: "GEN-07",
        Reason.CONSENT_ENDED: "GEN-07",
        Reason.SUPPRESSED: "GEN-08",
        Reason.CLIENT_RESTRICTED: "GEN-09",
        Reason.CLIENT_ERASED: "GEN-09",
        Reason.QUIET_HOURS: "GEN-10",
        Reason.CONTACT_HOURS: "GEN-10",
        Reason.TOPIC_CAP: "GEN-11",
        Reason.TOTAL_CAP: "GEN-11",
        Reason.CLIENT_CAP: "GEN-11",
        Reason.FLORIDA_CAP: "GEN-11",
        Reason.PAST_DEADLINE: "GEN-12",
    }
)
