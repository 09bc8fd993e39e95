"""Maria with her addresses, a few topics, and the links of her mails."""

from dataclasses import dataclass

import pytest
from portal.clients.models import Client, ContactPoint
from portal.clients.operations import add_client
from portal.clients.queries import points_of
from portal.clients.rules.points import NewPoint
from portal.consent.models import LegalBasis, Topic, TopicClass, TopicWording
from portal.consent.operations import add_wording, make_topic
from portal.consent.queries import list_states
from portal.consent.rules import preferences_token, unsubscribe_token
from portal.db import transaction, utc_now

from tests.consent.conftest import STAFF, agree


@dataclass
class World:
    """What a test needs of Maria."""

    client: Client
    points: dict[str, ContactPoint]
    news: Topic
    wording: TopicWording
    bookings: Topic
    surveys: Topic

    @property
    def link(self) -> str:
        """Her settings, by the link of an email of today."""
        return f"/p/{preferences_token(self.points['email'].id, utc_now())}"

    @property
    def unsubscribe(self) -> str:
        """The link that stops the news."""
        return f"/u/{unsubscribe_token(self.points['email'].id, self.news.id)}"

    def standings(self) -> dict[tuple[str, str], str]:
        """How things stand, by topic and channel."""
        names = {topic.id: topic.key for topic in (self.news, self.bookings, self.surveys)}
        return {(names[one.topic_id], one.channel): one.state for one in list_states(self.client.id)}

    def form(self, *on: tuple[Topic, str], shown: tuple[tuple[Topic, str], ...] = (), **more: str) -> dict:
        """What the browser sends."""
        spots = [f"{topic.id}:{channel}" for topic, channel in (*shown, *on)]
        wording = f"{self.wording.topic_id}:{self.wording.id}"
        return {"shown": spots, "on": [f"{t.id}:{c}" for t, c in on], "wording": [wording], **more}


def make_world(language: str = "en", *, double_opt_in: bool = False, address: str = "maria@rivertown.example") -> World:
    """Maria by email and phone; news by consent, bookings by contract, surveys by legitimate interest."""
    with transaction():
        point = NewPoint("sms", "+351912345684")
        maria = add_client("Maria Tavares", address, language, "Europe/Lisbon", STAFF, points=[point])
        news = make_topic(
            "News and offers", TopicClass.MARKETING, LegalBasis.CONSENT, STAFF, description="At most 4 a month."
        )
        news.double_opt_in = double_opt_in
        wording = add_wording(news.id, "en", "Yes, write to me about news.", STAFF)
        bookings = make_topic("Bookings", TopicClass.TRANSACTIONAL, LegalBasis.CONTRACT, STAFF)
        surveys = make_topic("Surveys", TopicClass.TRANSACTIONAL, LegalBasis.LEGITIMATE_INTEREST, STAFF)
    points = {one.channel: one for one in points_of(maria.id)}
    return World(maria, points, news, wording, bookings, surveys)


@pytest.fixture
def world(session) -> World:
    """Maria, who agreed to the news by email."""
    made = make_world()
    with transaction():
        agree(made.client, made.news, made.wording, contact_point_id=made.points["email"].id)
    return made


@pytest.fixture
def unasked(session) -> World:
    """Maria, who was never asked; the news want double opt-in."""
    return make_world(double_opt_in=True)
