"""Which consents of a file count. A file never speaks against what the person themselves said here."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.consent.models import LegalBasis, Standing, Topic, TopicWording
from portal.consent.rules.origin import name_of
from portal.consent.rules.standing import OPPOSED, Now, lapsed
from portal.consent.rules.topics import is_soft_opt_in_lawful


class ImportOutcome(StrEnum):
    """What became of one consent of a file."""

    TAKEN = "taken"
    KNOWN = "known"
    OPTED_OUT = "opted_out"
    ENDED = "ended"
    NO_WORDING = "no_wording"
    NO_SOURCE = "no_source"
    NO_DATE = "no_date"
    NOT_CONFIRMED = "not_confirmed"
    NOT_ALLOWED = "not_allowed"
    NOT_ACTIVE = "not_active"


@dataclass(frozen=True, slots=True)
class ImportedConsent:
    """
    One consent of a file: who agreed to what, on which channel, by which words, when, and where that is written.

    Topics with double opt-in take only those of which the file says that the person confirmed them there.
    """

    client_id: uuid.UUID
    topic_id: uuid.UUID
    channel: str
    wording_id: uuid.UUID | None
    source: str
    occurred_at: datetime
    contact_point_id: uuid.UUID | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known here about the place of an imported consent."""

    topic: Topic | None
    wording: TopicWording | None
    is_active: bool
    country: str | None
    there: Now | None


def judged(row: ImportedConsent, setting: Setting, now: datetime) -> ImportOutcome:
    """What becomes of the consent; the first thing that stands against it answers."""
    if not setting.is_active:
        return ImportOutcome.NOT_ACTIVE
    if setting.there is not None and setting.there.state in OPPOSED:
        return ImportOutcome.OPTED_OUT
    return _unproved(row, setting, now) or _beside(row, setting.there, now)


def _unproved(row: ImportedConsent, setting: Setting, now: datetime) -> ImportOutcome | None:
    topic, wording = setting.topic, setting.wording
    if topic is None or wording is None or wording.topic_id != topic.id:
        return ImportOutcome.NO_WORDING
    if name_of(row.source) is None:
        return ImportOutcome.NO_SOURCE
    if row.occurred_at > now:
        return ImportOutcome.NO_DATE
    if topic.double_opt_in and not row.confirmed:
        return ImportOutcome.NOT_CONFIRMED
    is_soft = topic.legal_basis == LegalBasis.SOFT_OPT_IN
    if is_soft and not is_soft_opt_in_lawful(row.channel, setting.country):
        return ImportOutcome.NOT_ALLOWED
    return None


def _beside(row: ImportedConsent, there: Now | None, now: datetime) -> ImportOutcome:
    stands = lapsed(there, now) if there is not None else None
    if stands is not None and stands.state is Standing.GRANTED:
        return ImportOutcome.KNOWN
    if stands is not None and stands.state is Standing.EXPIRED and row.occurred_at <= stands.since:
        return ImportOutcome.ENDED
    return ImportOutcome.TAKEN
