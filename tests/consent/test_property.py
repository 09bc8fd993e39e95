"""Whatever happens in whatever order: what is kept as current follows from the events, and a no is never overruled."""

from datetime import timedelta

import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portal.clients.models import Client
from portal.consent.models import ConsentEvent, Method, Standing
from portal.consent.operations import (
    confirm_consent,
    expire_due,
    import_consents,
    merge_consents,
    record_consent,
    refuse_consent,
    renew_consent,
    request_consent,
    withdraw,
    withdraw_everything,
)
from portal.consent.queries import check_ledger, consent_states, standings, state_at
from portal.consent.rules import ConsentRefused, ImportedConsent
from portal.consent.rules.standing import OPPOSED, fold
from portal.db import utc_now
from sqlalchemy import select

from tests.consent.conftest import READER, STAFF, some_client, some_topic

DEEDS = ("record", "for a day", "request", "confirm", "withdraw", "refuse", "renew", "import", "stop", "merge", "wait")
PLACES = st.tuples(st.integers(0, 1), st.integers(0, 1), st.sampled_from(["email", "sms"]))
STEPS = st.lists(st.tuples(st.sampled_from(DEEDS), PLACES), min_size=1, max_size=14)


class World:
    """Two clients, two topics, and every deed that changes where they stand."""

    def __init__(self, session, clock) -> None:
        self.session, self.clock = session, clock
        self.clients = [some_client(f"{name}@rivertown.example") for name in ("maria", "joao")]
        self.topics = [some_topic(name) for name in ("News", "Events")]
        self.asked = []

    def do(self, deed: str, who: int, what: int, channel: str) -> None:
        client, (topic, wording) = self.clients[who], self.topics[what]
        place = (client.id, topic.id, channel)
        proof = (wording.id, Method.PREFERENCE_CENTRE)
        self.clock.shift(timedelta(minutes=1))
        deeds = {
            "record": lambda: record_consent(*place, *proof, "", READER),
            "for a day": lambda: record_consent(*place, *proof, "", READER, expires_at=utc_now() + timedelta(days=1)),
            "request": lambda: self.asked.append(request_consent(*place, *proof, READER).id),
            "confirm": lambda: [confirm_consent(one, Method.LINK, READER) for one in self.asked[-1 - what :][:1]],
            "withdraw": lambda: withdraw(*place, Method.LINK, READER),
            "refuse": lambda: refuse_consent(*place, Method.LINK, READER),
            "renew": lambda: renew_consent(*place, *proof, "", READER),
            "import": lambda: import_consents(self.session, [self.of_a_file(place, wording)], STAFF),
            "stop": lambda: withdraw_everything(client.id, Method.PREFERENCE_CENTRE, READER),
            "merge": lambda: merge_consents(client.id, self.clients[1 - who].id, STAFF),
            "wait": lambda: self.wait(timedelta(days=1 + 14 * what)),
        }
        deeds[deed]()

    def of_a_file(self, place, wording) -> ImportedConsent:
        return ImportedConsent(*place, wording.id, "List", utc_now())

    def wait(self, time: timedelta) -> None:
        self.clock.shift(time)
        expire_due(self.session)


def said_no(events: list[ConsentEvent]) -> bool:
    """Told without the rules: whether the last thing that only the person themselves can say was a no."""
    no = False
    for event in events:
        if event.event in {"withdrawn", "refused"} or event.carried in {"withdrawn", "refused"}:
            no = True
        elif event.event in {"granted", "confirmed"}:
            no = False
    return no


def check(session, client: Client) -> None:
    events = session.scalars(select(ConsentEvent).where(ConsentEvent.client_id == client.id).order_by(ConsentEvent.seq))
    chain = list(events)
    kept = standings(session, [client.id]).get(client.id, {})
    assert kept == fold(chain)
    for topic_id, channel in kept:
        here = [event for event in chain if (event.topic_id, event.channel) == (topic_id, channel)]
        place = (client.id, topic_id, channel)
        for_gate = consent_states(session, [place])[place]
        assert (for_gate in OPPOSED) == said_no(here)
        known = state_at(session, client.id, utc_now())[topic_id, channel].state
        assert (for_gate is Standing.GRANTED) == (known is Standing.GRANTED)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_as_current_follows_from_the_events_of_any_history(session, steps):
    # All of one history lies in a savepoint that is rolled back, so that each begins with an empty ledger.
    history = session.begin_nested()
    try:
        with time_machine.travel(utc_now(), tick=True) as clock:
            world = World(session, clock)
            for deed, (who, what, channel) in steps:
                try:
                    world.do(deed, who, what, channel)
                except ConsentRefused:
                    continue
                for client in world.clients:
                    check(session, client)
            assert check_ledger(session) == []
    finally:
        history.rollback()
        session.expunge_all()
