"""Master keys: from the configured text to the key that wraps data keys, and the fingerprint that may be shown."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.config.current import current
from portal.config.keys import key_bytes
from portal.config.secret import Secret
from portal.crypto.envelope import NONCE_BYTES, lp
from portal.crypto.errors import KeyDamaged, MasterKeyMalformed
from portal.crypto.purposes import Purpose

KEY_BYTES = 32
# Labels and costs are part of the format: changing one makes every wrapped key unreadable.
KEK_LABEL, FINGERPRINT_LABEL = b"ccp/kek/v1", b"ccp/kid/v1"
ARGON2_MEMORY_KIB, ARGON2_PASSES, ARGON2_LANES = 65_536, 3, 4


@dataclass(frozen=True, slots=True, repr=False)
class Master:
    """One master key, reduced to what is needed: a cipher that wraps data keys, and a fingerprint."""

    fingerprint: bytes
    _kek: AESGCM

    def wrap(self, key_id: int, purpose: Purpose, data_key: bytes | bytearray) -> bytes:
        """The data key as it is stored, bound to its id and purpose."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._kek.encrypt(nonce, data_key, self._bound_to(key_id, purpose))

    def unwrap(self, key_id: int, purpose: Purpose, wrapped: bytes) -> bytearray:
        """The data key in a buffer the caller wipes; KeyDamaged where the stored row was altered."""
        buffer = bytearray(KEY_BYTES)
        nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        try:
            self._kek.decrypt_into(nonce, sealed, self._bound_to(key_id, purpose), buffer)
        except (InvalidTag, ValueError):
            raise KeyDamaged(
                f"Key {key_id} ({purpose}) was altered in the database: its master key {self.fingerprint.hex()} is "
                f"right, but it does not open. Restore that row of crypto_key from a backup."
            ) from None
        return buffer

    def _bound_to(self, key_id: int, purpose: Purpose) -> bytes:
        return key_id.to_bytes(4, "big") + lp(purpose.encode()) + lp(self.fingerprint)


@dataclass(frozen=True, slots=True, repr=False)
class Masters:
    """The current master wraps and unwraps; previous ones only unwrap."""

    current: Master
    previous: tuple[Master, ...] = ()

    def find(self, fingerprint: bytes) -> Master | None:
        """The configured master with this fingerprint. It is never found out by trying."""
        return next((one for one in (self.current, *self.previous) if one.fingerprint == fingerprint), None)


_derived: list[tuple[object, bytes, Masters]] = []


def derive_masters(current: Secret, previous: Sequence[Secret], salt: bytes) -> Masters:
    """The masters of a configuration; takes about 0.1 s for each that is a passphrase."""
    return Masters(_derive(current, salt), tuple(_derive(one, salt) for one in previous))


def configured_masters(salt: bytes) -> Masters:
    """The masters of this process's configuration, derived once for as long as it and the salt stay the same."""
    security = current().security
    if not _derived or _derived[0][0] is not security or _derived[0][1] != salt:
        masters = derive_masters(security.db_encryption_key, security.db_encryption_key_previous, salt)
        _derived[:] = [(security, salt, masters)]
    return _derived[0][2]


def wipe(buffer: bytearray) -> None:
    """Overwrites key bytes. Copies the interpreter made on the way are out of reach."""
    buffer[:] = bytes(len(buffer))


def _derive(secret: Secret, salt: bytes) -> Master:
    material = bytearray(_key_material(secret.reveal(), salt))
    try:
        return Master(_expand(material, FINGERPRINT_LABEL)[:8], AESGCM(_expand(material, KEK_LABEL)))
    finally:
        wipe(material)


def _expand(material: bytearray, label: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=label).derive(material)


def _key_material(text: str, salt: bytes) -> bytes:
    try:
        encoded = key_bytes(text)
    except ValueError as problem:
        raise MasterKeyMalformed(f"A master key {problem}. Make one with `flask keys generate`.") from None
    if encoded is not None:
        return encoded
    return hash_secret_raw(text.encode(), salt, ARGON2_PASSES, ARGON2_MEMORY_KIB, ARGON2_LANES, KEY_BYTES, Type.ID)
