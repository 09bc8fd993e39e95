"""When several messages to one client become one."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from portal.config.group import Group, variable
from portal.config.values import split_words


class Urgency(StrEnum):
    """How soon a message must go."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


Urgencies = Annotated[tuple[Urgency, ...], BeforeValidator(split_words)]
USUAL = (Urgency.NORMAL, Urgency.LOW)


class BatchingGroup(Group):
    """How many messages make a batch, and how long the first one waits for the others."""

    name: ClassVar[str] = "batching"
    title: ClassVar[str] = "Batching"

    enabled: bool = variable("BATCH_ENABLED", True, "Whether messages are batched at all.")
    size: int = variable("BATCH_SIZE", 3, "Messages that make a batch.", ge=2, le=50)
    window_seconds: int = variable("BATCH_WINDOW_SECONDS", 300, "Longest wait of the first one.", ge=1, le=86400)
    urgencies: Urgencies = variable("BATCH_URGENCIES", USUAL, "Urgencies that may wait.")

    def summary(self) -> str:
        if not self.enabled:
            return "off"
        return f"{self.size} messages within {self.window_seconds} s, urgency {' and '.join(self.urgencies)}"
