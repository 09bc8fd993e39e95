"""
What features show on pages below them: frozen records and typed slots; imports no feature.

Slots are filled by create_app() alone and live in the application, not in globals, so that the worker and
the command line have them too.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import structlog
from flask import Flask, current_app

from portal.web.actor import Actor

T = TypeVar("T")
log = structlog.get_logger("web.slots")


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One line of the side navigation. Endpoint is resolved by name; group is the heading it stands under."""

    endpoint: str
    label: str
    icon: str
    permission: str
    group: str = ""
    order: int = 0
    key: str = ""
    count: int = 0
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing on the home page that needs this person, with the one link that deals with it."""

    kind: str
    icon: str
    title: str
    text: str
    url: str
    action: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Banner:
    """A sentence above every page while something does not work, saying what still does."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """
    One line of a client's timeline. It holds no personal data: the title (linked where a url is given), then the text.

    `kind` is the word after the moment: message, consent, receipt, staff access. `look` is ok, warn, bad, info or none.
    While an entry is `in_flight` the page looks again every two seconds.
    """

    at: datetime
    kind: str
    icon: str
    text: str
    title: str = ""
    url: str = ""
    look: str = ""
    in_flight: bool = False


@dataclass(frozen=True, slots=True)
class ClientPanel:
    """
    A card on a client's page: a template `<feature>/_part.html`, which finds its `facts` as `panel.facts`.

    Wide ones stand left above the timeline, the others right below the identity.
    """

    template: str
    facts: Mapping[str, Any]
    wide: bool = False
    order: int = 0


@dataclass(frozen=True, slots=True)
class ClientAction:
    """A link in the head of a client's page; at most one is primary. Only for those who hold the permission."""

    text: str
    url: str
    icon: str
    permission: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class LastAct:
    """When a client last did something themselves, and what; being written to or opening a message is nothing."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Slot(Generic[T]):
    """A named place that providers fill. A provider that fails is left out and logged, never breaks the page."""

    name: str

    def fill(self, app: Flask, provider: Callable[..., list[T]]) -> None:
        """Adds a provider; the order of filling is the order of showing."""
        self._providers(app).append(provider)

    def providers(self, app: Flask) -> list[Callable[..., list[T]]]:
        """Every provider, in the order of filling."""
        return list(self._providers(app))

    def collect(self, *args: Any, **facts: Any) -> Iterator[T]:
        """All records of all providers; one that raises is logged and skipped."""
        for provider in self.providers(current_app):
            try:
                yield from provider(*args, **facts)
            except Exception as error:  # noqa: BLE001 - a broken part must not take the page with it
                # The message of an unknown error may hold personal data, so only its type is logged.
                failure = {"slot": self.name, "provider": provider.__module__, "error": type(error).__name__}
                log.error("slot.provider_failed", **failure)  # noqa: TRY400

    def _providers(self, app: Flask) -> list[Callable[..., list[T]]]:
        slots: dict[str, list[Callable[..., list[T]]]] = app.extensions.setdefault("heedful_slots", {})
        return slots.setdefault(self.name, [])


NAVIGATION: Slot[NavigationEntry] = Slot("navigation")
HOME_ATTENTION: Slot[Attention] = Slot("home_attention")
BANNERS: Slot[Banner] = Slot("banners")
# Providers of these take the client's id; those of the timeline also a limit, and answer the newest entries first.
CLIENT_TIMELINE: Slot[TimelineEntry] = Slot("client_timeline")
CLIENT_PANELS: Slot[ClientPanel] = Slot("client_panels")
CLIENT_ACTIONS: Slot[ClientAction] = Slot("client_actions")
# Providers take the client's id and answer at most one act: the last one of the kind they know. It starts retention.
CLIENT_LAST_ACT: Slot[LastAct] = Slot("client_last_act")
# Links in the head of the list of clients; its providers take nothing.
CLIENTS_ACTIONS: Slot[ClientAction] = Slot("clients_actions")
# Providers take (kept id, gone id, actor), move what their feature holds to the kept client in the caller's
# transaction, and say in sentences what moved. They are never called through collect(): one that fails stops the merge.
CLIENT_MERGED: Slot[str] = Slot("client_merged")
# Followers take (contact point id, actor) in the transaction that empties this address, before it is empty.
POINT_REMOVED: Slot[Any] = Slot("point_removed")
# Followers take the id of the event and the actor, in the transaction in which a client was asked to confirm, and
# answer what they ordered.
CONSENT_REQUESTED: Slot[object] = Slot("consent_requested")

__all__ = [
    "BANNERS",
    "CLIENTS_ACTIONS",
    "CLIENT_ACTIONS",
    "CLIENT_LAST_ACT",
    "CLIENT_MERGED",
    "CLIENT_PANELS",
    "CLIENT_TIMELINE",
    "CONSENT_REQUESTED",
    "HOME_ATTENTION",
    "NAVIGATION",
    "POINT_REMOVED",
    "Actor",
    "Attention",
    "Banner",
    "ClientAction",
    "ClientPanel",
    "LastAct",
    "NavigationEntry",
    "Slot",
    "TimelineEntry",
]
