"""Whether one message may be sent now. Pure: give it facts, it gives a verdict with a reason; it reads no database."""

from portal.gate.rules.caps import Cap, HandOver
from portal.gate.rules.deciding import RULE_SET, RULES, answers, decide
from portal.gate.rules.facts import Consent, Facts
from portal.gate.rules.hours import Clock, Dial, Hours
from portal.gate.rules.verdicts import Answer, Reason, Verdict

__all__ = [
    "RULES",
    "RULE_SET",
    "Answer",
    "Cap",
    "Clock",
    "Consent",
    "Dial",
    "Facts",
    "HandOver",
    "Hours",
    "Reason",
    "Verdict",
    "answers",
    "decide",
]
