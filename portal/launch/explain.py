"""Turns what a failed command printed into one sentence with the remedy; the whole text stays in a log."""

import re

KNOWN = (
    (
        r"password authentication failed",
        "PostgreSQL refused the password; correct the user and password in DATABASE_URL and DATABASE_OWNER_URL.",
    ),
    (
        r"Connection refused|could not translate host name|failed to resolve host|No such file or directory.*\n?.*socket"
        r"|timeout expired|connection timeout|No route to host|Network is unreachable",
        "PostgreSQL does not answer; start it, or correct DATABASE_URL.",
    ),
    (r"database \"[^\"]*\" does not exist", "The database does not exist; create it, or correct DATABASE_URL."),
    (r"role \"[^\"]*\" does not exist", "The database role does not exist; create it, or correct DATABASE_URL."),
    (
        r"permission denied for schema|must be owner",
        "This database role may not change tables; set DATABASE_OWNER_URL to the role that owns the database.",
    ),
    (r"No space left|File too large|Disk quota", "The disk is full; free some room, then start again."),
    (r"Address already in use|Connection in use", "The port is taken by another program; choose another with PORT."),
)
NOISE = re.compile(r"^(\s|Traceback|\[|\(Background|$)")


def explain(said: str) -> str:
    """The sentence for a known reason; else the last line that was meant for a person."""
    for pattern, sentence in KNOWN:
        if re.search(pattern, said):
            return sentence
    lines = [line.strip() for line in said.splitlines() if not NOISE.match(line)]
    if not lines:
        return "it gave no reason."
    return lines[-1] if lines[-1].endswith((".", "!", "?")) else f"{lines[-1]}."
