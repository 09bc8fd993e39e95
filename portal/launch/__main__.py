"""`python -m portal.launch`: set up, run, stop, backup, restore, and the browser of the tests."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from portal.launch.backup import back_up, bring_back
from portal.launch.browser import find_browser
from portal.launch.environment import Surroundings
from portal.launch.failure import LaunchError
from portal.launch.installation import install
from portal.launch.run import Run, stop

COMMANDS: dict[str, Callable[[Surroundings, argparse.Namespace], object]] = {
    "setup": lambda here, given: install(here.root, given.lock),
    "run": lambda here, _: Run(here)(),
    "stop": lambda here, _: stop(here),
    "backup": lambda here, _: back_up(here),
    "restore": lambda here, given: bring_back(here, given.file),
    "browser": lambda _, __: print(find_browser()),
}


def read_words(words: list[str]) -> argparse.Namespace:
    """The command and its options."""
    parser = argparse.ArgumentParser(prog="python -m portal.launch", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    parsers = {name: commands.add_parser(name) for name in COMMANDS}
    parsers["setup"].add_argument("lock", help="requirements.txt or requirements-dev.txt")
    parsers["restore"].add_argument("file", type=Path, help="a file that backup made")
    return parser.parse_args(words)


def main(words: list[str] | None = None) -> int:
    """Runs one command; what stands in its way is one sentence, never a trace."""
    given = read_words(sys.argv[1:] if words is None else words)
    try:
        code = COMMANDS[given.command](Surroundings(), given)
    except LaunchError as problem:
        print(f"Heedful: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    sys.exit(main())
