"""An address is taken from a client: their no stays with it, and what only its mailbox proved ends with it."""

import pytest
from portal.clients.models import PointState
from portal.clients.operations import add_contact_point, replace_contact_point
from portal.clients.queries import points_of
from portal.consent.models import LegalBasis, Method, Standing, Suppression, TopicClass
from portal.consent.operations import (
    confirm_consent,
    leave_address,
    make_topic,
    refuse_consent,
    request_consent,
    withdraw,
)
from portal.consent.queries import check_ledger, consent_states, list_events, list_states, suppressed
from portal.consent.rules import RequestOver
from portal.consent.rules.standing import OPPOSED
from sqlalchemy import select

from tests.consent.conftest import READER, STAFF, agree, some_client

OLD, NEW = "maria@rivertown.example", "maria@harbour.example"


@pytest.fixture
def replace(session, maria):
    """Puts another address in the place of the first one, as the page does."""

    def replace():
        return replace_contact_point(maria, points_of(maria.id)[0].id, NEW, [leave_address], STAFF)

    return replace


def standing(session, client, topic) -> str:
    place = (client.id, topic.id, "email")
    return consent_states(session, [place])[place]


@pytest.mark.parametrize("say_no", [withdraw, refuse_consent])
def test_a_no_stays_with_the_address_for_whoever_has_it_next(session, maria, topic, wording, replace, say_no):
    agree(maria, topic, wording)
    say_no(maria.id, topic.id, "email", Method.LINK, READER)
    replace()
    somebody = some_client(OLD)
    agree(somebody, topic, wording)
    assert suppressed(session, {1: ("email", OLD), 2: ("email", NEW)}) == {1}
    row = session.scalars(select(Suppression)).one()
    assert (row.scope, row.reason, row.origin) == ("marketing", "opted_out", "person")
    assert standing(session, maria, topic) in OPPOSED


def test_nothing_is_blocked_where_nobody_said_no_to_marketing(session, maria, topic, wording, replace, other_topics):
    agree(maria, topic, wording)
    withdraw(maria.id, other_topics["transactional"].id, "email", Method.LINK, READER)
    withdraw(maria.id, topic.id, "sms", Method.SMS_KEYWORD, READER)
    replace()
    assert session.scalars(select(Suppression)).all() == []
    assert standing(session, maria, topic) == Standing.GRANTED


def test_a_confirmation_says_nothing_about_another_address(session, maria, topic, wording, replace):
    topic.double_opt_in = True
    request = request_consent(maria.id, topic.id, "email", wording.id, Method.FORM, READER)
    confirmed = confirm_consent(request.id, Method.LINK, READER)
    replace()
    assert standing(session, maria, topic) == Standing.EXPIRED
    ended = list_events(maria.id)[0][0]
    assert (ended.event, ended.refers_to_id, ended.actor_id) == ("expired", confirmed.id, STAFF.id)
    assert check_ledger(session) == []


def test_a_question_that_waits_in_the_old_mailbox_is_over(session, maria, topic, wording, replace):
    request = request_consent(maria.id, topic.id, "email", wording.id, Method.FORM, READER)
    replace()
    assert [(one.state, one.pending_id) for one in list_states(maria.id)] == [("expired", None)]
    with pytest.raises(RequestOver):
        confirm_consent(request.id, Method.LINK, READER)


def test_a_question_goes_to_the_oldest_address_that_works_and_is_written_down_for_it(
    session, maria, topic, wording, replace
):
    replace()
    add_contact_point(maria, "email", "m.tavares@harbour.example", STAFF)
    first, second = points_of(maria.id)
    assert first.address == NEW
    ask = (maria.id, topic.id, "email", wording.id, Method.FORM, READER)
    assert request_consent(*ask).contact_point_id == first.id
    first.state = PointState.UNUSABLE
    assert request_consent(*ask).contact_point_id == second.id


def test_a_number_without_a_country_stands_on_no_list(session, maria, topic):
    point = add_contact_point(maria, "sms", "+351912345684", STAFF)
    point.address, point.address_index, point.state = "912 345 684", None, PointState.RAW
    withdraw(maria.id, topic.id, "sms", Method.SPOKEN, STAFF, evidence="Call")
    leave_address(point.id, STAFF)
    assert session.scalars(select(Suppression)).all() == []


def test_what_is_no_marketing_still_reaches_the_address(session, maria, replace):
    offers = make_topic("Offers", TopicClass.MARKETING, LegalBasis.SOFT_OPT_IN, STAFF)
    withdraw(maria.id, offers.id, "email", Method.ONE_CLICK, READER)
    replace()
    assert suppressed(session, {1: ("email", OLD)}, marketing={1}) == {1}
    assert suppressed(session, {1: ("email", OLD)}, marketing=()) == set()
