"""Double opt-in: the request, its confirmation, and everything that makes a request too late."""

from datetime import timedelta

import pytest
import time_machine
from portal.clients.models import ClientState, ContactPoint
from portal.clients.operations import merge_clients
from portal.consent.models import ConsentEvidence, LegalBasis, Method, Standing, SuppressionReason, TopicClass
from portal.consent.operations import (
    add_wording,
    change_topic,
    confirm_consent,
    make_topic,
    merge_consents,
    record_consent,
    refuse_consent,
    renew_consent,
    request_consent,
    suppress,
    withdraw,
)
from portal.consent.queries import check_ledger, consent_states, list_events, suppressed
from portal.consent.rules import ConsentRefused, Origin, RequestOver
from portal.consent.rules.contact import contact_hmac, is_said_for
from portal.consent.rules.topics import TopicChange
from portal.db import new_id, utc_now
from sqlalchemy import select

from tests.consent.conftest import READER, STAFF, agree, some_client

PAGE = Origin(url="https://tidewell.example/join?mail=maria@x.example#top", name="Join page", user_agent="Mozilla/5.0")


@pytest.fixture
def ask(session, maria, topic, wording):
    def ask(**facts):
        return request_consent(maria.id, topic.id, "email", wording.id, Method.FORM, READER, **facts)

    return ask


def standing(session, maria, topic, channel="email") -> str:
    place = (maria.id, topic.id, channel)
    return consent_states(session, [place])[place]


def test_a_request_waits_and_its_confirmation_counts_with_both_events_kept(session, maria, topic, wording, ask):
    request = ask(origin=PAGE)
    assert standing(session, maria, topic) == Standing.REQUESTED
    event = confirm_consent(request.id, Method.LINK, READER)
    assert standing(session, maria, topic) == Standing.GRANTED
    assert [(one.event, one.refers_to_id) for one, _ in list_events(maria.id)] == [
        ("confirmed", request.id),
        ("requested", None),
    ]
    assert (event.wording_id, event.contact_point_id) == (wording.id, request.contact_point_id)
    assert check_ledger(session) == []


def test_an_event_keeps_what_proves_it_and_nothing_that_names_the_person(session, maria, topic, wording, ask):
    maria.country = "PT"
    session.flush()
    event = ask(origin=PAGE)
    assert (event.source_url, event.source_name, event.user_agent) == (
        "https://tidewell.example/join",
        "Join page",
        "browser on a computer",
    )
    assert (event.legal_basis, event.language, event.jurisdiction, event.topic_version) == ("consent", "en", "PT", 1)
    assert event.statement_sha256 == wording.text_sha256
    assert is_said_for("email", "MARIA@rivertown.example", event.contact_point_hmac)
    assert not is_said_for("email", "joao@rivertown.example", event.contact_point_hmac)
    assert not is_said_for("email", "nobody", event.contact_point_hmac)
    assert contact_hmac("email", "nobody") is None
    assert contact_hmac("sms", "+351912345678") is not None


def test_confirming_again_answers_the_same_event(session, maria, topic, ask):
    request = ask()
    first = confirm_consent(request.id, Method.LINK, READER)
    assert confirm_consent(request.id, Method.LINK, READER) is first
    assert len(list_events(maria.id)) == 2


def test_a_confirmation_before_a_withdrawal_cannot_be_used_again(session, maria, topic, ask):
    request = ask()
    confirm_consent(request.id, Method.LINK, READER)
    withdraw(maria.id, topic.id, "email", Method.LINK, READER)
    with pytest.raises(RequestOver, match="newer"):
        confirm_consent(request.id, Method.LINK, READER)
    assert standing(session, maria, topic) == Standing.WITHDRAWN


@pytest.mark.parametrize("said", ["withdrawn", "refused", "asked again"])
def test_a_request_that_something_newer_stands_against_cannot_be_confirmed(session, maria, topic, ask, said):
    request = ask()
    if said == "asked again":
        assert ask().id != request.id
    else:
        {"withdrawn": withdraw, "refused": refuse_consent}[said](maria.id, topic.id, "email", Method.LINK, READER)
    with pytest.raises(RequestOver, match="newer"):
        confirm_consent(request.id, Method.LINK, READER)
    assert standing(session, maria, topic) in {said, "requested"}


def test_a_request_waits_14_days_and_no_moment_longer(session, maria, topic, ask):
    request = ask()
    with (
        time_machine.travel(request.recorded_at + timedelta(days=14, seconds=1)),
        pytest.raises(RequestOver, match="too"),
    ):
        confirm_consent(request.id, Method.LINK, READER)
    with time_machine.travel(request.recorded_at + timedelta(days=13, hours=23)):
        confirm_consent(request.id, Method.LINK, READER)
    assert standing(session, maria, topic) == Standing.GRANTED


def test_what_is_no_request_cannot_be_confirmed(session, maria, topic, wording):
    granted = agree(maria, topic, wording)
    with pytest.raises(RequestOver, match="no request"):
        confirm_consent(granted.id, Method.LINK, READER)
    with pytest.raises(RequestOver, match="not known"):
        confirm_consent(new_id(), Method.LINK, READER)


def test_a_withdrawal_stands_until_the_new_request_is_confirmed(session, maria, topic, ask):
    withdraw(maria.id, topic.id, "email", Method.LINK, READER)
    request = ask()
    assert standing(session, maria, topic) == Standing.WITHDRAWN
    confirm_consent(request.id, Method.LINK, READER)
    assert standing(session, maria, topic) == Standing.GRANTED


def test_withdrawing_ends_a_request_that_waits_beside_a_withdrawal(session, maria, topic, ask):
    first = withdraw(maria.id, topic.id, "email", Method.LINK, READER)
    request = ask()
    withdraw(maria.id, topic.id, "email", Method.LINK, READER)
    with pytest.raises(RequestOver):
        confirm_consent(request.id, Method.LINK, READER)
    assert len(list_events(maria.id)) == 3
    assert check_ledger(session) == []
    assert refuse_consent(maria.id, topic.id, "email", Method.LINK, READER) is first


def test_confirming_takes_only_the_persons_own_opt_out_off_the_suppression_list(session, maria, topic, ask):
    here = {1: ("email", "maria@rivertown.example")}
    facts = {"source": "page", "actor": READER}
    suppress(session, *here[1], SuppressionReason.OPTED_OUT, **facts)
    request = ask()
    assert suppressed(session, here) == {1}
    confirm_consent(request.id, Method.LINK, READER)
    assert suppressed(session, here) == set()
    suppress(session, *here[1], SuppressionReason.BOUNCED, **facts)
    confirm_consent(ask().id, Method.LINK, READER)
    assert suppressed(session, here) == {1}


def test_a_confirmation_speaks_for_no_other_address_than_the_one_that_was_asked(session, maria, topic, ask):
    request = ask()
    point = session.scalars(select(ContactPoint).where(ContactPoint.client_id == maria.id)).one()
    point.address = "joao@rivertown.example"
    session.flush()
    with pytest.raises(RequestOver, match="has changed"):
        confirm_consent(request.id, Method.LINK, READER)
    session.delete(point)
    session.flush()
    with pytest.raises(RequestOver, match="no longer kept"):
        confirm_consent(request.id, Method.LINK, READER)
    other = ask()
    assert (other.contact_point_id, other.contact_point_hmac) == (None, None)
    assert confirm_consent(other.id, Method.PREFERENCE_CENTRE, READER).event == "confirmed"


def test_an_address_that_was_none_yet_is_confirmed_by_its_id(session, maria, topic, wording):
    point = ContactPoint(id=new_id(), client_id=maria.id, channel="sms", kind="phone", state="raw")
    point.address = "0912 345"
    session.add(point)
    session.flush()
    facts = {"contact_point_id": point.id}
    request = request_consent(maria.id, topic.id, "sms", wording.id, Method.FORM, READER, **facts)
    assert (request.contact_point_id, request.contact_point_hmac) == (point.id, None)
    point.address = ""
    session.flush()
    assert confirm_consent(request.id, Method.SMS_KEYWORD, READER).contact_point_id == point.id


def test_what_staff_record_on_a_topic_with_double_opt_in_is_a_request(session, maria, topic, wording):
    change_topic(topic, TopicChange(topic.name, double_opt_in=True), STAFF)
    event = agree(maria, topic, wording)
    assert (event.event, standing(session, maria, topic)) == ("requested", Standing.REQUESTED)
    assert event.expires_at is not None
    by_person = record_consent(maria.id, topic.id, "email", wording.id, Method.PREFERENCE_CENTRE, "", READER)
    assert by_person.event == "granted"
    with pytest.raises(ConsentRefused, match="themselves"):
        renew_consent(maria.id, topic.id, "email", wording.id, Method.PAPER, "Card 9", STAFF)


def test_a_request_that_proves_nothing_is_refused(session, maria, topic, wording):
    for wording_id, method, words in [(None, Method.FORM, "which wording"), (wording.id, Method.PAPER, "proof")]:
        with pytest.raises(ConsentRefused, match=words):
            request_consent(maria.id, topic.id, "email", wording_id, method, STAFF)
    maria.state = ClientState.RESTRICTED
    session.flush()
    with pytest.raises(ConsentRefused, match="not active"):
        request_consent(maria.id, topic.id, "email", wording.id, Method.FORM, READER)


def test_renewing_refers_to_what_it_renews_and_lifts_no_no(session, maria, topic, wording):
    def renew():
        return renew_consent(maria.id, topic.id, "email", wording.id, Method.PREFERENCE_CENTRE, "", READER)

    with pytest.raises(ConsentRefused, match="renewed"):
        renew()
    first = agree(maria, topic, wording)
    event = renew()
    assert (event.event, event.refers_to_id) == ("renewed", first.id)
    withdraw(maria.id, topic.id, "email", Method.LINK, READER)
    with pytest.raises(ConsentRefused, match="renewed"):
        renew()


def test_existing_customers_are_written_to_in_europe_with_their_sale_as_proof(session, maria):
    topic = make_topic("Similar goods", TopicClass.MARKETING, LegalBasis.SOFT_OPT_IN, STAFF)
    wording = add_wording(topic.id, "en", "We will write to you about similar goods. You can object.", STAFF)

    def sold(channel="email", evidence="Invoice 118"):
        return record_consent(maria.id, topic.id, channel, wording.id, Method.FORM, evidence, STAFF)

    with pytest.raises(ConsentRefused, match="Europe"):
        sold()
    maria.country = "DE"
    session.flush()
    with pytest.raises(ConsentRefused, match="sale"):
        sold(evidence="")
    with pytest.raises(ConsentRefused, match="Europe"):
        sold(channel="whatsapp")
    assert sold().legal_basis == "soft_opt_in"
    assert standing(session, maria, topic) == Standing.GRANTED


def test_the_request_of_a_client_who_was_joined_with_another_one_is_confirmed_there(session, maria, topic, ask):
    request, kept = ask(), some_client("maria.tavares@rivertown.example")
    merge_clients(kept.id, maria.id, [lambda *who: [str(len(merge_consents(*who)))]], STAFF)
    event = confirm_consent(request.id, Method.LINK, READER)
    assert (event.client_id, standing(session, kept, topic)) == (kept.id, Standing.GRANTED)
    assert confirm_consent(request.id, Method.LINK, READER) is event


def test_a_consent_that_has_ended_already_is_not_written_down(session, maria, topic, wording):
    with pytest.raises(ConsentRefused, match="ended already"):
        agree(maria, topic, wording, expires_at=utc_now() - timedelta(days=1))


def test_where_a_staff_member_sits_is_no_evidence(session, maria, topic, wording):
    request_consent(maria.id, topic.id, "email", wording.id, Method.FORM, STAFF)
    assert session.scalars(select(ConsentEvidence)).all() == []
