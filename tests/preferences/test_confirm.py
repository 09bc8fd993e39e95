"""Double opt-in by email: one mail without advertising, a page that confirms nothing by being looked at, one press."""

import threading
from datetime import timedelta

import pytest
import time_machine
from portal.clients.operations import forget_client, remove_contact_point, restrict_client
from portal.clients.queries import find_client
from portal.consent.models import ConsentEvent, Method, Suppression, SuppressionReason
from portal.consent.operations import request_consent, suppress, withdraw
from portal.consent.queries import list_events
from portal.consent.rules import confirm_token, preferences_token
from portal.consent.rules.topics import SYSTEM_LINKS
from portal.db import db, transaction, utc_now
from portal.messages.models import Message
from portal.messages.queries import ask_gate
from portal.messages.queries.standing import subject_of
from portal.preferences.contributions import ask_person
from portal.preferences.operations.mails import MOST, order_confirmation
from sqlalchemy import func, select

from tests.consent.conftest import STAFF, some_client
from tests.preferences.conftest import World, make_world


def requested(world: World) -> ConsentEvent:
    """Somebody asked on a form that is not ours; the question is ordered in the same transaction."""
    with transaction():
        point_id = world.points["email"].id
        place = (world.client.id, world.news.id, "email")
        event = request_consent(
            *place, world.wording.id, Method.FORM, STAFF, evidence="Form", contact_point_id=point_id
        )
        ask_person(event.id, STAFF)
    return event


def link_of(event: ConsentEvent) -> str:
    return f"/c/{confirm_token(event.id, utc_now())}"


def verdict(session) -> str:
    """What the gate says of the one message there is."""
    message = session.scalars(select(Message)).one()
    session.commit()
    return ask_gate(session, [subject_of(message)])[message.id].verdict.reason


@pytest.fixture
def asked(unasked) -> str:
    return link_of(requested(unasked))


def test_a_person_confirms_with_one_press_and_both_events_are_kept(unasked, asked, anonymous):
    page = anonymous.get(asked)
    assert "Do you want News and offers?" in page.text
    assert "What you agree to: “Yes, write to me about news.”" in page.text
    assert "m•••@•••.example" in page.text
    answer = anonymous.post(asked)
    assert "Thank you, it is confirmed" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert unasked.standings() == {("news-and-offers", "email"): "granted"}
    events = [(event.event, event.method, event.actor_kind) for event, _ in list_events(unasked.client.id)]
    assert events == [("confirmed", "link", "client"), ("requested", "form", "staff")]
    assert "Thank you" in anonymous.post(asked).text
    assert len(list_events(unasked.client.id)) == 2


def test_scanners_confirm_nothing_by_looking(own_app):
    with own_app.app_context():
        world = make_world(double_opt_in=True)
        link, client_id = link_of(requested(world)), world.client.id
    codes: list[int] = []

    def scan(number: int) -> None:
        headers = {"User-Agent": f"Mail scanner {number}", "Purpose": "prefetch", "Sec-Purpose": "prefetch"}
        scanner = own_app.test_client()
        codes.extend(scanner.open(link, method=one, headers=headers).status_code for one in ("GET", "HEAD", "OPTIONS"))

    threads = [threading.Thread(target=scan, args=[number]) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_app.app_context():
        assert codes == [200] * 150
        assert world.standings() == {("news-and-offers", "email"): "requested"}
        assert len(list_events(client_id)) == 1
        db.session.rollback()
        assert own_app.test_client().post(link).status_code == 200
        assert world.standings() == {("news-and-offers", "email"): "granted"}


@pytest.mark.parametrize("why", ["old", "withdrawn", "newer"])
def test_what_no_longer_waits_is_not_confirmed(session, unasked, asked, anonymous, why):
    later = utc_now() + timedelta(days=15 if why == "old" else 0)
    if why == "withdrawn":
        with transaction():
            withdraw(unasked.client.id, unasked.news.id, "email", Method.LINK, STAFF)
    if why == "newer":
        requested(unasked)
    with time_machine.travel(later):
        for method in ("GET", "POST"):
            answer = anonymous.open(asked, method=method)
            assert "This can no longer be confirmed" in answer.text
    assert unasked.standings()["news-and-offers", "email"] != "granted"


def test_a_link_of_an_unknown_event_or_of_another_scope_is_a_bad_link(unasked, asked, anonymous):
    bad = [confirm_token(unasked.client.id, utc_now()), preferences_token(unasked.points["email"].id, utc_now()), "x"]
    answers = [anonymous.open(f"/c/{token}", method=method) for token in bad for method in ("GET", "POST")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1


def test_a_request_without_an_address_has_no_page(session, unasked, anonymous):
    with transaction():
        session.delete(unasked.points["email"])
        place = (unasked.client.id, unasked.news.id, "email")
        event = request_consent(*place, unasked.wording.id, Method.FORM, STAFF, evidence="Form")
    assert anonymous.get(link_of(event)).status_code == 404


def test_the_address_that_went_has_no_page(session, unasked, asked, anonymous):
    with transaction():
        remove_contact_point(unasked.client, unasked.points["email"].id, [], STAFF)
    assert anonymous.get(asked).status_code == 404


def test_an_erased_or_restricted_person_confirms_nothing(session, unasked, asked, anonymous):
    with transaction():
        restrict_client(unasked.client.id, "asked for it", STAFF)
    assert "This can no longer be confirmed" in anonymous.post(asked).text
    with transaction():
        forget_client(find_client(unasked.client.id), STAFF)
    assert anonymous.post(asked).status_code == 404


@pytest.mark.parametrize(
    ("reason", "passes"),
    [
        (SuppressionReason.OPTED_OUT, True),
        (SuppressionReason.ERASED, True),
        (SuppressionReason.BOUNCED, False),
        (SuppressionReason.COMPLAINED, False),
        (SuppressionReason.MANUAL, False),
        (SuppressionReason.WRONG_PERSON, False),
    ],
)
def test_the_question_passes_what_the_person_stopped_themselves_and_nothing_else(session, unasked, reason, passes):
    with transaction():
        address = unasked.points["email"].address
        suppress(session, "email", address, reason, source="test", actor=STAFF)
    requested(unasked)
    assert verdict(session) == ("channel_off" if passes else "suppressed")


def test_a_person_who_was_erased_subscribes_again_and_the_mark_goes_with_the_confirmation(session, anonymous):
    gone = some_client("maria@rivertown.example")
    with transaction():
        suppress(session, "email", "maria@rivertown.example", SuppressionReason.ERASED, source="erasure", actor=STAFF)
        forget_client(find_client(gone.id), STAFF)
    world = make_world(double_opt_in=True)
    assert world.client.id != gone.id
    link = link_of(requested(world))
    assert session.scalar(select(func.count()).select_from(Suppression)) == 1
    anonymous.post(link)
    assert session.scalar(select(func.count()).select_from(Suppression)) == 0
    assert world.standings() == {("news-and-offers", "email"): "granted"}
    assert list_events(gone.id) == []


def test_the_mail_is_one_of_ours_names_the_topic_and_holds_no_working_link_in_its_row(session, unasked):
    event = requested(unasked)
    message = session.scalars(select(Message)).one()
    assert (message.topic_id, message.class_rank) == (SYSTEM_LINKS, 0)
    assert message.contact_point_id == unasked.points["email"].id
    assert str(event.id) in message.fields
    assert "http" not in message.fields
    assert "News and offers" in message.fields


def test_one_address_is_asked_five_times_a_day_at_most(session, unasked):
    for _ in range(MOST + 2):
        requested(unasked)
    assert session.scalar(select(func.count()).select_from(Message)) == MOST


def test_a_channel_without_mails_of_ours_orders_none(session, unasked):
    with transaction():
        place = (unasked.client.id, unasked.news.id, "sms")
        event = request_consent(*place, unasked.wording.id, Method.FORM, STAFF, evidence="Form")
        assert ask_person(event.id, STAFF) == []


def test_a_client_without_an_address_is_not_asked(session, unasked):
    with transaction():
        session.delete(unasked.points["email"])
        place = (unasked.client.id, unasked.news.id, "email")
        event = request_consent(*place, unasked.wording.id, Method.FORM, STAFF, evidence="Form")
        assert order_confirmation(event.id, STAFF) is None
