"""The append-only ledger, its evidence, and what it says now."""

import uuid
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped

from portal.config.channels import Channel
from portal.consent.models.columns import moment, reference, word
from portal.consent.models.words import Happening, LegalBasis, Method, Standing
from portal.crypto.columns import SealedText, sealed_column
from portal.crypto.purposes import Purpose
from portal.db import DataClass, Model, Timestamps, column, id_column, one_of


class ConsentEvent(Model):
    """One entry of the ledger. The database refuses to change it; each client's entries form a chain of seals."""

    __tablename__ = "consent_event"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("event", Happening),
        one_of("method", Method),
        one_of("legal_basis", LegalBasis),
        one_of("carried", Standing),
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
    # From here to prev: since version 2 of the canonical form; empty in the events before.
    topic_version: Mapped[int | None] = column(
        Integer, nullable=True, data=DataClass.INTERNAL, meaning="Version of the topic at the time."
    )
    legal_basis: Mapped[str | None] = word("What the topic rested on at the time.", nullable=True)
    statement_sha256: Mapped[bytes | None] = column(
        LargeBinary, nullable=True, data=DataClass.INTERNAL, meaning="Digest of what the person read."
    )
    language: Mapped[str | None] = word("Language of what the person read.", nullable=True)
    jurisdiction: Mapped[str | None] = word("Country of the client at the time, whose law held.", nullable=True)
    source_url: Mapped[str | None] = word("Page it was said on, without what follows the path.", nullable=True)
    source_name: Mapped[str | None] = word("Form, list or file it was said on.", nullable=True)
    user_agent: Mapped[str | None] = word("Kind of program it was said with.", nullable=True)
    contact_point_hmac: Mapped[bytes | None] = column(
        LargeBinary, nullable=True, data=DataClass.SECRET, meaning="Keyed hash of the address; outlives it."
    )
    refers_to_id: Mapped[uuid.UUID | None] = column(
        Uuid, nullable=True, data=DataClass.INTERNAL, meaning="Event it answers, ends or carries over."
    )
    carried: Mapped[str | None] = word("Where a merged client stood, which holds here too.", nullable=True)
    expires_at: Mapped[datetime | None] = moment("When it ends by itself.", nullable=True)
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
    __table_args__ = (
        one_of("channel", Channel),
        one_of("state", Standing),
        Index(None, "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
        Index(None, "pending_until", postgresql_where=text("pending_until IS NOT NULL")),
        CheckConstraint("(pending_id IS NULL) = (pending_until IS NULL)", name="pending_is_whole"),
    )

    client_id: Mapped[uuid.UUID] = reference("client.id", "The client.", primary_key=True)
    topic_id: Mapped[uuid.UUID] = reference("topic.id", "The topic.", primary_key=True)
    channel: Mapped[str] = word("The channel.", primary_key=True)
    state: Mapped[str] = word("Where the client stands.")
    since: Mapped[datetime] = moment("Since when; a withdrawal repeated keeps its first date.")
    event_id: Mapped[uuid.UUID] = reference("consent_event.id", "The event that made it so.")
    expires_at: Mapped[datetime | None] = moment("When the consent ends by itself.", nullable=True)
    pending_id: Mapped[uuid.UUID | None] = column(
        Uuid, nullable=True, data=DataClass.INTERNAL, meaning="Request that waits to be confirmed."
    )
    pending_until: Mapped[datetime | None] = moment("How long it waits.", nullable=True)
