"""
Reading settings: the value that holds now, where it comes from, and its history.

Each process keeps the values and looks at most every POLL seconds whether the generation moved, so that a change
made anywhere is known everywhere within 5 seconds. While the database does not answer, the last known values hold.
"""

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, overload

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.db import new_session
from portal.settings.models import SettingChange, SettingGeneration, StoredSetting
from portal.settings.rules import SETTINGS, AnySetting, Area, Refused, Setting, in_area
from portal.settings.rules.environment import locked_value

T = TypeVar("T")
POLL = 2.0
log = structlog.get_logger("settings.queries")


@dataclass(slots=True)
class _Known:
    """What this process knows: the stored texts, the generation they belong to, when it last asked."""

    texts: dict[str, str] | None = None
    generation: tuple[int, datetime] | None = None
    asked: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


_known = _Known()


@overload
def value(setting: Setting[T]) -> T: ...


@overload
def value(setting: str) -> Any: ...


def value(setting: AnySetting | str) -> Any:
    """The value that holds now: the environment's, else the stored one, else the default."""
    one = SETTINGS[setting] if isinstance(setting, str) else setting
    locked = locked_value(one)
    if locked is not None:
        return locked.value
    return parsed(one, _texts().get(one.key))


def parsed(setting: Setting[T], text: str | None) -> T:
    """The value of a stored text. A text an older version wrote and this one cannot read counts as the default."""
    if text is None:
        return setting.default
    try:
        return setting.kind.parse(text)
    except Refused:
        log.warning("settings.unreadable", key=setting.key)
        return setting.default


def forget() -> None:
    """Makes the next reader ask the database; called after this process changed a setting."""
    _known.asked = 0.0


def forget_everything() -> None:
    """Makes this process as ignorant as a new one. A forked one must be: another thread may have held the lock."""
    _known.texts, _known.generation, _known.asked, _known.lock = None, None, 0.0, threading.Lock()


os.register_at_fork(after_in_child=forget_everything)


def _texts() -> dict[str, str]:
    with _known.lock:
        if time.monotonic() - _known.asked >= POLL or _known.texts is None:
            _refresh()
        return _known.texts or {}


def _refresh() -> None:
    try:
        with new_session() as session:
            row = session.execute(select(SettingGeneration.generation, SettingGeneration.changed_at)).one()
            if (row.generation, row.changed_at) != _known.generation or _known.texts is None:
                rows = session.execute(select(StoredSetting.key, StoredSetting.value))
                _known.texts = {stored.key: stored.value for stored in rows}
                _known.generation = (row.generation, row.changed_at)
    except OperationalError:
        if _known.texts is None:
            raise
        log.warning("settings.database_away", generation=_known.generation and _known.generation[0])
    _known.asked = time.monotonic()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from, for the settings page."""

    kind: str
    variables: tuple[str, ...] = ()
    changed_by: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting as the settings page shows it, read from the database and not from what the process knows."""

    setting: AnySetting
    value: Any
    origin: Origin

    @property
    def text(self) -> str:
        """The value as the form field holds it."""
        return self.setting.kind.show(self.value)

    @property
    def words(self) -> str:
        """The value as people read it."""
        return self.setting.kind.words(self.value)

    @property
    def locked(self) -> bool:
        """True while the environment sets it, so that nobody can change it here."""
        return self.origin.kind == "environment"


def list_area(session: Session, area: Area) -> list[Shown]:
    """Every setting of an area with its present value and where that comes from."""
    return list_settings(session, in_area(area))


def list_settings(session: Session, settings: Sequence[AnySetting]) -> list[Shown]:
    """These settings with their present values, in one query."""
    keys = [one.key for one in settings]
    found = session.scalars(
        select(StoredSetting).where(StoredSetting.key.in_(keys)).execution_options(populate_existing=True)
    )
    rows = {row.key: row for row in found}
    return [_shown(one, rows.get(one.key)) for one in settings]


def _shown(setting: AnySetting, row: StoredSetting | None) -> Shown:
    locked = locked_value(setting)
    if locked is not None:
        return Shown(setting, locked.value, Origin("environment", variables=locked.variables))
    if row is None:
        return Shown(setting, setting.default, Origin("default"))
    origin = Origin("database", changed_by=row.changed_by, changed_at=row.changed_at)
    return Shown(setting, parsed(setting, row.value), origin)


def get_generation(session: Session, *, for_update: bool = False) -> SettingGeneration:
    """The generation row; with for_update every other save of settings waits until this transaction ends."""
    query = select(SettingGeneration).execution_options(populate_existing=True)
    return session.scalars(query.with_for_update() if for_update else query).one()


def list_changes_since(session: Session, keys: Sequence[str], generation: int) -> dict[str, list[SettingChange]]:
    """The changes made after a generation, oldest first, by key."""
    query = select(SettingChange).where(SettingChange.key.in_(keys), SettingChange.generation > generation)
    changes: dict[str, list[SettingChange]] = {}
    for change in session.scalars(query.order_by(SettingChange.generation)):
        changes.setdefault(change.key, []).append(change)
    return changes


def list_history(session: Session, area: Area, limit: int = 50) -> dict[str, list[SettingChange]]:
    """The last changes of the settings of an area, newest first, by key."""
    keys = [one.key for one in in_area(area)]
    query = select(SettingChange).where(SettingChange.key.in_(keys))
    changes: dict[str, list[SettingChange]] = {}
    for change in session.scalars(query.order_by(SettingChange.generation.desc()).limit(limit)):
        changes.setdefault(change.key, []).append(change)
    return changes
