"""What else is known about a client, as names with values, one to a line. Pure."""

from collections.abc import Mapping

MOST = 50
LONGEST_KEY = 60
LONGEST_VALUE = 500


class AttributeRefused(ValueError):
    """A line that cannot be kept; the message says which and why, without its value."""


def read_lines(text: str) -> dict[str, str]:
    """`shoe size: 42` on each line; a name without a value stands for taking it away."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not key or not colon:
            raise AttributeRefused(f"Line {number}: write a name, a colon and a value, such as shoe size: 42.")
        if len(key) > LONGEST_KEY or len(value) > LONGEST_VALUE:
            raise AttributeRefused(f"Line {number}: at most {LONGEST_KEY} letters before the colon, 500 after it.")
        if not (key + value).isprintable():
            raise AttributeRefused(f"Line {number}: remove the control characters.")
        if key in found:
            raise AttributeRefused(f"Line {number}: this name stands on an earlier line.")
        found[key] = value
    return found


def with_lines(known: Mapping[str, str], lines: Mapping[str, str]) -> dict[str, str]:
    """What is known after the lines: those with a value are set, those without are taken away, the others stay."""
    after = {key: value for key, value in {**known, **lines}.items() if value}
    if len(after) > MOST:
        raise AttributeRefused(f"Keep at most {MOST} attributes of one client.")
    return after
