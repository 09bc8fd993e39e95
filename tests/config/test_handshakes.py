"""TLS as the real client libraries do it, with a server whose authority is known only where CA_BUNDLE names it."""

import ipaddress
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from portal.config.tls import system_bundle

from tests.config.samples import load

NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "db.tidewell.example")])


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """A certificate of db.tidewell.example and 127.0.0.1 that vouches for itself, with its key, in one PEM file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    names = [x509.DNSName("db.tidewell.example"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    builder = x509.CertificateBuilder(NAME, NAME, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    certificate = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "bundle.pem"
    signed = certificate.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    path.write_bytes(key.private_bytes(*private) + signed)
    return path


@contextmanager
def server(bundle, greet):
    """A server for one connection; collects what the client says inside TLS, or nothing when it walks away."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bundle)
    heard = []

    def serve():
        connection, _ = listener.accept()
        with connection:
            greet(connection)
            said = b""
            with suppress(OSError), context.wrap_socket(connection, server_side=True) as inside:
                said = inside.recv(1000)
                inside.sendall(b"+PONG\r\n")
            heard.append(said)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1], heard
        thread.join()


def ask_for_tls(connection):
    """PostgreSQL's own way into TLS: the client asks, the server answers S."""
    connection.recv(8)
    connection.sendall(b"S")


def reach_postgres(bundle, host, **given):
    with server(bundle, ask_for_tls) as (port, heard):
        url = f"postgresql://app@{host}:{port}/heedful?hostaddr=127.0.0.1&gssencmode=disable"
        found = load(DATABASE_URL=url, **given).database.url.reveal().replace("+psycopg", "")
        with pytest.raises(psycopg.OperationalError) as refused:
            psycopg.connect(found, connect_timeout=5)
    return str(refused.value), heard


def test_postgresql_is_spoken_to_when_its_authority_is_named(bundle):
    _, heard = reach_postgres(bundle, "db.tidewell.example", CA_BUNDLE=str(bundle))
    assert b"heedful" in heard[0]


def test_postgresql_with_an_unknown_certificate_hears_nothing(bundle):
    error, heard = reach_postgres(bundle, "db.tidewell.example")
    assert "certificate verify failed" in error
    assert heard == [b""]


def test_postgresql_under_another_name_hears_nothing(bundle):
    error, heard = reach_postgres(bundle, "other.tidewell.example", CA_BUNDLE=str(bundle))
    assert "does not match host name" in error
    assert heard == [b""]


def test_postgresql_without_verification_is_spoken_to(bundle):
    _, heard = reach_postgres(bundle, "other.tidewell.example", TLS_VERIFY="false")
    assert b"heedful" in heard[0]


def reach_redis(bundle, **given):
    with server(bundle, lambda _connection: None) as (port, heard):
        url = load(REDIS_URL=f"rediss://127.0.0.1:{port}/0?protocol=2", **given).redis.url.reveal()
        client = redis.Redis.from_url(url, socket_timeout=5, retry=None, driver_info=None)
        try:
            client.ping()
        except redis.ConnectionError as error:
            heard.append(str(error))
        finally:
            client.close()
    return heard


@pytest.mark.parametrize("named", [True, False])
def test_redis_is_spoken_to_when_its_authority_is_named_or_nobody_verifies(bundle, named):
    given = {"CA_BUNDLE": str(bundle)} if named else {"TLS_VERIFY": "false"}
    assert b"PING" in reach_redis(bundle, **given)[0]


def test_redis_with_an_unknown_certificate_hears_nothing(bundle):
    assert "CERTIFICATE_VERIFY_FAILED" in " ".join(map(str, reach_redis(bundle)))


def test_a_machine_without_authorities_leaves_the_choice_to_libpq(monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    monkeypatch.setattr("portal.config.tls.BUNDLES", ())
    assert system_bundle() == "system"
