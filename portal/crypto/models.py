"""The tables of the key ring: wrapped keys, the ring's generation and salt, and which process has seen what."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Index, LargeBinary, Sequence, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped

from portal.crypto.purposes import KeyState, Purpose
from portal.db import DataClass, Model, column

KEY_IDS = Sequence("crypto_key_id_seq", metadata=Model.metadata)


class CryptoKey(Model):
    """One data key, wrapped by a master key. There is at most one active key for a purpose."""

    __tablename__ = "crypto_key"
    __table_args__ = (Index("uq_crypto_key_active", "purpose", unique=True, postgresql_where=text("state = 'active'")),)

    id: Mapped[int] = column(
        BigInteger, primary_key=True, autoincrement=False, data=DataClass.INTERNAL, meaning="Key id that cells name."
    )
    purpose: Mapped[Purpose] = column(Text, data=DataClass.INTERNAL, meaning="What the key is for.")
    state: Mapped[KeyState] = column(Text, data=DataClass.INTERNAL, meaning="Where the key stands in its life.")
    wrapped: Mapped[bytes] = column(LargeBinary, data=DataClass.SECRET, meaning="The key, wrapped by a master key.")
    kek_fp: Mapped[bytes] = column(
        LargeBinary, data=DataClass.INTERNAL, meaning="Fingerprint of the master key that wraps it."
    )
    created_at: Mapped[datetime] = column(
        DateTime(timezone=True), server_default=text("now()"), data=DataClass.INTERNAL, meaning="When it was made."
    )
    activated_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), data=DataClass.INTERNAL, meaning="Since when new cells use it."
    )
    drained_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), data=DataClass.INTERNAL, meaning="When no cell used it any more."
    )
    retired_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), data=DataClass.INTERNAL, meaning="When it was retired."
    )
    destroy_after: Mapped[datetime | None] = column(
        DateTime(timezone=True), data=DataClass.INTERNAL, meaning="Until when backups still need it."
    )
    destroyed_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), data=DataClass.INTERNAL, meaning="When the wrapped key was overwritten."
    )


class CryptoRing(Model):
    """The one row about the ring as a whole."""

    __tablename__ = "crypto_ring"

    id: Mapped[int] = column(SmallInteger, primary_key=True, data=DataClass.INTERNAL, meaning="Always 1.")
    generation: Mapped[int] = column(
        BigInteger, server_default=text("0"), data=DataClass.INTERNAL, meaning="Grows with every change of a key."
    )
    kdf_salt: Mapped[bytes] = column(
        LargeBinary, data=DataClass.INTERNAL, meaning="Salt that stretches a master key given as a passphrase."
    )
    purposes: Mapped[list[str]] = column(
        ARRAY(Text), data=DataClass.INTERNAL, meaning="Purposes that were given a key at least once."
    )


class CryptoRingAck(Model):
    """Which generation of the ring a running process has loaded."""

    __tablename__ = "crypto_ring_ack"

    process: Mapped[str] = column(Text, primary_key=True, data=DataClass.INTERNAL, meaning="Host and process id.")
    generation: Mapped[int] = column(BigInteger, data=DataClass.INTERNAL, meaning="The generation it has loaded.")
    seen_at: Mapped[datetime] = column(
        DateTime(timezone=True), data=DataClass.INTERNAL, meaning="When it last said so."
    )
