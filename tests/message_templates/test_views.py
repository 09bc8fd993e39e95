"""The pages of templates, asserted on what people read and what is kept; every answer is checked as a page too."""

import re

import pytest
from portal.db import db, transaction
from portal.message_templates.models import MessageTemplate
from portal.message_templates.operations import Wording, approve, start_draft
from portal.message_templates.queries import draft_of, live_of
from portal.settings import queries as settings_queries
from portal.settings.rules import organisation
from sqlalchemy import select, text

from tests.message_templates.conftest import GOOD, JO


@pytest.fixture
def edit_url(template):
    return f"/templates/{template.id}/edit"


def token(client, url):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(url).text)[1]


def post(client, page, url="", headers=(), **data):
    return client.post(url or page, data={"csrf_token": token(client, page), **data}, headers=dict(headers))


def test_without_templates_the_list_says_what_to_do_first(as_marketer, as_viewer, topic):
    page = as_marketer.get("/templates").text
    assert "No templates yet" in page
    assert "Write the first template" in page
    assert "Write the first template" not in as_viewer.get("/templates").text


def test_a_template_is_made_from_a_starter_and_opens_in_the_editor(as_marketer, topic):
    facts = {"name": "Reminder", "key": "reminder", "topic": topic.id, "urgency": "high", "starter": "payment"}
    made = post(as_marketer, "/templates/new", **facts)
    assert made.status_code == 303
    template = db.session.scalar(select(MessageTemplate))
    assert (template.name, template.key, template.urgency) == ("Reminder", "reminder", "high")
    page = as_marketer.get(made.location).text
    assert "No problems found." in page
    assert "{{ amount_due | money: &#34;EUR&#34; }}" in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"key": "booking_confirmed"}, "belongs to the template"),
        ({"key": "Big Key"}, "Use small letters"),
        ({"name": ""}, "Enter a name."),
        ({"topic": "0"}, "Not a valid choice"),
    ],
)
def test_a_refused_new_template_says_why_and_keeps_what_was_typed(as_marketer, template, topic, wrong, says):
    facts = {"name": "Mine", "key": "mine", "topic": topic.id, "urgency": "normal", "starter": "empty"} | wrong
    answer = post(as_marketer, "/templates/new", **facts)
    assert answer.status_code == 422
    assert says in answer.text


def test_without_a_topic_the_page_says_that_one_is_needed_first(as_marketer):
    assert "There is no topic yet." in as_marketer.get("/templates/new").text


def test_the_list_shows_topic_class_status_and_who_changed_it_last(as_viewer, approved, new_template):
    new_template("Autumn", "autumn")
    with transaction():
        start_draft(approved.id, JO)
    page = as_viewer.get("/templates").text
    for words in ("booking_confirmed", "Bookings", "Transactional", "v1 approved", "Draft of v2", "Jo Adeyemi"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("tab=drafts", {"Autumn"}),
        ("tab=approved", {"Booking confirmation"}),
        ("tab=archived", set()),
        ("name=AUT", {"Autumn"}),
        ("name=%25", set()),
        ("class=transactional", {"Autumn", "Booking confirmation"}),
        ("class=marketing", set()),
        ("tab=nonsense&class=nonsense&after=nonsense", {"Autumn", "Booking confirmation"}),
    ],
)
def test_tabs_and_filters_narrow_the_list(as_viewer, approved, new_template, query, shown):
    new_template("Autumn", "autumn")
    page = as_viewer.get(f"/templates?{query}").text
    assert {name for name in ("Autumn", "Booking confirmation") if f">{name}</a>" in page} == shown
    assert ("No template fits" in page) == (not shown)


def test_a_long_list_goes_on_on_another_page(as_viewer, new_template):
    for number in range(52):
        new_template(f"T{number:02}", f"t{number}")
    first = as_viewer.get("/templates").text
    further = re.search(r'href="([^"]+)" rel="next"', first)[1].replace("&amp;", "&")
    second = as_viewer.get(further).text
    assert ("T49" in first, "T50" in first, "T49" in second, "T51" in second) == (True, False, False, True)
    assert 'rel="next"' not in second


def test_typing_saves_the_draft_and_brings_back_the_panel(as_marketer, template, edit_url, partial):
    answer = post(as_marketer, edit_url, headers=partial, subject="New", body="Hi {{ first_nam }}\r\n", revision=1)
    assert answer.status_code == 200
    assert "Fix 1 problem before you approve" in answer.text
    assert "Line 1: first_nam is not a known field. Did you mean first_name?" in answer.text
    assert 'name="revision" form="editor" value="2"' in answer.text
    assert "aria-disabled" in answer.text
    assert "<iframe" not in answer.text
    assert draft_of(db.session(), template.id).body == "Hi {{ first_nam }}"


def test_without_script_the_draft_is_saved_and_the_chosen_preview_shown(as_marketer, edit_url):
    saved = post(as_marketer, edit_url, subject="New", body="Hi {{ first_name }}", revision=1, look="text")
    assert saved.status_code == 303
    page = as_marketer.get(saved.location).text
    assert "Hi Ana" in page
    assert "<iframe" not in page
    assert "Draft saved." in page


def test_a_text_that_is_too_long_is_not_saved_and_not_lost(as_marketer, edit_url, partial):
    long = {"subject": "x" * 201, "body": "y", "revision": 1}
    whole = post(as_marketer, edit_url, **long)
    assert (whole.status_code, "x" * 201 in whole.text) == (422, True)
    part = post(as_marketer, edit_url, headers=partial, **long)
    assert (part.status_code, part.headers["HX-Retarget"]) == (422, "#problems")
    assert "Not saved." in part.text


def test_when_two_people_edit_both_texts_are_shown(as_marketer, template, edit_url, write, partial):
    write(template, "Theirs", "their text", actor=JO)
    mine = {"subject": "Mine", "body": "my text", "revision": 1}
    part = post(as_marketer, edit_url, headers=partial, **mine)
    assert (part.status_code, part.headers["HX-Retarget"]) == (409, "#problems")
    assert "Jo Adeyemi saved this draft" in part.text
    whole = post(as_marketer, edit_url, **mine)
    assert whole.status_code == 409
    for words in ("my text", "their text", "Take theirs"):
        assert words in whole.text
    assert draft_of(db.session(), template.id).subject == "Theirs"
    assert post(as_marketer, edit_url, **mine | {"revision": "odd"}).status_code == 409
    assert post(as_marketer, edit_url, **mine | {"revision": 2}).status_code == 303


def test_the_preview_is_a_page_of_its_own_that_runs_no_script_and_loads_nothing(as_viewer, template, edit_url):
    page = as_viewer.get(edit_url).text
    frame = re.search(r'<iframe[^>]* sandbox src="([^"]+)"', page)[1]
    shown = as_viewer.get(frame)
    assert shown.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox; frame-ancestors 'self'"
    )
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert shown.headers["Cache-Control"] == "no-store"
    assert "Hello Ana," in shown.text


def test_the_preview_says_who_we_are_as_the_settings_do(as_viewer, template, session):
    settings_queries.forget_everything()
    body = as_viewer.get(f"/templates/{template.id}/versions/1/preview/1").text
    assert settings_queries.value(organisation.NAME) in body


def test_a_draft_with_problems_has_no_preview(as_marketer, template, write):
    write(template, "a", "{{ nope }}")
    assert as_marketer.get(f"/templates/{template.id}/versions/1/preview/2").status_code == 404


def test_one_press_approves_what_was_seen_and_the_page_then_shows_the_version(as_marketer, template, edit_url):
    done = post(as_marketer, edit_url, f"/templates/{template.id}/approvals", revision=1)
    assert done.status_code == 303
    page = as_marketer.get(done.location).text
    assert "Version 1 is approved and will be sent from now on." in page
    assert "New version" in page
    assert live_of(db.session(), template.id).approved_by == "Ines Duarte"


def test_an_approval_of_something_else_or_something_faulty_is_refused(as_marketer, template, edit_url, write):
    address = f"/templates/{template.id}/approvals"
    write(template, "a", "{{ nope }}", actor=JO)
    stale = post(as_marketer, edit_url, address, revision=1)
    assert (stale.status_code, "The draft is another one now" in stale.text) == (409, True)
    faulty = post(as_marketer, edit_url, address, revision=2)
    assert (faulty.status_code, "nope is not a known field" in faulty.text) == (422, True)


def test_the_next_version_begins_with_the_approved_text(as_marketer, approved, edit_url):
    started = post(as_marketer, edit_url, f"/templates/{approved.id}/versions")
    page = as_marketer.get(started.location).text
    assert "v1 approved" in page
    assert "Draft of v2" in page
    assert "Edit the draft" in as_marketer.get(f"/templates/{approved.id}/versions/1").text


def test_saving_where_no_draft_is_left_says_so(as_marketer, approved, edit_url, partial):
    refused = post(as_marketer, edit_url, subject="a", body="b", revision=1)
    assert (refused.status_code, "This template has no draft" in refused.text) == (409, True)
    assert post(as_marketer, edit_url, subject="x" * 300, body="b", revision=1).status_code == 404


def test_a_reader_sees_the_wording_and_no_button_to_change_it(as_viewer, template, edit_url):
    page = as_viewer.get(edit_url).text
    assert GOOD.body.split("\n", maxsplit=1)[0] in page
    for words in ("Approve version", "Save draft", "New version", "Edit the draft"):
        assert words not in page


def test_a_template_without_draft_or_approved_version_has_only_its_history(as_viewer, approved, edit_url, session):
    session.execute(text("UPDATE message_template_version SET state = 'retired', retired_at = now()"))
    assert as_viewer.get(edit_url).status_code == 404
    assert "Retired" in as_viewer.get(f"/templates/{approved.id}/history").text


def test_the_history_lists_every_version_and_opens_each(as_viewer, approved, write):
    with transaction():
        start_draft(approved.id, JO)
    write(approved, "Second subject", "{{ nope }}", actor=JO)
    page = as_viewer.get(f"/templates/{approved.id}/history").text
    for words in ("Version 1", "Version 2", "Second subject", "Ines Duarte", "not yet"):
        assert words in page
    assert "The preview comes back" in as_viewer.get(f"/templates/{approved.id}/versions/2").text


@pytest.mark.parametrize("rest", ["edit", "history", "versions/1", "versions/9", "versions/1/preview/1"])
def test_what_does_not_exist_is_not_found(as_marketer, topic, rest):
    assert as_marketer.get(f"/templates/{topic.id}/{rest}").status_code == 404


def test_a_version_that_does_not_exist_is_not_found(as_marketer, template):
    assert as_marketer.get(f"/templates/{template.id}/versions/9").status_code == 404


@pytest.mark.parametrize(
    ("who", "may_write", "may_approve"),
    [
        ("admin", False, False),
        ("compliance_officer", False, True),
        ("marketer", True, True),
        ("viewer", False, False),
    ],
)
def test_each_role_does_what_it_may_at_the_address_itself(signed_in_as, template, who, may_write, may_approve):
    client = signed_in_as(who)
    assert client.get("/templates").status_code == 200
    held = re.search(r'csrf-token" content="([^"]+)"', client.get("/account").text)[1]
    wording = {"subject": "s", "body": "b", "revision": 1, "csrf_token": held}
    saved = client.post(f"/templates/{template.id}/edit", data=wording)
    assert (saved.status_code == 303) == may_write
    seen = draft_of(db.session(), template.id).revision
    done = client.post(f"/templates/{template.id}/approvals", data={"revision": seen, "csrf_token": held})
    assert (done.status_code == 303) == may_approve


def test_a_name_full_of_markup_is_harmless_on_every_page(as_marketer, new_template):
    odd = new_template("<script>alert(1)</script>", "odd", Wording("<b>{{ first_name }}", "<script>alert(1)</script>"))
    with transaction():
        approve(odd.id, 1, JO)
    for rest in ("edit", "history", "versions/1", "versions/1/preview/1"):
        assert "<script>alert" not in as_marketer.get(f"/templates/{odd.id}/{rest}").text
    assert "<script>alert" not in as_marketer.get("/templates").text


@pytest.mark.parametrize(("look", "checked"), [("", "desktop"), ("?look=odd", "desktop"), ("?look=phone", "phone")])
def test_the_editor_opens_with_the_chosen_preview(as_marketer, edit_url, look, checked):
    page = as_marketer.get(edit_url + look).text
    assert re.findall(r'<input(?=[^>]* checked)[^>]* value="(\w+)"', page) == [checked]
    assert ('class="frame phone"' in page) == (checked == "phone")
