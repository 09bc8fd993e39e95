"""Where a file lies while its request is read: on disk, and in clear nowhere."""

import io
import os
import tempfile
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class SealedSpool(io.RawIOBase):
    """
    A file on disk that only this process can read: each block is sealed with a key that is kept in memory alone.

    Written once from beginning to end, then read anywhere.
    """

    BLOCK = 64 * 1024
    STORED = BLOCK + 16

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this object
        self._cipher = AESGCM(AESGCM.generate_key(256))
        self._tail = bytearray()
        self._blocks = self._size = self._at = 0
        self._opened = (-1, b"")

    def readable(self) -> bool:
        """It can be read."""
        return True

    def writable(self) -> bool:
        """It can be written, at its end."""
        return True

    def seekable(self) -> bool:
        """It can be read from anywhere."""
        return True

    def write(self, data: Any) -> int:
        """Adds to the end."""
        self._tail += data
        self._size += len(data)
        while len(self._tail) >= self.BLOCK:
            self._file.seek(self._blocks * self.STORED)
            self._file.write(self._cipher.encrypt(self._nonce(self._blocks), bytes(self._tail[: self.BLOCK]), None))
            del self._tail[: self.BLOCK]
            self._blocks += 1
        self._at = self._size
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Moves the place of reading."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(start + offset, 0)
        return self._at

    def tell(self) -> int:
        """The place of reading."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Reads at most to the end of a block."""
        number, start = divmod(self._at, self.BLOCK)
        piece = self._block(number)[start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        """The file is gone; without its key it was worth nothing anyway."""
        self._file.close()
        super().close()

    def _block(self, number: int) -> bytes:
        if number >= self._blocks:
            return bytes(self._tail) if number == self._blocks else b""
        if self._opened[0] != number:
            self._file.seek(number * self.STORED)
            self._opened = number, self._cipher.decrypt(self._nonce(number), self._file.read(self.STORED), None)
        return self._opened[1]

    def _nonce(self, number: int) -> bytes:
        # Each block is written once, and the key is of this file alone.
        return number.to_bytes(12, "big")
