"""What a client may wish about being written to. Pure; what is refused is said in a sentence."""

from dataclasses import dataclass, field
from datetime import time

from portal.clients.models import Channel, Frequency


class WishRefused(ValueError):
    """The wishes contradict themselves; the message says how."""


@dataclass(frozen=True, slots=True)
class Preference:
    """How one client wants to be written to; without wishes, everything stands as here."""

    channel_order: tuple[str, ...] = ()
    contact_from: time | None = None
    contact_until: time | None = None
    frequency: Frequency = Frequency.EVERY


@dataclass(frozen=True, slots=True)
class PreferenceChange:
    """What a client wishes from now on. Without a language, the one they have stays."""

    channel_order: tuple[str, ...] = ()
    contact_from: time | None = None
    contact_until: time | None = None
    frequency: Frequency = Frequency.EVERY
    language: str | None = field(default=None)


def require_wishes_hold(change: PreferenceChange) -> None:
    """Raises WishRefused for hours with one end, hours of no length, and a channel named twice or unknown."""
    ends = (change.contact_from, change.contact_until)
    if (ends[0] is None) != (ends[1] is None):
        raise WishRefused("Enter both ends of the contact hours, or neither.")
    if ends[0] is not None and ends[0] == ends[1]:
        raise WishRefused("Enter two different times, or none for any hour.")
    order = change.channel_order
    if len(set(order)) != len(order) or not set(order) <= set(Channel):
        raise WishRefused("Name each channel once.")
