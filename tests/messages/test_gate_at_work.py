"""The gate at work: workers, a real mail server, opt-outs by link, the night, and enough of one topic."""

import threading
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from portal.clients.models import Client, Frequency
from portal.clients.operations import change_preferences
from portal.clients.rules.wishes import PreferenceChange
from portal.consent.models import Suppression, SuppressionReason, SuppressionScope, Topic
from portal.consent.operations.suppression import suppress
from portal.consent.rules.tokens import unsubscribe_token
from portal.db import db, new_id, new_session, transaction, utc_now
from portal.gate.rules import RULE_SET
from portal.messages.jobs import send_slice
from portal.messages.models import GateDecision, Message
from portal.messages.operations.check import check_and_mark
from portal.messages.operations.claim import claim
from portal.settings.operations import change
from portal.settings.rules import sending
from portal.web.actor import SYSTEM
from sqlalchemy import func, select, update

from tests.fixtures.clock import midday_zone, midnight_zone
from tests.fixtures.database import app_on
from tests.fixtures.sending import mail_variables
from tests.messages.ready import make_ready, point_of


@pytest.fixture
def live(own_database, redis_url, mail_server):
    """Email is live, and everything an email needs is there."""
    with app_on(own_database, REDIS_URL=redis_url, **mail_variables(mail_server)) as app, app.app_context():
        with transaction():
            ready = make_ready()
        ready.browser = app.test_client()
        yield ready


def queued(ready, count=1):
    with transaction():
        client_id = ready.client()
        return client_id, [ready.message(client_id) for _ in range(count)]


def states() -> list[tuple[str, str]]:
    db.session.expire_all()
    rows = db.session.execute(select(Message.state, Message.reason).order_by(Message.id))
    return [(state, reason) for state, reason in rows]


def decisions() -> list[tuple[str, str, bool]]:
    rows = db.session.scalars(select(GateDecision).order_by(GateDecision.at, GateDecision.id)).all()
    assert {row.rule_set for row in rows} <= {RULE_SET}
    return [(row.answer, row.reason, row.until is not None) for row in rows]


def due_now() -> None:
    with transaction() as session:
        session.execute(update(Message).values(due_at=func.now() - timedelta(seconds=1)))


def stop_by_link(ready, client_id) -> None:
    token = unsubscribe_token(point_of(client_id).id, ready.topic_id)
    assert ready.browser.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"}).status_code == 200


def cap(ready, messages, days) -> None:
    with transaction() as session:
        topic = session.get_one(Topic, ready.topic_id)
        topic.cap_messages, topic.cap_days = messages, days


def test_an_opt_out_between_render_and_send_stops_the_message(live, mail_server):
    client_id, _ = queued(live)
    stop_by_link(live, client_id)
    send_slice()
    assert states()[0][0] == "suppressed"
    assert decisions()[0][0] == "refuse"
    assert mail_server.messages == []


def test_an_opt_out_between_retries_leaves_no_second_attempt(live, mail_server):
    mail_server.answers = ["451 4.3.0 busy"]
    client_id, _ = queued(live)
    send_slice()
    stop_by_link(live, client_id)
    due_now()
    send_slice()
    assert states()[0][0] == "suppressed"
    assert [answer for answer, _, _ in decisions()] == ["allow", "refuse"]
    assert mail_server.messages == []


def test_marketing_waits_for_the_morning_of_the_client(live, mail_server):
    client_id, (message_id,) = queued(live)
    zone = midnight_zone()
    with transaction() as session:
        session.get_one(Client, client_id).time_zone = zone
    send_slice()
    assert (states(), decisions()) == ([("queued", "quiet_hours")], [("defer", "quiet_hours", True)])
    morning = db.session.get_one(Message, message_id).due_at.astimezone(ZoneInfo(zone))
    assert (morning.time(), morning > utc_now()) == (time(8), True)
    with transaction() as session:
        session.get_one(Client, client_id).time_zone = midday_zone()
    due_now()
    send_slice()
    assert (states()[0][0], len(mail_server.messages)) == ("accepted", 1)


def test_a_night_that_outlasts_the_deadline_ends_the_message(live, mail_server):
    client_id, _ = queued(live)
    with transaction() as session:
        session.get_one(Client, client_id).time_zone = midnight_zone()
        session.execute(update(Message).values(expires_at=func.now() + timedelta(hours=1)))
    send_slice()
    assert (states(), mail_server.messages) == ([("expired", "quiet_hours")], [])


def test_a_client_is_not_written_to_outside_the_hours_they_chose(live):
    client_id, _ = queued(live)
    with transaction():
        change_preferences(client_id, PreferenceChange(contact_from=time(8), contact_until=time(8, 30)), SYSTEM)
    send_slice()
    assert states() == [("queued", "contact_hours")]


def test_what_is_no_marketing_goes_out_at_night_and_in_any_number(live, mail_server):
    client_id, _ = queued(live, 3)
    cap(live, 1, 7)
    with transaction() as session:
        session.get_one(Client, client_id).time_zone = midnight_zone()
        session.get_one(Topic, live.topic_id).topic_class = "transactional"
    send_slice()
    assert {state for state, _ in states()} == {"accepted"}


def test_a_topic_that_is_full_makes_the_next_message_of_the_same_batch_wait_or_end(live, mail_server):
    cap(live, 2, 1)
    _, ids = queued(live, 4)
    with transaction() as session:
        patient = update(Message).where(Message.id == ids[2])
        session.execute(patient.values(expires_at=func.now() + timedelta(days=3)))
    send_slice()
    assert [state for state, _ in states()] == ["accepted", "accepted", "queued", "expired"]
    assert {reason for _, reason in states()[2:]} == {"topic_cap"}
    waits = db.session.get_one(Message, ids[2]).due_at - utc_now()
    assert timedelta(hours=23) < waits <= timedelta(days=1)


def test_a_window_that_has_moved_on_has_room_again(live, mail_server):
    cap(live, 1, 7)
    client_id, _ = queued(live)
    send_slice()
    with transaction() as session:
        session.execute(update(Message).values(handed_at=func.now() - timedelta(days=7, seconds=1)))
        live.message(client_id)
    send_slice()
    assert {state for state, _ in states()} == {"accepted"}


def test_a_message_that_is_tried_again_does_not_stand_in_its_own_way(live, mail_server):
    cap(live, 1, 7)
    mail_server.answers = ["451 4.3.0 busy"]
    queued(live)
    send_slice()
    due_now()
    send_slice()
    assert [state for state, _ in states()] == ["accepted"]


@pytest.mark.parametrize("frequency", [Frequency.WEEKLY, Frequency.MONTHLY])
def test_a_client_who_wants_less_gets_one_in_their_time(live, mail_server, frequency):
    client_id, _ = queued(live, 2)
    with transaction():
        change_preferences(client_id, PreferenceChange(frequency=frequency), SYSTEM)
    send_slice()
    assert states() == [("accepted", ""), ("expired", "client_cap")]


def test_the_limit_of_all_marketing_counts_every_topic(live, mail_server):
    queued(live, 2)
    with transaction():
        change(sending.CAP_MESSAGES, 1, SYSTEM)
    send_slice()
    assert [reason for _, reason in states()] == ["", "total_cap"]


def test_two_workers_cannot_both_take_the_last_place(live, own_app):
    cap(live, 1, 7)
    queued(live, 2)
    with transaction() as session:
        one = claim(session, "email", "one", 1, 60)
    with transaction() as session:
        other = claim(session, "email", "other", 1, 60)
    done = []

    def check_other() -> None:
        with live.browser.application.app_context(), new_session() as session, session.begin():
            done.append(check_and_mark(session, other.token, other.message_ids))

    with new_session() as session, session.begin():
        assert len(check_and_mark(session, one.token, one.message_ids)) == 1
        thread = threading.Thread(target=check_other)
        thread.start()
        thread.join(0.5)
        assert done == []
    thread.join(10)
    assert done == [[]]


def test_whoever_lost_the_lease_hands_nothing_over(live):
    _, ids = queued(live)
    with transaction() as session:
        assert check_and_mark(session, new_id(), ids) == []
    assert decisions() == []


def test_a_switch_that_stays_off_is_one_decision(live):
    queued(live)
    with transaction():
        change(sending.ENABLED, False, SYSTEM)
    for _ in range(3):
        due_now()
        send_slice()
    assert decisions() == [("defer", "sending_off", False)]


def test_what_stops_marketing_alone_lets_the_rest_through(live, mail_server):
    client_id, _ = queued(live)
    address = point_of(client_id).address
    with transaction() as session:
        scope = {"scope": SuppressionScope.MARKETING, "source": "page", "actor": SYSTEM}
        suppress(session, "email", address, SuppressionReason.MANUAL, **scope)
    send_slice()
    assert states() == [("suppressed", "suppressed")]
    with transaction() as session:
        session.get_one(Topic, live.topic_id).topic_class = "transactional"
        live.message(client_id)
    send_slice()
    assert states()[1][0] == "accepted"
    assert db.session.scalar(select(func.count()).select_from(Suppression)) == 1


def test_a_message_takes_its_decisions_with_it(live):
    queued(live)
    send_slice()
    with transaction() as session:
        session.execute(Message.__table__.delete())
    assert decisions() == []


def test_the_page_of_a_message_tells_every_answer(ready, message_id, as_viewer):
    now = utc_now()
    facts = {"message_id": message_id, "rule_set": RULE_SET}
    waits = {"at": now - timedelta(hours=3), "answer": "defer", "reason": "quiet_hours", "until": now}
    with transaction() as session:
        session.add(GateDecision(**facts, **waits))
        session.add(GateDecision(**facts, at=now, answer="allow", reason="fine"))
    html = as_viewer.get(f"/messages/{message_id}").text
    answers = html.split("Every answer of the gate")[1].split("</ol>")[0]
    assert answers.index("Allowed") < answers.index("Not yet: quiet hours")
    assert "GEN-10" in answers
    assert f"rules no. {RULE_SET}" in answers
