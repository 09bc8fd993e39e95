"""Turning on a topic by SMS: it takes the code that was sent to the number."""

import re

import pytest
from portal.clients.operations import restrict_client
from portal.consent.models import Suppression, SuppressionReason
from portal.consent.operations import suppress
from portal.consent.queries import list_events
from portal.db import new_id, transaction
from portal.verification.models import Verification
from sqlalchemy import func, select

from tests.consent.conftest import STAFF
from tests.verification.conftest import caught, code_in, settings, wrong


@pytest.fixture
def simulation(session, clean_redis):
    with settings(SMS_MODE="simulation"):
        yield


def hidden(page: str) -> dict:
    """The hidden fields of a page, as a browser sends them back."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page):
        found.setdefault(name, []).append(value)
    return found


def newest_code() -> str:
    return code_in(caught()[-1].body)


def test_the_code_from_the_phone_turns_the_topic_on_and_the_proof_is_kept(session, simulation, world, anonymous):
    assert "SMS: to turn it on, we send a code to your phone first." in anonymous.get(world.link).text
    page = anonymous.post(world.link, data=world.form((world.news, "sms")))
    assert "Enter the code from your phone" in page.text
    assert "+351 ••• 84" in page.text
    assert world.standings() == {("news-and-offers", "email"): "granted"}
    answer = anonymous.post(f"{world.link}/codes", data={**hidden(page.text), "code": newest_code()})
    assert "News and offers by SMS: turned on." in answer.text
    assert world.standings()["news-and-offers", "sms"] == "granted"
    events = [(event.event, event.wording_id) for event, _ in list_events(world.client.id)[:2]]
    assert events == [("confirmed", world.wording.id), ("requested", world.wording.id)]
    note = list_events(world.client.id)[0][1].evidence
    assert "Proved by a code sent to the number, verification" in note


def test_a_wrong_code_turns_nothing_on_and_the_third_ends_it(session, simulation, world, anonymous):
    page = anonymous.post(world.link, data=world.form((world.news, "sms")))
    data = {**hidden(page.text), "code": wrong(newest_code())}
    first = anonymous.post(f"{world.link}/codes", data=data)
    assert (first.status_code, "This code is not right." in first.text) == (422, True)
    assert anonymous.post(f"{world.link}/codes", data={**data, "code": "12"}).status_code == 422
    anonymous.post(f"{world.link}/codes", data=data)
    last = anonymous.post(f"{world.link}/codes", data=data)
    assert "The code was wrong three times" in last.text
    assert "What may we write to you about?" in last.text
    assert ("news-and-offers", "sms") not in world.standings()


def test_the_code_lifts_a_stop_of_the_persons_own(session, simulation, world, anonymous):
    with transaction():
        number = world.points["sms"].address
        suppress(session, "sms", number, SuppressionReason.OPTED_OUT, source="STOP", actor=STAFF)
    page = anonymous.post(world.link, data=world.form((world.news, "sms")))
    anonymous.post(f"{world.link}/codes", data={**hidden(page.text), "code": newest_code()})
    assert world.standings()["news-and-offers", "sms"] == "granted"
    assert session.scalar(select(func.count()).select_from(Suppression)) == 0


def test_a_code_of_somebody_else_or_of_nobody_is_worth_nothing(session, simulation, world, anonymous):
    page = anonymous.post(world.link, data=world.form((world.news, "sms")))
    data = {**hidden(page.text), "verification": str(new_id()), "code": newest_code()}
    answer = anonymous.post(f"{world.link}/codes", data=data)
    assert "There is no code to check here." in answer.text
    assert anonymous.post(f"{world.link}/codes", data={"verification": "x"}).status_code == 404
    assert ("news-and-offers", "sms") not in world.standings()


def test_what_was_saved_besides_stays_when_no_code_can_be_sent(session, simulation, world, anonymous):
    for _ in range(6):
        data = world.form((world.news, "sms"), shown=((world.surveys, "email"),))
        answer = anonymous.post(world.link, data=data)
    assert session.scalar(select(func.count()).select_from(Verification)) <= 5
    assert "What may we write to you about?" in answer.text
    assert 'role="alert"' in answer.text
    assert world.standings()["surveys", "email"] == "withdrawn"


def test_a_client_who_was_restricted_meanwhile_is_not_turned_on(session, simulation, world, anonymous):
    page = anonymous.post(world.link, data=world.form((world.news, "sms")))
    with transaction():
        restrict_client(world.client.id, "asked for it", STAFF)
    answer = anonymous.post(f"{world.link}/codes", data={**hidden(page.text), "code": newest_code()})
    assert "News and offers by SMS: not changed." in answer.text
