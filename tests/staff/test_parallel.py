"""What happens when the same thing is sent twice at once, over real connections with real commits."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from portal.db import db, transaction
from portal.staff.models import RecoveryCode, SignInAttempt, StaffMember, StaffSession
from portal.staff.operations.second_factor import make_recovery_codes
from portal.staff.rules.hashing import CONCURRENT_HASHES, PLACES, TooManyVerifications, is_password
from portal.web.actor import SYSTEM
from sqlalchemy import func, select

from tests.fixtures.people import make_person
from tests.staff.doorway import give_password, submit, token


def in_parallel(number, call):
    with ThreadPoolExecutor(number) as pool:
        return [answer.result() for answer in [pool.submit(call) for _ in range(number)]]


def twins(app, number, client):
    """Browsers that all hold the same cookie."""
    with client.session_transaction() as cookie:
        values = dict(cookie)
    made = []
    for _ in range(number):
        twin = app.test_client()
        with twin.session_transaction() as cookie:
            cookie.update(values)
        made.append(twin)
    return iter(made)


@pytest.mark.parametrize("kind", ["recovery", "totp"])
def test_a_code_sent_twice_at_once_has_one_effect(own_app, kind):
    admin = make_person(own_app, "admin")
    with own_app.app_context(), transaction():
        recovery = make_recovery_codes(db.session.get_one(StaffMember, admin.id), SYSTEM)[0]
    client = own_app.test_client()
    give_password(client, admin)
    csrf = token(client.get("/login/verify").text)
    code = recovery if kind == "recovery" else admin.code()
    browsers = twins(own_app, 4, client)
    send = lambda: next(browsers).post("/login/verify", data={"csrf_token": csrf, "code": code})  # noqa: E731
    answers = in_parallel(4, send)
    assert {answer.location for answer in answers} == {"/"}
    assert [bool(answer.headers.getlist("Set-Cookie")) for answer in answers].count(True) == 1
    with own_app.app_context():
        used = select(func.count()).where(RecoveryCode.used_at.is_not(None))
        assert db.session.scalar(used) == (kind == "recovery")
        assert db.session.scalars(select(StaffSession.stage)).all() == ["complete"]


def test_parallel_guesses_wait_as_long_as_guesses_in_a_row(own_app):
    viewer = make_person(own_app, "viewer")
    answers = Counter(
        a.status_code for a in in_parallel(12, lambda: give_password(own_app.test_client(), viewer, "no"))
    )
    assert answers[422] <= 6
    assert answers[422] + answers[429] == 12
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInAttempt)) == answers[422]


@pytest.fixture
def no_place_left(monkeypatch):
    """As many passwords are being checked as the memory allows."""
    monkeypatch.setattr("portal.staff.rules.hashing.WAIT_SECONDS", 0.01)
    for _ in range(CONCURRENT_HASHES):
        PLACES.acquire()
    yield
    PLACES.release(CONCURRENT_HASHES)


def test_a_flood_of_passwords_is_refused_before_it_takes_the_memory(no_place_left):
    with pytest.raises(TooManyVerifications):
        is_password(None, "anything")


def test_the_page_says_that_the_machine_is_busy(person, anonymous, no_place_left):
    answer = submit(anonymous, "/login", email="jo@tidewell.example", password="anything")
    assert answer.status_code == 503
    assert "Too many people are signing in" in answer.text


def test_a_damaged_hash_lets_nobody_in():
    assert is_password("not a hash", "anything") is False


def test_a_link_used_twice_at_once_opens_the_account_once(own_app):
    made = own_app.test_cli_runner().invoke(
        args=["staff", "create", "--email", "jo@tidewell.example", "--name", "Jo Adeyemi", "--role", "viewer"]
    )
    path = "/set-up/" + made.output.split("/set-up/")[1].strip()
    password = "seven green kettles sing"
    answers = in_parallel(4, lambda: submit_or_gone(own_app.test_client(), path, password))
    assert Counter(answers)[303] == 1
    assert set(answers) <= {303, 410}
    assert submit(own_app.test_client(), "/login", email="jo@tidewell.example", password=password).location == "/"


def submit_or_gone(client, path, password):
    page = client.get(path)
    if page.status_code == 410:
        return 410
    return client.post(path, data={"csrf_token": token(page.text), "password": password}).status_code
