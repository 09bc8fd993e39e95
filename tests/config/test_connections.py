"""TLS to PostgreSQL and Redis, by URL and own bundle."""

import ssl
from pathlib import Path

import pytest
from portal.config.database import DatabaseGroup
from portal.config.redis import RedisGroup
from portal.config.tls import is_verified

from tests.config.samples import load, look, told

BUNDLE = ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt"


def database_url(url: str, **given: str) -> str:
    return load(DATABASE_URL=url, **given).database.url.reveal()


def redis_url(url: str, **given: str) -> str:
    return load(REDIS_URL=url, **given).redis.url.reveal()


@pytest.mark.parametrize(
    "url",
    ["postgresql:///heedful?host=/run/pg", "postgres://app@localhost/heedful", "postgresql+psycopg://a@[::1]:5/h"],
)
def test_a_server_on_this_machine_needs_no_certificate(url):
    assert database_url(url) == f"postgresql+psycopg:{url.split(':', 1)[1]}"
    assert is_verified(database_url(url))


def test_a_server_elsewhere_must_prove_itself():
    expected = "postgresql+psycopg://a:p%40ss@db.example:5/h?sslmode=verify-full&sslrootcert="
    assert database_url("postgresql://a:p%40ss@db.example:5/h").startswith(expected)
    assert database_url("postgresql:///h?host=db.example").startswith("postgresql+psycopg:///h?host=db.example&sslmode")


@pytest.mark.skipif(not Path(BUNDLE).exists(), reason="this machine has no bundle to name")
def test_an_own_authority_is_used_for_both():
    assert f"sslrootcert={BUNDLE}" in database_url("postgresql://db.example/h", CA_BUNDLE=BUNDLE)
    assert f"ssl_ca_certs={BUNDLE}" in redis_url("rediss://r.example/0", CA_BUNDLE=BUNDLE)


def test_what_the_url_says_is_kept_and_warned_about():
    outcome = look(DATABASE_URL="postgresql://db.example/h?sslmode=disable", REDIS_URL="redis://r.example/0")
    assert outcome.config.database.url.reveal().endswith("/h?sslmode=disable")
    for name in ("DATABASE_URL", "REDIS_URL"):
        assert "nobody verifies" in " ".join(told(outcome, name))


def test_verification_can_be_turned_off_and_is_warned_about():
    given = {"TLS_VERIFY": "false", "DATABASE_URL": "postgresql://db.example/h", "REDIS_URL": "rediss://r.example/0"}
    outcome = look(**given)
    assert outcome.config.database.url.reveal().endswith("?sslmode=require")
    assert outcome.config.redis.url.reveal().endswith("?ssl_cert_reqs=none")
    assert told(outcome, "DATABASE_URL")
    assert told(outcome, "REDIS_URL")


def test_redis_with_tls_is_verified():
    assert redis_url("rediss://:pass@r.example:6380/0") == "rediss://:pass@r.example:6380/0?ssl_cert_reqs=required"
    assert redis_url("rediss://r.example/0?ssl_cert_reqs=none").endswith("/0?ssl_cert_reqs=none")
    assert redis_url("unix:///run/redis.sock?db=0") == "unix:///run/redis.sock?db=0"
    assert is_verified("rediss://r.example/0?ssl_cert_reqs=required")


def test_one_role_is_warned_about_and_two_are_not():
    assert "rests on triggers alone" in told(look(), "DATABASE_OWNER_URL")[0]
    outcome = look(DATABASE_OWNER_URL="postgresql://owner@/heedful")
    assert not told(outcome, "DATABASE_OWNER_URL")
    assert outcome.config.database.summary() == "two roles, pool of 5 and 10 more"
    assert outcome.config.database.is_configured


def test_without_redis_sending_goes_on_by_polling():
    assert "by polling" in told(look(), "REDIS_URL")[0]
    assert not RedisGroup().is_configured
    assert "polling" in RedisGroup().summary()
    assert RedisGroup(url="redis://localhost").summary() == "pool of 20"
    assert DatabaseGroup().problems()[0].variable == "DATABASE_URL"
