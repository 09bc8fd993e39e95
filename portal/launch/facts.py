"""var/run/servers.json: how every command finds the embedded servers that run now."""

import json
import os
from collections.abc import Mapping
from pathlib import Path


def facts_file(var_dir: Path) -> Path:
    """Where the facts are kept; portal/config/load.py reads the same place."""
    return var_dir / "run" / "servers.json"


def write_facts(var_dir: Path, facts: Mapping[str, str]) -> None:
    """Replaces the facts in one step, readable for this user alone. Keys are names of environment variables."""
    target = facts_file(var_dir)
    draft = target.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(dict(facts), file, indent=1)
    draft.replace(target)


def read_facts(var_dir: Path) -> dict[str, str]:
    """The facts of the servers that were started last; empty when none run."""
    try:
        found = json.loads(facts_file(var_dir).read_text())
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def forget_facts(var_dir: Path) -> None:
    """Takes the facts away when the servers stop."""
    facts_file(var_dir).unlink(missing_ok=True)
