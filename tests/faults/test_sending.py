"""Workers, Redis and PostgreSQL killed in mid-send: nothing is lost, and repeats stay within the promise."""

import signal

import pytest
from portal.db import transaction

from tests.fixtures.sending import CONNECTIONS, Sending, sending_on
from tests.fixtures.workers import wait_until

pytestmark = pytest.mark.faults
COUNT = 300
PROMISE = CONNECTIONS + 25


@pytest.fixture(autouse=True)
def slow_mail(mail_server):
    mail_server.pause = 0.01


def arrived(sending: Sending) -> int:
    return len(sending.mail.copies())


def test_a_killed_horse_loses_nothing_and_repeats_little(sending: Sending):
    sending.ticker()
    worker = sending.worker()
    sending.order(COUNT)
    sending.taken(60)
    sending.horse_of(worker).kill()
    sending.all_accepted(COUNT)
    assert arrived(sending) == COUNT
    assert sending.repeats() <= PROMISE


def test_a_killed_worker_leaves_its_horse_to_finish(sending: Sending):
    sending.ticker()
    worker = sending.worker()
    sending.order(COUNT)
    sending.taken(60)
    worker.kill()
    worker.wait()
    sending.worker()
    sending.all_accepted(COUNT)
    assert arrived(sending) == COUNT
    assert sending.repeats() <= PROMISE


def test_worker_and_horse_killed_together_lose_nothing(sending: Sending):
    sending.ticker()
    worker = sending.worker()
    sending.order(COUNT)
    sending.taken(60)
    horse = sending.horse_of(worker)
    worker.kill()
    horse.kill()
    worker.wait()
    sending.worker()
    sending.all_accepted(COUNT)
    assert arrived(sending) == COUNT
    assert sending.repeats() <= PROMISE


def test_a_worker_asked_to_stop_finishes_what_it_handed_over_and_repeats_nothing(sending: Sending):
    sending.ticker()
    worker = sending.worker()
    sending.order(COUNT)
    sending.taken(60)
    worker.send_signal(signal.SIGTERM)
    worker.wait(20)
    assert set(sending.states()) <= {"accepted", "queued"}
    sending.worker()
    sending.all_accepted(COUNT)
    assert sending.repeats() == 0


def test_redis_emptied_in_mid_run_only_delays(sending: Sending, clean_redis):
    sending.ticker()
    sending.worker()
    sending.order(COUNT)
    sending.taken(60)
    clean_redis.flushall()
    sending.all_accepted(COUNT)
    assert sending.repeats() == 0


def test_a_wake_up_that_was_lost_is_repaired_by_the_ticker(sending: Sending, clean_redis):
    sending.worker()
    sending.order(5)
    clean_redis.flushall()
    sending.ticker()
    sending.all_accepted(5)


def test_postgresql_killed_in_mid_run_loses_nothing(own_postgres, redis_url, clean_redis, mail_server, tmp_path):
    with sending_on(own_postgres, redis_url, mail_server, tmp_path / "out.log") as sending:
        sending.ticker()
        sending.worker()
        sending.order(COUNT)
        sending.taken(60)
        own_postgres.server.kill()
        own_postgres.server.start()
        sending.workers.connection.close()
        sending.workers.connection = own_postgres.connect()
        sending.all_accepted(COUNT)
        assert arrived(sending) == COUNT
        assert sending.repeats() <= PROMISE


def test_somebody_who_withdraws_while_others_are_being_sent_to_gets_nothing(sending: Sending):
    sending.ticker()
    sending.order(COUNT)
    with sending.app.app_context():
        with transaction():
            late = sending.ready.client(COUNT)
            sending.ready.message(late)
        sending.worker()
        sending.taken(30)
        with transaction():
            sending.ready.withdraw(late)
    wait_until(lambda: sending.states() == {"accepted": COUNT, "suppressed": 1})
    assert f"ana{COUNT}@mail.example" not in {str(message["To"]) for message in sending.mail.messages}
