"""Reads variables from where they stand: the environment, .env, the embedded servers' facts and NAME_FILE."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values

from portal.config.problems import Problem, warning

FILE_SUFFIX = "_FILE"
SERVERS = "run/servers.json"
CLOSE = 0.9
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: values by variable, the .env file, and what could not be read."""

    values: dict[str, str]
    env_file: Path | None
    problems: tuple[Problem, ...] = ()
    readable: bool = True

    def __repr__(self) -> str:
        return f"<Reading of {len(self.values)} variables>"


def read_variables(
    environ: Mapping[str, str], env_file: Path | None, known: Collection[str], secret: Collection[str]
) -> Reading:
    """Every known variable that has a value. The environment wins over .env, .env over the embedded servers."""
    from_file, problems = read_env_file(env_file)
    readable = not problems
    values: dict[str, str] = {}
    for layer in (from_file, environ):
        given, faults = resolve_layer(layer, known, secret)
        problems += [*faults, *misspelt(layer, known, secret)]
        values |= given
    present = env_file if env_file and env_file.exists() else None
    return Reading(values, present, tuple(problems), readable)


def read_env_file(env_file: Path | None) -> tuple[dict[str, str], list[Problem]]:
    """The variables of a .env file; a missing file is no problem, an unreadable one is."""
    if env_file is None or not env_file.exists():
        return {}, []
    try:
        parsed = dotenv_values(stream=StringIO(env_file.read_text(encoding="utf-8")), interpolate=False)
    except (OSError, UnicodeDecodeError):
        mend = "Make it a text file in UTF-8 that this user can read (chmod 600)."
        return {}, [Problem(str(env_file), "cannot be read", mend)]
    return {name: value for name, value in parsed.items() if value is not None}, []


def resolve_layer(
    layer: Mapping[str, str], known: Collection[str], secret: Collection[str]
) -> tuple[dict[str, str], list[Problem]]:
    """The known variables of one place. An empty value counts as not given; secrets may stand in NAME_FILE."""
    values = {name: layer[name] for name in known if layer.get(name, "").strip()}
    problems = []
    for name in secret:
        path = layer.get(name + FILE_SUFFIX, "")
        if not path:
            continue
        if name in values:
            problems.append(Problem(name, f"and {name}{FILE_SUFFIX} are both set", "Remove one of them."))
            continue
        try:
            values[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            # The path is not repeated: somebody may have put the secret itself there.
            mend = "Write the path of a text file that this user can read."
            problems.append(Problem(name + FILE_SUFFIX, "names a file that cannot be read", mend))
    return values, problems


def misspelt(layer: Iterable[str], known: Collection[str], secret: Collection[str]) -> list[Problem]:
    """Names that nobody reads but that look like one of ours."""
    ours = {*known, *(name + FILE_SUFFIX for name in secret)}
    near = {name: get_close_matches(name, ours, 1, CLOSE) for name in layer if name not in ours and len(name) < LONGEST}
    return [warning(name, "is not read", f"Did you mean {found[0]}?") for name, found in near.items() if found]


def embedded_servers(var_dir: Path) -> dict[str, str]:
    """What `make run` wrote down about this folder: URLs of its servers, its port, whether it shows the demo."""
    try:
        facts = json.loads((var_dir / SERVERS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: str(value) for name, value in facts.items() if value} if isinstance(facts, dict) else {}
