"""Slices of sending with a real mail server: what arrives, and what becomes of what does not."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from portal.audit.models import AuditEntry
from portal.channels.base import Accepted
from portal.clients.models import ContactPoint
from portal.config.current import current
from portal.consent.models import Suppression
from portal.db import db, engine, new_id, transaction, utc_now
from portal.message_templates.models import MessageTemplateVersion
from portal.messages.jobs import present_pace, send_email, send_slice, session_maker, sweep_lost, wake_due
from portal.messages.models import CapturedEmail, Message, MessageAttempt, MessageState
from portal.messages.operations.check import check_and_mark
from portal.messages.operations.claim import claim
from portal.messages.operations.enqueue import NoAddress, NoSuchVersion, Order, queue_message
from portal.messages.operations.flush import Flusher, Result
from portal.messages.operations.pump import Pump
from portal.messages.operations.senders import email_delivery, load_texts
from portal.messages.operations.sweep import free_owner
from portal.settings.operations import change
from portal.settings.rules import retry
from portal.web.actor import SYSTEM
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError

from tests.fixtures.database import app_on
from tests.fixtures.sending import mail_variables
from tests.messages.ready import make_ready


@pytest.fixture
def live(own_database, redis_url, mail_server):
    """Email is live, and everything an email needs is there."""
    with app_on(own_database, REDIS_URL=redis_url, **mail_variables(mail_server)) as app, app.app_context():
        with transaction():
            ready = make_ready()
        yield ready


@pytest.fixture
def simulated(own_database, redis_url):
    """Email is simulated."""
    with app_on(own_database, REDIS_URL=redis_url, EMAIL_MODE="simulation") as app, app.app_context():
        with transaction():
            ready = make_ready()
        yield ready


def queued(ready, count=1):
    with transaction():
        return ready.messages(count)


def only() -> Message:
    db.session.expire_all()
    return db.session.execute(select(Message)).scalar_one()


def attempts() -> list[tuple[int, str, str]]:
    rows = db.session.execute(select(MessageAttempt).order_by(MessageAttempt.number)).scalars()
    return [(row.number, row.outcome, row.code) for row in rows]


def due_now() -> None:
    with transaction() as session:
        session.execute(update(Message).values(due_at=func.now() - timedelta(seconds=1)))


def test_the_mail_that_arrives_is_whole(live, mail_server):
    (message_id,) = queued(live)
    assert send_slice() is False
    mail = mail_server.messages[0]
    assert mail["Subject"] == "Doors open for Harbour Gala"
    assert mail["To"] == "ana0@mail.example"
    assert mail["Message-ID"] == f"<{message_id}@tidewell.example>"
    assert "Dear Ana" in mail.get_body(("plain",)).get_content()
    assert "<strong>Harbour Gala</strong>" in mail.get_body(("html",)).get_content()
    assert [part.defects for part in mail.walk()] == [[], [], []]


def test_the_mail_says_who_writes_and_how_to_stop_it(live, mail_server):
    queued(live)
    send_slice()
    mail = mail_server.messages[0]
    link = f"<{current().general.public_base_url}/u/"
    line = next(line for line in mail.raw.split(b"\r\n") if line.startswith(b"List-Unsubscribe:"))
    assert line.startswith(f"List-Unsubscribe: {link}".encode())
    assert line.endswith(b">")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link.strip("<") in mail.get_body(("plain",)).get_content()


def test_an_accepted_message_keeps_its_attempt_and_its_verdict(live):
    queued(live)
    send_slice()
    message = only()
    assert (message.state, message.verdict, message.attempts) == ("accepted", "allow:fine", 1)
    assert message.accepted_at is not None
    assert message.lease_token is None
    assert attempts() == [(1, "accepted", "250")]


def test_a_mail_server_that_is_busy_is_asked_again_after_a_minute(live, mail_server):
    mail_server.answers = ["451 4.3.0 busy"]
    queued(live)
    before = utc_now()
    send_slice()
    message = only()
    wait = (message.due_at - before).total_seconds()
    assert (message.state, message.attempts) == ("queued", 1)
    assert 47 < wait < 75
    due_now()
    send_slice()
    assert (only().state, only().attempts) == ("accepted", 2)
    assert attempts() == [(1, "refused", "451 4.3.0"), (2, "accepted", "250")]
    assert len(mail_server.copies()) == 1


def test_the_waits_that_staff_have_set_are_kept(live, mail_server):
    with transaction():
        change(retry.DELAYS, (timedelta(minutes=30),), SYSTEM)
        change(retry.JITTER, 0, SYSTEM)
        change(retry.MAX_RETRIES, 1, SYSTEM)
        change(retry.LATER_INTERVAL, timedelta(hours=2), SYSTEM)
    mail_server.answers = ["451 4.3.0 busy", "451 4.3.0 busy"]
    queued(live)
    for minutes in (30, 120):
        before = utc_now()
        send_slice()
        wait = only().due_at - before
        assert timedelta(minutes=minutes) <= wait < timedelta(minutes=minutes + 1)
        due_now()


def test_an_address_that_does_not_exist_fails_in_plain_words_and_is_suppressed(live, mail_server):
    mail_server.answers = ["550 5.1.1 ana0@mail.example unknown"]
    queued(live)
    send_slice()
    message = only()
    assert (message.state, message.failure_text) == ("failed", "The address does not exist.")
    assert db.session.scalar(select(func.count()).select_from(Suppression)) == 1
    with transaction():
        live.message(message.client_id)
    send_slice()
    db.session.expire_all()
    newest = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert (newest.state, newest.reason) == ("suppressed", "suppressed")


def test_a_server_that_slows_us_down_costs_no_retry(live, mail_server):
    mail_server.answers = ["450 4.2.1 slower"]
    queued(live)
    send_slice()
    assert (only().state, only().attempts) == ("queued", 0)


def test_a_client_who_never_agreed_gets_nothing(live, mail_server):
    with transaction():
        live.message(live.client(agreed=False))
    send_slice()
    assert (only().state, only().reason) == ("suppressed", "never_agreed")
    assert mail_server.messages == []


def test_a_client_who_withdrew_after_queueing_gets_nothing(live, mail_server):
    queued(live)
    with transaction():
        live.withdraw(only().client_id)
    send_slice()
    assert (only().state, only().verdict) == ("suppressed", "refuse:withdrawn")
    assert mail_server.messages == []


def test_a_client_who_withdraws_between_two_attempts_gets_no_second_one(live, mail_server):
    mail_server.answers = ["451 busy"]
    queued(live)
    send_slice()
    with transaction():
        live.withdraw(only().client_id)
    due_now()
    send_slice()
    assert only().state == "suppressed"
    assert attempts() == [(1, "refused", "451")]


def test_a_message_past_its_deadline_expires(live, mail_server):
    queued(live)
    with transaction() as session:
        session.execute(update(Message).values(expires_at=func.now()))
    send_slice()
    assert (only().state, only().reason) == ("expired", "past_deadline")


def test_while_sending_is_off_messages_wait(own_database, redis_url, mail_server):
    off = {**mail_variables(mail_server), "SENDING_ENABLED": "false"}
    with app_on(own_database, REDIS_URL=redis_url, **off) as app, app.app_context():
        with transaction():
            make_ready().messages(1)
        send_slice()
        assert (only().state, only().reason) == ("queued", "sending_off")
        assert only().due_at > utc_now()


def test_one_message_that_cannot_be_filled_in_does_not_stop_the_others(live, mail_server):
    with transaction():
        order = Order(live.client(1), live.version_id, {})
        queue_message(order, SYSTEM)
        live.message(live.client(2))
    send_slice()
    states = db.session.scalars(select(Message.state).order_by(Message.state)).all()
    assert states == ["accepted", "failed"]
    assert len(mail_server.messages) == 1


def test_a_client_whose_name_cannot_be_read_gets_no_mail_without_a_name(live, mail_server):
    queued(live)
    with transaction() as session:
        session.execute(text("UPDATE client SET full_name = overlay(full_name placing '\\x00'::bytea from 20 for 1)"))
    send_slice()
    assert (only().state, mail_server.messages) == ("failed", [])


def test_an_address_that_cannot_be_read_counts_as_none(live, mail_server):
    queued(live)
    with transaction() as session:
        session.execute(
            text("UPDATE contact_point SET address = overlay(address placing '\\x00'::bytea from 20 for 1)")
        )
    send_slice()
    assert (only().state, only().reason) == ("suppressed", "no_address")


def test_in_simulation_the_mail_is_caught_and_can_be_read(simulated):
    queued(simulated)
    send_slice()
    assert (only().state, only().simulated) == ("accepted", True)
    caught = db.session.execute(select(CapturedEmail)).scalar_one()
    assert "Subject: Doors open for Harbour Gala" in caught.raw


def test_a_slice_leaves_one_audit_row_with_its_figures(live):
    queued(live, 3)
    send_slice()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "message.hand_over")).one()
    assert entry.reason == "accepted 3, refused 0, unknown 0"


def test_the_same_order_twice_is_one_message(live):
    with transaction():
        client_id = live.client()
        order = Order(client_id, live.version_id, {"event_name": "Gala"}, idempotency_key="form-1")
        assert queue_message(order, SYSTEM) == queue_message(order, SYSTEM)
    assert only().idempotency_key == "form-1"


def test_a_client_without_an_address_cannot_be_written_to(live):
    with transaction() as session:
        client_id = live.client()
        session.execute(update(ContactPoint).values(channel="sms", kind="phone"))
        with pytest.raises(NoAddress):
            live.message(client_id)


def test_only_an_approved_version_can_be_sent(live):
    with transaction():
        client_id = live.client()
    with pytest.raises(NoSuchVersion):
        queue_message(Order(client_id, new_id(), {}), SYSTEM)


def test_a_text_changed_behind_the_portals_back_is_not_sent(live, mail_server, own_database):
    queued(live)
    with own_database.connect("postgres") as connection:
        connection.execute("ALTER TABLE message_template_version DISABLE TRIGGER ALL")
        connection.execute("UPDATE message_template_version SET body = 'Pay now'")
    send_slice()
    assert (only().state, only().reason, mail_server.messages) == ("suppressed", "text_changed", [])
    assert db.session.scalar(select(func.count()).select_from(MessageTemplateVersion)) == 1


def test_a_lost_lease_is_swept_and_the_message_goes_out(live, mail_server):
    queued(live)
    with transaction() as session:
        claim(session, "email", "gone", 10, 0.0)
    with transaction() as session:
        sweep_lost(session)
    assert (only().state, only().crashes) == (MessageState.QUEUED, 1)
    send_slice()
    assert (only().state, only().crashes) == ("accepted", 0)


def test_a_message_lost_in_mid_send_keeps_the_attempt_that_nobody_finished(live):
    queued(live)
    with transaction() as session:
        claim(session, "email", "gone", 10, 0.0)
        session.execute(update(Message).values(state="handed", attempts=1, handed_at=func.now()))
    with transaction() as session:
        sweep_lost(session)
    assert (only().state, only().resends) == ("queued", 1)
    assert attempts() == [(1, "lost", "worker_lost")]


def test_messages_that_killed_two_workers_are_claimed_one_by_one(live):
    queued(live, 3)
    with transaction() as session:
        session.execute(update(Message).values(crashes=2))
        assert len(claim(session, "email", "me", 10, 60).message_ids) == 1


def test_sound_messages_are_claimed_before_suspicious_ones(live):
    first, *others = queued(live, 3)
    with transaction() as session:
        session.execute(update(Message).where(Message.id == first).values(crashes=2))
        assert list(claim(session, "email", "me", 10, 60).message_ids) == others


def test_a_worker_is_woken_only_while_something_is_due(live, clean_redis):
    with transaction() as session:
        wake_due(session)
    assert clean_redis.keys("*wake*") == []
    queued(live)
    with transaction() as session:
        wake_due(session)
    assert len(clean_redis.keys("*wake*")) == 1


def pump_of(pace, stopping) -> Pump:
    return Pump("email", "me", pace, session_maker(engine()), stopping, load_texts, email_delivery())


def test_a_mail_that_was_taken_without_a_word_is_sent_once_more_under_the_same_id(live, mail_server):
    mail_server.silent = 1
    queued(live)
    send_slice()
    assert (only().state, only().resends) == ("accepted", 1)
    assert list(mail_server.copies().values()) == [2]
    assert [outcome for _, outcome, _ in attempts()] == ["unknown", "accepted"]


def test_a_slice_asked_to_stop_gives_back_what_it_claimed(live, mail_server):
    queued(live, 3)
    answers = iter([False, True, True])
    pump_of(present_pace(), lambda: next(answers)).run()
    assert set(db.session.scalars(select(Message.state))) == {"queued"}
    assert mail_server.messages == []


def test_nothing_leaves_under_a_lease_that_may_be_lost(live, mail_server):
    queued(live)
    answers = iter([False, False, True])
    pump_of(replace(present_pace(), lease_seconds=0.0), lambda: next(answers)).run()
    assert (only().state, mail_server.messages) == ("handed", [])
    with transaction() as session:
        sweep_lost(session)
    assert only().state == "queued"


def test_a_hand_over_that_breaks_is_settled_by_the_sweep(live, caplog):
    queued(live)
    pump = pump_of(replace(present_pace(), lease_seconds=0.1), lambda: False)
    pump.load_texts = lambda *_: None
    pump.run()
    assert only().state == "handed"


def test_the_same_order_from_four_sides_at_once_is_one_message(live, own_app):
    with transaction():
        order = Order(live.client(), live.version_id, {"event_name": "Gala"}, idempotency_key="form-1")
    start = threading.Barrier(4)

    def ask(_: int):
        with own_app.app_context(), transaction():
            start.wait()
            return queue_message(order, SYSTEM)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ask, range(4)))) == 1
    assert only().idempotency_key == "form-1"


def test_a_slow_mail_server_does_not_cost_the_lease(live, mail_server):
    mail_server.pause = 0.1
    queued(live, 32)
    pump_of(replace(present_pace(), lease_seconds=1.0), lambda: False).run()
    assert set(db.session.scalars(select(Message.state))) == {"accepted"}
    assert set(mail_server.copies().values()) == {1}


def test_results_wait_for_a_database_that_is_away(live):
    queued(live)
    with transaction() as session:
        taken = claim(session, "email", "me", 1, 60)
        (handed,) = check_and_mark(session, taken.token, taken.message_ids)
    maker, away = session_maker(engine()), [OperationalError("COMMIT", {}, Exception())]

    def sometimes_away():
        if away:
            raise away.pop()
        return maker()

    flusher = Flusher(sometimes_away, taken.token, "me", lambda _: 60.0)
    for _ in range(26):
        flusher.put(Result(handed, Accepted("m"), utc_now()))
    flusher.close()
    assert (only().state, len(attempts())) == ("accepted", 26)


def test_what_a_dead_process_held_is_freed_by_its_name(live):
    queued(live, 2)
    with transaction() as session:
        claim(session, "email", "gone", 10, 60)
    with transaction() as session:
        assert free_owner(session, "somebody else") == 0
        assert free_owner(session, "gone") == 2
    assert set(db.session.scalars(select(Message.state))) == {"queued"}


def test_a_slice_whose_time_is_up_leaves_the_rest_to_a_new_wake_up(own_database, clean_redis, redis_url, mail_server):
    mail_server.pause = 0.3
    short = {**mail_variables(mail_server), "SENDING_SLICE_SECONDS": "1", "SENDING_CLAIM_SIZE": "1"}
    with app_on(own_database, REDIS_URL=redis_url, **short) as app, app.app_context():
        with transaction():
            make_ready().messages(6)
        send_email()
        assert 0 < len(mail_server.messages) < 6
    assert len(clean_redis.keys("*wake*")) == 1
