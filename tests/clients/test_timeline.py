"""The timeline and the panels: what higher features put on a client's page, and how the page looks again by itself."""

from datetime import timedelta

import pytest
from portal.db import utc_now
from portal.web.slots import CLIENT_ACTIONS, CLIENT_PANELS, CLIENT_TIMELINE, ClientAction, ClientPanel, TimelineEntry

POLL = 'hx-trigger="every 2s"'


@pytest.fixture
def provide(isolation):
    """Fills a slot for one test."""
    slots = isolation.extensions["heedful_slots"]
    before = {name: list(providers) for name, providers in slots.items()}
    yield lambda slot, records: slot.fill(isolation, lambda *_: records)
    slots.clear()
    slots.update(before)


def entry(minutes, text, **facts):
    return TimelineEntry(utc_now() + timedelta(minutes=minutes), "message", "email", text, **facts)


def test_entries_of_all_features_stand_newest_first(as_viewer, new_client, provide):
    client = new_client()
    provide(CLIENT_TIMELINE, [entry(-9, "agreed to News"), entry(1, "delivered", title="Offer", url="/messages/1")])
    provide(CLIENT_TIMELINE, [entry(2, "withdrew News", look="bad")])
    html = as_viewer.get(f"/clients/{client.id}").text.split('id="timeline"')[1]
    order = [
        html.index(text) for text in ("withdrew News", "Offer</a> delivered", "added this client", "agreed to News")
    ]
    assert order == sorted(order)
    assert 'href="/messages/1">Offer</a>' in html


def test_the_page_looks_again_while_a_message_moves_and_then_stops(as_viewer, new_client, provide, partial):
    page = f"/clients/{new_client().id}"
    moving = [entry(0, "handed over", in_flight=True)]
    provide(CLIENT_TIMELINE, moving)
    assert POLL in as_viewer.get(page).text
    part = as_viewer.get(f"{page}/timeline?show=20", headers=partial).text
    assert part.strip().startswith('<div id="timeline" hx-get=')
    moving[0] = entry(0, "delivered")
    part = as_viewer.get(f"{page}/timeline?show=20", headers=partial).text
    assert part.strip().startswith('<div id="timeline">')
    assert "delivered" in part
    assert POLL not in as_viewer.get(page).text


def test_looking_again_is_no_further_entry_of_the_log(as_viewer, new_client, last_entry, partial):
    page = f"/clients/{new_client().id}"
    as_viewer.get(page)
    number = last_entry().seq
    as_viewer.get(f"{page}/timeline", headers=partial)
    assert last_entry().seq == number


def test_opened_plainly_the_timeline_leads_to_its_page(as_viewer, new_client):
    page = f"/clients/{new_client().id}"
    assert as_viewer.get(f"{page}/timeline").location == page


def test_a_part_is_the_same_as_the_piece_of_its_page(as_viewer, new_client, partial):
    page = f"/clients/{new_client().id}"
    assert as_viewer.get(f"{page}/timeline", headers=partial).text.strip() in as_viewer.get(page).text


@pytest.mark.parametrize(
    ("show", "shown", "link"), [("", 20, "show=40"), ("?show=40", 40, ""), ("?show=-5", 1, "show=2")]
)
def test_older_entries_come_when_they_are_asked_for(as_viewer, new_client, provide, show, shown, link):
    page = f"/clients/{new_client().id}"
    provide(CLIENT_TIMELINE, [entry(n, f"letter {n}") for n in range(1, 40)])
    html = as_viewer.get(page + show).text
    assert html.partition('<ol class="tl">')[2].partition("</ol>")[0].count('<li><span class="dot') == shown
    assert ("Show older entries" in html) is bool(link)
    assert link in html


def test_no_more_than_five_hundred_entries_are_shown(as_viewer, new_client, provide):
    provide(CLIENT_TIMELINE, [entry(n, f"letter {n}") for n in range(600)])
    html = as_viewer.get(f"/clients/{new_client().id}?show=9999").text
    assert html.partition('<ol class="tl">')[2].partition("</ol>")[0].count('<li><span class="dot') == 500
    assert "Show older entries" not in html


def test_a_feature_that_fails_leaves_the_page_standing(isolation, as_viewer, new_client, provide):
    client = new_client()
    CLIENT_TIMELINE.fill(isolation, lambda *_: 1 / 0)
    assert "added this client" in as_viewer.get(f"/clients/{client.id}").text


def test_nothing_that_happened_is_said_in_words(isolation, as_viewer, new_client, provide):
    client = new_client()
    isolation.extensions["heedful_slots"]["client_timeline"] = []
    assert "Nothing has happened with this client yet." in as_viewer.get(f"/clients/{client.id}").text


def test_panels_stand_left_or_right_in_the_order_they_ask_for(isolation, as_viewer, new_client, provide):
    card = isolation.jinja_env.from_string("<p>panel {{ panel.facts.name }}</p>")
    places = {"third": (False, 2), "second": (False, 1), "first": (True, 9)}
    provide(CLIENT_PANELS, [ClientPanel(card, {"name": name}, *place) for name, place in places.items()])
    html = as_viewer.get(f"/clients/{new_client().id}").text
    order = [html.index(f"panel {name}") for name in ("first", "second", "third")]
    assert order == sorted(order)
    assert order[0] < html.index('id="timeline"') < html.index('id="identity"') < order[1]


def test_actions_are_for_those_who_may(as_viewer, as_marketer, new_client, provide):
    send = ClientAction("Send a message", "/messages/new", "send", "health.view", primary=True)
    provide(CLIENT_ACTIONS, [send])
    page = f"/clients/{new_client().id}"
    assert 'class="btn pri" href="/messages/new"' in as_marketer.get(page).text
    assert "Send a message" not in as_viewer.get(page).text


def test_one_kind_of_entries_is_shown_when_it_is_asked_for(as_compliance_officer, new_client, submit):
    client = new_client()
    page = f"/clients/{client.id}"
    submit(as_compliance_officer, page, f"{page}/reveals", purpose="a booking")
    shown = lambda kind: as_compliance_officer.get(f"{page}?kind={kind}").text.partition('id="timeline"')[2]  # noqa: E731
    assert "revealed name and addresses" in shown("staff access")
    assert "added this client" not in shown("staff access")
    assert "added this client" in shown("client")
    assert "Nothing of this kind has happened" in shown("request")
    assert "revealed name and addresses" in shown("nonsense")
    assert 'aria-current="true"' in as_compliance_officer.get(page).text
