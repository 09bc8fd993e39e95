"""Taking an unsubscription back on the page that says it, and when that is not offered."""

from datetime import timedelta

import pytest
import time_machine
from portal.clients.operations import restrict_client
from portal.consent.models import Method
from portal.consent.operations import request_consent, withdraw
from portal.consent.queries import list_events, list_states
from portal.consent.rules import unsubscribe_token
from portal.db import transaction, utc_now

from tests.consent.conftest import STAFF, agree
from tests.preferences.conftest import make_world


@pytest.mark.parametrize("data", [{}, {"List-Unsubscribe": "One-Click"}])
def test_what_the_link_has_just_ended_comes_back_with_its_words(world, anonymous, data):
    stopped = anonymous.post(world.unsubscribe, data=data)
    assert "Undo" in stopped.text
    answer = anonymous.post(f"{world.unsubscribe}/undo")
    assert "You are subscribed again" in answer.text
    assert world.standings() == {("news-and-offers", "email"): "granted"}
    event = list_events(world.client.id)[0][0]
    assert (event.event, event.wording_id, event.actor_kind) == ("granted", world.wording.id, "client")
    assert "Undo" not in anonymous.get(world.unsubscribe).text
    again = anonymous.post(f"{world.unsubscribe}/undo")
    assert "Stop News and offers?" in again.text


def test_after_a_day_it_takes_a_fresh_consent(world, anonymous):
    anonymous.post(world.unsubscribe)
    with time_machine.travel(utc_now() + timedelta(hours=25)):
        assert "Undo" not in anonymous.get(world.unsubscribe).text
        answer = anonymous.post(f"{world.unsubscribe}/undo")
    assert "You are unsubscribed" in answer.text
    assert world.standings() == {("news-and-offers", "email"): "withdrawn"}


def test_what_was_ended_elsewhere_does_not_come_back_by_a_link(world, anonymous):
    with transaction():
        withdraw(world.client.id, world.news.id, "email", Method.STAFF, STAFF, evidence="Call")
    assert "You are unsubscribed" in anonymous.post(f"{world.unsubscribe}/undo").text
    assert world.standings() == {("news-and-offers", "email"): "withdrawn"}


def test_what_was_never_agreed_to_does_not_come_back(session, anonymous):
    world = make_world()
    anonymous.post(world.unsubscribe)
    assert "Undo" not in anonymous.get(world.unsubscribe).text


def test_a_no_that_stood_before_does_not_come_back(session, world, anonymous):
    with transaction():
        withdraw(world.client.id, world.surveys.id, "email", Method.STAFF, STAFF, evidence="Call")
    link = f"/u/{unsubscribe_token(world.points['email'].id, world.surveys.id)}"
    anonymous.post(link)
    assert "Undo" not in anonymous.get(link).text


def test_what_was_asked_for_and_never_confirmed_does_not_come_back(unasked, anonymous):
    place = unasked.client.id, unasked.news.id, "email"
    with transaction():
        request_consent(*place, unasked.wording.id, Method.FORM, STAFF, evidence="Form")
    assert "Undo" not in anonymous.post(unasked.unsubscribe).text
    assert "You are unsubscribed" in anonymous.post(f"{unasked.unsubscribe}/undo").text


def test_a_topic_that_needs_no_consent_comes_back_too(world, anonymous):
    link = f"/u/{unsubscribe_token(world.points['email'].id, world.bookings.id)}"
    assert "Undo" in anonymous.post(link).text
    assert "You are subscribed again" in anonymous.post(f"{link}/undo").text
    assert world.standings()["bookings", "email"] == "granted"


def test_a_restricted_client_stays_as_they_are(world, anonymous):
    anonymous.post(world.unsubscribe)
    with transaction():
        restrict_client(world.client.id, "asked for it", STAFF)
    assert "You are unsubscribed" in anonymous.post(f"{world.unsubscribe}/undo").text


def test_the_page_speaks_the_language_of_the_client(session, anonymous):
    world = make_world("de")
    assert "News and offers abbestellen?" in anonymous.get(world.unsubscribe).text
    assert "Sie haben abbestellt" in anonymous.post(world.unsubscribe).text
    assert "You are unsubscribed" in anonymous.get(f"{world.unsubscribe}?lang=en").text


def test_a_consent_that_was_given_for_a_time_comes_back_for_that_time(session, anonymous):
    world = make_world()
    ends = utc_now() + timedelta(hours=5)
    with transaction():
        agree(world.client, world.news, world.wording, expires_at=ends)
    anonymous.post(world.unsubscribe)
    anonymous.post(f"{world.unsubscribe}/undo")
    assert [(one.state, one.expires_at) for one in list_states(world.client.id)] == [("granted", ends)]
    anonymous.post(world.unsubscribe)
    with time_machine.travel(ends + timedelta(minutes=1)):
        assert "Undo" not in anonymous.get(world.unsubscribe).text
