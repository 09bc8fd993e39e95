"""PostgreSQL and Redis stopped and started under a running portal: sentences meanwhile, and everything back after."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from portal.config.current import reset
from portal.launch.postgres import EmbeddedPostgres
from portal.launch.redis import EmbeddedRedis
from portal.queue import RedisState, redis_state

from tests.fixtures.database import app_on, environment
from tests.fixtures.people import make_person, sign_in_client
from tests.fixtures.servers import FAST, ROOT
from tests.fixtures.workers import wait_until


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a path short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="hfo-", dir="/tmp") as name:
        yield Path(name)


class OwnDatabase:
    """A database by its URLs, for app_on."""

    def __init__(self, urls) -> None:
        self.urls = urls

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.urls.app_url, "DATABASE_OWNER_URL": self.urls.owner_url}


def test_without_redis_every_page_works_with_a_banner_until_redis_is_back(own_database, folder):
    server = EmbeddedRedis(folder, {"appendonly": "no"}, die_with_parent=True)
    with app_on(own_database, REDIS_URL=server.start()) as app:
        client = sign_in_client(app.test_client(), make_person(app, "admin"))
        try:
            assert "Redis does not answer" not in client.get("/").text
            server.stop()
            wait_until(lambda: redis_state() is RedisState.DOWN)
            for url in ("/", "/settings/limits", "/audit", "/staff", "/health"):
                page = client.get(url)
                assert page.status_code == 200
                assert "Redis does not answer. Sending goes on by polling." in page.text
            assert client.get("/readyz").json["components"]["redis"] == "down"
            server.start()
            wait_until(lambda: redis_state() is RedisState.UP)
            assert "Redis does not answer" not in client.get("/").text
        finally:
            server.stop()


def test_without_postgresql_pages_answer_with_a_sentence_and_work_again_after(folder, redis_url):
    # A killed server must not forget the session it has just confirmed.
    server = EmbeddedPostgres(folder, {**FAST, "synchronous_commit": "on"}, die_with_parent=True)
    database = OwnDatabase(server.start())
    try:
        migrate(database)
        with app_on(database, REDIS_URL=redis_url) as app:
            client = sign_in_client(app.test_client(), make_person(app, "admin"))
            assert client.get("/health").status_code == 200
            server.kill()
            for url in ("/", "/health", "/settings/limits"):
                page = client.get(url)
                assert page.status_code == 503
                assert "Traceback" not in page.text
            assert client.get("/healthz").status_code == 200
            answer = client.get("/readyz")
            assert (answer.status_code, answer.json["components"]["database"]) == (503, "down")
            assert answer.json["components"]["migrations"] == "unknown"
            server.start()
            assert client.get("/").status_code == 200
            assert client.get("/readyz").status_code == 200
    finally:
        server.stop()


def migrate(database: OwnDatabase) -> None:
    """Brings the database to the newest migration and makes its keys, through the real commands."""
    with environment(database.environment()):
        subprocess.run([sys.executable, "-m", "tests.fixtures.template"], cwd=ROOT, check=True, capture_output=True)
    reset()


def test_a_database_behind_the_code_is_not_ready(own_app, own_database):
    with own_database.connect("postgres") as owner:
        owner.execute("UPDATE alembic_version SET version_num = '0001_base'")
    answer = own_app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["components"] == {"database": "ok", "migrations": "behind", "key_ring": "unknown", "redis": "up"}


def test_a_key_ring_that_does_not_open_is_not_ready(own_app, own_database):
    with own_database.connect("postgres") as owner:
        owner.execute("DELETE FROM crypto_key WHERE purpose = 'audit'")
        owner.execute("UPDATE crypto_key SET wrapped = '\\x00'")
    assert own_app.test_client().get("/readyz").json["components"]["key_ring"] == "locked"
