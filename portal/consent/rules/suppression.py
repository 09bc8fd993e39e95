"""What stands on the suppression list and who may take it off again. Reads no database."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.config.channels import Channel
from portal.consent.models import RemovalState, SuppressionOrigin, SuppressionReason, SuppressionScope
from portal.staff.rules.addresses import DOTS, mask_email

Reason, Origin, Scope = SuppressionReason, SuppressionOrigin, SuppressionScope

# Who says so where nobody else is named.
USUAL_ORIGIN: Mapping[str, SuppressionOrigin] = MappingProxyType(
    {
        Reason.BOUNCED: Origin.PROVIDER,
        Reason.OPTED_OUT: Origin.PERSON,
        Reason.ERASED: Origin.PERSON,
        Reason.MANUAL: Origin.STAFF,
        Reason.COMPLAINED: Origin.PROVIDER,
        Reason.WRONG_PERSON: Origin.STAFF,
        Reason.PROVIDER: Origin.PROVIDER,
        Reason.IMPORTED: Origin.IMPORT,
    }
)
# What a person brought about, and ends by agreeing again.
OWN_CHOICE = frozenset({Reason.OPTED_OUT, Reason.ERASED})
TYPED_BY_US = frozenset({Origin.STAFF, Origin.IMPORT})

REASONS: Mapping[str, str] = MappingProxyType(
    {
        Reason.BOUNCED: "Bounced for good",
        Reason.OPTED_OUT: "Opted out",
        Reason.ERASED: "Erased",
        Reason.MANUAL: "Blocked by staff",
        Reason.COMPLAINED: "Complained",
        Reason.WRONG_PERSON: "Reaches the wrong person",
        Reason.PROVIDER: "On a provider's list",
        Reason.IMPORTED: "On an imported list",
    }
)
ORIGINS: Mapping[str, str] = MappingProxyType(
    {
        Origin.PERSON: "The person",
        Origin.STAFF: "Staff",
        Origin.PROVIDER: "A provider",
        Origin.IMPORT: "An import",
        Origin.SYSTEM: "Heedful",
    }
)
SCOPES: Mapping[str, str] = MappingProxyType({Scope.ALL: "Everything", Scope.MARKETING: "Marketing"})
# word, look, icon
REMOVALS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        RemovalState.OPEN: ("Waits for a second person", "warn", "clock"),
        RemovalState.APPROVED: ("Taken off", "ok", "check"),
        RemovalState.DENIED: ("Denied", "bad", "x"),
        RemovalState.GONE: ("Settled otherwise", "", "minus"),
    }
)
# What staff can say when they block an address, and who is said to have said it.
TYPED_REASONS: Mapping[str, str] = MappingProxyType(
    {
        Reason.MANUAL: "We decided not to write there",
        Reason.OPTED_OUT: "The person told us to stop",
        Reason.COMPLAINED: "The person complained",
        Reason.WRONG_PERSON: "It reaches the wrong person",
        Reason.PROVIDER: "It stands on a provider's list",
    }
)
LIST_REASONS: Mapping[str, str] = MappingProxyType(
    {Reason.IMPORTED: "They stand on the list of another system", **TYPED_REASONS}
)
DEMO_SOURCE = "demo"  # the same word stands in the function heedful_suppression_kept
OWN_TO_LIFT = "Nobody here takes off what a person chose. It ends when the person agrees again."


class RemovalRefused(Exception):
    """A removal that cannot be asked for or decided; the text is a sentence for people."""


def why_not_removable(reason: str, origin: str) -> str:
    """
    Why staff cannot take such an entry off, not even two of them; empty where they can.

    What a person chose is the person's to lift. An opt-out that staff or an import brought in may be a slip of typing,
    so two people can take it off; an erasure never is.
    """
    if reason == Reason.ERASED or (reason == Reason.OPTED_OUT and origin not in TYPED_BY_US):
        return OWN_TO_LIFT
    return ""


def origin_of_typed(reason: str, *, is_list: bool) -> SuppressionOrigin:
    """Who is said to have stopped an address that staff typed, or that stood in a list they uploaded."""
    if reason == Reason.PROVIDER:
        return Origin.PROVIDER
    return Origin.IMPORT if is_list else Origin.STAFF


def masked(channel: str, address: str) -> str:
    """The address as an answer may show it: `m•••@•••.example`, `+•••78`."""
    return mask_email(address) if channel == Channel.EMAIL else f"+{DOTS}{address.strip()[-2:]}"


def scopes_within(scope: str) -> tuple[str, ...]:
    """The scopes of entries that make another one of this scope needless."""
    return (Scope.ALL,) if scope == Scope.ALL else (Scope.ALL, Scope.MARKETING)
