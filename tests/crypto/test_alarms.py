"""Security events about unreadable cells."""

import pytest
from portal.crypto import alarms
from portal.crypto.alarms import on_undecryptable, raise_alarm
from portal.crypto.errors import IntegrityFailed
from portal.db import new_id
from structlog.testing import capture_logs


@pytest.fixture
def told(monkeypatch):
    monkeypatch.setattr(alarms, "_listeners", [])
    alarms._told.clear()
    found = []
    on_undecryptable(found.append)
    return found


def test_the_event_names_the_place_and_the_reason(told):
    error = IntegrityFailed("card.name", new_id(), 7)
    with capture_logs() as logs:
        raise_alarm(error)
    facts = {"code": "integrity_failed", "context": "card.name", "row_id": str(error.row_id), "key_id": 7}
    assert logs == [{"event": "crypto.cell_undecryptable", "log_level": "error", **facts}]
    assert told == [error]


def test_a_listener_that_fails_is_named_and_stops_nobody(told):
    def fail(_):
        raise RuntimeError("ada@tidewell.example")

    on_undecryptable(fail)
    with capture_logs() as logs:
        raise_alarm(IntegrityFailed("card.name", new_id(), 7))
    assert logs[-1]["event"] == "crypto.alarm_failed"
    assert "tidewell" not in repr(logs)


def test_a_listener_is_kept_once_and_can_stop(told):
    stop = on_undecryptable(told.append)
    raise_alarm(IntegrityFailed("card.name", new_id(), 7))
    stop()
    raise_alarm(IntegrityFailed("card.name", new_id(), 7))
    assert len(told) == 1


def test_the_memory_of_what_was_told_stays_small(told, monkeypatch):
    monkeypatch.setattr(alarms, "REMEMBERED", 3)
    for _ in range(10):
        raise_alarm(IntegrityFailed("card.name", new_id(), 7))
    assert len(alarms._told) <= 3
    assert len(told) == 10
