"""
How root starts PostgreSQL, which refuses root: in a user namespace, or as nobody with one capability.

The account must have a name, so it is nobody's. A plain switch of user would not reach a project folder that only root
may enter; that is why the second way keeps dac_override.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.launch.failure import LaunchError

NOBODY = "nobody"
WAYS = ("namespace", "capability")


@dataclass(frozen=True)
class Way:
    """What to put before a server's command, and the account that must own its folders."""

    name: str
    prefix: tuple[str, ...]
    owner: int | None


PLAIN = Way("plain", (), None)


def namespace_way() -> Way:
    """A user namespace in which root is called nobody; on disk everything stays root's."""
    account = pwd.getpwnam(NOBODY)
    prefix = ("unshare", "--user", f"--map-user={account.pw_uid}", f"--map-group={account.pw_gid}")
    return Way("namespace", prefix, 0)


def capability_way() -> Way:
    """The account nobody with the capability to pass folder permissions and no other."""
    account = pwd.getpwnam(NOBODY)
    limits = [f"--{kind}=-all,+dac_override" for kind in ("inh-caps", "ambient-caps", "bounding-set")]
    switch = ("setpriv", "--securebits=+no_setuid_fixup", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}")
    return Way("capability", (*switch, "--clear-groups", *limits), account.pw_uid)


def works(prefix: Sequence[str]) -> bool:
    """Whether this machine lets us start a program with this prefix."""
    if shutil.which(prefix[0]) is None:
        return False
    return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0


def find_way(forced: str = "") -> Way:
    """The way of this machine; `forced` (or HEEDFUL_POSTGRES_AS) names one, so that both can be tested."""
    if os.geteuid() != 0:
        return PLAIN
    wanted = forced or os.environ.get("HEEDFUL_POSTGRES_AS", "")
    for name, way in (("namespace", namespace_way), ("capability", capability_way)):
        if wanted in ("", name) and works((chosen := way()).prefix):
            return chosen
    raise LaunchError(
        "PostgreSQL refuses to run as root and this machine allows neither a user namespace nor a change of user; "
        "run `make run` as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
    )


def give(folder: Path, way: Way) -> None:
    """Makes the account of this way the owner of a folder and all in it, where it is not yet."""
    if way.owner is None or folder.stat().st_uid == way.owner:
        return
    for place in [folder, *folder.rglob("*")]:
        os.chown(place, way.owner, -1, follow_symlinks=False)


def tied_to_parent() -> tuple[str, ...]:
    """A prefix that ends a server when the process that started it dies; empty where the system has no such thing."""
    return ("setpriv", "--pdeathsig", "INT") if shutil.which("setpriv") else ()
