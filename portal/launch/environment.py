"""The settings the launcher itself needs, from the environment and the project's .env, and what its parts inherit."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from portal.launch.failure import LaunchError

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$")
LOOPBACK = re.compile(r"^https?://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$)")


def read_env_file(file: Path) -> dict[str, str]:
    """The variables of a .env file; the launcher needs a handful, the configuration reads the rest by itself."""
    if not file.exists():
        return {}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise LaunchError(f"The file {file} cannot be read; make it a UTF-8 text this user can read.") from None
    found = (LINE.match(line) for line in lines)
    return {match[1]: unquoted(match[2]) for match in found if match}


def unquoted(value: str) -> str:
    """A value without its quotes, or without the comment behind it."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return re.sub(r"\s+#.*$", "", value)


class Surroundings:
    """Where this project stands and how it was configured from outside."""

    def __init__(self, root: Path = ROOT, environ: Mapping[str, str] | None = None) -> None:
        self.root = root
        self.environ = dict(os.environ if environ is None else environ)
        self.env_file = root / ".env"

    def setting(self, name: str, default: str = "") -> str:
        """One variable; the real environment wins over the file."""
        return self.environ.get(name) or read_env_file(self.env_file).get(name) or default

    def is_given(self, name: str) -> bool:
        """Whether somebody configured this variable, directly or by the file that holds it."""
        return bool(self.setting(name) or self.setting(f"{name}_FILE"))

    @property
    def var_dir(self) -> Path:
        return (self.root / self.setting("HEEDFUL_VAR_DIR", "var")).absolute()

    @property
    def port(self) -> int:
        chosen = self.setting("PORT", "8000")
        if chosen.isdigit() and 0 < int(chosen) < 65536:
            return int(chosen)
        raise LaunchError(f"PORT is {chosen!r}; set it to a number from 1 to 65535.")

    @property
    def is_demo(self) -> bool:
        """Demo data and its public sign-ins, unless the portal is addressed from outside or it was switched off."""
        address = self.setting("PUBLIC_BASE_URL", "http://127.0.0.1")
        wanted = self.setting("HEEDFUL_DEMO", "1").lower() not in ("0", "false", "no", "off")
        return wanted and LOOPBACK.match(address) is not None

    def for_parts(self, servers: Mapping[str, str]) -> dict[str, str]:
        """The environment of every part: this Python's programs first, and the running embedded servers."""
        programs = str(Path(sys.executable).parent)
        return {
            **self.environ,
            **servers,
            "PATH": f"{programs}{os.pathsep}{self.environ.get('PATH', os.defpath)}",
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            "PGCONNECT_TIMEOUT": self.environ.get("PGCONNECT_TIMEOUT", "10"),
            "HEEDFUL_DEMO": "1" if self.is_demo else "0",
            "LOG_FORMAT": self.setting("LOG_FORMAT", "console"),
        }
