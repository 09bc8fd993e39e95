"""Turns what a failed command printed into one sentence with the remedy; the whole text stays in a log."""

import re

UNREACHABLE = (
    "Connection refused",
    "could not translate host name",
    "failed to resolve host",
    "No such file or directory\\s+Is the server running",
    "timeout expired",
    "connection timeout",
    "No route to host",
    "Network is unreachable",
)
KNOWN = {
    "password authentication failed": (
        "PostgreSQL refused the password; correct the user and password in DATABASE_URL and DATABASE_OWNER_URL."
    ),
    "|".join(UNREACHABLE): "PostgreSQL does not answer; start it, or correct DATABASE_URL.",
    'database "[^"]*" does not exist': "The database does not exist; create it, or correct DATABASE_URL.",
    'role "[^"]*" does not exist': "The database role does not exist; create it, or correct DATABASE_URL.",
    "permission denied for (schema|database)|must be owner": (
        "This database role may not change tables; set DATABASE_OWNER_URL to the role that owns the database."
    ),
    "No space left|File too large|Disk quota": "The disk is full; free some room, then start again.",
    "Address already in use|Connection in use": "The port is taken by another program; choose another with PORT.",
}
CONFIGURATION = "The configuration cannot be used:"
NOISE = re.compile(r"^(\s|Traceback|\[|\(Background|$)")


def explain(said: str) -> str:
    """The sentence for a known reason; else the last line that was meant for a person."""
    if CONFIGURATION in said:
        return said[said.index(CONFIGURATION) :].strip()
    for pattern, sentence in KNOWN.items():
        if re.search(pattern, said):
            return sentence
    lines = [line.strip() for line in said.splitlines() if not NOISE.match(line)]
    if not lines:
        return "it gave no reason."
    return lines[-1] if lines[-1].endswith((".", "!", "?")) else f"{lines[-1]}."
