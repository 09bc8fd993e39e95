"""The page of the audit log, as a compliance officer meets it."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from portal.audit import jobs
from portal.audit.models import AuditEntry, AuditVerification
from portal.audit.operations import Outcome, record, record_read
from portal.audit.queries import recent_actions_of
from portal.db import db, transaction, utc_now
from portal.web.access import Permission
from portal.web.actor import SYSTEM
from sqlalchemy import event, select

from tests.audit.conftest import CHANGES, MARA, Deed, Reader, signed_in
from tests.audit.test_tampering import tamper


def entries() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))


def rows_of(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'<tr id="entry-(\d+)"', html)]


@pytest.fixture
def filled(session):
    """Three entries: a look, a refused change, a change with its fields."""
    with transaction():
        record_read(Deed.LOOK, MARA, subject_refs=["cl_8f3a", "cl_5d20"], purpose="client called")
        record(Deed.CHANGE, SYSTEM, object_type="probe", object_id="PR-2026-0142", outcome=Outcome.REFUSED)
        record(Deed.CHANGE, MARA, object_type="probe", object_id="018f3a2b-1c2d-7e3f", changes=CHANGES)
    return session


def test_the_page_shows_entries_newest_first_with_the_look_itself_on_top(filled, reader):
    html = reader.get("/audit").text
    assert rows_of(html) == [4, 3, 2, 1]
    assert "4 of 4 entries" in html
    assert "Refused" in html
    assert "and 1 more" in html
    assert "Not verified yet." in html


def test_looking_is_an_entry_and_a_search_term_is_kept_as_a_digest(filled, reader):
    reader.get("/audit", query_string={"thing": "PR-2026-0142", "period": "24h"})
    entry = entries()[-1]
    assert (entry.action, entry.access_type, entry.actor_id) == ("audit.view", "search", MARA.id)
    assert re.fullmatch(r"thing=\d+:[0-9a-f]{16}, period=24h", entry.reason)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"thing": "PR-2026-0142"}, [2]),
        ({"thing": "cl_5d20"}, [1]),
        ({"action": "probe.look"}, [1]),
        ({"actor": "system"}, [2]),
        ({"actor": str(MARA.id), "action": "probe.change"}, [3]),
        ({"actor": "nonsense"}, []),
        ({"period": "all", "action": "probe.change"}, [3, 2]),
        ({"below": "3"}, [2, 1]),
        ({"above": "3"}, [4]),
        ({"above": "9"}, []),
        ({"above": "9" * 30, "below": "-1", "open": "0"}, [4, 3, 2, 1]),
    ],
)
def test_filters_and_pages_narrow_the_list(filled, reader, query, found):
    assert rows_of(reader.get("/audit", query_string=query).text) == found


def test_an_old_entry_is_outside_the_period(session, reader, time_machine):
    time_machine.move_to(datetime(2026, 6, 1, tzinfo=UTC))
    with transaction():
        record(Deed.CHANGE, SYSTEM)
    time_machine.move_to(datetime(2026, 6, 1, tzinfo=UTC) + timedelta(days=2))
    assert rows_of(reader.get("/audit?period=24h").text) == [2]


def test_a_filter_that_finds_nothing_says_how_to_widen_it(filled, reader):
    html = reader.get("/audit?thing=nobody").text
    assert "No entry fits this filter" in html


@pytest.mark.parametrize("query", ["thing=ann@tidewell.example", "period=forever"])
def test_a_filter_that_cannot_be_used_shows_nothing_and_says_why(filled, reader, query):
    html = reader.get(f"/audit?{query}").text
    assert rows_of(html) == []
    assert "before you filter" in html


def test_an_open_entry_shows_what_changed_and_hides_personal_data(filled, reader):
    html = reader.get("/audit?open=3").text
    assert "<del>old</del>" in html
    assert "<ins>new</ins>" in html
    assert html.count("changed, hidden") == 2
    assert entries()[-1].object_id == "3"


def test_an_open_look_names_every_client_and_no_change(filled, reader):
    html = reader.get("/audit?open=1").text
    assert "cl_8f3a</code>, <code>cl_5d20" in html
    assert "nothing was changed" in html


def test_the_pager_leads_to_older_and_back_to_newer_entries(session, reader):
    for number in range(60):
        record(Deed.CHANGE, SYSTEM, object_id=number)
    session.commit()
    first = reader.get("/audit?action=probe.change").text
    assert rows_of(first) == list(range(60, 10, -1))
    assert "below=11" in first
    second = reader.get("/audit?action=probe.change&below=11").text
    assert rows_of(second) == list(range(10, 0, -1))
    assert rows_of(reader.get("/audit?action=probe.change&above=5").text) == list(range(55, 5, -1))


def test_htmx_gets_the_results_alone(filled, reader, partial):
    html = reader.get("/audit", headers=partial).text
    assert html.strip().startswith('<div id="results"')


def test_the_page_keeps_its_query_budget(filled, reader):
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    reader.get("/audit")  # what is read every few seconds only, such as settings, is read now
    engine = filled.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    reader.get("/audit")
    event.remove(engine, "before_cursor_execute", note)
    assert 2 < len(statements) <= 6, "\n".join(statements)


def test_verifying_shows_progress_and_then_the_result(log, anchors):
    with signed_in(log, Reader()):
        client = log.test_client()
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/audit").text)[1]
        answer = client.post("/audit/verifications", data={"csrf_token": token})
        assert (answer.status_code, answer.location) == (303, "/audit")
        assert "Waiting for a worker" in client.get("/audit").text
        jobs.poll(limit=3)
        html = client.get("/audit/verification").text
        assert 'hx-trigger="every 2s"' in html
        assert "Entry 3 of 13" in html
        while jobs.poll():
            pass
        html = client.get("/audit/verification").text
        assert "Entries 1 to 13 unbroken." in html
        assert "There was no anchor outside the database yet" in html
        assert "every 2s" not in html


def test_the_anchors_a_verification_matched_are_named(log, own_database, anchors):
    with signed_in(log, Reader()):
        with transaction() as session:
            jobs.anchor(session)
            jobs.verify_nightly(session)
        jobs.poll()
        assert "matches 1 anchor outside" in log.test_client().get("/audit").text


def test_a_broken_log_is_shown_with_its_first_wrong_entry(log, own_database):
    tamper(own_database, "DELETE FROM audit_entry WHERE seq = 5")
    with transaction() as session:
        jobs.verify_nightly(session)
    jobs.poll()
    with signed_in(log, Reader()):
        html = log.test_client().get("/audit").text
    assert "The log is broken at entry 5." in html
    assert "below=8" in html


def test_a_check_that_could_not_run_says_so(session, reader):
    session.add(AuditVerification(state="failed", requested_by="Mara", problem_text="Why.", finished_at=utc_now()))
    session.commit()
    assert "could not be verified" in reader.get("/audit").text


def test_a_check_of_an_empty_log_says_that_it_is_empty(session, reader):
    now = utc_now()
    session.add(AuditVerification(state="intact", requested_by="Mara", started_at=now, finished_at=now))
    session.commit()
    assert "The log is empty." in reader.get("/audit/verification").text


def test_who_may_only_read_is_offered_no_verification(isolation, filled):
    user = Reader()
    user.allowed = frozenset({Permission.AUDIT_VIEW})
    with signed_in(isolation, user):
        client = isolation.test_client()
        assert "Verify chain" not in client.get("/audit").text
        assert client.post("/audit/verifications").status_code == 403


def test_nobody_reads_the_log_without_signing_in(isolation, filled, anonymous):
    before = len(entries())
    with signed_in(isolation, None):
        assert anonymous.get("/audit").status_code != 200
    assert len(entries()) == before


def test_an_export_is_in_the_log_before_its_first_line(filled, reader):
    token = re.search(r'name="csrf_token" value="([^"]+)"', reader.get("/audit/export").text)[1]
    fields = {"csrf_token": token, "first": 1, "last": 2, "purpose": "Incident"}
    answer = reader.post("/audit/export", data=fields, buffered=True)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line.get("seq") for line in lines] == [1, 2, None]
    assert lines[-1]["signature"]["entries"] == 2
    entry = entries()[-1]
    assert (entry.action, entry.purpose, entry.object_id) == ("audit.export", "Incident", "1 to 2")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit-1-2.jsonl"'


@pytest.mark.parametrize("fields", [{"first": 5, "last": 2}, {"first": ""}, {"first": 0}, {"first": 2**63}])
def test_an_export_that_makes_no_sense_is_refused_with_the_reason(filled, reader, fields):
    token = re.search(r'name="csrf_token" value="([^"]+)"', reader.get("/audit/export").text)[1]
    answer = reader.post("/audit/export", data={"csrf_token": token, "purpose": "Incident", **fields})
    assert answer.status_code == 422
    assert "before you export" in answer.text


def test_a_page_of_personal_data_shows_nothing_when_its_look_cannot_be_logged(log, own_database):
    with own_database.connect() as owner:
        owner.execute("REVOKE INSERT ON audit_entry FROM heedful_app")
    with signed_in(log, Reader()):
        answer = log.test_client().get("/audit")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "Nothing can be shown or changed" in answer.text
    assert "probe.change" not in answer.text


def test_recent_actions_of_a_person_are_the_newest_first(filled):
    assert [entry.seq for entry in recent_actions_of(MARA.id, 5)] == [3, 1]
    assert len(recent_actions_of(MARA.id, 1, filled)) == 1


def test_choices_of_the_filter_are_what_the_log_has_seen(filled, reader):
    html = reader.get("/audit").text
    assert f'<option value="{MARA.id}">Mara Kessler</option>' in html
    assert '<option value="probe.look">probe.look</option>' in html
