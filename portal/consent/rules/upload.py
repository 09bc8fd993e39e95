"""
What a list of addresses to block is: text, one address in each line. Reads no database and no file.

Whatever is wrong is said by line number; the address itself is never repeated.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from portal.config.channels import Channel
from portal.crypto.blind_index import NotAnAddress, normalise_email, normalise_phone

MOST_ADDRESSES = 20_000
MOST_PROBLEMS_SHOWN = 50
# What nobody has in an address, but what stands between two or around one.
SEPARATORS = re.compile(r"[\s,;<>\"'()\[\]|]")
HEADINGS = frozenset(
    {"email", "e-mail", "mail", "address", "phone", "telephone", "mobile", "number", "sms", "whatsapp"}
)
MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"))


class NotAList(ValueError):
    """A file that cannot be read as a list; the text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Why one line was left out."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class AddressList:
    """What a file holds: addresses that can be blocked, and the lines that were left out."""

    addresses: Sequence[str]
    problems: Sequence[LineProblem]


def checked_address(channel: str, text: str) -> str:
    """One address alone, trimmed. Raises NotAnAddress for none, for more than one, and for one with words around it."""
    address = text.strip()
    if channel == Channel.EMAIL:
        if SEPARATORS.search(address):
            raise NotAnAddress("Enter one email address alone, without name or brackets.")
        if "." not in normalise_email(address).rpartition("@")[2]:
            raise NotAnAddress("The domain of the email address is not whole.")
    else:
        normalise_phone(address)
    return address


def read_list(data: bytes, channel: str) -> AddressList:
    """The addresses of a file; raises NotAList where it holds none, too many, or is no text."""
    addresses: list[str] = []
    problems: list[LineProblem] = []
    for number, line in enumerate(_text(data).splitlines(), start=1):
        cell = line.strip().strip('"').strip()
        if not cell or (number == 1 and cell.casefold() in HEADINGS):
            continue
        try:
            addresses.append(checked_address(channel, cell))
        except NotAnAddress as problem:
            problems.append(LineProblem(number, str(problem)))
    if not addresses and not problems:
        raise NotAList("The file holds no address. Put one address in each line.")
    if len(addresses) > MOST_ADDRESSES:
        raise NotAList(f"The file holds more than {MOST_ADDRESSES:,} addresses. Split it, and upload the parts.")
    return AddressList(addresses, problems)


def _text(data: bytes) -> str:
    if data[:4] == b"PK\x03\x04":
        raise NotAList("This is a workbook or an archive. Save the sheet as CSV with UTF-8, one address in each line.")
    encoding = next(name for mark, name in MARKS if data.startswith(mark))
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise NotAList("The file is no text in UTF-8. Save it again as CSV or text with UTF-8.") from None
    if "\0" in text:
        raise NotAList("The file is no text. Put one address in each line of a text file.")
    return text
