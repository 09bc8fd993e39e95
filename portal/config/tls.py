"""Adds verified TLS to the URLs of PostgreSQL and Redis on other machines; what the URL itself says is kept."""

import ssl
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from portal.config.addresses import is_loopback
from portal.config.database import SCHEMES
from portal.config.secret import Secret

# Debian, Fedora, macOS.
BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


def postgres_url(url: Secret, *, verify: bool, bundle: Path | None) -> Secret:
    """The URL for psycopg; a server elsewhere must prove its certificate unless the URL chooses another sslmode."""
    scheme, _, rest = url.reveal().partition(":")
    if scheme not in SCHEMES:
        return url
    plain = f"postgresql:{rest}"
    chosen = (
        {"sslmode": "verify-full", "sslrootcert": str(bundle or system_bundle())} if verify else {"sslmode": "require"}
    )
    if is_elsewhere(plain) and "sslmode" not in _query(plain):
        plain = _with_query(plain, chosen)
    return Secret(plain.replace("postgresql:", "postgresql+psycopg:", 1))


def system_bundle() -> str:
    """The machine's own authorities. libpq's word "system" means a folder of the psycopg wheel that does not exist."""
    found = [path for path in (ssl.get_default_verify_paths().cafile, *BUNDLES) if path and Path(path).is_file()]
    return found[0] if found else "system"


def redis_url(url: Secret, *, verify: bool, bundle: Path | None) -> Secret:
    """The URL for redis-py; rediss:// verifies the certificate, against the own bundle where there is one."""
    text = url.reveal()
    if not text.startswith("rediss:") or "ssl_cert_reqs" in _query(text):
        return url
    own = {"ssl_ca_certs": str(bundle)} if bundle else {}
    chosen = {"ssl_cert_reqs": "required", **own} if verify else {"ssl_cert_reqs": "none"}
    return Secret(_with_query(text, chosen))


def is_elsewhere(url: str) -> bool:
    """Whether this URL leaves the machine: neither a socket nor a loopback address."""
    hosts = [urlsplit(url).hostname or "", *_query(url).get("host", "").split(",")]
    return any(host and not host.startswith("/") and not is_loopback(host) for host in hosts)


def is_verified(url: str) -> bool:
    """Whether the server's certificate is checked, or the connection stays here; a broken URL goes nowhere."""
    try:
        if not is_elsewhere(url):
            return True
    except ValueError:
        return True
    query = _query(url)
    if urlsplit(url).scheme.startswith("redis"):
        return url.startswith("rediss:") and query.get("ssl_cert_reqs", "required") == "required"
    return query.get("sslmode") in ("verify-full", "verify-ca")


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def _with_query(url: str, added: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = urlencode({**_query(url), **added}, quote_via=quote, safe="/,")
    rebuilt = urlunsplit(parts._replace(query=query))
    # urlunsplit drops the empty host of postgresql:///heedful, which psycopg needs.
    return rebuilt if parts.netloc else rebuilt.replace(":/", ":///", 1)
