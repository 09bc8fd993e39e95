"""The invented company: no page is empty with it, and nothing but the audit log remembers it."""

import pytest
from portal.audit.models import AuditEntry
from portal.clients.models import Client
from portal.clients.operations import add_client
from portal.config.current import current, install
from portal.config.smtp import SmtpAuth
from portal.consent.models import ConsentEvent, Method, Suppression, SuppressionReason, Topic
from portal.consent.operations import record_consent, suppress
from portal.consent.queries import check_ledger, find_topic_by_key, latest_wordings
from portal.db import db, transaction
from portal.demo.operations import load_company, remove_company
from portal.demo.rules.clients import demo_clients
from portal.demo.rules.company import CONFIRMATION, NEWS, VALUES
from portal.demo.rules.courses import COURSES
from portal.message_templates.models import MessageTemplate
from portal.message_templates.queries import find_by_key, live_of
from portal.messages.models import CapturedEmail, CapturedSms, Message, MessageAttempt, MessageState
from portal.messages.operations.enqueue import Order, queue_message
from portal.messages.rules.caught import read_mail
from portal.settings.queries import forget_everything
from portal.verification.models import Verification
from portal.web.actor import SYSTEM
from sqlalchemy import func, select

TABLES = (
    Client,
    Topic,
    ConsentEvent,
    MessageTemplate,
    Message,
    MessageAttempt,
    CapturedEmail,
    CapturedSms,
    Verification,
)


@pytest.fixture
def company(session):
    with transaction():
        made = load_company(SYSTEM)
    yield made
    forget_everything()


@pytest.fixture
def live(session):
    before = current()
    smtp = {"chosen_host": "127.0.0.1", "auth": SmtpAuth.NONE, "from_email": "a@x.example"}
    install(before.model_copy(update={"smtp": before.smtp.model_copy(update=smtp)}))
    yield
    install(before)
    forget_everything()


def count(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def test_everything_is_there_in_every_state_that_lasts(company):
    assert (company.clients, company.templates, company.messages) == (40, 3, 60)
    states = set(db.session.scalars(select(Message.state)))
    assert states == set(MessageState) - {"claimed", "handed"}
    assert count(Topic) == 4
    assert count(CapturedEmail) == 6
    assert sum(number for number, _ in COURSES) == 60


def test_it_is_as_true_as_real_data(company, session):
    assert check_ledger(session) == []
    assert len({client.email for client in demo_clients()}) == 40
    assert all(client.email.endswith(".example") for client in demo_clients())
    ordered = select(func.count()).where(AuditEntry.action == "message.queue")
    assert session.scalar(ordered) == 60


def test_a_caught_email_is_complete(company, session):
    mail = read_mail(session.scalars(select(CapturedEmail).limit(1)).one().raw)
    assert {name for name, _ in mail.headers} >= {"To", "Subject", "List-Unsubscribe", "List-Unsubscribe-Post"}
    assert "4 Harbour Steps" in mail.text
    assert "/u/" in mail.html


def test_a_few_codes_were_caught_and_each_ended_in_its_way(company, session):
    states = list(session.scalars(select(Verification.state).order_by(Verification.started_at)))
    assert states == ["confirmed", "exhausted", "confirmed", "sent"]
    assert all(sms.body.startswith("Tidewell: ") for sms in session.scalars(select(CapturedSms)))


def test_loading_twice_makes_nothing_more(company):
    with transaction():
        again = load_company(SYSTEM)
    assert (again.clients, again.templates, again.messages) == (0, 0, 0)
    assert count(Verification) == count(CapturedSms) == 4


def test_removing_leaves_nothing_and_removing_nothing_is_fine(company):
    with transaction():
        removed = remove_company(SYSTEM)
    assert (removed.clients, removed.templates, removed.messages) == (40, 3, 60)
    assert [count(table) for table in TABLES] == [0] * len(TABLES)
    with transaction():
        assert remove_company(SYSTEM).clients == 0


def test_what_real_clients_have_to_do_with_stays(company, session):
    with transaction():
        mine = add_client("Rosa Alves", "rosa@tidemark.example", "pt", "Europe/Lisbon", SYSTEM)
        news = find_topic_by_key(NEWS)
        wording = next(one for one in latest_wordings() if one.topic_id == news.id and one.language == "en")
        record_consent(mine.id, news.id, "email", wording.id, Method.FORM, "Form 1", SYSTEM)
        version = live_of(session, find_by_key(session, CONFIRMATION).id)
        queue_message(Order(mine.id, version.id, VALUES[CONFIRMATION]), SYSTEM)
    with transaction():
        removed = remove_company(SYSTEM)
    assert (removed.clients, removed.templates) == (40, 2)
    assert set(session.scalars(select(Topic.key))) == {NEWS, "demo-bookings"}
    assert count(Message) == 1


def test_nothing_waits_to_leave_where_email_is_live(live, session):
    with transaction():
        load_company(SYSTEM)
    assert session.scalar(select(func.count()).where(Message.state == "queued")) == 0


def test_a_company_that_was_removed_can_come_back(company):
    with transaction():
        remove_company(SYSTEM)
    with transaction():
        assert load_company(SYSTEM).messages == 60


def test_opt_outs_and_the_suppression_list_are_not_empty_and_go_with_the_company(
    company, session, as_marketer, as_viewer
):
    page = as_marketer.get("/analytics/opt-outs").text
    assert '<dd class="n">11</dd>' in page
    assert '<dd class="n">0</dd><dd class="d">messages handed over after an opt-out, of 11' in page
    assert "Lists of providers" in as_viewer.get("/consent/suppression").text
    with transaction():
        suppress(session, "email", "anna@lakeside.example", SuppressionReason.MANUAL, source="call", actor=SYSTEM)
        remove_company(SYSTEM)
    assert session.scalars(select(Suppression.source)).all() == ["call"]
