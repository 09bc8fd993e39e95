"""Writing one message: which text, its fields, a look at it, and one order however often the form is sent."""

import re
import uuid

import pytest
from portal.clients.models import ContactPoint
from portal.db import db, transaction
from portal.message_templates.models import MessageTemplate
from portal.message_templates.operations import Wording, approve, create_template
from portal.message_templates.rules import FIELDS
from portal.messages.forms import message_form
from portal.messages.models import Message
from portal.messages.operations.enqueue import NoSuchVersion
from portal.messages.queries import address_of
from portal.web.actor import SYSTEM
from sqlalchemy import delete, select, update


def compose(client_id, version_id) -> str:
    return f"/messages/new?client={client_id}&version={version_id}"


def hidden(html: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)[1]


@pytest.fixture
def order(ready, client_id, as_marketer):
    """Sends the form as it stands on the page: `order(event_name="Gala")`."""

    def send(path="/messages", *, key="", **values):
        html = as_marketer.get(compose(client_id, ready.version_id)).text
        facts = {name: hidden(html, name) for name in ("csrf_token", "client", "version", "key")}
        typed = {f"value_{name}": text for name, text in values.items()}
        return as_marketer.post(path, data={**facts, **typed, **({"key": key} if key else {})})

    return send


def messages():
    return db.session.scalars(select(Message)).all()


def test_without_a_client_the_way_to_one_is_shown(as_marketer):
    assert "Find the client first" in as_marketer.get("/messages/new").text
    assert "Find the client first" in as_marketer.get("/messages/new?client=nobody").text


def test_the_text_is_chosen_first(ready, client_id, as_marketer):
    html = as_marketer.get(f"/messages/new?client={client_id}").text
    assert "Gala (News)" in html
    assert "Send 1 email" not in html


def test_without_an_approved_text_the_way_to_one_is_shown(ready, client_id, as_marketer):
    with transaction():
        db.session.execute(delete(MessageTemplate))
    assert "No approved text yet" in as_marketer.get(f"/messages/new?client={client_id}").text


def test_the_form_asks_for_what_the_text_needs(ready, client_id, as_marketer):
    html = as_marketer.get(compose(client_id, ready.version_id)).text
    assert "Name of the event" in html
    assert "first_name" not in html
    assert "Send 1 email" in html
    assert "May it go?" in html


def test_an_order_is_one_message_with_the_typed_values_alone(order, client_id, session):
    answer = order(event_name="Harbour Gala")
    message = messages()[0]
    assert answer.location == f"/messages/{message.id}"
    assert message.fields == '{"event_name": "Harbour Gala"}'


def test_the_same_form_sent_twice_is_one_message(order, session):
    first = order(event_name="Gala", key="same")
    second = order(event_name="Gala", key="same")
    assert first.location == second.location
    assert len(messages()) == 1


def test_a_missing_value_is_asked_for(order, session):
    answer = order()
    assert answer.status_code == 422
    assert "Enter a value for “Name of the event”." in answer.text
    assert messages() == []


def test_a_client_who_never_agreed_gets_nothing_and_the_page_says_why(ready, order, as_marketer, session):
    with transaction():
        stranger = ready.client(7, agreed=False)
    html = as_marketer.get(compose(stranger, ready.version_id)).text
    assert "It would not be sent: never agreed." in html
    answer = order(event_name="Gala")
    assert answer.status_code == 303
    facts = {name: hidden(html, name) for name in ("csrf_token", "client", "version", "key")}
    refused = as_marketer.post("/messages", data={**facts, "value_event_name": "Gala"})
    assert refused.status_code == 422
    assert len(messages()) == 1


def test_a_client_without_an_address_cannot_be_written_to(ready, client_id, as_marketer):
    with transaction():
        db.session.execute(delete(ContactPoint).where(ContactPoint.client_id == client_id))
    assert "no address that works" in as_marketer.get(compose(client_id, ready.version_id)).text


def test_an_address_that_does_not_work_yields_to_one_that_does(ready, client_id, session):
    with transaction():
        db.session.execute(update(ContactPoint).values(state="unusable"))
    assert address_of(session, client_id, "email").state == "unusable"


def test_the_preview_shows_typed_values_and_masks_the_client(order, as_marketer):
    answer = order("/messages/previews", event_name="Lantern Night")
    assert "Lantern Night" in answer.text
    assert "Dear A•••" in answer.text
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_the_first_preview_shows_samples(ready, client_id, as_marketer):
    html = as_marketer.get(f"/messages/previews/{client_id}/{ready.version_id}").text
    assert "Harbour Gala" in html


def test_a_preview_of_a_value_that_does_not_fit_says_so(ready, client_id, as_marketer):
    wording = Wording(
        "On {{ event_date | date }}", "Hello, the page is {{ booking_link }}. {% if has_payment_link %}x{% endif %}"
    )
    with transaction():
        template = create_template("Dates", "dates", ready.topic_id, wording, SYSTEM)
        version = approve(template.id, 1, SYSTEM)
    html = as_marketer.get(compose(client_id, version.id)).text
    assert 'type="date"' in html
    assert 'type="checkbox"' in html
    facts = {name: hidden(html, name) for name in ("csrf_token", "client", "version", "key")}
    preview = as_marketer.post("/messages/previews", data={**facts, "value_event_date": "soon"}).text
    assert "event_date: Enter a day" in preview
    sent = as_marketer.post("/messages", data={**facts, "value_event_date": "soon", "value_booking_link": "http://x"})
    assert sent.status_code == 422
    assert "Enter a day as year-month-day" in sent.text


def test_a_text_that_asks_for_nothing_says_so(ready, client_id, as_marketer):
    with transaction():
        template = create_template("Plain", "plain", ready.topic_id, Wording("Hello", "Good day."), SYSTEM)
        version = approve(template.id, 1, SYSTEM)
    assert "This text asks for nothing" in as_marketer.get(compose(client_id, version.id)).text


@pytest.mark.parametrize("path", ["/messages/previews/{0}/{0}", "/messages/new?client={0}"])
def test_unknown_clients_and_texts_are_no_pages(as_marketer, path):
    assert as_marketer.get(path.format(uuid.uuid4())).status_code == 404


def test_a_form_about_an_unknown_text_is_no_page(ready, client_id, order, as_marketer):
    html = as_marketer.get(compose(client_id, ready.version_id)).text
    facts = {"csrf_token": hidden(html, "csrf_token"), "client": client_id}
    assert as_marketer.post("/messages", data=facts).status_code == 404
    assert as_marketer.post("/messages", data={**facts, "version": uuid.uuid4()}).status_code == 404


def test_a_text_that_is_retired_between_page_and_order_is_told(order, session, monkeypatch):
    def refuse(*_):
        raise NoSuchVersion("Only an approved version can be sent.")

    monkeypatch.setattr("portal.messages.views.compose.queue_message", refuse)
    answer = order(event_name="Gala")
    assert answer.status_code == 409
    assert "Nothing was sent" in answer.text


def test_a_viewer_cannot_write(ready, client_id, as_viewer):
    assert as_viewer.get(compose(client_id, ready.version_id)).status_code == 403


def test_flags_are_written_as_words(app):
    with app.test_request_context(method="POST", data={"value_has_payment_link": "y"}):
        form = message_form([FIELDS["has_payment_link"]])()
        assert form.values() == {"has_payment_link": "yes"}
    with app.test_request_context():
        assert message_form([FIELDS["has_payment_link"]])().values() == {"has_payment_link": "no"}
