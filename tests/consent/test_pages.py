"""Topics, wordings, and a client's consents, as staff of each role see and change them."""

import re

import pytest
from portal.clients.models import ClientState
from portal.consent.models import ConsentEvent, ConsentEvidence, Method, Topic, TopicState, TopicWording
from portal.consent.operations import withdraw
from portal.db import new_id
from sqlalchemy import select

from tests.consent.conftest import READER, agree, some_topic

TOPIC = {"name": "News and offers", "description": "Monthly", "topic_class": "marketing", "legal_basis": "consent"}


@pytest.fixture
def page_of(session, maria, topic, wording) -> str:
    session.commit()
    return f"/clients/{maria.id}"


def post(client, address, data=()):
    """Sends a form as a page of the same session would."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)[1]
    return client.post(address, data={**dict(data), "csrf_token": token})


def consent(topic, wording) -> dict[str, str]:
    facts = {"topic": topic.id, "channel": "email", "wording": wording.id, "method": "spoken", "evidence": "Call 118"}
    return {name: str(value) for name, value in facts.items()}


def test_without_a_topic_the_page_says_what_one_is_and_only_some_may_make_it(as_compliance_officer, as_viewer):
    assert "/consent/topics/new" in as_compliance_officer.get("/consent").text
    page = as_viewer.get("/consent")
    assert "No topics yet" in page.text
    assert "/consent/topics/new" not in page.text
    assert post(as_viewer, "/consent/topics", data=TOPIC).status_code == 403


def test_a_topic_is_made_and_asks_for_its_wording(session, as_compliance_officer):
    assert as_compliance_officer.get("/consent/topics/new").status_code == 200
    answer = post(as_compliance_officer, "/consent/topics", data=TOPIC)
    topic = session.scalars(select(Topic)).one()
    assert (answer.status_code, answer.location) == (303, f"/consent/topics/{topic.id}")
    assert (topic.key, topic.state) == ("news-and-offers", "open")
    page = as_compliance_officer.get(answer.location).text
    assert "No wording yet." in page
    for version, text in ((1, "Yes."), (2, "Yes, please.")):
        added = post(as_compliance_officer, f"{answer.location}/wordings", data={"language": "en", "text": text})
        assert added.status_code == 303
        wordings = session.scalars(select(TopicWording).order_by(TopicWording.version)).all()
        assert (wordings[-1].version, wordings[-1].text) == (version, text)
    page = as_compliance_officer.get(answer.location).text
    assert "Yes, please." in page
    assert "No wording yet." not in page


def test_a_topic_that_cannot_be_is_refused_in_words(session, as_compliance_officer):
    for change, words in [
        ({"name": ""}, "Enter a name"),
        ({"legal_basis": "contract"}, "cannot rest on this basis"),
        ({"name": "???"}, "small letters"),
    ]:
        answer = post(as_compliance_officer, "/consent/topics", data=TOPIC | change)
        assert answer.status_code == 422
        assert words in answer.text
    some_topic()
    session.commit()
    assert "short name news-and-offers already" in post(as_compliance_officer, "/consent/topics", data=TOPIC).text


def test_a_wording_without_words_is_refused(session, as_compliance_officer, topic):
    session.commit()
    answer = post(as_compliance_officer, f"/consent/topics/{topic.id}/wordings", data={"language": "en", "text": " "})
    assert answer.status_code == 422
    assert "Enter the words" in answer.text


def test_a_topic_is_closed_and_opened_again(session, as_compliance_officer, as_viewer, topic):
    session.commit()
    address = f"/consent/topics/{topic.id}"
    for deed, state in (("closing", TopicState.CLOSED), ("closing", TopicState.CLOSED), ("opening", TopicState.OPEN)):
        assert post(as_compliance_officer, f"{address}/{deed}").status_code == 303
        session.refresh(topic)
        assert topic.state == state
        assert as_compliance_officer.get(address).status_code == 200
    assert "Close this topic" not in as_viewer.get(address).text


def test_the_list_counts_who_agreed_and_who_withdrew(session, as_admin, maria, topic, wording):
    agree(maria, topic, wording)
    session.commit()
    assert 'data-l="Agreed">1<' in as_admin.get("/consent").text


def test_what_is_not_there_is_not_found(as_compliance_officer):
    for address in (
        f"/consent/topics/{new_id()}",
        f"/clients/{new_id()}/consents",
        f"/clients/{new_id()}/consents/new",
    ):
        assert as_compliance_officer.get(address).status_code == 404


def test_a_consent_is_recorded_from_the_clients_page(session, as_compliance_officer, page_of, topic, wording):
    page = as_compliance_officer.get(page_of).text
    assert "Never asked" in page
    form = f"{page_of}/consents/new?topic={topic.id}&amp;channel=email"
    assert form in page
    empty = as_compliance_officer.get(form.replace("&amp;", "&")).text
    assert f'<option selected value="{topic.id}">' in empty
    assert f'<option selected value="{wording.id}">' in empty
    answer = post(as_compliance_officer, f"{page_of}/consents", data=consent(topic, wording))
    assert (answer.status_code, answer.location) == (303, page_of)
    event = session.scalars(select(ConsentEvent)).one()
    assert (event.event, event.method, event.actor_label) == ("granted", "spoken", "Mara Kessler")
    page = as_compliance_officer.get(page_of).text
    assert "Agreed to News and offers by email: by word of mouth" in page
    assert f"{page_of}/withdrawals/new?topic={topic.id}&amp;channel=email" in page
    assert "Call 118" not in page


def test_a_consent_that_proves_nothing_is_refused_in_words(session, as_compliance_officer, page_of, maria, topic):
    _, other = some_topic("Events")
    session.commit()
    for change, words in [
        ({"evidence": ""}, "Say where the proof is"),
        ({"wording": ""}, "Say which wording"),
        ({}, "another topic"),
        ({"topic": str(new_id())}, "Not a valid choice"),
    ]:
        answer = post(as_compliance_officer, f"{page_of}/consents", data=consent(topic, other) | change)
        assert answer.status_code == 422
        assert words in answer.text
    assert session.scalars(select(ConsentEvent)).all() == []


def test_a_withdrawal_is_recorded_with_how_it_was_said(session, as_compliance_officer, page_of, maria, topic, wording):
    agree(maria, topic, wording)
    session.commit()
    address = f"{page_of}/withdrawals"
    facts = {"topic": str(topic.id), "channel": "email", "evidence": "Called"}
    assert as_compliance_officer.get(f"{address}/new?topic={topic.id}&channel=email").status_code == 200
    assert "Say how they told you" in post(as_compliance_officer, address, data=facts | {"evidence": ""}).text
    assert post(as_compliance_officer, address, data=facts).status_code == 303
    event = session.scalars(select(ConsentEvent).where(ConsentEvent.seq == 2)).one()
    assert (event.event, event.method) == ("withdrawn", "staff")
    page = as_compliance_officer.get(page_of).text
    assert "Withdrew News and offers by email: told to staff" in page
    assert "Record a consent" in page


def test_those_who_may_only_look_see_no_links_that_change(session, as_marketer, page_of, topic, wording):
    page = as_marketer.get(page_of).text
    assert "What this client agreed to" in page
    assert "/consents/new" not in page
    assert post(as_marketer, f"{page_of}/consents", data=consent(topic, wording)).status_code == 403
    assert post(as_marketer, f"{page_of}/withdrawals").status_code == 403


def test_the_ledger_shows_every_event_and_that_it_is_whole(session, as_viewer, page_of, maria, topic, wording):
    assert "Nothing yet" in as_viewer.get(f"{page_of}/consents").text
    agree(maria, topic, wording)
    withdraw(maria.id, topic.id, "email", Method.ONE_CLICK, READER)
    session.commit()
    page = as_viewer.get(f"{page_of}/consents").text
    assert "As it was written." in page
    assert "2. Withdrew" in page
    assert "Call of 3 March" not in page


def test_the_ledger_says_when_it_was_tampered_with(session, as_viewer, page_of, maria, topic, wording):
    agree(maria, topic, wording)
    row = session.scalars(select(ConsentEvidence)).one()
    row.evidence = '{"note": "Signed"}'
    session.commit()
    page = as_viewer.get(f"{page_of}/consents").text
    assert "This ledger was changed." in page
    assert "As it was written." not in page


def test_the_panel_knows_topics_that_need_no_consent_and_clients_without_address(
    session, as_viewer, as_compliance_officer, maria
):
    session.commit()
    page = as_compliance_officer.get(f"/clients/{maria.id}").text
    assert "no topic yet" in page
    post(
        as_compliance_officer,
        "/consent/topics",
        data={"name": "Bookings", "topic_class": "transactional", "legal_basis": "contract"},
    )
    page = as_compliance_officer.get(f"/clients/{maria.id}").text
    assert "Transactional, contract" in page
    assert "/withdrawals/new" in page
    session.delete(session.merge(maria).contact_points[0])
    session.commit()
    assert "no address to write to" in as_viewer.get(f"/clients/{maria.id}").text


def test_nobody_agrees_while_they_are_restricted(session, as_compliance_officer, page_of, maria, topic, wording):
    maria.state = ClientState.RESTRICTED
    session.commit()
    answer = post(as_compliance_officer, f"{page_of}/consents", data=consent(topic, wording))
    assert answer.status_code == 422
    assert "not active" in answer.text
