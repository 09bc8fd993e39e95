"""
People, topics and addresses under random acts, with a model beside them that knows nothing of the portal's own rules.

The model keeps what each person last said, what is blocked, and who may be written to. Where the law would leave it
open it says yes, so that whatever the gate lets through and the model forbids is a fault.
"""

import uuid
from contextlib import suppress as ignoring
from dataclasses import dataclass, field
from datetime import timedelta

from portal.clients import personal_data as clients_data
from portal.clients.models import Client, ClientState, ContactPoint
from portal.clients.operations import (
    ClientExists,
    ClientGone,
    MergeRefused,
    add_client,
    change_preferences,
    lift_restriction,
    merge_clients,
    replace_contact_point,
    restrict_client,
)
from portal.clients.operations.changing import ClientChange, NothingToDo, change_client
from portal.clients.rules.wishes import PreferenceChange
from portal.consent import personal_data as consent_data
from portal.consent.models import Method, SuppressionReason, SuppressionScope
from portal.consent.operations import (
    confirm_consent,
    import_consents,
    leave_address,
    merge_consents,
    record_consent,
    refuse_consent,
    request_consent,
    suppress,
    suppress_many,
    withdraw,
    withdraw_everything,
)
from portal.consent.rules import ConsentRefused
from portal.consent.rules.imports import ImportedConsent
from portal.crypto.keyring import forget_rings
from portal.crypto.lifecycle import activate, create_key
from portal.crypto.purposes import Purpose
from portal.db import db, new_id, transaction, utc_now
from portal.gate.queries import Subject, facts_of
from portal.gate.rules import Answer, decide
from portal.web.actor import Actor, ActorKind
from sqlalchemy import select, text

STAFF = Actor(ActorKind.STAFF, "Mara Kessler", id=new_id())
READER = Actor(ActorKind.CLIENT, "By link")
REFUSALS = (ConsentRefused, ClientExists, ClientGone, MergeRefused, NothingToDo)
OWN_CHOICE = {SuppressionReason.OPTED_OUT, SuppressionReason.ERASED}
ROTATED = (Purpose.SUPPRESSION, Purpose.FIELD_PII, Purpose.AUDIT)


@dataclass
class Topic:
    """A marketing topic with its wording and a text."""

    id: uuid.UUID
    wording_id: uuid.UUID
    version_id: uuid.UUID
    text_hash: str
    doubly: bool


@dataclass
class Said:
    """What the model knows of one person and topic: yes, no or nothing, and requests that can be confirmed."""

    word: str = ""
    open: list[uuid.UUID] = field(default_factory=list)
    over: list[uuid.UUID] = field(default_factory=list)

    def no(self) -> None:
        self.word, self.over, self.open = "no", [*self.over, *self.open], []


@dataclass
class Person:
    """One client and what the model knows of them."""

    id: uuid.UUID
    addresses: set[str]
    state: str = "active"
    said: dict[int, Said] = field(default_factory=lambda: {0: Said(), 1: Said()})
    into: "Person | None" = None


class World:
    """Three people, two topics, a handful of addresses; every act goes to the portal and to the model."""

    def __init__(self, topics: list[Topic]) -> None:
        self.topics = topics
        self.domain = f"{new_id().hex}.example"
        self.blocked: dict[str, set[SuppressionReason]] = {}
        self.left: dict[str, set[int]] = {}
        self.people = [self.person(number) for number in range(3)]
        self.moved = 3

    def person(self, number: int) -> Person:
        address = f"person{number}@{self.domain}"
        with transaction():
            client = add_client(f"Ana Silva{number}", address, "en", "Europe/Lisbon", STAFF)
        return Person(client.id, {address})

    def do(self, act: str, who: int, other: int, about: int) -> None:
        """One act; what the portal refuses changes nothing, and the model has to agree that nothing was allowed."""
        person, topic = self.kept(who), self.topics[about]
        said = person.said[about]
        with ignoring(*REFUSALS), transaction():
            getattr(self, act)(person, topic, said, other)
        db.session.expire_all()

    def kept(self, number: int) -> Person:
        """Whoever this person is now: what was asked of a merged client counts for the one who is kept."""
        person = self.people[number]
        while person.into is not None:
            person = person.into
        return person

    def agree(self, person, topic, said, _other):
        event = record_consent(person.id, topic.id, "email", topic.wording_id, Method.SPOKEN, "a call", STAFF)
        if topic.doubly:
            said.open.append(event.id)
        else:
            said.word = "yes"

    def find_old_paper(self, person, topic, said, _other):
        proof = {"occurred_at": utc_now() - timedelta(days=1)}
        record_consent(person.id, topic.id, "email", topic.wording_id, Method.PAPER, "a folder", STAFF, **proof)
        if said.word != "no" and not topic.doubly:
            said.word = "yes"

    def ask(self, person, topic, said, _other):
        event = request_consent(person.id, topic.id, "email", topic.wording_id, Method.FORM, READER)
        said.open.append(event.id)

    def confirm(self, person, topic, said, _other):
        known = [*said.over, *said.open]
        if not known:
            return
        confirm_consent(known[-1], Method.LINK, READER)
        if known[-1] in said.open:
            said.word = "yes"
            for address in person.addresses:
                self.blocked[address] = self.blocked.get(address, set()) - OWN_CHOICE
                self.left.pop(address, None)

    def confirm_the_first(self, person, topic, said, _other):
        known = [*said.over, *said.open]
        if known:
            confirm_consent(known[0], Method.LINK, READER)
            said.word = "yes" if known[0] in said.open else said.word

    def withdraw(self, person, topic, said, _other):
        said.no()
        withdraw(person.id, topic.id, "email", Method.LINK, READER)

    def withdraw_all(self, person, _topic, _said, _other):
        for said in person.said.values():
            said.no()
        withdraw_everything(person.id, Method.LINK, READER)

    def refuse(self, person, topic, said, _other):
        said.no()
        refuse_consent(person.id, topic.id, "email", Method.FORM, READER)

    def take_over(self, person, topic, said, other):
        confirmed = other != 0
        row = ImportedConsent(
            person.id, topic.id, "email", topic.wording_id, "old system", utc_now() - timedelta(hours=1),
            confirmed=confirmed,
        )  # fmt: skip
        import_consents(db.session(), [row], STAFF)
        if said.word != "no" and (confirmed or not topic.doubly):
            said.word = "yes"

    def block(self, person, _topic, _said, other):
        reason = (SuppressionReason.OPTED_OUT, SuppressionReason.BOUNCED, SuppressionReason.COMPLAINED)[other]
        scope = SuppressionScope.MARKETING if other == 2 else SuppressionScope.ALL
        for address in person.addresses:
            self.blocked.setdefault(address, set()).add(reason)
            suppress(db.session(), "email", address.upper(), reason, source="page", actor=STAFF, scope=scope)

    def block_a_list(self, person, _topic, _said, _other):
        reason = SuppressionReason.IMPORTED
        for address in person.addresses:
            self.blocked.setdefault(address, set()).add(reason)
        if person.addresses:
            suppress_many(db.session(), "email", sorted(person.addresses), reason, source="list", actor=STAFF)

    def merge(self, person, _topic, _said, other):
        gone = self.kept(other)
        merge_clients(person.id, gone.id, [lambda kept, going, actor: merge_consents(kept, going, actor) and []], STAFF)
        for about, said in person.said.items():
            theirs = gone.said[about]
            words = {said.word, theirs.word}
            said.word = "no" if "no" in words else max(words)
            said.open += theirs.open
            said.over += theirs.over
        person.addresses |= gone.addresses
        person.state = "restricted" if "restricted" in {person.state, gone.state} else person.state
        gone.addresses, gone.state, gone.into = set(), "erased", person

    def change_name(self, person, _topic, _said, other):
        change_client(person.id, ClientChange(f"Ana Reis{other}", "pt", "Europe/Lisbon", "PT"), STAFF)

    def change_wishes(self, person, _topic, _said, _other):
        change_preferences(person.id, PreferenceChange(channel_order=("email",)), READER)

    def move(self, person, _topic, _said, other):
        known = (self.blocked, self.left, {})[other]
        address = min(known) if known else f"person{self.moved}@{self.domain}"
        self.moved += 1
        client = db.session.get_one(Client, person.id)
        point = db.session.scalars(
            select(ContactPoint).where(ContactPoint.client_id == person.id, ContactPoint.state == "usable")
            .order_by(ContactPoint.id)
        ).first()  # fmt: skip
        if point is not None:
            old = point.address
            replace_contact_point(client, point.id, address, [leave_address], STAFF)
            # Whoever has the old address next, it is not written to on what its owner said no to.
            refused = {about for about, said in person.said.items() if said.word == "no"}
            if refused:
                self.left[old] = self.left.get(old, set()) | refused
            person.addresses = (person.addresses - {old}) | {address}

    def restrict(self, person, _topic, _said, _other):
        restrict_client(person.id, "asked for it", STAFF)
        person.state = "restricted" if person.state == "active" else person.state

    def lift(self, person, _topic, _said, _other):
        lift_restriction(person.id, "asked for it", STAFF)
        person.state = "active" if person.state == "restricted" else person.state

    def erase(self, person, _topic, _said, _other):
        for address in person.addresses:
            self.blocked.setdefault(address, set()).add(SuppressionReason.ERASED)
            suppress(db.session(), "email", address, SuppressionReason.ERASED, source="erasure", actor=STAFF)
        consent_data.erase_for(person.id, STAFF)
        clients_data.erase_for(person.id, STAFF)
        person.state = "erased"

    def come_back(self, person, _topic, _said, _other):
        if person.state == "erased" and person.addresses:
            address = min(person.addresses)
            client = add_client("Ana Silva", address, "en", "Europe/Lisbon", STAFF)
            person.id, person.state, person.addresses = client.id, "active", {address}
            person.said = {0: Said(), 1: Said()}

    def rotate(self, _person, _topic, _said, other):
        session = db.session()
        session.execute(text("DELETE FROM crypto_ring_ack"))
        activate(session, create_key(session, ROTATED[other]).id)
        session.commit()
        forget_rings()

    def let_through(self) -> set[tuple[int, int, str]]:
        """Whom the gate would write to now, on what, and where."""
        mine = ContactPoint.client_id.in_([person.id for person in self.people])
        rows = db.session.scalars(select(ContactPoint).where(mine).order_by(ContactPoint.id)).all()
        asked = {}
        for who, person in enumerate(self.people):
            for point in (row for row in rows if row.client_id == person.id):
                for about, topic in enumerate(self.topics):
                    key = new_id()
                    subject = Subject(
                        key, person.id, point.id, topic.id, "email", topic.version_id, topic.text_hash,
                        utc_now() + timedelta(days=1),
                    )  # fmt: skip
                    asked[key] = subject, (who, about, point.address or "")
        known = facts_of(db.session(), [subject for subject, _ in asked.values()], lambda *_: [])
        now = utc_now()
        return {place for key, (_, place) in asked.items() if decide(known[key].facts, now).answer is not Answer.REFUSE}

    def allowed(self) -> set[tuple[int, int, str]]:
        """Whom the model would write to."""
        return {
            (who, about, address)
            for who, person in enumerate(self.people)
            if person.state == ClientState.ACTIVE
            for about in (0, 1)
            if person.said[about].word == "yes"
            for address in person.addresses
            if not self.blocked.get(address) and about not in self.left.get(address, set())
        }


ACTS = (
    "agree", "agree", "find_old_paper", "ask", "ask", "confirm", "confirm", "confirm_the_first", "withdraw",
    "withdraw_all", "refuse", "take_over", "take_over", "block", "block_a_list", "merge", "change_name",
    "change_wishes", "move", "restrict", "lift", "erase", "come_back", "rotate",
)  # fmt: skip
