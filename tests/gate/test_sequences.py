"""No sequence of acts lets a message through that the ledger forbids: the gate against an independent model."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from portal.consent.models import Topic as TopicRow
from portal.consent.operations import add_wording
from portal.crypto.keyring import forget_rings
from portal.db import db, transaction
from portal.message_templates.models import MessageTemplateVersion
from portal.web.actor import SYSTEM

from tests.gate.world import ACTS, Topic, World
from tests.messages.ready import make_ready

ACT = st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 2), st.integers(0, 1))


@pytest.fixture
def topics(own_app) -> Iterator[list[Topic]]:
    """One topic where staff may write down a consent, one where the person has to confirm; commits are real."""
    with own_app.app_context():
        with transaction():
            ready = make_ready()
            text = db.session.get_one(MessageTemplateVersion, ready.version_id)
            other = make_other()
            wording = add_wording(other.id, "en", "I want to be invited.", SYSTEM)
        facts = ready.version_id, text.content_hash
        yield [
            Topic(ready.topic_id, ready.wording_id, *facts, doubly=False),
            Topic(other.id, wording.id, *facts, doubly=True),
        ]
    forget_rings()


def make_other() -> TopicRow:
    topic = TopicRow(
        key="events", name="Events", topic_class="marketing", legal_basis="consent", state="open", double_opt_in=True
    )
    db.session.add(topic)
    db.session.flush()
    return topic


@settings(
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),  # a found sequence is short enough to read as it is
)
@given(st.lists(ACT, min_size=3, max_size=14))
def test_no_sequence_lets_a_message_through_that_the_ledger_forbids(topics, acts):
    world = World(topics)
    for act in acts:
        world.do(*act)
        assert world.let_through() <= world.allowed()


def test_a_link_of_a_merged_client_confirms_for_the_kept_one(topics):
    world = World(topics)
    for act in [("ask", 2, 1, 1), ("merge", 1, 2, 1), ("confirm", 2, 1, 1)]:
        world.do(*act)
    assert world.let_through() == world.allowed() != set()


def test_an_address_taken_from_somebody_who_said_no_stays_closed_for_whoever_has_it_next(topics):
    world = World(topics)
    for act in [("withdraw", 0, 0, 0), ("move", 0, 2, 0), ("agree", 1, 0, 0), ("move", 1, 1, 0)]:
        world.do(*act)
    assert world.people[1].addresses == set(world.left)
    assert world.let_through() == set()


@pytest.mark.parametrize(
    "acts",
    [
        [("agree", 0, 0, 0)],
        [("ask", 0, 0, 1), ("confirm", 0, 0, 1)],
        [("take_over", 0, 1, 1)],
        [("withdraw", 0, 0, 0), ("agree", 0, 0, 0)],
        [("block", 0, 0, 0), ("ask", 0, 0, 0), ("confirm", 0, 0, 0)],
        [("agree", 1, 0, 0), ("rotate", 0, 0, 0), ("rotate", 0, 1, 0), ("merge", 0, 1, 0)],
        [("agree", 0, 0, 0), ("erase", 0, 0, 0), ("come_back", 0, 0, 0), ("ask", 0, 0, 0), ("confirm", 0, 0, 0)],
    ],
    ids=lambda acts: " ".join(act for act, *_ in acts),
)
def test_what_people_agreed_to_is_let_through(topics, acts):
    world = World(topics)
    for act in acts:
        world.do(*act)
    assert world.let_through() == world.allowed() != set()
