"""Whether a key is strong enough to be one. Speaks about keys, never shows them."""

import base64
import binascii
import itertools
import secrets

from portal.config.problems import Problem, warning

MINIMUM = 32
ADVISED = 40
DISTINCT = 10
GENERATE = "Make one with `flask --app wsgi keys generate`."
PLACEHOLDERS = (
    "yourencryptionkey",
    "yoursecretkey",
    "yourkeyhere",
    "changeinproduction",
    "changethis",
    "changeme",
    "placeholder",
    "replaceme",
    "replacethis",
    "insertkeyhere",
    "keyhere",
    "supersecret",
    "mysecretkey",
    "notsecure",
    "insecure",
    "examplekey",
    "developmentkey",
    "passwordpassword",
)


def generate_key() -> str:
    """A new key: 32 random bytes, in a form that survives .env files and shells."""
    return f"base64:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def key_bytes(text: str) -> bytes | None:
    """The 32 bytes of a base64: or hex: key, or None for a passphrase. Raises ValueError on a broken one."""
    form, _, coded = text.partition(":")
    if form not in ("base64", "hex") or not coded:
        return None
    decoded = _decoded(form, coded)
    if decoded is None or len(decoded) != 32:
        raise ValueError(f"begins with {form}: but does not hold exactly 32 bytes")
    return decoded


def _decoded(form: str, coded: str) -> bytes | None:
    try:
        if form == "hex":
            return bytes.fromhex(coded)
        return base64.b64decode(coded.replace("-", "+").replace("_", "/"), validate=True)
    except (ValueError, binascii.Error):
        return None


def key_problems(name: str, text: str) -> list[Problem]:
    """Everything wrong with one key, the first reason to refuse it or else the advice."""
    wrong = refusal(text)
    if wrong:
        return [Problem(name, wrong, GENERATE)]
    if key_bytes(text) is None and len(text) < ADVISED:
        return [warning(name, f"is shorter than {ADVISED} characters", GENERATE)]
    return []


def refusal(text: str) -> str:
    """Why this key is refused, or nothing."""
    try:
        decoded = key_bytes(text)
    except ValueError as error:
        return str(error)
    if decoded is None and len(text) < MINIMUM:
        return f"is too short: at least {MINIMUM} characters are needed"
    if any(word in _squeezed(text) for word in PLACEHOLDERS):
        return "is a placeholder from an example, which everybody knows"
    units = list(decoded) if decoded is not None else [ord(character) for character in text]
    return _weakness(units)


def _weakness(units: list[int]) -> str:
    if len(set(units)) < DISTINCT:
        return f"is too simple: it has fewer than {DISTINCT} different characters"
    if any(units == (units[:period] * len(units))[: len(units)] for period in range(1, len(units) // 2 + 1)):
        return "is too simple: it repeats itself"
    steps = sum(1 for one, next_ in itertools.pairwise(units) if abs(next_ - one) == 1)
    if steps > len(units) // 2:
        return "is too simple: it follows the alphabet or counts"
    return ""


def _squeezed(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
