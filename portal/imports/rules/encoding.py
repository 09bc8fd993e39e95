"""In which letters a file is written: found by its first bytes and by whether every byte fits, never by chance."""

import codecs
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from portal.imports.rules.refused import FileRefused

PIECE = 256 * 1024
LETTERS_SHOWN = 40
BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Encoding(StrEnum):
    """What a person may choose where the portal should not find it out."""

    DETECT = "detect"
    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS = "cp1252"


ENCODING_WORDS = {
    Encoding.DETECT: "Find it out",
    Encoding.UTF_8: "UTF-8",
    Encoding.UTF_16: "UTF-16",
    Encoding.WINDOWS: "Windows-1252 (older Excel)",
}


@dataclass(frozen=True, slots=True)
class Letters:
    """How a file is written, whether that is certain, and the letters beyond a to z by which people can tell."""

    encoding: Encoding
    codec: str
    certain: bool
    beyond: str


class _Unfit(Exception):
    """A byte that the codec does not know, by its line."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def find_letters(file: BinaryIO, wanted: Encoding = Encoding.DETECT) -> Letters:
    """Reads the whole file once, piece by piece. Raises FileRefused where no encoding fits, or not the wanted one."""
    file.seek(0)
    start = file.read(PIECE)
    wide = _wide_codec(start)
    if wanted is Encoding.DETECT:
        return _found(file, wide)
    codec = {Encoding.UTF_8: "utf-8-sig", Encoding.UTF_16: wide or "utf-16-le", Encoding.WINDOWS: "cp1252"}[wanted]
    try:
        return Letters(wanted, codec, certain=True, beyond=_beyond(file, codec))
    except _Unfit as unfit:
        raise FileRefused(
            f"Line {unfit.line:,} is not written in {ENCODING_WORDS[wanted]}. "
            f"Choose “{ENCODING_WORDS[Encoding.DETECT]}”, or save the file again as UTF-8."
        ) from None


def _found(file: BinaryIO, wide: str) -> Letters:
    first: tuple[Encoding, str] = (Encoding.UTF_16, wide) if wide else (Encoding.UTF_8, "utf-8-sig")
    try:
        return Letters(*first, certain=True, beyond=_beyond(file, first[1]))
    except _Unfit as unfit:
        broken = unfit.line
    try:
        # Every other byte is a letter here, so that this is a guess people have to look at.
        return Letters(Encoding.WINDOWS, "cp1252", certain=False, beyond=_beyond(file, "cp1252"))
    except _Unfit:
        raise FileRefused(
            f"Line {broken:,} holds bytes that are neither UTF-8 nor Windows-1252. Save the file again as CSV UTF-8."
        ) from None


def _wide_codec(start: bytes) -> str:
    """The UTF-16 codec of a file: by its mark, or because every second byte of Latin text is zero."""
    if start.startswith(BOMS):
        return "utf-16"
    sample = start[:2000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _beyond(file: BinaryIO, codec: str) -> str:
    """The letters beyond ASCII in the whole file, in their order."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(codec)()
    line, letters = 1, set[str]()
    while True:
        piece = file.read(PIECE)
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            raise _Unfit(line + bytes(error.object[: error.start]).count(b"\n")) from None
        if "\0" in text:
            raise FileRefused("This is not a text file. Save the table as CSV UTF-8 or as an Excel workbook (.xlsx).")
        line += text.count("\n")
        letters.update(text)
        if not piece:
            return "".join(sorted(one for one in letters if one > "\x7f" and one.isalpha())[:LETTERS_SHOWN])
