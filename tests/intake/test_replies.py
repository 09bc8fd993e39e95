"""What a reply does: to somebody we know, to a stranger, twice, late, and back again."""

from datetime import timedelta

import pytest
from portal.audit.models import AuditEntry
from portal.clients.models import Client
from portal.clients.operations import add_contact_point, forget_client
from portal.clients.queries import find_client
from portal.consent.models import ConsentEvent, LegalBasis, Method, Suppression, TopicClass
from portal.consent.operations import make_topic, record_consent, suppress
from portal.consent.queries import consent_states, list_events, suppressed
from portal.consent.rules.evidence import note_of
from portal.db import utc_now
from portal.intake.operations import receive_reply
from portal.intake.rules import Meaning
from portal.settings.operations import save
from portal.settings.rules.opt_outs import REPLY_STOPS_ALL
from sqlalchemy import func, select

from tests.consent.conftest import STAFF, some_client, some_topic

NUMBER = "+351912345678"


@pytest.fixture
def maria(session) -> Client:
    client = some_client()
    add_contact_point(client, "sms", NUMBER, STAFF)
    return client


@pytest.fixture
def topic(maria):
    topic, wording = some_topic()
    for channel in ("sms", "email"):
        record_consent(maria.id, topic.id, channel, wording.id, Method.SPOKEN, "Call of 3 March", STAFF)
    return topic


def reply(text="STOP", sender=NUMBER, channel="sms", **facts):
    return receive_reply(channel, sender, text, facts.pop("at", utc_now()), **facts)


def test_a_stop_withdraws_and_blocks_this_channel_at_once_and_is_proved(session, maria, topic):
    outcome = reply("Please stop texting me", reference="SM17")
    assert (outcome.meaning, outcome.client_id, outcome.withdrawn, outcome.suppressed) == ("stop", maria.id, 1, True)
    event, evidence = list_events(maria.id)[0]
    assert (event.event, event.channel, event.method, event.actor_kind) == (
        "withdrawn",
        "sms",
        "sms_keyword",
        "client",
    )
    assert "SM17" in note_of(evidence.evidence)
    asked = {1: ("sms", NUMBER), 2: ("email", "maria@rivertown.example"), 3: ("whatsapp", NUMBER)}
    assert suppressed(session, asked, marketing=()) == {1}
    row = session.scalars(select(Suppression)).one()
    assert (row.reason, row.origin, row.source) == ("opted_out", "person", "stop reply")
    session.commit()
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq.desc()).limit(2)).all()
    assert sorted(actions) == ["consent.suppress", "consent.withdraw"]


def test_one_confirmation_is_due_and_only_within_five_minutes(session, maria, topic):
    now = utc_now()
    first = reply(at=now)
    assert (first.confirmation.client_id, first.confirmation.until) == (maria.id, now + timedelta(minutes=5))
    assert reply(at=now).confirmation is None
    assert session.scalar(select(func.count()).select_from(ConsentEvent)) == 3


@pytest.mark.parametrize("facts", [{"at": utc_now() - timedelta(minutes=6)}, {"told": Meaning.STOP}])
def test_no_confirmation_is_due_when_it_is_late_or_the_provider_sent_one(session, maria, topic, facts):
    outcome = reply("anything" if "told" in facts else "STOP", **facts)
    assert (outcome.withdrawn, outcome.confirmation) == (1, None)


def test_a_stranger_only_gets_onto_the_list(session):
    outcome = reply(sender="+4915112345678")
    assert (outcome.client_id, outcome.suppressed, outcome.confirmation) == (None, True, None)
    assert session.scalar(select(func.count()).select_from(Client)) == 0
    assert suppressed(session, {1: ("sms", "+4915112345678")}) == {1}


def test_a_stop_after_the_erasure_makes_nobody_new(session, maria, topic):
    forget_client(find_client(maria.id), STAFF)
    outcome = reply()
    assert (outcome.client_id, outcome.withdrawn, outcome.suppressed) == (None, 0, True)
    assert session.scalar(select(func.count()).select_from(Client)) == 1


@pytest.mark.parametrize("text", ["STOP", "START", "Thanks"])
def test_a_sender_that_is_no_address_changes_nothing(session, text):
    outcome = reply(text, sender="72345")
    assert (outcome.client_id, outcome.suppressed, outcome.lifted) == (None, False, 0)
    assert session.scalars(select(Suppression)).all() == []


def test_start_lifts_the_block_that_stop_set_and_agrees_to_nothing(session, maria, topic):
    reply()
    assert reply("START").lifted == 1
    assert suppressed(session, {1: ("sms", NUMBER)}) == set()
    assert list_events(maria.id)[0][0].event == "withdrawn"
    assert reply("START").lifted == 0
    again = reply()
    assert (again.withdrawn, again.suppressed, again.confirmation is None) == (0, True, False)


def test_start_leaves_every_other_block_alone(session, maria):
    for reason, source in (("erased", "erasure"), ("bounced", "30005"), ("opted_out", "call")):
        suppress(session, "sms", NUMBER, reason, source=source, actor=STAFF)
    assert reply("START").lifted == 0
    assert session.scalar(select(func.count()).select_from(Suppression)) == 3


@pytest.mark.parametrize(("text", "meaning"), [("don't stop", "unclear"), ("HELP", "help"), ("Thank you", "other")])
def test_what_asks_for_nothing_changes_nothing(session, maria, topic, text, meaning):
    outcome = reply(text)
    assert (outcome.meaning, outcome.client_id, outcome.withdrawn) == (meaning, maria.id, 0)
    assert session.scalars(select(Suppression)).all() == []


def test_a_setting_lets_bookings_through_after_a_stop(session, maria, topic):
    bookings = make_topic("Bookings", TopicClass.TRANSACTIONAL, LegalBasis.CONTRACT, STAFF)
    record_consent(maria.id, bookings.id, "sms", None, Method.SPOKEN, "Call of 3 March", STAFF)
    some_topic("Never asked")
    save({REPLY_STOPS_ALL.key: False}, STAFF)
    session.commit()
    assert reply().withdrawn == 2
    assert suppressed(session, {1: ("sms", NUMBER)}, marketing=()) == set()
    assert suppressed(session, {1: ("sms", NUMBER)}, marketing={1}) == {1}


def test_a_stop_also_closes_what_was_never_asked_about_and_start_does_not_open_it(session, maria):
    offers = make_topic("Offers", TopicClass.MARKETING, LegalBasis.SOFT_OPT_IN, STAFF)
    assert reply().withdrawn == 1
    assert reply("START").lifted == 1
    place = (maria.id, offers.id, "sms")
    assert consent_states(session, [place])[place] == "withdrawn"
