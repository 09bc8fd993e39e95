"""The Procfile: which processes the portal consists of."""

import shlex
import string
from collections.abc import Mapping
from pathlib import Path

from portal.launch.failure import LaunchError


def read_procfile(file: Path, variables: Mapping[str, str]) -> dict[str, list[str]]:
    """Commands by name, with $VARIABLES filled in."""
    commands: dict[str, list[str]] = {}
    for line in file.read_text().splitlines():
        name, colon, command = line.partition(":")
        if line.startswith("#") or not line.strip():
            continue
        if not colon or not command.strip():
            raise LaunchError(f"A line of {file} has no command: {line!r}; write `name: command`.")
        commands[name.strip()] = shlex.split(string.Template(command).safe_substitute(variables))
    return commands
