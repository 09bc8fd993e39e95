"""Where something was said: the page or form without what identifies the person, and the kind of program."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from portal.audit.rules.text import without_identifiers

LONGEST_NAME = 200
# Looked for in this order; the first that fits names the kind.
PROGRAMS = (
    ("program", re.compile(r"bot|crawl|spider|scan|curl|wget|python|java/|go-http|okhttp|httpclient", re.IGNORECASE)),
    ("mail program", re.compile(r"thunderbird|outlook|applemail|yahoomailproxy|googleimageproxy", re.IGNORECASE)),
    ("browser on a phone", re.compile(r"android|iphone|ipad|mobile", re.IGNORECASE)),
    ("browser on a computer", re.compile(r"mozilla|opera|lynx", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was said: the address of the page, the form, list or file, and the program's own name."""

    url: str = ""
    name: str = ""
    user_agent: str = ""


def page_of(url: str) -> str | None:
    """The address without user, query and fragment, which may name the person; None for what is no web page."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    path = without_identifiers(parts.path)
    return urlunsplit((parts.scheme, f"{host}:{port}" if port else host, path, "", ""))


def name_of(name: str) -> str | None:
    """The name of a form, list or file, without addresses and telephone numbers; None for none."""
    return without_identifiers(name.strip())[:LONGEST_NAME] or None


def kind_of_program(user_agent: str) -> str | None:
    """The kind of program behind a user agent, of a few; None where none was said."""
    if not user_agent.strip():
        return None
    return next((kind for kind, pattern in PROGRAMS if pattern.search(user_agent)), "another program")
