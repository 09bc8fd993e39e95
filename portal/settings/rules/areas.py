"""What each area of settings is called and what it is for."""

from dataclasses import dataclass

from portal.settings.rules.setting import Area


@dataclass(frozen=True, slots=True)
class AreaWords:
    """The words of one settings page."""

    title: str
    text: str


AREAS = {
    Area.ORGANISATION: AreaWords("Organisation", "Who writes, as clients and staff see it."),
    Area.SENDING: AreaWords("Sending", "Whether messages go out, when they rest, and when they are too late."),
    Area.RETRY: AreaWords("Retry", "What happens after a hand-over that failed for now."),
    Area.BATCHING: AreaWords("Batching", "When several messages for one client become one."),
    Area.LIMITS: AreaWords("Limits", "How much may go out, how fast, and what it may cost."),
    Area.RETENTION: AreaWords("Retention", "How long things are kept. Each retention run shows first what would go."),
    Area.SECURITY: AreaWords("Security", "How old credentials and keys may grow."),
}
