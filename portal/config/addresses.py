"""Web addresses and hosts, as far as settings need them: which host is this machine, and which scheme is allowed."""

import ipaddress
from urllib.parse import SplitResult, urlsplit


def is_loopback(host: str) -> bool:
    """Whether this host name can only mean this machine."""
    bare = host.strip("[]").rstrip(".").lower()
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def split_address(text: str) -> SplitResult:
    """The parts of an address; one that cannot be read raises ValueError without repeating it."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        parts = None
    if parts is None:
        raise ValueError("is not an address that can be read")
    return parts


def web_address(text: str) -> str:
    """An https address without a closing slash; plain http is accepted for this machine only."""
    if not text:
        return text
    parts = split_address(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not a web address; it begins with https:// and a host name")
    if parts.username or parts.password:
        raise ValueError("holds a user name or password; put them into their own variables")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("is plain http; that is accepted for this machine only (localhost, 127.0.0.1, ::1)")
    if parts.query or parts.fragment:
        raise ValueError("has a part after ? or #; leave that out")
    return text.rstrip("/")


def stand_in(text: str) -> str:
    """A web address on this machine, where a test answers in place of a provider."""
    address = web_address(text)
    if address and not is_loopback(split_address(address).hostname or ""):
        raise ValueError("names another machine; only a stand-in on this one may take the provider's place")
    return address
