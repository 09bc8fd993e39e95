"""What one setting is: its kind, bounds, default, words and where its rule comes from. Pure declarations."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from portal.settings.rules.unused import UNUSED

T = TypeVar("T")


class Area(StrEnum):
    """The pages settings stand on; one form each."""

    ORGANISATION = "organisation"
    SENDING = "sending"
    RETRY = "retry"
    BATCHING = "batching"
    LIMITS = "limits"
    RETENTION = "retention"
    SECURITY = "security"


class Kind(Protocol[T]):
    """How a value of one type is read from text, stored as text and said in words."""

    @property
    def unit(self) -> str: ...

    def parse(self, text: str) -> T: ...

    def show(self, value: T) -> str: ...

    def words(self, value: T) -> str: ...


@dataclass(frozen=True, slots=True)
class Environment(Generic[T]):
    """The place in the configuration that can lock a setting, and how its figures become the value."""

    group: str
    attributes: tuple[str, ...]
    read: Callable[..., T]


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting. With a place in the configuration, the environment can lock it."""

    key: str
    area: Area
    kind: Kind[T]
    default: T
    label: str
    help: str
    source: str
    environment: Environment[T] | None = None
    step_up: bool = False

    @property
    def field(self) -> str:
        """The name of its field in a form; dots are not allowed there."""
        return self.key.replace(".", "-")

    @property
    def is_in_use(self) -> bool:
        """Whether anything reads it already."""
        return self.key not in UNUSED

    @property
    def shown_default(self) -> str:
        """The default in words."""
        return self.kind.words(self.default)


AnySetting = Setting[Any]
