"""What is named in one place must be there in another."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

import portal
from portal.queue import JobName, QueueName

ROOT = Path(portal.__file__).parents[1]


def test_every_job_name_is_a_function():
    for name in JobName:
        module, _, function = name.rpartition(".")
        assert callable(getattr(import_module(module), function)), name


def test_every_queue_has_a_worker_and_there_is_a_ticker():
    lines = (ROOT / "Procfile").read_text().splitlines()
    commands = {line.partition(":")[2].strip() for line in lines}
    assert {f"python -m portal.worker work {queue}" for queue in QueueName} <= commands
    assert "python -m portal.worker tick" in commands


def test_no_two_advisory_locks_share_a_key():
    sources = [*ROOT.glob("portal/**/*.py"), ROOT / "migrations" / "env.py"]
    keys = [key for path in sources for key in re.findall(r"_LOCK\w* = ([\d_x]{6,})", path.read_text())]
    assert keys
    assert len(keys) == len({int(key, 0) for key in keys})


def test_the_version_of_the_package_is_the_project_s():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert portal.__version__ == project["project"]["version"]
