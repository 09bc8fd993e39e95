"""The append-only ledger, its evidence, and what it says now."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Integer, LargeBinary, SmallInteger, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.config.channels import Channel
from portal.consent.models.columns import moment, reference, word
from portal.consent.models.words import Happening, Method, Standing
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
