"""The settings of one person: what they show, what a press on Save changes, and what it does not."""

import re
import threading
from datetime import time, timedelta

import pytest
import time_machine
from portal.audit.models import AuditEntry
from portal.clients.models import ClientPreference, ClientState, PointState
from portal.clients.operations import restrict_client
from portal.clients.queries import find_client
from portal.consent.models import (
    ConsentEvent,
    LegalBasis,
    Method,
    Suppression,
    SuppressionReason,
    TopicClass,
    TopicState,
)
from portal.consent.operations import (
    add_wording,
    change_topic_state,
    expire_due,
    make_topic,
    record_consent,
    suppress,
    withdraw,
)
from portal.consent.queries import list_events
from portal.consent.rules import preferences_token
from portal.db import transaction, utc_now
from portal.messages.models import Message
from sqlalchemy import func, select

from tests.consent.conftest import STAFF, agree
from tests.preferences.conftest import make_world

WISHES = {"frequency": "every", "first": "", "language": "en", "contact_from": "", "contact_until": ""}


def switches(page: str) -> dict[str, bool]:
    """The switches of a page: topic and channel, and whether they are on."""
    found = re.findall(r'name="on" value="[^"]+"( checked)?>(\w+)<span class="vh">: ([^<]+)<', page)
    return {f"{topic} {channel}": bool(on) for on, channel, topic in found}


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def test_the_page_shows_a_switch_for_each_topic_and_channel(world, anonymous):
    page = anonymous.get(world.link)
    assert page.status_code == 200
    assert switches(page.text) == {"News and offers Email": True, "Surveys Email": True, "Surveys SMS": True}
    assert 'm•••@•••.example</span> and <span class="mask">+351 ••• 84' in page.text
    assert "maria" not in page.text.lower()
    assert "912345684" not in page.text
    assert page.text.count("always on</span>") == 2
    assert "These belong to what you have arranged with us" in page.text
    # Codes by SMS are switched off here, so nobody can show that the number is theirs.
    assert "SMS: off. To turn it on, ask us." in page.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_changes_nothing_and_sets_no_cookie(session, world, anonymous, method):
    before = count(session, AuditEntry), count(session, ConsentEvent)
    for path in ("", "/requests/access", "/requests/erasure"):
        answer = anonymous.open(world.link + path, method=method)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Cache-Control"] == "no-store"
    assert (count(session, AuditEntry), count(session, ConsentEvent)) == before


def test_turning_off_takes_effect_at_once_and_says_so(session, world, anonymous):
    shown = ((world.news, "email"), (world.surveys, "email"))
    answer = anonymous.post(world.link, data=world.form((world.surveys, "email"), shown=shown))
    assert answer.status_code == 200
    assert "News and offers by email: turned off" in answer.text
    assert world.standings() == {("news-and-offers", "email"): "withdrawn"}
    event = list_events(world.client.id)[0][0]
    assert (event.method, event.actor_kind, event.source_name) == ("preference_centre", "client", "Preference centre")
    assert event.source_url is None
    assert event.contact_point_id == world.points["email"].id


def test_what_was_not_on_the_page_stays_as_it_is(world, anonymous):
    answer = anonymous.post(world.link, data=world.form())
    assert "Nothing was different from before." in answer.text
    assert world.standings() == {("news-and-offers", "email"): "granted"}


def test_pressing_save_twice_says_that_nothing_was_different(session, world, anonymous):
    data = world.form(shown=((world.news, "email"),))
    anonymous.post(world.link, data=data)
    before = count(session, ConsentEvent)
    assert "Nothing was different" in anonymous.post(world.link, data=data).text
    assert count(session, ConsentEvent) == before


def test_a_topic_never_asked_about_is_turned_on_with_the_words_that_were_shown(session, anonymous):
    world = make_world()
    page = anonymous.get(world.link).text
    assert "you agree to this: “Yes, write to me about news.”" in page
    assert f'name="wording" value="{world.news.id}:{world.wording.id}"' in page
    with transaction():
        add_wording(world.news.id, "en", "Newer words.", STAFF)
    answer = anonymous.post(world.link, data=world.form((world.news, "email")))
    assert "News and offers by email: turned on." in answer.text
    event = list_events(world.client.id)[0][0]
    assert (event.event, event.wording_id) == ("granted", world.wording.id)


def test_without_words_there_is_no_switch(session, world, anonymous):
    with transaction():
        make_topic("Silent", TopicClass.MARKETING, LegalBasis.CONSENT, STAFF)
    page = anonymous.get(world.link).text
    assert "there is nothing to agree to yet" in page
    assert "Silent Email" not in switches(page)


def test_words_of_another_topic_turn_nothing_on(session, anonymous):
    world = make_world()
    with transaction():
        other = make_topic("Other", TopicClass.MARKETING, LegalBasis.CONSENT, STAFF)
        words = add_wording(other.id, "en", "Other words.", STAFF)
    data = {**world.form((world.news, "email")), "wording": [f"{world.news.id}:{words.id}"]}
    assert "News and offers by email: not changed." in anonymous.post(world.link, data=data).text
    assert world.standings() == {}


@pytest.mark.parametrize("case", ["double opt-in", "withdrawn", "stopped"])
def test_turning_on_takes_a_mail_where_somebody_else_could_be_asking(session, anonymous, case):
    world = make_world(double_opt_in=case == "double opt-in")
    if case == "withdrawn":
        with transaction():
            agree(world.client, world.news, world.wording)
            withdraw(world.client.id, world.news.id, "email", Method.LINK, STAFF)
    if case == "stopped":
        anonymous.post(f"{world.link}/stop")
    before = world.standings()
    answer = anonymous.post(world.link, data=world.form((world.news, "email")))
    assert "News and offers by email: we have sent you a mail." in answer.text
    assert not switches(answer.text)["News and offers Email"]
    assert "Email: not confirmed yet." in answer.text
    expected = before | ({} if before else {("news-and-offers", "email"): "requested"})
    assert world.standings() == expected
    assert count(session, Message) == 1


def test_the_mail_is_sent_again_when_it_is_asked_for_again_but_not_at_once(session, unasked, anonymous):
    data = unasked.form((unasked.news, "email"))
    anonymous.post(unasked.link, data=data)
    anonymous.post(unasked.link, data=data)
    assert (count(session, Message), count(session, ConsentEvent)) == (1, 1)
    with time_machine.travel(utc_now() + timedelta(hours=2)):
        anonymous.post(unasked.link, data=data)
    assert (count(session, Message), count(session, ConsentEvent)) == (2, 1)


def test_a_request_that_cannot_be_mailed_turns_nothing_on(session, unasked, anonymous):
    unasked.points["email"].state = PointState.UNUSABLE
    session.commit()
    page = anonymous.get(unasked.link).text
    assert "Messages to your address came back" in page
    anonymous.post(unasked.link, data=unasked.form((unasked.news, "email")))
    assert unasked.standings() == {}


def test_a_bounced_address_cannot_be_turned_on_here(session, world, anonymous):
    with transaction():
        address = world.points["email"].address
        suppress(session, "email", address, SuppressionReason.BOUNCED, source="5.1.1", actor=STAFF)
    page = anonymous.get(world.link).text
    assert "News and offers Email" not in switches(page)
    anonymous.post(world.link, data=world.form((world.news, "email")))
    assert world.standings() == {("news-and-offers", "email"): "granted"}


def test_stopping_everything_ends_marketing_on_every_channel_for_good(session, world, anonymous):
    answer = anonymous.post(f"{world.link}/stop")
    assert "Everything is stopped" in answer.text
    assert switches(answer.text) == {"News and offers Email": False, "Surveys Email": False}
    assert answer.text.count("always on</span>") == 2
    listed = session.execute(select(Suppression.channel, Suppression.scope, Suppression.reason, Suppression.origin))
    assert sorted(map(tuple, listed)) == [
        ("email", "marketing", "opted_out", "person"),
        ("sms", "marketing", "opted_out", "person"),
    ]
    before = count(session, ConsentEvent)
    assert "Everything is stopped" in anonymous.post(f"{world.link}/stop").text
    assert (count(session, ConsentEvent), count(session, Suppression)) == (before, 2)


def test_stopping_everything_passes_over_a_number_of_an_unknown_country(session, anonymous):
    world = make_world()
    point = world.points["sms"]
    point.address, point.address_index, point.state = "912 345 684", None, PointState.RAW
    session.commit()
    assert "Everything is stopped" in anonymous.post(f"{world.link}/stop").text
    assert count(session, Suppression) == 1


def test_wishes_are_kept_and_said(session, world, anonymous):
    wishes = {
        "frequency": "weekly",
        "first": "sms",
        "language": "de",
        "contact_from": "09:00",
        "contact_until": "20:30",
    }
    answer = anonymous.post(world.link, data=world.form(**wishes))
    # The language of the messages is the language of the page too.
    assert "Wie oft, wann und in welcher Sprache: geändert." in answer.text
    kept = session.get(ClientPreference, world.client.id)
    assert (kept.frequency, kept.channel_order) == ("weekly", ["sms"])
    assert (kept.contact_from, kept.contact_until) == (time(9), time(20, 30))
    session.expire_all()
    assert find_client(world.client.id).language == "de"
    again = anonymous.post(world.link, data=world.form(**wishes))
    assert "Es hat sich nichts geändert." in again.text


@pytest.mark.parametrize(
    ("hours", "problem"),
    [
        (("09:00", ""), "Enter both times, or neither."),
        (("09:00", "09:00"), "Enter two different times, or none."),
        (("noon", "20:00"), "Enter a time such as 09:00."),
        (("09:00", "25:00"), "Enter a time such as 09:00."),
    ],
)
def test_hours_that_contradict_themselves_save_nothing(session, world, anonymous, hours, problem):
    data = world.form(shown=((world.news, "email"),), **{**WISHES, "contact_from": hours[0], "contact_until": hours[1]})
    answer = anonymous.post(world.link, data=data)
    assert answer.status_code == 422
    assert problem in answer.text
    assert "Nothing was saved" in answer.text
    assert world.standings() == {("news-and-offers", "email"): "granted"}


def test_a_frequency_nobody_offers_saves_nothing(session, world, anonymous):
    assert anonymous.post(world.link, data=world.form(**{**WISHES, "frequency": "hourly"})).status_code == 422
    assert count(session, ClientPreference) == 0


def test_a_person_with_one_channel_is_not_asked_which_comes_first(session, anonymous):
    world = make_world()
    with transaction():
        session.delete(world.points["sms"])
    assert "We write first by" not in anonymous.get(world.link).text
    wishes = {name: text for name, text in WISHES.items() if name != "first"}
    assert "changed." in anonymous.post(world.link, data=world.form(**{**wishes, "frequency": "monthly"})).text


def test_a_language_that_no_page_speaks_stays_the_language_of_the_messages(session, anonymous):
    world = make_world("pt")
    page = anonymous.get(world.link, headers={"Accept-Language": "de-AT,en;q=0.5"}).text
    assert "Worüber dürfen wir Ihnen schreiben?" in page
    assert '<option selected value="pt">Português</option>' in page


def test_the_language_can_be_switched_and_stays_chosen_without_a_cookie(world, anonymous):
    link = world.link
    page = anonymous.get(f"{link}?lang=de").text
    assert '<html lang="de">' in page
    assert f'action="{link}?lang=de"' in page
    assert f'href="{link}/requests/access?lang=de"' in page
    assert '<html lang="en">' in anonymous.get(f"{link}?lang=xx").text


def test_closed_topics_and_our_own_mails_are_not_on_the_page(session, unasked, anonymous):
    anonymous.post(unasked.link, data=unasked.form((unasked.news, "email")))
    with transaction():
        change_topic_state(unasked.surveys, TopicState.CLOSED, STAFF)
    page = anonymous.get(unasked.link).text
    assert "Surveys" not in page
    assert "Links and confirmations" not in page


def test_a_consent_that_has_lapsed_is_off(session, anonymous):
    world = make_world()
    with transaction():
        agree(world.client, world.news, world.wording, expires_at=utc_now() + timedelta(days=1))
    with time_machine.travel(utc_now() + timedelta(days=2)):
        assert not switches(anonymous.get(world.link).text)["News and offers Email"]


def test_a_restricted_client_can_turn_off_and_cannot_turn_on(session, anonymous):
    world = make_world()
    with transaction():
        restrict_client(world.client.id, "asked for it", STAFF)
    assert "not changed" in anonymous.post(world.link, data=world.form((world.news, "email"))).text
    answer = anonymous.post(world.link, data=world.form(shown=((world.surveys, "email"),)))
    assert "Surveys by email: turned off" in answer.text


def test_a_page_without_topics_says_so(session, anonymous):
    world = make_world()
    with transaction():
        for topic in (world.news, world.bookings, world.surveys):
            change_topic_state(topic, TopicState.CLOSED, STAFF)
    assert "There is nothing you could be asked about yet." in anonymous.get(world.link).text


@pytest.mark.parametrize("path", ["", "/stop", "/codes", "/requests/access"])
@pytest.mark.parametrize("why", ["old", "erasing", "gone"])
def test_a_link_that_no_longer_counts_is_a_bad_link(session, world, anonymous, path, why):
    link = world.link
    if why == "old":
        link = f"/p/{preferences_token(world.points['email'].id, utc_now() - timedelta(days=31))}"
    elif why == "erasing":
        world.client.state = ClientState.ERASING
        session.commit()
    else:
        link = f"/p/{preferences_token(world.client.id, utc_now())}"
    answer = anonymous.post(link + path, data=world.form(shown=((world.news, "email"),)))
    assert (answer.status_code, "This link does not work" in answer.text) == (404, True)
    assert world.standings() == {("news-and-offers", "email"): "granted"}


def test_the_page_says_until_when_the_data_are_kept(world, anonymous):
    assert re.search(r"We keep your details until \d+ [A-Z][a-z]+ 20\d\d,", anonymous.get(world.link).text)


def test_what_is_no_switch_is_left_out(world, anonymous):
    data = {"shown": ["x", "x:email", f"{world.news.id}:fax", f"{world.news.id}:email"], "on": ["\x00", ":"],
            "wording": ["x", f"{world.news.id}:x"]}  # fmt: skip
    assert "turned off" in anonymous.post(world.link, data=data).text


def test_many_who_save_at_once_write_one_withdrawal(own_app):
    with own_app.app_context():
        world = make_world()
        with transaction():
            agree(world.client, world.news, world.wording)
        link, data = world.link, world.form(shown=((world.news, "email"),))
    codes: list[int] = []
    threads = [
        threading.Thread(target=lambda: codes.append(own_app.test_client().post(link, data=data).status_code))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_app.app_context():
        assert codes == [200] * 6
        assert [event.event for event, _ in list_events(world.client.id)] == ["withdrawn", "granted"]


def test_a_topic_that_needs_no_consent_goes_on_after_one_ended_and_can_be_turned_off(session, world, anonymous):
    facts = (Method.SPOKEN, "Call", STAFF)
    with transaction():
        place = (world.client.id, world.surveys.id, "email")
        record_consent(*place, None, *facts, expires_at=utc_now() + timedelta(minutes=1))
    with time_machine.travel(utc_now() + timedelta(minutes=2)):
        with transaction():
            expire_due(session)
        assert world.standings()["surveys", "email"] == "expired"
        # As the gate has it: what never rested on the consent does not end with it.
        assert switches(anonymous.get(world.link).text)["Surveys Email"]
        anonymous.post(world.link, data=world.form(shown=((world.surveys, "email"),)))
    assert world.standings()["surveys", "email"] == "withdrawn"
