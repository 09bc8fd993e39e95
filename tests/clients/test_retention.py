"""Until when a client is kept, as their page says it."""

from datetime import timedelta

import pytest
from portal.clients.models import Client
from portal.clients.rules.retention import kept_until, period_in_words
from portal.consent.models import Method
from portal.consent.operations import withdraw
from portal.consent.queries import list_topics
from portal.db import db, transaction, utc_now
from portal.web.actor import SYSTEM

from tests.consent.conftest import some_topic

YEAR = timedelta(days=365)
NOW = utc_now()


@pytest.mark.parametrize(
    ("added", "acted", "since", "is_over"),
    [(2, None, 2, True), (2, 0.5, 0.5, False), (0.5, 2, 0.5, False), (2, 1, 1, True)],
)
def test_the_period_counts_from_the_last_act_or_else_from_the_beginning(added, acted, since, is_over):
    kept = kept_until(NOW - added * YEAR, NOW - acted * YEAR if acted else None, YEAR, NOW)
    assert (kept.since, kept.until, kept.is_over) == (NOW - since * YEAR, NOW - since * YEAR + YEAR, is_over)


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "1 day"), (90, "90 days"), (365, "365 days (about 1 year)"), (1095, "1,095 days (about 3 years)")],
)
def test_a_long_period_is_told_in_years_too(days, words):
    assert period_in_words(timedelta(days=days)) == words


def test_the_page_says_until_when_and_why(as_viewer, new_client):
    client = new_client()
    html = as_viewer.get(f"/clients/{client.id}").text
    assert "Delete on" in html
    assert "no act of their own is known" in html
    topic, _ = some_topic("News")
    with transaction():
        withdraw(client.id, topic.id, "email", Method.STAFF, SYSTEM)
    assert "last said what they want to get" in as_viewer.get(f"/clients/{client.id}").text
    assert list_topics() != []


def test_what_is_kept_too_long_is_due(as_viewer, new_client):
    client = new_client()
    with transaction():
        db.session.get(Client, client.id).created_at = utc_now() - 4 * YEAR
    assert "Due since" in as_viewer.get(f"/clients/{client.id}").text
