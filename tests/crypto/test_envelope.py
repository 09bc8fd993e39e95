"""The bytes of a sealed cell, pinned; and that no change to them goes unnoticed (scenario 8)."""

import uuid

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from portal.crypto.envelope import OVERHEAD, is_envelope, lp, open_cell, read_header, seal
from portal.crypto.errors import CellError, IntegrityFailed, NotAnEnvelope, UnknownAlgorithm

KEY = AESGCM(bytes(range(32)))
ROW = uuid.UUID("018f2b6e-7c00-7000-8000-0123456789ab")
OTHER_ROW = uuid.UUID("018f2b6e-7c00-7000-8000-0123456789ac")
TEXT = b"ada@tidewell.example"
PINNED = "c101000000077477656c7665206279746573cbe182be1033dece68d11f3ef98a83709bad7d5d26bc5b27d8a99069a023eb7ef3d96237"


def opened(cell: bytes, context: str = "client.email", row: uuid.UUID = ROW) -> bytes:
    read_header(context, row, cell)
    return open_cell(KEY, context, row, cell)


def test_the_layout_is_the_documented_one_byte_for_byte():
    header, nonce = b"\xc1\x01\x00\x00\x00\x07", b"twelve bytes"
    bound_to = header + lp(b"ccp/field/v1") + lp(b"client.email") + lp(ROW.bytes)
    assert opened(header + nonce + KEY.encrypt(nonce, TEXT, bound_to)) == TEXT


def test_a_cell_stored_by_the_first_release_opens_for_ever():
    assert opened(bytes.fromhex(PINNED)) == TEXT


def test_a_cell_is_34_bytes_longer_than_its_text_and_never_the_same_twice():
    cell = seal(KEY, 7, "client.email", ROW, TEXT)
    assert len(cell) == len(TEXT) + OVERHEAD == len(TEXT) + 34
    assert cell[:6] == b"\xc1\x01\x00\x00\x00\x07"
    assert cell != seal(KEY, 7, "client.email", ROW, TEXT)


@pytest.mark.parametrize("text", [b"", b"x", TEXT, bytes(10_000)])
def test_any_text_comes_back_as_it_was(text):
    assert opened(seal(KEY, 2**32 - 1, "client.email", ROW, text)) == text


def test_every_single_flipped_bit_is_refused():
    cell = seal(KEY, 7, "client.email", ROW, TEXT)
    for bit in range(len(cell) * 8):
        changed = bytearray(cell)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CellError):
            opened(bytes(changed))


def test_every_truncation_and_every_added_byte_is_refused():
    cell = seal(KEY, 7, "client.email", ROW, TEXT)
    for length in range(len(cell)):
        with pytest.raises(CellError):
            opened(cell[:length])
    with pytest.raises(IntegrityFailed):
        opened(cell + b"\0")


@pytest.mark.parametrize(
    ("context", "row"),
    [("client.email", OTHER_ROW), ("client.phone", ROW), ("staff.email", ROW), ("client.emai", ROW), ("", ROW)],
)
def test_a_cell_opens_in_its_own_row_and_column_only(context, row):
    cell = seal(KEY, 7, "client.email", ROW, TEXT)
    with pytest.raises(IntegrityFailed):
        opened(cell, context, row)


def test_another_key_id_in_the_header_is_refused_even_when_the_key_is_the_same():
    cell = seal(KEY, 7, "client.email", ROW, TEXT)
    with pytest.raises(IntegrityFailed) as refused:
        opened(cell[:2] + (8).to_bytes(4, "big") + cell[6:])
    assert refused.value.key_id == 8


@pytest.mark.parametrize("algorithm", [0, 2, 3, 255])
def test_unknown_algorithms_are_refused_by_name(algorithm):
    cell = seal(KEY, 7, "client.email", ROW, TEXT)
    with pytest.raises(UnknownAlgorithm):
        opened(cell[:1] + bytes([algorithm]) + cell[2:])


@pytest.mark.parametrize("text", [b"", TEXT, "Ärger mit ÿ und Umlauten, und das recht lang".encode(), b"\xc1short"])
def test_plaintext_is_never_taken_for_a_cell_and_never_handed_back(text):
    assert not is_envelope(text)
    with pytest.raises(NotAnEnvelope):
        opened(text)


def test_no_error_holds_the_text_or_the_cell():
    cell = seal(KEY, 7, "client.email", ROW, TEXT)
    with pytest.raises(IntegrityFailed) as refused:
        opened(cell, row=OTHER_ROW)
    assert str(refused.value) == f"integrity_failed: client.email, row {OTHER_ROW}, key 7"
    assert refused.value.__suppress_context__
