"""The tables of consent: topics, wordings, the append-only ledger with its evidence, current state, suppression."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.orm import Mapped, MappedColumn

from portal.config.channels import Channel
from portal.crypto.columns import SealedText, sealed_column
from portal.crypto.purposes import Purpose
from portal.db import DataClass, Model, Timestamps, column, id_column, one_of


class TopicClass(StrEnum):
    """What kind of message a topic is for; set on the topic, never chosen for a single message."""

    MARKETING = "marketing"
    TRANSACTIONAL = "transactional"
    SERVICE_LEGAL = "service_legal"


class LegalBasis(StrEnum):
    """What allows the organisation to write on a topic (GDPR Art. 6)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGITIMATE_INTEREST = "legitimate_interest"


class TopicState(StrEnum):
    """Whether anything may be sent on a topic."""

    OPEN = "open"
    CLOSED = "closed"


class Happening(StrEnum):
    """What one event of the ledger says."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"


class Method(StrEnum):
    """How an event came about; the evidence says the rest."""

    FORM = "form"
    PAPER = "paper"
    SPOKEN = "spoken"
    STAFF = "staff"
    IMPORT = "import"
    ONE_CLICK = "one_click"
    LINK = "link"


class Standing(StrEnum):
    """Where a client stands on a topic and channel; the words are those of the send gate."""

    NONE = "none"
    REQUESTED = "requested"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"


class SuppressionScope(StrEnum):
    """What a suppression stops."""

    ALL = "all"


class SuppressionReason(StrEnum):
    """Why an address must not be written to."""

    BOUNCED = "bounced"
    OPTED_OUT = "opted_out"
    ERASED = "erased"


def word(meaning: str, **options: Any) -> MappedColumn[str]:
    """A word of one of the enums above, or another fact that names nobody."""
    return column(Text, data=DataClass.INTERNAL, meaning=meaning, **options)


def moment(meaning: str) -> MappedColumn[datetime]:
    """A point in time of one row."""
    return column(DateTime(timezone=True), data=DataClass.INTERNAL, meaning=meaning)


def reference(target: str, meaning: str, **options: Any) -> MappedColumn[Any]:
    """Points to a row that cannot go while this one stands."""
    return column(Uuid, ForeignKey(target), data=DataClass.INTERNAL, meaning=meaning, **options)


class Topic(Timestamps, Model):
    """A purpose of writing, with its class and legal basis."""

    __tablename__ = "topic"
    __table_args__ = (
        one_of("topic_class", TopicClass),
        one_of("legal_basis", LegalBasis),
        one_of("state", TopicState),
    )

    id: Mapped[uuid.UUID] = id_column()
    key: Mapped[str] = word("Short name that imports and interfaces use.", unique=True)
    name: Mapped[str] = word("What clients and staff read.")
    description: Mapped[str] = word("What is sent, and about how often.", server_default="")
    topic_class: Mapped[str] = word("Marketing, transactional or service-legal.")
    legal_basis: Mapped[str] = word("What allows writing on it.")
    state: Mapped[str] = word("Whether anything may be sent on it.", server_default=TopicState.OPEN)


class TopicWording(Model):
    """The exact words by which consent was asked for. Never edited: a change is a new version."""

    __tablename__ = "topic_wording"
    __table_args__ = (UniqueConstraint("topic_id", "language", "version"),)

    id: Mapped[uuid.UUID] = id_column()
    topic_id: Mapped[uuid.UUID] = reference("topic.id", "The topic it asks for.")
    language: Mapped[str] = word("Language tag of the text.")
    version: Mapped[int] = column(Integer, data=DataClass.INTERNAL, meaning="Counts from 1 for a topic and language.")
    text: Mapped[str] = word("What people read when they agreed.")
    text_sha256: Mapped[bytes] = column(LargeBinary, data=DataClass.INTERNAL, meaning="Digest of the text.")
    created_at: Mapped[datetime] = column(
        DateTime(timezone=True), server_default=func.now(), data=DataClass.INTERNAL, meaning="When the row was made."
    )


class ConsentEvent(Model):
    """One entry of the ledger. The database refuses to change it; each client's entries form a chain of seals."""

    __tablename__ = "consent_event"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("event", Happening),
        one_of("method", Method),
        UniqueConstraint("client_id", "seq"),
    )

    id: Mapped[uuid.UUID] = id_column()
    client_id: Mapped[uuid.UUID] = reference("client.id", "The client who agreed or withdrew.")
    seq: Mapped[int] = column(Integer, data=DataClass.INTERNAL, meaning="Place in the client's chain, from 1, no gaps.")
    contact_point_id: Mapped[uuid.UUID | None] = column(
        Uuid, nullable=True, data=DataClass.INTERNAL, meaning="Address it was said for; kept when the address goes."
    )
    topic_id: Mapped[uuid.UUID] = reference("topic.id", "What it is about.")
    channel: Mapped[str] = word("On which channel.")
    wording_id: Mapped[uuid.UUID | None] = reference("topic_wording.id", "What the person read.", nullable=True)
    event: Mapped[str] = word("What was said.")
    method: Mapped[str] = word("How it was said.")
    actor_kind: Mapped[str] = word("Kind of actor who recorded it.")
    actor_id: Mapped[uuid.UUID | None] = column(
        Uuid, nullable=True, data=DataClass.INTERNAL, meaning="Who recorded it, if staff."
    )
    actor_label: Mapped[str] = column(Text, data=DataClass.PII, meaning="What the actor was called at the time.")
    occurred_at: Mapped[datetime] = moment("When it was said.")
    recorded_at: Mapped[datetime] = moment("When it was written down.")
    evidence_digest: Mapped[bytes | None] = column(
        LargeBinary, nullable=True, data=DataClass.SECRET, meaning="Keyed digest of the evidence; outlives it."
    )
    prev: Mapped[bytes] = column(LargeBinary, data=DataClass.INTERNAL, meaning="Seal of the client's entry before.")
    version: Mapped[int] = column(SmallInteger, data=DataClass.INTERNAL, meaning="Version of the canonical form.")
    key_id: Mapped[int] = column(BigInteger, data=DataClass.INTERNAL, meaning="Audit key that made the seal.")
    mac: Mapped[bytes] = column(LargeBinary, data=DataClass.INTERNAL, meaning="Seal over the canonical form.")


class ConsentEvidence(Timestamps, Model):
    """Where the proof of an event is, and from which network it came. Apart from the ledger: it can be erased."""

    __tablename__ = "consent_evidence"

    id: Mapped[uuid.UUID] = id_column()
    event_id: Mapped[uuid.UUID] = reference("consent_event.id", "The event it proves.", unique=True)
    _evidence: Mapped[bytes] = sealed_column(
        Purpose.FIELD_PII, "consent_evidence.evidence", meaning="What proves it, and the network.", nullable=False
    )
    evidence = SealedText("_evidence")


class ConsentState(Timestamps, Model):
    """What the ledger says now, for the send gate; written in the transaction of the event it follows."""

    __tablename__ = "consent_state"
    __table_args__ = (one_of("channel", Channel), one_of("state", Standing))

    client_id: Mapped[uuid.UUID] = reference("client.id", "The client.", primary_key=True)
    topic_id: Mapped[uuid.UUID] = reference("topic.id", "The topic.", primary_key=True)
    channel: Mapped[str] = word("The channel.", primary_key=True)
    state: Mapped[str] = word("Where the client stands.")
    since: Mapped[datetime] = moment("Since when; a withdrawal repeated keeps its first date.")
    event_id: Mapped[uuid.UUID] = reference("consent_event.id", "The event that made it so.")


class Suppression(Model):
    """A keyed hash of an address that must not be written to. Holds no address, so it outlives erasure."""

    __tablename__ = "suppression"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("scope", SuppressionScope),
        one_of("reason", SuppressionReason),
        Index("uq_suppression_address_hash_channel_scope", "address_hash", "channel", "scope", unique=True),
    )

    id: Mapped[uuid.UUID] = id_column()
    address_hash: Mapped[bytes] = column(
        LargeBinary, data=DataClass.SECRET, meaning="HMAC of the normalised address under a suppression key."
    )
    key_id: Mapped[int] = column(BigInteger, data=DataClass.INTERNAL, meaning="Suppression key that made the hash.")
    channel: Mapped[str] = word("The channel it holds for.")
    scope: Mapped[str] = word("What it stops.")
    reason: Mapped[str] = word("Why.")
    source: Mapped[str] = word("What said so: a provider's code, a page, a command; never an address.")
    created_at: Mapped[datetime] = column(
        DateTime(timezone=True), server_default=func.now(), data=DataClass.INTERNAL, meaning="When the row was made."
    )
