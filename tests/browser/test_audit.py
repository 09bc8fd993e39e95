"""The journey of a compliance officer who looks into the log and verifies it."""

import os
from collections.abc import Iterator

import pytest
from portal.audit import jobs
from portal.audit.operations import Outcome, record, record_read
from portal.config.current import reset
from portal.db import new_session, transaction
from portal.web.actor import SYSTEM, Actor, ActorKind

from tests.audit.conftest import CHANGES, MARA, Deed
from tests.fixtures.people import make_person, sign_in_browser

TOM = Actor(ActorKind.STAFF, "Tom Berg", MARA.id, ("viewer",), "10.1.2.9", auth_method="password+totp")


@pytest.fixture
def own_anchors(tmp_path, monkeypatch) -> Iterator[None]:
    """Anchors of other databases would be somebody else's here."""
    monkeypatch.setenv("AUDIT_ANCHORS_FILE", str(tmp_path / "anchors.jsonl"))
    reset()
    yield
    reset()


def fill_log(app) -> None:
    with app.app_context(), new_session() as session:
        facts = {"object_type": "consent", "purpose": "client asked", "reason": "Client asked by phone"}
        record(Deed.CHANGE, TOM, object_id="cs_1", subject_ref="cl_8f3a21c7", changes=CHANGES, session=session, **facts)
        record_read(Deed.LOOK, TOM, subject_refs=["cl_5d20aac7"], purpose="client called", session=session)
        record(Deed.CHANGE, SYSTEM, object_type="template", object_id="t_3", outcome=Outcome.REFUSED, session=session)
        session.commit()


def test_a_compliance_officer_looks_into_an_entry_and_verifies_the_log(live_server, own_app, page, axe, own_anchors):
    fill_log(own_app)
    sign_in_browser(page.context, own_app, live_server, make_person(own_app, "compliance_officer"))
    page.goto(f"{live_server}/audit")
    axe(page)
    page.get_by_role("row").filter(has_text="client asked").get_by_role("link", name="Open").click()
    page.get_by_text("changed, hidden").first.wait_for()
    page.get_by_role("row").filter(has_text="probe.look").wait_for()
    axe(page)
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/audit.png", full_page=True)
    page.get_by_label("Object or client id").fill("cl_8f3a21c7")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**/audit?*thing=cl_8f3a21c7*")
    page.get_by_text("client called").wait_for(state="detached")
    page.get_by_role("button", name="Verify chain").click()
    page.get_by_text("Waiting for a worker").wait_for()
    with own_app.app_context(), transaction() as session:
        jobs.anchor(session)
    with own_app.app_context():
        jobs.poll()
    page.get_by_text("unbroken").wait_for()
    axe(page)
    if folder:
        page.screenshot(path=f"{folder}/audit-verified.png", full_page=True)


def test_a_second_export_needs_no_new_page(live_server, own_app, page, own_anchors):
    fill_log(own_app)
    sign_in_browser(page.context, own_app, live_server, make_person(own_app, "compliance_officer"))
    page.goto(f"{live_server}/audit/export")
    for _ in range(2):
        with page.expect_download() as download:
            page.get_by_role("button", name="Export entries").click()
        assert download.value.suggested_filename == "audit-1-end.jsonl"
