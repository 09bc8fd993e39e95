"""Saving settings: history, audit, conflicts, locks."""

import pytest
from portal.audit.models import AuditEntry
from portal.db import transaction
from portal.settings.models import SettingChange, StoredSetting
from portal.settings.operations import Disagreement, EditedMeanwhile, SettingLocked, change, save
from portal.settings.queries import get_generation, list_history, list_settings, value
from portal.settings.rules import Area, limits, retry
from portal.web.actor import Actor, ActorKind
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

PRIYA = Actor(ActorKind.STAFF, "Priya Raman")
TOM = Actor(ActorKind.STAFF, "Tom Berg")


def put(values, actor=PRIYA, **facts):
    with transaction():
        return save(values, actor, **facts)


def test_a_change_holds_at_once_and_keeps_who_when_and_why(session):
    with transaction():
        assert change(limits.PER_HOUR, 3, PRIYA, reason="Fewer is kinder.")
    row = session.scalars(select(SettingChange)).one()
    assert value(limits.PER_HOUR) == 3
    assert value("limits.per_hour") == 3
    assert (row.old_value, row.new_value, row.changed_by, row.reason) == ("5", "3", "Priya Raman", "Fewer is kinder.")


def test_a_save_is_one_audit_entry_that_names_every_changed_key(session):
    put({"limits.per_hour": 4, "limits.per_day": 9, "limits.warning_percent": 80})
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "settings.change")).one()
    assert entry.object_id == "limits"
    assert sorted(entry.changes) == [
        ["setting.limits.per_day", "internal", "20", "9"],
        ["setting.limits.per_hour", "internal", "5", "4"],
    ]


def test_saving_the_present_value_changes_nothing(session):
    before = get_generation(session).generation
    assert put({"limits.per_hour": 5}) == []
    assert not change("limits.per_hour", 5, PRIYA)
    assert get_generation(session).generation == before
    assert session.scalars(select(SettingChange)).all() == []


def test_a_save_that_is_rolled_back_leaves_neither_value_nor_history_nor_entry(session):
    change(limits.PER_HOUR, 3, PRIYA)
    session.rollback()
    assert value(limits.PER_HOUR) == 5
    assert session.scalars(select(SettingChange)).all() == []
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "settings.change")).all() == []


def test_two_people_who_change_the_same_setting_get_a_conflict_with_both_values(session):
    seen = get_generation(session).generation
    put({"limits.per_hour": 3}, TOM)
    with pytest.raises(EditedMeanwhile) as caught, transaction():
        save({"limits.per_hour": 4, "limits.per_day": 9}, PRIYA, seen=seen)
    conflict = caught.value.conflicts[0]
    assert (conflict.my_words, conflict.theirs.words) == ("4 an hour", "3 an hour")
    assert conflict.theirs.origin.changed_by == "Tom Berg"
    assert value(limits.PER_DAY) == 20


def test_a_field_left_alone_keeps_what_somebody_else_saved_meanwhile(session):
    seen = get_generation(session).generation
    put({"limits.per_hour": 3}, TOM)
    assert put({"limits.per_hour": 5, "limits.per_day": 9}, seen=seen) == ["limits.per_day"]
    assert (value(limits.PER_HOUR), value(limits.PER_DAY)) == (3, 9)


def test_two_people_who_choose_the_same_value_do_not_conflict(session):
    seen = get_generation(session).generation
    put({"limits.per_hour": 3}, TOM)
    assert put({"limits.per_hour": 3}, seen=seen) == []


def test_values_that_contradict_each_other_are_refused(session):
    with pytest.raises(Disagreement, match="at least as many"), transaction():
        save({"limits.per_hour": 30}, PRIYA)


def test_a_value_the_environment_sets_wins_and_cannot_be_changed(session, lock):
    put({"limits.per_hour": 4})
    lock("limits", per_hour_per_number=2)
    shown = list_settings(session, [limits.PER_HOUR])[0]
    assert (value(limits.PER_HOUR), shown.value, shown.locked) == (2, 2, True)
    assert shown.origin.variables == ("LIMIT_PER_HOUR_PER_NUMBER",)
    with pytest.raises(SettingLocked, match="set by the environment"), transaction():
        change(limits.PER_HOUR, 3, PRIYA)


def test_history_is_listed_newest_first_for_each_setting(session):
    put({"retry.max_retries": 4})
    put({"retry.max_retries": 5, "retry.jitter_percent": 10})
    history = list_history(session, Area.RETRY)
    assert [row.new_value for row in history["retry.max_retries"]] == ["5", "4"]
    assert len(history["retry.jitter_percent"]) == 1


def test_a_text_of_another_version_counts_as_the_default(session):
    put({"retry.max_retries": 4})
    session.execute(text("UPDATE setting SET value = 'many' WHERE key = 'retry.max_retries'"))
    session.commit()
    assert value(retry.MAX_RETRIES) == 3


@pytest.mark.parametrize("deed", ["UPDATE setting_change SET reason = ''", "DELETE FROM setting_change"])
def test_history_can_be_neither_changed_nor_deleted(session, deed):
    put({"retry.max_retries": 4})
    with pytest.raises(ProgrammingError, match="append-only"):
        session.execute(text(deed))


def test_history_cannot_be_emptied_even_by_its_owner(own_database):
    with own_database.connect() as owner, pytest.raises(Exception, match="append-only"):
        owner.execute("TRUNCATE setting_change")
    owner.close()


def test_a_stored_row_is_kept_in_step_with_its_history(session):
    put({"retry.max_retries": 4})
    put({"retry.max_retries": 6}, TOM)
    row = session.get(StoredSetting, "retry.max_retries", populate_existing=True)
    assert (row.value, row.changed_by, row.generation) == ("6", "Tom Berg", get_generation(session).generation)
