"""What a person can switch for one topic on one channel, and what turning it on takes. Pure: reads no database."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from portal.config.channels import Channel
from portal.consent.models import LegalBasis, Standing, SuppressionReason, SuppressionScope, TopicClass
from portal.consent.rules.standing import OPPOSED
from portal.consent.rules.suppression import OWN_CHOICE
from portal.consent.rules.topics import is_consent_needed

# What rests on these goes out whether the person likes it or not, as long as what it rests on lasts.
ALWAYS_ON = frozenset({LegalBasis.CONTRACT, LegalBasis.LEGAL_OBLIGATION})
STOPPED = frozenset({Standing.WITHDRAWN, Standing.REFUSED, Standing.EXPIRED})
Entry = tuple[SuppressionScope, SuppressionReason]


class Block(StrEnum):
    """What stands against an address: nothing, the person's own choice, or something they cannot lift by themselves."""

    NONE = "none"
    OWN = "own"
    FIXED = "fixed"


class Switch(StrEnum):
    """How one topic stands on one channel; the words are keys of the pages' texts."""

    ON = "on"
    OFF = "off"
    ALWAYS = "always"
    PENDING = "pending"
    BY_CODE = "by_code"
    NO_WORDING = "no_wording"
    NOT_HERE = "not_here"
    BOUNCED = "bounced"


CAN_TURN_ON = frozenset({Switch.OFF, Switch.PENDING, Switch.BY_CODE})


@dataclass(frozen=True, slots=True)
class Place:
    """Everything that is known of one topic on one channel of one client."""

    topic_class: str
    legal_basis: str
    double_opt_in: bool
    channel: str
    standing: Standing
    pending_id: uuid.UUID | None
    block: Block
    has_wording: bool
    takes_codes: bool

    @property
    def arrives(self) -> bool:
        """Whether messages go out now, as the gate sees it."""
        if self.block is not Block.NONE:
            return False
        if is_consent_needed(self.legal_basis):
            return self.standing is Standing.GRANTED
        return self.standing not in OPPOSED

    @property
    def needs_confirmation(self) -> bool:
        """
        Whether turning it on takes a mail that the person confirms.

        Whoever holds the link need not be the person. So where they said no before, or the topic asks for it, the
        answer has to come from their mailbox.
        """
        return self.double_opt_in or self.standing in STOPPED or self.block is Block.OWN


def switch_of(place: Place) -> Switch:
    """What the page shows there."""
    if place.arrives:
        return Switch.ALWAYS if place.legal_basis in ALWAYS_ON else Switch.ON
    if place.block is Block.FIXED:
        return Switch.BOUNCED
    if is_consent_needed(place.legal_basis) and not place.has_wording:
        return Switch.NO_WORDING
    if place.channel == Channel.EMAIL:
        return Switch.PENDING if place.pending_id else Switch.OFF
    return Switch.BY_CODE if place.takes_codes else Switch.NOT_HERE


def block_of(entries: Collection[Entry], topic_class: str, *, is_usable: bool) -> Block:
    """What stands against the messages of a topic at an address, from its entries on the suppression list."""
    if not is_usable:
        return Block.FIXED
    stops = (
        (SuppressionScope.ALL, SuppressionScope.MARKETING)
        if topic_class == TopicClass.MARKETING
        else (SuppressionScope.ALL,)
    )
    reasons = {reason for scope, reason in entries if scope in stops}
    if not reasons:
        return Block.NONE
    return Block.OWN if reasons <= OWN_CHOICE else Block.FIXED
