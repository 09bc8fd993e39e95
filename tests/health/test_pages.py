"""Home and health as people meet them."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from portal.audit.models import AuditEntry, AuditVerification
from portal.config.channels import ChannelMode
from portal.config.smtp import SmtpAuth
from portal.db import transaction, utc_now
from portal.health.models import HealthState
from portal.health.operations import observe
from portal.health.rules.report import Kind, Part, Report
from portal.queue import QueueName
from portal.queue.processes import Pulse
from portal.settings.operations import save
from portal.web.actor import SYSTEM
from portal.web.slots import HOME_ATTENTION, Attention
from sqlalchemy import select, text

from tests.fixtures.people import make_person, sign_in_client
from tests.messages.ready import make_ready

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def token(client: FlaskClient, url: str = "/health") -> str:
    return client.get(url).text.split('name="csrf_token" value="')[1].split('"')[0]


def run_checks(client: FlaskClient):
    return client.post("/health/checks", data={"csrf_token": token(client)})


def test_health_shows_every_part_with_state_and_what_to_do(as_admin):
    page = as_admin.get("/health").text
    for part in ("Database", "Redis", "Workers", "Ticker", "Disk", "Backup", "Audit log", "Clock and schema"):
        assert part in page
    for said in ("python -m portal.worker work default", "PostgreSQL 1", "never verified", "need a look"):
        assert said in page


def test_the_block_of_parts_is_asked_for_alone_every_half_minute(as_admin):
    part = as_admin.get("/health", headers=PARTIAL).text
    assert part.lstrip().startswith("<section")
    assert 'hx-trigger="every 30s"' in part


def test_living_workers_and_ticker_are_shown(session, as_admin):
    Pulse("worker", "default").beat(session, "waiting")
    Pulse("ticker").beat(session, "leading")
    session.commit()
    page = as_admin.get("/health").text
    assert f"1 of {len(QueueName)} queues" in page
    assert "1 alive, last heartbeat" in page


def test_since_moves_only_when_the_state_changes(session):
    def look(state):
        report = Report(Part.DISK, "Disk", Kind.WARN, state, "81% of 40 GB", "Free space.")
        return observe(session, [report])[0].since

    first = look("Filling")
    session.execute(text("UPDATE health_state SET since = since - interval '3 days'"))
    assert first - look("Filling") == timedelta(days=3)
    assert look("Full") >= first


def test_running_all_checks_is_audited_and_keeps_the_states(session, as_admin):
    answer = run_checks(as_admin)
    assert answer.location == "/health"
    assert "All checks were run." in as_admin.get("/health").text
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "health.run_checks")).one()
    assert len(session.scalars(select(HealthState)).all()) == 10


def test_a_provider_that_was_asked_is_shown_with_its_answer(session, as_admin):
    report = Report(
        Part.EMAIL, "Email (SMTP)", Kind.BAD, "Refused", "did not accept our sign-in", "Check SMTP_USERNAME."
    )
    observe(session, [report])
    session.commit()
    page = as_admin.get("/health").text
    assert "did not accept our sign-in" in page
    assert "Check SMTP_USERNAME." in page


def test_running_all_checks_asks_the_providers_of_live_channels(session, as_admin, lock, free_port):
    lock("smtp", chosen_host="127.0.0.1", chosen_port=free_port, auth=SmtpAuth.NONE, from_email="news@tidewell.example")
    lock("channels", email=ChannelMode.LIVE)
    run_checks(as_admin)
    assert session.get(HealthState, "email").state == "No answer"


def test_a_database_that_cannot_write_still_shows_the_page(own_app, own_database):
    with own_database.connect() as owner:
        owner.execute("REVOKE INSERT, UPDATE ON health_state FROM heedful_app")
    client = sign_in_client(own_app.test_client(), make_person(own_app, "admin"))
    page = client.get("/health")
    assert page.status_code == 200
    assert "not known" in page.text


def test_who_may_not_see_health_is_told_so(as_viewer):
    assert as_viewer.get("/health").status_code == 403


def test_home_greets_an_administrator_with_what_is_left_to_set_up(as_admin):
    page = as_admin.get("/").text
    assert "Welcome to Heedful, Priya" in page
    assert "1 of 9 done" in page
    assert 'href="/settings/organisation"' in page


def test_steps_are_ticked_by_what_is_true_and_then_the_list_is_gone(session, as_admin, person, lock, tmp_path):
    person("admin")
    with transaction():
        save({"organisation.name": "Tidewell", "organisation.postal_address": "Quay 4, Lisbon"}, SYSTEM)
        session.add(AuditVerification(state="intact", requested_by="Priya Raman", finished_at=utc_now()))
        ready = make_ready()
        ready.message(ready.client())
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "night.dump").write_text("x")
    lock("general", var_dir=tmp_path)
    lock("smtp", chosen_host="127.0.0.1", auth=SmtpAuth.NONE, from_email="news@tidewell.example")
    page = as_admin.get("/").text
    assert "Set up" not in page
    assert "Good " in page


def test_others_are_not_asked_to_set_up_anything(as_viewer):
    page = as_viewer.get("/").text
    assert "Set up" not in page
    assert "Tom" in page


def test_home_lists_my_last_actions(as_admin):
    run_checks(as_admin)
    assert "Ran all health checks" in as_admin.get("/").text


def test_home_says_what_is_broken_to_those_who_can_mend_it(session, as_admin, as_viewer):
    observe(session, [Report(Part.DISK, "Disk", Kind.BAD, "Full", "99% of 40 GB", "Free space on var now.")])
    session.commit()
    assert "Disk: full" in as_admin.get("/").text
    assert "Disk: full" not in as_viewer.get("/").text


def test_the_earliest_deadline_comes_first_and_then_the_most_urgent(isolation, as_viewer):
    soon, later = utc_now() + timedelta(hours=1), utc_now() + timedelta(days=1)
    found = [("info", "Fourth", None), ("warn", "Second", later), ("bad", "Third", None), ("info", "First", soon)]
    attention = [Attention(kind, "clock", title, "", "/", "Look", due) for kind, title, due in found]
    HOME_ATTENTION.fill(isolation, lambda _actor: attention)
    try:
        part = as_viewer.get("/", headers=PARTIAL).text
    finally:
        isolation.extensions["heedful_slots"]["home_attention"].pop()
    places = [part.index(title) for title in ("First", "Second", "Third", "Fourth")]
    assert places == sorted(places)
    assert part.lstrip().startswith("<section")


@pytest.mark.parametrize("url", ["/", "/health"])
def test_nobody_sees_these_pages_without_signing_in(anonymous, url):
    assert anonymous.get(url).location.startswith("/login")
