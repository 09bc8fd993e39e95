"""Changing topics and recording answers in the browser: limits, double opt-in, versions, and a person's own no."""

from datetime import timedelta

import pytest
from portal.consent.models import ConsentEvent, LegalBasis, Method, Topic, TopicClass, TopicWording
from portal.consent.operations import TopicRefused, add_wording, change_topic, request_consent, withdraw
from portal.consent.rules import Origin
from portal.consent.rules.topics import TopicChange
from portal.consent.rules.words import cap_words
from portal.db import new_id, utc_now
from portal.web.slots import CONSENT_REQUESTED
from sqlalchemy import select

from tests.consent.conftest import READER, STAFF, agree
from tests.consent.test_pages import consent, post

CHANGE = {"name": "News", "description": "Weekly", "cap_messages": "2", "cap_days": "7", "double_opt_in": "y"}


@pytest.fixture
def address(session, topic) -> str:
    session.commit()
    return f"/consent/topics/{topic.id}"


def test_a_topic_is_changed_and_what_it_says_has_a_version(session, as_compliance_officer, address, topic):
    assert 'value="News and offers"' in as_compliance_officer.get(f"{address}/change").text
    assert post(as_compliance_officer, address, data=CHANGE).status_code == 303
    session.refresh(topic)
    assert (topic.name, topic.cap_messages, topic.cap_days, topic.double_opt_in, topic.version) == (
        "News",
        2,
        7,
        True,
        2,
    )
    page = as_compliance_officer.get(address).text
    assert "2 messages in 7 days" in page
    assert "confirm from their own address" in page
    assert post(as_compliance_officer, address, data=CHANGE | {"cap_days": "14"}).status_code == 303
    session.refresh(topic)
    assert topic.version == 2


def test_a_change_that_cannot_be_is_refused_in_words(session, as_compliance_officer, as_viewer, address):
    for change, words in [
        ({"name": ""}, "Enter a name"),
        ({"cap_days": ""}, "Say both"),
        ({"cap_messages": "0"}, "at least one message"),
        ({"cap_days": "900"}, "1 to 366 days"),
        ({"cap_messages": "many"}, "Not a valid integer"),
    ]:
        answer = post(as_compliance_officer, address, data=CHANGE | change)
        assert (answer.status_code, words in answer.text) == (422, True)
    assert post(as_viewer, address, data=CHANGE).status_code == 403
    assert as_compliance_officer.get(f"/consent/topics/{new_id()}/change").status_code == 404


KINDS = [
    (TopicClass.TRANSACTIONAL, LegalBasis.CONTRACT, {"double_opt_in": True}, "Only a consent"),
    (TopicClass.TRANSACTIONAL, LegalBasis.CONTRACT, {"cap_messages": 1, "cap_days": 1}, "Only marketing"),
    (TopicClass.MARKETING, LegalBasis.CONSENT, {"cap_messages": 1}, "Say both"),
]


@pytest.mark.parametrize(("kind", "basis", "facts", "words"), KINDS)
def test_what_a_kind_of_topic_cannot_have_is_refused(session, topic, kind, basis, facts, words):
    topic.topic_class, topic.legal_basis = kind, basis
    with pytest.raises(TopicRefused, match=words):
        change_topic(topic, TopicChange(topic.name, **facts), STAFF)


def test_a_change_of_nothing_writes_nothing(session, topic):
    change_topic(topic, TopicChange(topic.name), STAFF)
    assert topic.version == 1


@pytest.mark.parametrize(
    ("limit", "words"), [((None, None), "None"), ((1, 1), "1 message in 1 day"), ((3, 30), "3 messages in 30 days")]
)
def test_a_limit_is_said_in_words(limit, words):
    assert cap_words(Topic(cap_messages=limit[0], cap_days=limit[1])) == words


def test_a_changed_wording_is_a_new_version_and_old_consents_show_the_old_one(
    session, as_compliance_officer, address, maria, topic, wording
):
    agree(maria, topic, wording)
    session.commit()
    again = post(as_compliance_officer, f"{address}/wordings", data={"language": "en", "text": wording.text})
    assert (again.status_code, "word for word version 1" in again.text) == (422, True)
    add_wording(topic.id, "en", "Yes, write to me every week.", STAFF)
    session.commit()
    page = as_compliance_officer.get(f"/clients/{maria.id}").text
    assert f'{address}#wording-{wording.id}">v1<' in page
    assert f"/clients/{maria.id}/consents#event-1" in page
    topic_page = as_compliance_officer.get(address).text
    assert topic_page.count("the present one") == 1
    assert f'id="wording-{wording.id}"' in topic_page
    assert session.scalars(select(TopicWording.version).order_by(TopicWording.version)).all() == [1, 2]


def test_where_the_client_has_to_confirm_they_are_asked_in_the_same_transaction(
    session, isolation, as_compliance_officer, maria, topic, wording
):
    change_topic(topic, TopicChange(topic.name, double_opt_in=True), STAFF)
    session.commit()
    asked = []
    CONSENT_REQUESTED.fill(isolation, lambda event_id, actor: asked.append((event_id, actor.label)) or [])
    try:
        answer = post(as_compliance_officer, f"/clients/{maria.id}/consents", data=consent(topic, wording))
    finally:
        isolation.extensions["heedful_slots"]["consent_requested"].pop()
    event = session.scalars(select(ConsentEvent)).one()
    assert (answer.status_code, event.event, asked) == (303, "requested", [(event.id, "Mara Kessler")])
    page = as_compliance_officer.get(f"/clients/{maria.id}").text
    assert "Not confirmed" in page
    assert "asked to confirm until" in page


def test_the_form_says_that_nobody_lifts_a_persons_own_no(session, as_compliance_officer, maria, topic, wording):
    withdraw(maria.id, topic.id, "email", Method.LINK, READER)
    session.commit()
    form = as_compliance_officer.get(f"/clients/{maria.id}/consents/new?topic={topic.id}&channel=email").text
    assert "You cannot lift a person&#39;s own no" in form or "You cannot lift a person's own no" in form
    assert "News and offers by Email: withdrawn" in form
    before = f"{utc_now() - timedelta(days=1):%Y-%m-%dT%H:%M}"
    facts = consent(topic, wording) | {"given_at": before}
    answer = post(as_compliance_officer, f"/clients/{maria.id}/consents", data=facts)
    assert (answer.status_code, "older than the withdrawal" in answer.text) == (422, True)


def test_a_consent_is_recorded_with_when_it_was_given_and_until_when_it_holds(
    session, as_compliance_officer, maria, topic, wording
):
    session.commit()
    ends = utc_now() + timedelta(days=30)
    facts = {"given_at": "2026-03-12T14:30", "ends_on": f"{ends:%Y-%m-%d}"}
    answer = post(as_compliance_officer, f"/clients/{maria.id}/consents", data=consent(topic, wording) | facts)
    assert answer.status_code == 303
    event = session.scalars(select(ConsentEvent)).one()
    assert event.occurred_at.isoformat().startswith("2026-03-12T1")
    assert timedelta(days=29) < event.expires_at - utc_now() < timedelta(days=32)
    assert "until" in as_compliance_officer.get(f"/clients/{maria.id}").text
    assert "until" in as_compliance_officer.get(f"/clients/{maria.id}/consents").text


def test_a_refusal_is_recorded_as_one(session, as_compliance_officer, maria, topic):
    session.commit()
    facts = {"topic": str(topic.id), "channel": "email", "evidence": "Asked at the fair", "said": "refused"}
    assert post(as_compliance_officer, f"/clients/{maria.id}/withdrawals", data=facts).status_code == 303
    assert session.scalars(select(ConsentEvent)).one().event == "refused"
    assert "Said no" in as_compliance_officer.get(f"/clients/{maria.id}").text


def test_the_ledger_shows_where_each_event_comes_from(session, as_viewer, maria, topic, wording):
    origin = Origin("https://tidewell.example/join", "Join page", "Mozilla/5.0")
    request_consent(maria.id, topic.id, "email", wording.id, Method.FORM, READER, origin=origin)
    session.commit()
    page = as_viewer.get(f"/clients/{maria.id}/consents").text
    for words in ("1. Asked for", "Join page", "https://tidewell.example/join", "browser on a computer", ">v1<"):
        assert words in page
