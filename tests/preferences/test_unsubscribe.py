"""The page behind an unsubscribe link: RFC 8058 to the letter, scanners, strangers, and what the person reads."""

import threading

import pytest
from portal.audit.models import AuditEntry
from portal.clients.models import Client, ContactPoint
from portal.clients.operations import forget_client
from portal.clients.queries import find_client
from portal.consent.models import ConsentEvent, ConsentState, LegalBasis, Topic, TopicClass, TopicState
from portal.consent.operations import change_topic_state, make_topic, remove_topics
from portal.consent.queries import list_events
from portal.consent.rules import unsubscribe_token
from portal.db import db, new_id, transaction
from sqlalchemy import func, select

from tests.consent.conftest import STAFF, agree, some_client, some_topic

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def subscribed() -> tuple[Client, Topic, str]:
    """A client who agreed, and the address of the page behind the link of their messages."""
    with transaction() as session:
        maria, (topic, wording) = some_client(), some_topic()
        agree(maria, topic, wording)
        point = session.scalars(select(ContactPoint).where(ContactPoint.client_id == maria.id)).one()
        return maria, topic, f"/u/{unsubscribe_token(point.id, topic.id)}"


@pytest.fixture
def link(session) -> str:
    return subscribed()[2]


def standings(session) -> list[str]:
    return list(session.scalars(select(ConsentState.state)))


def assert_private(answer) -> None:
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_mail_program_stops_the_topic_with_one_post(session, anonymous, link, kind):
    answer = anonymous.post(link, data=ONE_CLICK, content_type=kind)
    assert (answer.status_code, "Location" in answer.headers) == (200, False)
    assert_private(answer)
    assert standings(session) == ["withdrawn"]
    event = session.scalars(select(ConsentEvent).order_by(ConsentEvent.seq.desc())).first()
    assert (event.method, event.actor_kind, event.seq) == ("one_click", "client", 2)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert (entry.action, entry.object_id, entry.ip) == ("consent.withdraw", str(event.id), "127.0.0.0/24")


def test_posting_again_says_the_same_and_writes_nothing(session, anonymous, link):
    first = anonymous.post(link, data=ONE_CLICK)
    again = anonymous.post(link, data=ONE_CLICK)
    assert (again.status_code, again.text) == (200, first.text)
    assert session.scalar(select(func.count()).select_from(ConsentEvent)) == 2


def test_the_button_of_the_page_stops_the_topic_too(session, anonymous, link):
    page = anonymous.get(link)
    assert_private(page)
    assert "Stop News and offers?" in page.text
    assert "m•••@•••.example" in page.text
    assert "maria" not in page.text
    assert f'action="{link}"' in page.text
    answer = anonymous.post(link)
    assert "You are unsubscribed" in answer.text
    assert session.scalar(select(ConsentEvent.method).where(ConsentEvent.seq == 2)) == "link"
    assert "You are unsubscribed" in anonymous.get(link).text


@pytest.mark.parametrize("body", [b"", b"List-Unsubscribe=Two-Clicks", b"\xff\x00", b"--x--"])
def test_whatever_the_body_says_a_post_stops_the_topic(session, anonymous, link, body):
    kind = "multipart/form-data; boundary=x" if body == b"--x--" else "application/x-www-form-urlencoded"
    assert anonymous.post(link, data=body, content_type=kind).status_code == 200
    assert standings(session) == ["withdrawn"]


def test_fifty_scanners_at_once_change_nothing_and_the_person_still_can(own_app):
    with own_app.app_context():
        maria, _, link = subscribed()
        before = db.session.scalar(select(func.max(AuditEntry.seq)))
    answers: list[tuple[str, int]] = []

    def scan(number: int) -> None:
        scanner = own_app.test_client()
        headers = {"User-Agent": f"Mail scanner {number}", "Purpose": "prefetch", "Sec-Purpose": "prefetch"}
        methods = ("GET", "HEAD", "OPTIONS")
        answers.extend((method, scanner.open(link, method=method, headers=headers).status_code) for method in methods)

    threads = [threading.Thread(target=scan, args=[number]) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_app.app_context():
        assert sorted(set(answers)) == [("GET", 200), ("HEAD", 200), ("OPTIONS", 200)]
        assert len(answers) == 150
        assert standings(db.session()) == ["granted"]
        assert len(list_events(maria.id)) == 1
        assert db.session.scalar(select(func.max(AuditEntry.seq))) == before
        db.session.rollback()
        assert own_app.test_client().post(link, data=ONE_CLICK).status_code == 200
        assert standings(db.session()) == ["withdrawn"]


def test_two_programs_at_once_write_one_withdrawal(own_app):
    with own_app.app_context():
        maria, _, link = subscribed()
        db.session.rollback()
    codes: list[int] = []
    threads = [
        threading.Thread(target=lambda: codes.append(own_app.test_client().post(link, data=ONE_CLICK).status_code))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_app.app_context():
        assert codes == [200] * 6
        assert len(list_events(maria.id)) == 2


def test_every_bad_link_gets_the_same_answer(session, anonymous, link):
    unknown = unsubscribe_token(new_id(), new_id())
    bad = ["x", "A" * 76, f"{link[3:-1]}{'A' if link[-1] != 'A' else 'B'}", unknown, f"{link[3:]}x"]
    answers = [anonymous.open(f"/u/{token}", method=method) for token in bad for method in ("GET", "POST")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert len({tuple(sorted(name for name, _ in answer.headers)) for answer in answers}) == 1
    for answer in answers:
        assert_private(answer)
    assert standings(session) == ["granted"]


def test_no_other_method_is_answered(anonymous, link):
    assert [anonymous.open(link, method=method).status_code for method in ("PUT", "DELETE", "PATCH")] == [405] * 3


def test_a_colleague_who_opens_a_forwarded_link_is_a_recipient_like_any_other(session, as_marketer, link):
    answer = as_marketer.post(link, data=ONE_CLICK)
    assert_private(answer)
    assert session.scalar(select(ConsentEvent.actor_kind).where(ConsentEvent.seq == 2)) == "client"


def test_the_page_names_what_still_arrives(session, anonymous):
    maria, _, link = subscribed()
    events, wording = some_topic("Event invitations")
    agree(maria, events, wording)
    make_topic("Bookings", TopicClass.TRANSACTIONAL, LegalBasis.CONTRACT, STAFF)
    closed = make_topic("Old notices", TopicClass.TRANSACTIONAL, LegalBasis.CONTRACT, STAFF)
    change_topic_state(closed, TopicState.CLOSED, STAFF)
    some_topic("Never asked")
    session.commit()
    page = anonymous.post(link).text
    assert "Event invitations by email" in page
    assert "Bookings by email" in page
    assert "Old notices" not in page
    assert "Never asked" not in page


def test_a_contract_topic_that_was_stopped_does_not_arrive(session, anonymous):
    maria, _, link = subscribed()
    bookings = make_topic("Bookings", TopicClass.TRANSACTIONAL, LegalBasis.CONTRACT, STAFF)
    point = find_client(maria.id).contact_points[0]
    session.commit()
    anonymous.post(f"/u/{unsubscribe_token(point.id, bookings.id)}")
    anonymous.post(link)
    assert "What still arrives" not in anonymous.get(link).text


def test_the_link_of_an_erased_client_shows_no_address(session, anonymous):
    maria, _, link = subscribed()
    forget_client(find_client(maria.id), STAFF)
    session.commit()
    assert "to this address" in anonymous.get(link).text
    assert "to this address" in anonymous.post(link).text


def test_the_link_of_a_topic_that_is_gone_is_a_bad_link(session, anonymous):
    maria, _, _ = subscribed()
    gone, _ = some_topic("Gone")
    point = find_client(maria.id).contact_points[0]
    token = unsubscribe_token(point.id, gone.id)
    remove_topics([gone.id], STAFF)
    session.commit()
    assert anonymous.get(f"/u/{token}").status_code == 404
