"""From figures to states and sentences."""

from datetime import UTC, datetime, timedelta

import pytest
from portal.channels.probes.outcome import ProbeCode, ProbeOutcome
from portal.health.rules.acts import in_words
from portal.health.rules.greeting import first_name, greeting
from portal.health.rules.probes import NAMES, probe_report
from portal.health.rules.processes import ticker_report, workers_report
from portal.health.rules.report import NOTHING, Kind, Part, status_line
from portal.health.rules.thresholds import (
    audit_report,
    backup_report,
    database_report,
    disk_report,
    redis_report,
    schema_report,
)
from portal.queue.processes import ProcessSeen

NOW = datetime(2026, 11, 20, 10, 42, tzinfo=UTC)
DAY = timedelta(days=1)


def seen(kind, queue="default", alive=True):
    return ProcessSeen(kind, "host", 1, queue, "waiting", NOW, NOW - timedelta(seconds=2), "0.1.0", alive)


@pytest.mark.parametrize(
    ("report", "kind", "state"),
    [
        (database_report("18.4", 0.002, 80, 100), Kind.OK, "Working"),
        (database_report("18.4", 0.002, 81, 100), Kind.WARN, "Crowded"),
        (redis_report(9_000_000, 256_000_000, 0), Kind.OK, "Working"),
        (redis_report(9_000_000, 0, 3), Kind.WARN, "Evicting"),
        (disk_report(79, 100, "var"), Kind.OK, "Working"),
        (disk_report(80, 100, "var"), Kind.WARN, "Filling"),
        (disk_report(95, 100, "var"), Kind.BAD, "Full"),
        (backup_report(None, 0, NOW), Kind.WARN, "None yet"),
        (backup_report(NOW - timedelta(hours=8), 3_400_000_000, NOW), Kind.OK, "Working"),
        (backup_report(NOW - timedelta(hours=27), 1, NOW), Kind.WARN, "Old"),
        (backup_report(NOW - 8 * DAY, 1, NOW), Kind.BAD, "Old"),
        (schema_report("0006", "0006", -0.02), Kind.OK, "Working"),
        (schema_report("0006", "0006", -3), Kind.WARN, "Clock off"),
        (schema_report(None, "0006", 0), Kind.BAD, "Behind"),
        (audit_report(10, None, None, NOW), Kind.WARN, "Not verified"),
        (audit_report(10, True, NOW - timedelta(minutes=1), NOW), Kind.OK, "Unbroken"),
        (audit_report(10, True, NOW - 2 * DAY, NOW), Kind.WARN, "Long unverified"),
        (audit_report(10, False, NOW, NOW), Kind.BAD, "Broken"),
        (workers_report([seen("worker")], ["default"], NOW), Kind.OK, "Working"),
        (workers_report([seen("worker", alive=False)], ["default"], NOW), Kind.BAD, "Missing"),
        (ticker_report([seen("ticker")], [], NOW), Kind.OK, "Working"),
        (ticker_report([seen("ticker")], ["audit.nightly"], NOW), Kind.WARN, "Failing"),
        (ticker_report([seen("worker")], [], NOW), Kind.BAD, "Missing"),
    ],
)
def test_figures_become_a_state_and_whatever_is_wrong_has_its_remedy(report, kind, state):
    assert (report.kind, report.state) == (kind, state)
    assert (report.remedy == NOTHING) is (not report.needs_a_look)
    assert report.icon


def test_the_status_line_counts_what_needs_a_look():
    fine, full = disk_report(1, 100, "var"), disk_report(99, 100, "var")
    assert status_line([fine, fine]) == "All 2 parts work."
    assert status_line([fine, full]) == "1 of 2 parts needs a look."
    assert status_line([full, full]) == "2 of 2 parts need a look."


@pytest.mark.parametrize("part", NAMES)
@pytest.mark.parametrize("code", ProbeCode)
def test_every_answer_of_every_provider_has_words_and_a_remedy(part, code):
    report = probe_report(part, ProbeOutcome(code, 0.3, 535))
    if code is ProbeCode.WORKS:
        assert report.figures == "answered in 0.3 s"
    else:
        assert report.remedy.endswith(".")
        assert report.figures.endswith("(answer 535)")


def test_an_answer_without_a_number_shows_none():
    assert probe_report(Part.EMAIL, ProbeOutcome(ProbeCode.TIMEOUT, 9)).figures == "did not answer in time"


@pytest.mark.parametrize(
    ("hour", "said"), [(3, "Good night"), (9, "Good morning"), (14, "Good afternoon"), (20, "Good evening")]
)
def test_the_greeting_follows_the_readers_clock(hour, said):
    assert greeting(NOW.replace(hour=hour)) == said


def test_a_person_is_greeted_by_the_first_name():
    assert first_name("Priya Raman") == "Priya"


@pytest.mark.parametrize(
    ("action", "thing", "said"),
    [
        ("audit.view", "", "Looked into the audit log"),
        ("audit.view", "10", "Looked into the audit log"),
        ("settings.change", "retry", "Changed settings: retry"),
        ("staff.sign_in", "01a20140-0000-7000-8000-00000000d75e", "Signed in"),
        ("later.not_named_yet", "", "Later: not named yet"),
    ],
)
def test_what_a_person_did_is_told_in_words_and_never_with_an_id(action, thing, said):
    assert in_words(action, thing) == said
