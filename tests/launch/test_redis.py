"""The embedded Redis: data after a kill, attaching, stale files, machines without it."""

import os
import shutil
import socket
import tempfile
from pathlib import Path

import pytest
from portal.launch import binaries
from portal.launch.failure import LaunchError
from portal.launch.redis import EmbeddedRedis

from tests.fixtures.servers import quick_place


@pytest.fixture
def redis():
    folder = Path(tempfile.mkdtemp(prefix="hfr-", dir=quick_place()))
    server = EmbeddedRedis(folder, {"appendfsync": "always"}, die_with_parent=True)
    yield server
    server.stop()
    shutil.rmtree(folder)


def say(redis: EmbeddedRedis, words: str) -> bytes:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(redis.socket))
        line.sendall(words.encode() + b"\r\n")
        return line.recv(100)


def test_what_was_queued_survives_a_kill(redis):
    redis.start()
    assert say(redis, "SET note kept") == b"+OK\r\n"
    redis.kill()
    assert not redis.is_ready()
    redis.start()
    assert say(redis, "GET note") == b"$4\r\nkept\r\n"


def test_a_second_start_attaches(redis):
    assert redis.start() == redis.url()
    second = EmbeddedRedis(redis.var_dir)
    second.start()
    assert second.running_pid() == redis.running_pid()
    assert second.child is None


def test_a_stale_pid_file_that_names_another_process_is_no_server(redis):
    redis.prepare()
    redis.pid_file.write_text(str(os.getpid()))
    assert redis.running_pid() == 0
    redis.start()
    assert redis.running_pid() not in (0, os.getpid())


def test_a_server_that_cannot_start_says_where_the_reason_is(redis):
    redis.options["maxmemory"] = "nonsense"
    with pytest.raises(LaunchError, match=r"Redis did not start; .*redis.log says why"):
        redis.start()


def test_without_a_program_there_is_none(monkeypatch, tmp_path):
    monkeypatch.setattr(binaries, "package_folder", lambda _: None)
    monkeypatch.setenv("PATH", "/nowhere")
    assert binaries.find_redis() is None
    with pytest.raises(LaunchError, match="install redis, or set REDIS_URL"):
        EmbeddedRedis(tmp_path)


def test_a_program_of_the_system_is_found(monkeypatch, tmp_path):
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\necho 'Redis server v=7.0.15 sha=0'\n")
    program.chmod(0o755)
    monkeypatch.setattr(binaries, "package_folder", lambda _: None)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert binaries.find_redis() == (program, 7)
    program.write_text("#!/bin/sh\necho 'Redis server v=5.0.1 sha=0'\n")
    assert binaries.find_redis() is None


def test_a_package_that_is_not_installed_has_no_folder():
    assert binaries.package_folder("no_such_package") is None
