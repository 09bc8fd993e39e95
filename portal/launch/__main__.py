"""`python -m portal.launch`: set up, run, stop, backup, restore, and the browser of the tests."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from portal.launch.environment import Surroundings
from portal.launch.failure import LaunchError


def setup(here: Surroundings, given: argparse.Namespace) -> int:
    from portal.launch.installation import install

    install(here.root, given.lock)
    return 0


def run(here: Surroundings, _: argparse.Namespace) -> int:
    from portal.launch.run import Run

    return Run(here)()


def stop(here: Surroundings, _: argparse.Namespace) -> int:
    from portal.launch.run import stop as stop_running

    return stop_running(here)


def backup(here: Surroundings, _: argparse.Namespace) -> int:
    from portal.launch.backup import back_up

    back_up(here)
    return 0


def restore(here: Surroundings, given: argparse.Namespace) -> int:
    from portal.launch.backup import bring_back

    bring_back(here, given.file)
    return 0


def browser(_: Surroundings, __: argparse.Namespace) -> int:
    from portal.launch.browser import find_browser

    print(find_browser())
    return 0


COMMANDS: dict[str, Callable[[Surroundings, argparse.Namespace], int]] = {
    "setup": setup,
    "run": run,
    "stop": stop,
    "backup": backup,
    "restore": restore,
    "browser": browser,
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
        return COMMANDS[given.command](Surroundings(), given)
    except LaunchError as problem:
        print(f"Heedful: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
