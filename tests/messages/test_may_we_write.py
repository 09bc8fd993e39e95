"""May we write to this client? The answers of the gate for every topic and channel, on a page and in a panel."""

import uuid
from datetime import time

import pytest
from portal.clients.models import Client, Frequency
from portal.clients.operations import add_client, change_preferences
from portal.clients.rules import NewPoint
from portal.clients.rules.wishes import PreferenceChange
from portal.consent.models import LegalBasis, Topic, TopicClass
from portal.consent.operations.topics import make_topic
from portal.db import db, transaction, utc_now
from portal.messages.models import Message
from portal.messages.queries.may_we_write import list_open_topics, list_topic_standings
from portal.settings.operations import change
from portal.settings.rules import sending
from portal.web.actor import SYSTEM
from sqlalchemy import event

from tests.fixtures.clock import midnight_zone


def page(browser, client_id, **asked) -> str:
    return browser.get(f"/clients/{client_id}/may-we-write", query_string=asked).text


def test_every_rule_answers_for_each_topic_and_channel(ready, client_id, as_viewer, actions):
    html = page(as_viewer, client_id)
    assert html.count("<details>") == html.count("<summary>") == 3
    for words in (
        "Email: Not yet",
        "SMS: No",
        "WhatsApp: No",
        "asked under every suppression key",
        "the client agreed",
    ):
        assert words in html
    assert html.count("The client is active") == 3
    assert actions() == ["client.viewed"]


def test_the_pair_that_was_asked_for_stands_open(ready, client_id, as_viewer):
    html = page(as_viewer, client_id, topic=ready.topic_id, channel="sms")
    assert html.count("<details open>") == 1


def test_hours_are_told_by_the_clock_of_the_client(ready, client_id, as_viewer):
    with transaction() as session:
        session.get_one(Client, client_id).time_zone = midnight_zone()
        change_preferences(client_id, PreferenceChange(contact_from=time(18), contact_until=time(20)), SYSTEM)
    html = page(as_viewer, client_id)
    assert "Email: Not yet" in html
    assert "quiet hours, until" in html
    assert "open 08:00 to 21:00; " in html
    assert "open 18:00 to 20:00 (the zone the client gave)" in html


def test_caps_are_told_with_how_much_of_them_is_used(ready, client_id, as_viewer):
    with transaction() as session:
        topic = session.get_one(Topic, ready.topic_id)
        topic.cap_messages, topic.cap_days = 4, 30
        session.get_one(Message, ready.message(client_id)).handed_at = utc_now()
        change_preferences(client_id, PreferenceChange(frequency=Frequency.WEEKLY), SYSTEM)
    html = page(as_viewer, client_id)
    assert "1 of 4 in 30 days of this topic" in html
    assert "1 of 1 in 7 days of all marketing, as the client wishes" in html
    assert "the client wants less" in html


def test_florida_is_told_by_hours_and_the_ends_of_the_zones(ready, as_viewer):
    with transaction() as session:
        points = [NewPoint("sms", "+13055550100")]
        client = add_client("Ana Reis", "reis@mail.example", "en", "UTC", SYSTEM, country="US", points=points)
        session.get_one(Client, client.id).time_zone_source = "unknown"
    html = page(as_viewer, client.id)
    assert "of 3 in 24 hours by SMS, as Florida allows" in html
    assert " in Adak, open 08:00 to 21:00; " in html or " in Honolulu, open 08:00 to 21:00; " in html
    assert " in New York, open 08:00 to 21:00" in html
    assert "(every zone of the client&#39;s country)" in html


def test_a_number_that_is_not_in_use_is_kept_and_not_written_to(ready, as_viewer):
    with transaction():
        points = [NewPoint("sms", "+1 305 123 4567")]
        client = add_client("Ana Reis", "reis@mail.example", "en", "UTC", SYSTEM, country="US", points=points)
    html = page(as_viewer, client.id)
    assert html.count("no address that works") >= 4  # by SMS and by WhatsApp


def test_without_hours_and_caps_the_page_says_so(ready, client_id, as_viewer):
    with transaction():
        change(sending.QUIET_HOURS, False, SYSTEM)
    html = page(as_viewer, client_id)
    assert "no hours are kept" in html
    assert "no limit is set" in html


def test_a_topic_that_is_no_marketing_keeps_no_hours(ready, client_id, as_viewer):
    with transaction():
        make_topic("Bookings", TopicClass.TRANSACTIONAL, LegalBasis.CONTRACT, SYSTEM)
    html = page(as_viewer, client_id)
    assert html.count("not asked, this is no marketing") == 6
    assert "no consent needed" in html


def test_the_panel_asks_for_one_answer_alone(ready, client_id, as_viewer, partial, actions):
    before = actions()
    path = f"/clients/{client_id}/may-we-write"
    html = as_viewer.get(path, query_string={"topic": ready.topic_id, "channel": "sms"}, headers=partial).text
    assert html.strip().startswith('<div id="may-we-write-answer"')
    assert "News by SMS" in html
    assert "no address that works" in html
    assert actions() == before


@pytest.mark.parametrize("asked", [{}, {"topic": "x", "channel": "sms"}, {"topic": str(uuid.UUID(int=0))}])
def test_a_question_about_nothing_says_what_to_choose(ready, client_id, as_viewer, partial, asked):
    path = f"/clients/{client_id}/may-we-write"
    assert "Choose an open topic" in as_viewer.get(path, query_string=asked, headers=partial).text


def test_without_a_topic_there_is_nothing_to_write_about(ready, client_id, as_viewer):
    with transaction() as session:
        session.get_one(Topic, ready.topic_id).state = "closed"
    assert "There is no open topic yet" in page(as_viewer, client_id)
    assert "There is no open topic yet" in as_viewer.get(f"/clients/{client_id}").text


def test_a_client_that_is_not_there_is_no_page(as_viewer):
    assert as_viewer.get(f"/clients/{uuid.uuid4()}/may-we-write").status_code == 404


def test_many_topics_cost_as_many_statements_as_one(ready, client_id, session):
    with transaction():
        for number in range(12):
            make_topic(f"Topic {number}", TopicClass.MARKETING, LegalBasis.CONSENT, SYSTEM)
    topics = list_open_topics(session)
    one, many = (
        statements_of(lambda n=number: list_topic_standings(session, client_id, topics[:n])) for number in (1, 13)
    )
    assert one == many


def statements_of(act) -> int:
    act()  # what a process reads once is known by now
    statements: list[str] = []

    def note(*facts):
        statements.append(facts[2])

    event.listen(db.engine, "before_cursor_execute", note)
    act()
    event.remove(db.engine, "before_cursor_execute", note)
    return len([one for one in statements if "setting" not in one])
