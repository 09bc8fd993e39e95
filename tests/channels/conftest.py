"""Stand-ins for providers: a web server and a mail relay on this machine, with an invented certificate authority."""

import ipaddress
import json
import ssl
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of 127.0.0.1 in one file; nobody but who names the file trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tidewell test")])
    start = datetime.now(UTC) - timedelta(hours=1)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=2))
        .add_extension(alternative, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "provider.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@dataclass
class Provider:
    """A web server that gives one answer to everything and keeps what it was asked."""

    url: str = ""
    status: int = 200
    body: Any = None
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def served(certificate: Path | None) -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            provider.asked.append((self.command, self.path, dict(self.headers), body))
            said = provider.body if isinstance(provider.body, bytes) else json.dumps(provider.body).encode()
            self.send_response(provider.status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = answer  # noqa: N815 - the names the library looks for

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    provider.url = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_address[1]}"
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def provider(certificate: Path) -> Iterator[Provider]:
    """A provider with TLS."""
    with served(certificate) as found:
        yield found


@pytest.fixture
def plain_provider() -> Iterator[Provider]:
    """A provider without TLS, which only stand-ins may be."""
    with served(None) as found:
        yield found


class Relay(Controller):
    """A mail relay that knows one password and one token."""

    def __init__(self, certificate: Path, *, implicit: bool = False, starttls: bool = True, auth: bool = True) -> None:
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(certificate)
        self.starttls, self.auth = starttls, auth
        options = {"ssl_context": self.context} if implicit else {}
        super().__init__(object(), hostname="127.0.0.1", port=0, **options)

    def factory(self) -> SMTP:
        tls = {"tls_context": self.context} if self.starttls else {}
        nothing = {"auth_exclude_mechanism": ["LOGIN", "PLAIN", "XOAUTH2"]}
        accepted = {"authenticator": self.check, "auth_required": False} if self.auth else nothing
        return XoauthSMTP(self.handler, auth_require_tls=False, **accepted, **tls)

    def check(self, _server: object, _session: object, _envelope: object, _mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password == b"right"
        return AuthResult(success=good, handled=good or False)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class XoauthSMTP(SMTP):
    """Adds XOAUTH2, with the challenge real relays send before they refuse."""

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - as the library asks
        words = b64decode(args[1])
        if b"auth=Bearer fresh\1\1" in words:
            return AuthResult(success=True)
        await server.challenge_auth('{"status":"401"}')
        return AuthResult(success=False, handled=False)


@pytest.fixture
def relay(certificate: Path) -> Iterator[Callable[..., Relay]]:
    """Starts a relay, with TLS from the first byte, without STARTTLS, or without sign-in."""
    started: list[Relay] = []

    def start(**options: bool) -> Relay:
        found = Relay(certificate, **options)
        found.start()
        started.append(found)
        return found

    yield start
    for one in started:
        one.stop()
