"""What holds for a client that took over another one. Pure."""

from collections.abc import Mapping

from portal.clients.models import Frequency

STRICTNESS = (Frequency.EVERY, Frequency.WEEKLY, Frequency.MONTHLY)


def united_attributes(kept: Mapping[str, str], gone: Mapping[str, str]) -> dict[str, str]:
    """What is known of either; where both say something, the kept client's word counts."""
    return {**gone, **kept}


def stricter(one: str, other: str) -> Frequency:
    """The rarer of two frequencies."""
    return max(Frequency(one), Frequency(other), key=STRICTNESS.index)
