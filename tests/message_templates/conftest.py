"""Topics and templates to play with, and who works with them."""

import uuid

import pytest
from portal.consent.models import LegalBasis, TopicClass
from portal.consent.operations import make_topic
from portal.db import transaction
from portal.message_templates.operations import Wording, approve, create_template, save_draft
from portal.web.actor import Actor, ActorKind

INES = Actor(ActorKind.STAFF, "Ines Duarte", uuid.UUID(int=21))
JO = Actor(ActorKind.STAFF, "Jo Adeyemi", uuid.UUID(int=22))
GOOD = Wording("Your booking for {{ event_name }}", "Hello {{ first_name }},\n\nsee you on {{ event_date | date }}.")


@pytest.fixture
def topic(session):
    with transaction():
        return make_topic("Bookings", TopicClass.TRANSACTIONAL, LegalBasis.CONTRACT, INES)


@pytest.fixture
def new_template(topic):
    """Makes templates: `new_template()`, `new_template("Reminder", "reminder", wording)`."""

    def make(name="Booking confirmation", key="booking_confirmed", wording=GOOD, topic_id=topic.id):
        with transaction():
            return create_template(name, key, topic_id, wording, INES)

    return make


@pytest.fixture
def template(new_template):
    return new_template()


@pytest.fixture
def approved(template):
    """A template whose first version is approved."""
    with transaction():
        approve(template.id, 1, INES)
    return template


@pytest.fixture
def write():
    """Saves a draft: `write(template, "Subject", "Body", seen=1, actor=JO)`."""

    def save(template, subject, body, seen=1, actor=INES):
        with transaction():
            return save_draft(template.id, Wording(subject, body), seen, actor)

    return save
