"""Changing settings: every write locks the generation row, so that saves stand in one line and none is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.audit.operations import Change, record
from portal.db import DataClass, db, utc_now
from portal.settings.events import SettingsEvent
from portal.settings.models import SettingChange, SettingGeneration, StoredSetting
from portal.settings.queries import Shown, forget, get_generation, list_changes_since, list_settings
from portal.settings.rules import SETTINGS, AnySetting, Setting, disagreements
from portal.web.actor import Actor


class SettingsProblem(Exception):
    """A save that was refused; nothing was changed."""


class SettingLocked(SettingsProblem):
    """The environment sets this value, so that it cannot be changed here."""

    def __init__(self, setting: AnySetting) -> None:
        super().__init__(f"{setting.label} is set by the environment and cannot be changed here.")
        self.setting = setting


class Disagreement(SettingsProblem):
    """Values that contradict each other; says so by key of the field to change."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        super().__init__(" ".join(messages.values()))
        self.messages = messages


@dataclass(frozen=True, slots=True)
class Conflict:
    """One setting that somebody else changed since this person looked, with both values as texts and in words."""

    setting: AnySetting
    mine: Any
    theirs: Shown

    @property
    def my_words(self) -> str:
        """The value this person entered, in words."""
        words: str = self.setting.kind.words(self.mine)
        return words


class EditedMeanwhile(SettingsProblem):
    """Somebody else changed the same settings since this person looked at them."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__("Somebody else changed the same settings meanwhile.")
        self.conflicts = conflicts


def change(setting: AnySetting | str, value: Any, actor: Actor, *, reason: str = "") -> bool:
    """Sets one setting, from now on and in every process; False when it had this value already."""
    key = setting.key if isinstance(setting, Setting) else setting
    return bool(save({key: value}, actor, reason=reason))


def save(
    values: Mapping[str, Any],
    actor: Actor,
    *,
    seen: int | None = None,
    reason: str = "",
    session: Session | None = None,
) -> list[str]:
    """
    Sets several settings together and says which of them changed, with history and one audit row.

    With seen, the generation the person looked at, fields they left alone keep what others saved meanwhile, and a
    field that both changed to different values is a conflict: then nothing is saved.
    """
    session = session if session is not None else db.session()
    generation = get_generation(session, for_update=True)
    before = {one.setting.key: one for one in list_settings(session, list(SETTINGS.values()))}
    wanted = {key: value for key, value in values.items() if before[key].text != SETTINGS[key].kind.show(value)}
    if seen is not None:
        wanted = _merged(session, wanted, before, seen)
    _refuse(wanted, before)
    if wanted:
        _write(session, generation, [(before[key], value) for key, value in wanted.items()], actor, reason)
    return list(wanted)


def _merged(session: Session, wanted: dict[str, Any], before: Mapping[str, Shown], seen: int) -> dict[str, Any]:
    mine, conflicts = {}, []
    since = list_changes_since(session, list(wanted), seen)
    for key, value in wanted.items():
        if key not in since:
            mine[key] = value
        elif since[key][0].old_value != SETTINGS[key].kind.show(value):
            conflicts.append(Conflict(SETTINGS[key], value, before[key]))
    if conflicts:
        raise EditedMeanwhile(conflicts)
    return mine


def _refuse(wanted: Mapping[str, Any], before: Mapping[str, Shown]) -> None:
    for key in wanted:
        if before[key].locked:
            raise SettingLocked(SETTINGS[key])
    messages = disagreements({key: one.value for key, one in before.items()} | dict(wanted))
    if messages and wanted:
        raise Disagreement(messages)


def _write(
    session: Session,
    generation: SettingGeneration,
    wanted: Sequence[tuple[Shown, Any]],
    actor: Actor,
    reason: str,
) -> None:
    generation.generation += 1
    generation.changed_at = utc_now()
    facts = {"generation": generation.generation, "changed_by": actor.label, "changed_at": generation.changed_at}
    changes = []
    for before, value in wanted:
        key, text = before.setting.key, before.setting.kind.show(value)
        stored = insert(StoredSetting).values(key=key, value=text, **facts)
        session.execute(stored.on_conflict_do_update(index_elements=["key"], set_={"value": text, **facts}))
        row = SettingChange(key=key, old_value=before.text, new_value=text, actor_id=actor.id, reason=reason, **facts)
        session.add(row)
        changes.append(Change(f"setting.{key}", DataClass.INTERNAL, before.text, text))
    area = ", ".join(sorted({before.setting.area for before, _ in wanted}))
    record(
        SettingsEvent.CHANGE,
        actor,
        object_type="settings",
        object_id=area,
        reason=reason,
        changes=changes,
        session=session,
    )
    event.listen(session, "after_commit", lambda _: forget(), once=True)
