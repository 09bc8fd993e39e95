"""The list of messages: states, filters, pages, and the look that is in the log."""

import re

import pytest
from portal.db import db, transaction
from portal.messages.models import Message
from portal.messages.queries import list_messages
from portal.messages.queries.listing import Wanted
from portal.messages.rules.tabs import Tab, count_tabs, first_id, tab_of
from sqlalchemy import update

STATES = ("queued", "claimed", "accepted", "failed", "suppressed")


def set_state(message_id, **values):
    with transaction():
        db.session.execute(update(Message).where(Message.id == message_id).values(**values))
    db.session.expire_all()


@pytest.fixture
def five(ready):
    """One message in each of five states, and one that waits after a try; the oldest first."""
    with transaction():
        made = [ready.message(ready.client(number)) for number in range(6)]
    for message_id, state in zip(made, STATES, strict=False):
        set_state(message_id, state=state)
    set_state(made[5], attempts=1, reason="451 4.7.1")
    return made


def shown(html: str) -> list[str]:
    return re.findall(r'href="/messages/([0-9a-f-]{36})"', html)


def test_the_list_shows_every_message_with_its_client_masked(five, as_viewer):
    html = as_viewer.get("/messages").text
    assert shown(html) == [str(one) for one in reversed(five)]
    assert "a•••@•••.example" in html
    assert "ana0" not in html
    assert "New message" not in html


@pytest.mark.parametrize(
    ("tab", "places"),
    [("moving", [1, 0]), ("waiting", [5]), ("taken", [2]), ("failed", [3]), ("refused", [4]), ("nonsense", None)],
)
def test_each_tab_holds_its_states_and_its_count(five, as_marketer, tab, places):
    html = as_marketer.get(f"/messages?state={tab}").text
    expected = [5, 4, 3, 2, 1, 0] if places is None else places
    assert shown(html) == [str(five[place]) for place in expected]
    counts = dict(re.findall(r'<a href="/messages\?[^"]*state=(\w+)[^"]*"[^>]*>[^<]+<span class="count">(\d+)', html))
    assert counts == {"all": "6", "moving": "2", "waiting": "1", "taken": "1", "failed": "1", "refused": "1"}


def test_channel_template_and_period_narrow_the_list(five, ready, as_marketer):
    template = re.search(r'<option value="([0-9a-f-]{36})"', as_marketer.get("/messages").text)[1]
    assert len(shown(as_marketer.get(f"/messages?template={template}&channel=email&period=24h").text)) == 6
    assert "No message fits" in as_marketer.get("/messages?channel=sms").text
    assert len(shown(as_marketer.get("/messages?channel=fax&template=none&period=ever").text)) == 6


def test_an_old_message_is_outside_the_period(five, as_marketer):
    with transaction():
        db.session.execute(
            update(Message)
            .where(Message.id == five[0])
            .values(id=first_id(db.session.get(Message, five[0]).created_at.replace(year=2020)))
        )
    assert len(shown(as_marketer.get("/messages").text)) == 5
    assert len(shown(as_marketer.get("/messages?period=all").text)) == 6


def test_an_empty_list_says_how_to_begin(session, as_marketer, as_viewer):
    html = as_marketer.get("/messages").text
    assert "No messages in the last 7 days" in html
    assert html.count("New message") == 1
    assert "New message" not in as_viewer.get("/messages").text


def test_looking_at_the_list_is_in_the_log_with_every_client(five, as_viewer, actions):
    as_viewer.get("/messages")
    assert actions() == ["message.list_view"]


def test_pages_lead_back_and_forth(five, as_marketer, monkeypatch):
    monkeypatch.setattr("portal.messages.views.listing.PAGE", 2)
    first = as_marketer.get("/messages").text
    older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert 'rel="prev"' not in first
    second = as_marketer.get(older).text
    assert shown(second) == [str(five[3]), str(five[2])]
    newer = re.search(r'rel="prev" href="([^"]+)"', second)[1].replace("&amp;", "&")
    back = as_marketer.get(newer).text
    assert shown(back) == shown(first)
    assert 'rel="prev"' not in back


def test_more_than_can_be_counted_is_said_so(five, as_marketer, monkeypatch):
    monkeypatch.setattr("portal.messages.views.listing.COUNT_LIMIT", 3)
    html = as_marketer.get("/messages").text
    assert "of more than 3" in html
    assert 'class="count"' not in html.split('aria-label="State"')[1].split("</nav>")[0]


def test_an_administrator_sees_no_messages(as_admin):
    assert as_admin.get("/messages").status_code == 403


def test_every_state_stands_under_one_tab():
    assert tab_of("queued", tried=False) is Tab.MOVING
    assert tab_of("queued", tried=True) is Tab.WAITING
    assert count_tabs([("dead", True, 2), ("read", True, 3)])[Tab.ALL] == 5


def test_reading_upwards_gives_the_page_just_above(five, session):
    lines = list_messages(session, Wanted(), above=five[1], limit=2)
    assert [line.message.id for line in lines] == [five[3], five[2]]
