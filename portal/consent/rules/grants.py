"""When a consent that somebody writes down counts, and when a request can be confirmed."""

from dataclasses import dataclass
from datetime import datetime

from portal.consent.models import ConsentEvent, Happening, LegalBasis, Method
from portal.consent.rules.standing import OPPOSED, Now
from portal.consent.rules.topics import is_consent_needed, is_soft_opt_in_lawful
from portal.web.actor import ActorKind

TOLD_BY_STAFF = frozenset({Method.STAFF, Method.SPOKEN, Method.PAPER, Method.IMPORT})
# Who speaks for a person whose address is not proved yet: with double opt-in the person has to confirm.
UNPROVED = frozenset({ActorKind.STAFF, ActorKind.API, ActorKind.ANONYMOUS})


class ConsentRefused(Exception):
    """A consent that cannot be written down; the text is a sentence for people."""


class RequestOver(ConsentRefused):
    """A request that cannot be confirmed any more; the person has to ask again."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What is known of a consent before it is written down."""

    legal_basis: str
    has_wording: bool
    method: Method
    evidence: str
    occurred_at: datetime
    channel: str = ""
    country: str | None = None
    expires_at: datetime | None = None


def require_asked(grant: Grant) -> None:
    """Refuses a consent or a request that could not be proved, and one that the law knows nothing of."""
    if is_consent_needed(grant.legal_basis) and not grant.has_wording:
        raise ConsentRefused("Say which wording the person read: without it the consent proves nothing.")
    if grant.method in TOLD_BY_STAFF and not grant.evidence:
        raise ConsentRefused("Say where the proof of this consent is.")
    is_soft = grant.legal_basis == LegalBasis.SOFT_OPT_IN
    if is_soft and not grant.evidence:
        raise ConsentRefused("Say which sale made this client a customer.")
    if is_soft and not is_soft_opt_in_lawful(grant.channel, grant.country):
        raise ConsentRefused(
            "Existing customers may be written to without their consent by email and SMS in Europe only. "
            "Correct the client's country, or ask for their consent."
        )


def require_grant_counts(grant: Grant, now_there: Now | None, now: datetime) -> None:
    """
    Refuses a consent that could not be proved, and one that is older than the no it would lift.

    Nobody lifts a person's own opt-out by hand: it takes a consent the person gave afterwards, with its proof.
    """
    if grant.occurred_at > now:
        raise ConsentRefused("A consent cannot be given in the future.")
    if grant.expires_at is not None and grant.expires_at <= now:
        raise ConsentRefused("This consent has ended already, so there is nothing to write down.")
    require_asked(grant)
    if now_there is not None and now_there.state in OPPOSED and grant.occurred_at <= now_there.since:
        raise ConsentRefused("This consent is older than the withdrawal. Only a consent given afterwards lifts it.")


def require_confirmable(request: ConsentEvent, now_there: Now | None, now: datetime) -> None:
    """Refuses a request that is no longer the one that waits, and one that waited too long."""
    if Happening.REQUESTED not in {request.event, request.carried}:
        raise RequestOver("This is no request that could be confirmed.")
    if now_there is None or now_there.pending_id != request.id or now_there.pending_until is None:
        raise RequestOver("Something newer was said since, so there is nothing to confirm here. Ask again.")
    if now_there.pending_until <= now:
        raise RequestOver("This was asked too long ago to be confirmed. Ask again.")
