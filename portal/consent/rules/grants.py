"""When a consent that somebody writes down counts."""

from dataclasses import dataclass
from datetime import datetime

from portal.consent.models import Happening, LegalBasis, Method, Standing

TOLD_BY_STAFF = frozenset({Method.STAFF, Method.SPOKEN, Method.PAPER, Method.IMPORT})
STANDING_AFTER = {
    Happening.REQUESTED: Standing.REQUESTED,
    Happening.CONFIRMED: Standing.GRANTED,
    Happening.GRANTED: Standing.GRANTED,
    Happening.WITHDRAWN: Standing.WITHDRAWN,
    Happening.REFUSED: Standing.REFUSED,
    Happening.EXPIRED: Standing.EXPIRED,
    Happening.IMPORTED: Standing.GRANTED,
    Happening.RENEWED: Standing.GRANTED,
}


class ConsentRefused(Exception):
    """A consent that cannot be written down; the text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What is known of a consent before it is written down."""

    legal_basis: str
    has_wording: bool
    method: Method
    evidence: str
    occurred_at: datetime


def require_grant_counts(grant: Grant, standing: Standing, since: datetime | None, now: datetime) -> None:
    """
    Refuses a consent that could not be proved, and one that is older than the withdrawal it would lift.

    Nobody lifts a person's own opt-out by hand: it takes a consent the person gave afterwards, with its proof.
    """
    if grant.occurred_at > now:
        raise ConsentRefused("A consent cannot be given in the future.")
    if grant.legal_basis == LegalBasis.CONSENT and not grant.has_wording:
        raise ConsentRefused("Say which wording the person read: without it the consent proves nothing.")
    if grant.method in TOLD_BY_STAFF and not grant.evidence:
        raise ConsentRefused("Say where the proof of this consent is.")
    if standing is Standing.WITHDRAWN and since is not None and grant.occurred_at <= since:
        raise ConsentRefused("This consent is older than the withdrawal. Only a consent given afterwards lifts it.")
