"""What an entry says about changed fields, and what bytes it is sealed over."""

import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from portal.audit.events import VerificationState
from portal.audit.models import AuditVerification
from portal.audit.operations import Change, diff, snapshot
from portal.audit.rules.canonical import FIELDS, canonical, instant
from portal.audit.rules.text import holds_identifier, without_identifiers
from portal.db import DataClass

PREFIX = "audit_verification"


def test_only_fields_that_differ_are_named():
    row = AuditVerification(state=VerificationState.QUEUED, requested_by="Mara", checked_seq=1)
    before = snapshot(row)
    row.state, row.checked_seq = VerificationState.RUNNING, 1
    assert diff(row, before) == (Change(f"{PREFIX}.state", DataClass.INTERNAL, "queued", "running"),)


def test_personal_data_is_only_said_to_have_changed():
    row = AuditVerification(requested_by="Mara")
    before = snapshot(row)
    row.requested_by = "Tom"
    assert diff(row, before) == (Change(f"{PREFIX}.requested_by", DataClass.PII, "changed", "changed"),)


def test_a_new_row_has_nothing_before():
    row = AuditVerification(requested_by="Mara", head_seq=3)
    assert [(c.field, c.before, c.after) for c in diff(row, {})] == [
        (f"{PREFIX}.requested_by", None, "changed"),
        (f"{PREFIX}.head_seq", None, "3"),
    ]


def test_a_value_taken_away_has_nothing_after():
    row = AuditVerification(problem_text="cut")
    before = snapshot(row)
    row.problem_text = None
    assert diff(row, before) == (Change(f"{PREFIX}.problem_text", DataClass.INTERNAL, "cut", None),)


def test_moments_are_shown_in_utc_and_times_the_database_keeps_are_left_out():
    row = AuditVerification()
    before = snapshot(row)
    row.started_at = row.updated_at = datetime(2026, 11, 20, 12, tzinfo=timezone(timedelta(hours=2)))
    assert [change.after for change in diff(row, before)] == ["2026-11-20T10:00:00.000000Z"]


def facts(**changed):
    plain = dict.fromkeys(FIELDS, "") | {"version": 1, "seq": 1, "at": datetime(2026, 11, 20, tzinfo=UTC)}
    return {**plain, "prev": bytes(2), "event_id": uuid.UUID(int=1), "subject_refs": ["a", "b"], **changed}


def test_the_canonical_form_is_pinned():
    expected = (
        b'\x00\x01[1,"00000000-0000-0000-0000-000000000001","2026-11-20T00:00:00.000000Z","","","","","","","","","",'
        b'["a","b"],"","","","","","","","","0000"]'
    )
    assert canonical(facts()) == expected


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_sealed(name):
    assert canonical(facts(**{name: "another"})) != canonical(facts())


def test_two_fields_cannot_lend_each_other_text():
    assert canonical(facts(action="a", purpose="b")) != canonical(facts(action='a","b', purpose=""))


def test_a_moment_has_one_form():
    assert instant(datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)) == "2026-01-02T03:04:05.000006Z"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("client asked by phone", "client asked by phone"),
        ("write to ann.b@tidewell.example.", "write to [address]"),
        ("call (0) 912 345 678 now", "call [number] now"),
        ("entry 018f3a2b-1c2d-7e3f-8a9b-0c1d2e3f4a5b", "entry 018f3a2b-1c2d-7e3f-8a9b-0c1d2e3f4a5b"),
        ("since 2026-11-20", "since 2026-11-20"),
        ("PR-2026-0142 and 48,213", "PR-2026-0142 and 48,213"),
        ("x" * 600, "x" * 500),
    ],
)
def test_free_text_loses_addresses_and_numbers_and_nothing_else(text, clean):
    assert without_identifiers(text) == clean
    assert holds_identifier(text) == (text[:500] != clean)
