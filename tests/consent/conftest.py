"""A client, a topic with its wording, and a person of staff, as the tests of consent need them."""

import pytest
from portal.clients.models import Client, Source
from portal.clients.operations import add_client
from portal.consent.models import LegalBasis, Method, Topic, TopicClass, TopicWording
from portal.consent.operations import add_wording, make_topic, record_consent
from portal.db import new_id
from portal.web.actor import Actor, ActorKind

STAFF = Actor(ActorKind.STAFF, "Mara Kessler", id=new_id(), ip="198.51.100.7")
READER = Actor(ActorKind.CLIENT, "By link", ip="203.0.113.77")


def some_client(email: str = "maria@rivertown.example", source: Source = Source.STAFF) -> Client:
    return add_client("Maria Tavares", email, "pt", "Europe/Lisbon", STAFF, source=source)


def some_topic(name: str = "News and offers") -> tuple[Topic, TopicWording]:
    topic = make_topic(name, TopicClass.MARKETING, LegalBasis.CONSENT, STAFF)
    return topic, add_wording(topic.id, "en", f"Yes, write to me about {name}.", STAFF)


def agree(maria: Client, topic: Topic, wording: TopicWording, **facts):
    return record_consent(maria.id, topic.id, "email", wording.id, Method.SPOKEN, "Call of 3 March", STAFF, **facts)


@pytest.fixture
def maria(session) -> Client:
    return some_client()


@pytest.fixture
def asked(session) -> tuple[Topic, TopicWording]:
    return some_topic()


@pytest.fixture
def topic(asked) -> Topic:
    return asked[0]


@pytest.fixture
def wording(asked) -> TopicWording:
    return asked[1]


@pytest.fixture
def other_topics(session) -> dict[str, Topic]:
    kinds = {TopicClass.TRANSACTIONAL: LegalBasis.CONTRACT, TopicClass.SERVICE_LEGAL: LegalBasis.LEGAL_OBLIGATION}
    return {
        str(kind): make_topic(f"About {kind.replace('_', ' ')}", kind, basis, STAFF) for kind, basis in kinds.items()
    }
