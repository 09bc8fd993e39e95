"""
The sealed form of one cell: bytes in, bytes out; knows no key ring and no database.

0      0xC1     marker, never a byte of UTF-8, so that plaintext cannot look like a cell
1      alg      1 = AES-256-GCM with a random 96-bit nonce; 2 = AES-256-GCM-SIV, reserved; 3 and up reserved
2..5   key id   uint32, big endian
6..17  nonce
18..   ciphertext and 16-byte tag
The associated data is header[0:6] || lp("ccp/field/v1") || lp(context) || lp(row id); lp is a 4-byte length before the
bytes. The label is part of the format: changing it makes every stored cell unreadable.
"""

import os
import struct
import uuid
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.crypto.errors import IntegrityFailed, NotAnEnvelope, UnknownAlgorithm

MARKER = 0xC1
AES_256_GCM = 1
HEADER = struct.Struct(">BBI")
NONCE_BYTES = 12
OVERHEAD = HEADER.size + NONCE_BYTES + 16
LABEL = b"ccp/field/v1"


class Header(NamedTuple):
    """What a cell says about itself without any key."""

    marker: int
    algorithm: int
    key_id: int


def lp(data: bytes) -> bytes:
    """Length-prefixed, so that two neighbours can never be read as another pair."""
    return len(data).to_bytes(4, "big") + data


def is_envelope(cell: bytes) -> bool:
    """Whether the bytes have the shape of a sealed cell; says nothing about whether they open."""
    return len(cell) >= OVERHEAD and cell[0] == MARKER


def read_header(context: str, row_id: uuid.UUID, cell: bytes) -> Header:
    """The header of a cell this release can open; refuses everything else by name."""
    if not is_envelope(cell):
        raise NotAnEnvelope(context, row_id)
    header = Header(*HEADER.unpack_from(cell))
    if header.algorithm != AES_256_GCM:
        raise UnknownAlgorithm(context, row_id, header.key_id)
    return header


def seal(cipher: AESGCM, key_id: int, context: str, row_id: uuid.UUID, plaintext: bytes) -> bytes:
    """A cell that opens only under this key, in this column and in this row."""
    header = HEADER.pack(MARKER, AES_256_GCM, key_id)
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + cipher.encrypt(nonce, plaintext, _bound_to(header, context, row_id))


def open_cell(cipher: AESGCM, context: str, row_id: uuid.UUID, cell: bytes) -> bytes:
    """The plaintext, or IntegrityFailed; there is no third way and no partial answer."""
    header, nonce = cell[: HEADER.size], cell[HEADER.size : HEADER.size + NONCE_BYTES]
    try:
        return cipher.decrypt(nonce, cell[HEADER.size + NONCE_BYTES :], _bound_to(header, context, row_id))
    except InvalidTag:
        raise IntegrityFailed(context, row_id, HEADER.unpack(header)[2]) from None


def _bound_to(header: bytes, context: str, row_id: uuid.UUID) -> bytes:
    return header + lp(LABEL) + lp(context.encode()) + lp(row_id.bytes)
