"""A file of a request lies on disk sealed, and is read like any other."""

import os

import pytest
from portal.web.spool import SealedSpool

SIZE = 3 * SealedSpool.BLOCK + 1_000


@pytest.fixture
def spool():
    """Somewhat more than three blocks of text, written in odd pieces."""
    made, data = SealedSpool(), b"maria@harbour.example,".ljust(100, b"x") * 2_000
    for start in range(0, SIZE, 7_777):
        made.write(data[:SIZE][start : start + 7_777])
    with made:
        yield made


def test_what_was_written_is_read_again_from_anywhere(spool):
    assert (spool.tell(), spool.readable(), spool.writable(), spool.seekable()) == (SIZE, True, True, True)
    spool.seek(0)
    whole = spool.read()
    assert (len(whole), whole[:21]) == (SIZE, b"maria@harbour.example")
    assert spool.seek(-100, os.SEEK_END) == SIZE - 100
    assert spool.read() == whole[-100:]
    spool.seek(SealedSpool.BLOCK - 5)
    spool.seek(1, os.SEEK_CUR)
    assert spool.read(20) == whole[SealedSpool.BLOCK - 4 :][:4]
    assert spool.read(20) == whole[SealedSpool.BLOCK :][:20]
    spool.seek(10 * SIZE)
    assert spool.read() == b""


def test_nothing_of_it_lies_on_the_disk_in_clear(spool):
    spool._file.seek(0)
    stored = spool._file.read()
    assert len(stored) == 3 * SealedSpool.STORED
    assert b"harbour" not in stored


def test_when_it_is_closed_it_is_gone(spool):
    spool.close()
    assert spool._file.closed
