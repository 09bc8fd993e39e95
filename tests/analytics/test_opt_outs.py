"""Opt-outs in figures: by day, channel, topic, way and text; and that not honouring one would show."""

from datetime import timedelta

import pytest
from portal.analytics.queries import check_honoured, count_after_templates, count_handed, count_opt_outs
from portal.analytics.rules import period_until
from portal.consent.models import Happening, LegalBasis, Method, TopicClass
from portal.consent.operations import make_topic
from portal.db import db, transaction, utc_now
from portal.settings.operations import save
from portal.web.actor import SYSTEM

PAGE = "/analytics/opt-outs"


def period(key="30d"):
    return period_until(utc_now(), key, "UTC")


def test_withdrawals_are_counted_by_day_channel_topic_and_way(session, ready, say):
    people = [ready.client(number) for number in range(3)]
    say(people[0], days=3)
    say(people[1], days=3)
    say(people[1], days=3, channel="sms", method=Method.SMS_KEYWORD)
    say(people[2], days=40)
    say(people[2], days=1, event=Happening.GRANTED)
    found = [(one.channel, one.method, one.number) for one in count_opt_outs(session, period())]
    assert found == [("email", "link", 2), ("sms", "sms_keyword", 1)]
    assert sum(one.number for one in count_opt_outs(session, period("91d"))) == 4


def test_only_marketing_of_the_period_is_set_against_opt_outs(session, ready, hand):
    ana = ready.client()
    hand(ana, utc_now() - timedelta(days=2))
    hand(ana, utc_now() - timedelta(days=45))
    with transaction():
        ready.message(ana)
    assert count_handed(session, period()) == {"email": 1}


def test_an_opt_out_answers_the_last_text_of_its_topic_within_two_weeks(session, ready, say, hand):
    people = [ready.client(number) for number in range(3)]
    hand(people[0], utc_now() - timedelta(days=5))
    hand(people[1], utc_now() - timedelta(days=25))
    for client_id in people:
        say(client_id, days=4)
    assert count_after_templates(session, period()) == [("Gala", 1), ("", 2)]


def test_an_opt_out_is_honoured_while_nothing_leaves_after_it(session, ready, say, hand):
    ana, bea = ready.client(), ready.client(1)
    hand(ana, utc_now() - timedelta(seconds=30))
    withdrawn = say(ana)
    hand(ana, withdrawn.recorded_at + timedelta(seconds=4))
    hand(bea, utc_now() + timedelta(hours=1))
    answer = check_honoured(session)
    assert (answer.checked, answer.messages, answer.oldest, answer.message_ids) == (1, 0, None, [])


def test_a_message_that_left_after_an_opt_out_shows_also_when_only_a_try_did(session, ready, say, hand):
    ana, bea = ready.client(), ready.client(1)
    first, second = say(ana), say(bea)
    late = first.recorded_at + timedelta(minutes=1)
    one = hand(ana, late, tries=(late,))
    two = hand(bea, second.recorded_at - timedelta(minutes=1), tries=(late,))
    answer = check_honoured(session)
    assert (answer.messages, answer.oldest, set(answer.message_ids)) == (2, first.recorded_at, {one, two})


def test_who_agreed_again_may_be_written_to(session, ready, say, hand):
    ana = ready.client()
    say(ana)
    with transaction():
        ready.agree(ana)
    hand(ana, utc_now() + timedelta(minutes=1))
    assert check_honoured(session).messages == 0


def test_a_withdrawal_of_another_topic_or_channel_does_not_count(session, ready, say, hand):
    ana = ready.client()
    with transaction():
        other = make_topic("Events", TopicClass.MARKETING, LegalBasis.CONSENT, SYSTEM)
    say(ana, topic_id=other.id)
    say(ana, channel="sms")
    hand(ana, utc_now() + timedelta(minutes=1))
    assert check_honoured(session).messages == 0


@pytest.fixture
def busy(ready, say):
    """Six opt-outs by email on one day, three on another, one by SMS."""
    people = [ready.client(number) for number in range(9)]
    for index, client_id in enumerate(people):
        say(client_id, days=3 if index < 6 else 10)
    say(people[0], days=3, channel="sms", method=Method.SMS_KEYWORD)


def test_the_page_shows_figures_and_hides_small_ones(as_marketer, busy):
    page = as_marketer.get(PAGE).text
    assert '<dd class="n">10</dd>' in page
    assert "A question mark stands where a figure is hidden." in page
    channels = page.split('id="channels"')[1].split("</table>")[0]
    assert "fewer than 5" in channels
    assert "hidden" in channels
    assert ">9<" not in channels
    assert "By a reply" in page
    assert "No message in the two weeks before" in page
    assert "per week" in as_marketer.get(f"{PAGE}?period=91d").text
    assert "per four weeks" in as_marketer.get(f"{PAGE}?period=364d").text


def test_the_spreadsheet_hides_the_same(as_marketer, busy):
    answer = as_marketer.get(f"{PAGE}/csv?period=7d")
    assert answer.mimetype == "text/csv"
    lines = answer.text.splitlines()
    assert lines[0] == "part,name,opt_outs,marketing_messages_handed_over"
    assert "topic,News,7," in lines
    assert "channel,SMS,fewer than 5,0" in lines
    assert "channel,Email,hidden,0" in lines


def test_a_name_that_a_spreadsheet_would_compute_is_made_harmless(as_marketer, ready, say):
    with transaction():
        topic = make_topic("=1+1", TopicClass.MARKETING, LegalBasis.CONSENT, SYSTEM, key="sum")
    say(ready.client(), topic_id=topic.id)
    assert "topic,'=1+1,fewer than 5," in as_marketer.get(f"{PAGE}/csv").text


def test_a_period_without_opt_outs_says_so_and_an_odd_one_is_the_usual(as_admin):
    page = as_admin.get(f"{PAGE}?period=nonsense").text
    assert "Nobody opted out in this period" in page
    assert "Last 30 days" in page
    assert "Show as table" not in page


def test_more_opt_outs_than_the_limit_are_pointed_out(as_compliance_officer, ready, say, hand):
    people = [ready.client(number) for number in range(6)]
    for client_id in people:
        say(client_id, days=2)
    for _ in range(100):
        hand(people[0], utc_now() - timedelta(days=3))
    page = as_compliance_officer.get(PAGE).text
    assert "Email: more opt-outs than your limit." in page
    assert "6.00 of 100" in page
    save({"limits.opt_out_rate": 10.0}, SYSTEM)
    db.session.commit()
    assert "more opt-outs than your limit" not in as_compliance_officer.get(PAGE).text


def test_an_opt_out_that_was_not_honoured_is_the_first_thing_on_the_page(as_marketer, as_admin, ready, say, hand):
    ana = ready.client()
    withdrawn = say(ana)
    message_id = hand(ana, withdrawn.recorded_at + timedelta(minutes=1))
    page = as_marketer.get(PAGE).text
    assert "Messages left after an opt-out." in page
    assert f"/messages/{message_id}" in page
    assert f"/messages/{message_id}" not in as_admin.get(PAGE).text


def test_who_has_no_permission_sees_no_figures(as_viewer):
    assert as_viewer.get(PAGE).status_code == 403
    assert as_viewer.get(f"{PAGE}/csv").status_code == 403
