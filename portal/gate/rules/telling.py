"""What each rule looked at, in a few words for the page that explains; nothing where its answer says it all."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from portal.gate.rules.caps import Cap
from portal.gate.rules.facts import Consent, Facts
from portal.gate.rules.hours import Dial
from portal.gate.rules.verdicts import Reason
from portal.gate.rules.zones import ZoneFrom

Teller = Callable[[Facts, datetime], tuple[str, ...]]
BASES: Mapping[str, str] = {
    ZoneFrom.DECLARED: "the zone the client gave",
    ZoneFrom.COUNTRY: "every zone of the client's country",
    ZoneFrom.PHONE: "every zone of the country of their number",
    ZoneFrom.ORGANISATION: "your own zone, theirs is not known",
}
NO_MARKETING = ("not asked, this is no marketing",)
CAPS = {
    Reason.TOPIC_CAP: "of this topic",
    Reason.TOTAL_CAP: "of all marketing",
    Reason.CLIENT_CAP: "of all marketing, as the client wishes",
    Reason.FLORIDA_CAP: "by SMS, as Florida allows",
}


def tell_nothing(_facts: Facts, _now: datetime) -> tuple[str, ...]:
    """The statement of the rule is enough."""
    return ()


def tell_address(facts: Facts, _now: datetime) -> tuple[str, ...]:
    """How the suppression list was asked."""
    return ("asked under every suppression key",) if facts.has_address and not facts.suppressed else ()


def tell_consent(facts: Facts, _now: datetime) -> tuple[str, ...]:
    """What the basis is where there is one."""
    if facts.consent is Consent.GRANTED:
        return ("the client agreed",)
    return () if facts.consent_needed else ("no consent needed",)


def tell_hours(facts: Facts, now: datetime) -> tuple[str, ...]:
    """What the clocks show, and which hours hold there; of many zones those at the ends of the day."""
    if not facts.is_marketing:
        return NO_MARKETING
    dials = sorted(facts.clock.dials, key=lambda dial: now.astimezone(dial.zone).utcoffset() or 0)
    if not dials:
        return ("no hours are kept",)
    ends = dials if len(dials) == 1 else [dials[0], dials[-1]]
    return (f"{'; '.join(_dial(dial, now) for dial in ends)} ({BASES[facts.clock.basis]})",)


def tell_caps(facts: Facts, now: datetime) -> tuple[str, ...]:
    """How much of each cap is used."""
    if not facts.is_marketing:
        return NO_MARKETING
    return ("; ".join(_cap(cap, now) for cap in facts.caps) or "no limit is set",)


def _dial(dial: Dial, now: datetime) -> str:
    hours = " and ".join(dict.fromkeys(f"{one.opens:%H:%M} to {one.closes:%H:%M}" for one in dial.hours))
    place = dial.zone.key.rpartition("/")[2].replace("_", " ")
    return f"{now.astimezone(dial.zone):%H:%M} in {place}, open {hours}"


def _cap(cap: Cap, now: datetime) -> str:
    hours = int(cap.length.total_seconds() // 3600)
    length = f"{hours // 24} days" if hours > 24 else "24 hours"
    return f"{cap.used(now)} of {cap.limit} in {length} {CAPS[cap.reason]}"


# By the name of the rule.
TELLERS: Mapping[str, Teller] = MappingProxyType(
    {
        "client_is_active": tell_nothing,
        "address_is_usable": tell_address,
        "client_agreed": tell_consent,
        "text_is_approved": tell_nothing,
        "deadline_is_ahead": tell_nothing,
        "hours_are_open": tell_hours,
        "caps_have_room": tell_caps,
        "sending_is_on": tell_nothing,
    }
)
