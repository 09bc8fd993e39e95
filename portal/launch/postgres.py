"""
An embedded PostgreSQL in var/: made, started, provisioned with its three roles, attached to when it already runs.

It listens on a socket in a folder that only this user may enter and trusts whoever reaches it; a password file beside
the socket would be worth no more.
"""

import os
import re
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from portal.launch import folders, privilege, program
from portal.launch.binaries import find_postgres
from portal.launch.failure import LaunchError
from portal.launch.server import Server

SUPERUSER = "postgres"
NO_ROOM = re.compile(r"No space left|File too large|Disk quota", re.IGNORECASE)
ROLES = r"""
SELECT format('CREATE ROLE %I LOGIN', role) FROM unnest(ARRAY['heedful_owner', 'heedful_app', 'heedful_audit']) AS role
WHERE role NOT IN (SELECT rolname FROM pg_roles)
\gexec
"""
DATABASE = r"""
SELECT 'CREATE DATABASE heedful OWNER heedful_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'heedful')
\gexec
"""
GRANTS = """
ALTER SCHEMA public OWNER TO heedful_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC; -- PostgreSQL 14 still lets every role make tables there
GRANT USAGE ON SCHEMA public TO heedful_app, heedful_audit;
ALTER DEFAULT PRIVILEGES FOR ROLE heedful_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO heedful_app;
ALTER DEFAULT PRIVILEGES FOR ROLE heedful_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO heedful_app;
"""


@dataclass(frozen=True)
class PostgresUrls:
    """One URL per role: the owner migrates, the app works, audit reads; the superuser is for tests and backups."""

    owner_url: str
    app_url: str
    audit_url: str
    superuser_url: str


class EmbeddedPostgres(Server):
    """One server in one var folder. `start()` may be called again after any crash."""

    name = "postgres"
    title = "PostgreSQL"
    passing = b"pre-existing shared memory block"  # processes of a killed server are on their way out
    stop_signal = signal.SIGINT

    def __init__(
        self,
        var_dir: Path,
        options: Mapping[str, str] | None = None,
        *,
        die_with_parent: bool = False,
        way: str = "",
    ) -> None:
        self.var_dir = var_dir.resolve()
        self.options = dict(options or {})
        self.own_port = "port" in self.options
        self.port = self.options.get("port", "5432")
        self.tie = privilege.tied_to_parent() if die_with_parent else ()
        self.way = privilege.find_way(way)
        self.bin, self.major = find_postgres(self._existing_major())
        self.data = self.var_dir / f"postgres-{self.major}"

    @property
    def sockets(self) -> Path:
        return folders.private_folder(folders.socket_folder(self.var_dir) / "postgres")

    def prepare(self) -> None:
        """Everything before the server itself: room, folders, the data, and no stale pid file."""
        folders.private_folder(self.var_dir / "log")
        if not self.data.exists():
            self._make_data()
        folders.require_room(self.var_dir, folders.LATER_START_BYTES)
        for folder in (self.data, self.sockets):
            privilege.give(folder, self.way)
        if not self.running_pid():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def command(self) -> list[str]:
        """The server's command; it becomes the server by exec, so its process id is the server's."""
        settings = {"listen_addresses": "", "port": self.port, "unix_socket_permissions": "0700", **self.options}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = [str(self.bin / "postgres"), "-D", str(self.data), "-k", str(self.sockets), *flags]
        return [*self.way.prefix, *self.tie, *server]

    def start(self) -> PostgresUrls:
        """Starts or attaches, and returns when the server answers and has its roles."""
        self.open()
        self.provision()
        return self.urls()

    def is_ready(self) -> bool:
        """Whether the server takes connections."""
        probe = [str(self.bin / "pg_isready"), "-q", "-h", str(self.sockets), "-p", self.port]
        return subprocess.run(probe, check=False, capture_output=True).returncode == 0

    def provision(self) -> None:
        """Makes the roles, the database and its default rights where they are missing."""
        self.run_sql("postgres", ROLES + DATABASE)
        self.run_sql("heedful", GRANTS)

    def run_sql(self, database: str, statements: str) -> str:
        """Runs statements as the superuser and returns what they printed."""
        command = [
            str(self.bin / "psql"),
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(self.sockets),
            "-p",
            self.port,
        ]
        command += ["-U", SUPERUSER, "-d", database]
        done = subprocess.run(command, input=statements, capture_output=True, text=True, check=False, env=self._clean())
        if done.returncode:
            raise LaunchError(f"The embedded PostgreSQL refused a set-up step: {done.stderr.strip().splitlines()[0]}")
        return done.stdout

    def urls(self, database: str = "heedful") -> PostgresUrls:
        """The URLs of one database of this server."""

        def url(role: str) -> str:
            place = f"host={quote(str(self.sockets), safe='/')}"
            return f"postgresql+psycopg://{role}@/{database}?{place}" + (f"&port={self.port}" if self.own_port else "")

        return PostgresUrls(url("heedful_owner"), url("heedful_app"), url("heedful_audit"), url(SUPERUSER))

    def running_pid(self) -> int:
        """The process id of the server on this data folder; 0 when the pid file is missing, stale or another's."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return 0
        words = program.command_of(pid)
        is_server = any(Path(word).name == "postgres" for word in words)
        return pid if is_server and str(self.data) in words else 0

    def _existing_major(self) -> int:
        found = [int(file.read_text()) for file in self.var_dir.glob("postgres-[0-9][0-9]/PG_VERSION")]
        return max(found, default=0)

    def _make_data(self) -> None:
        """Initdb beside the final place and one rename, so that a stop half way leaves nothing that looks complete."""
        folders.require_room(self.var_dir, folders.FIRST_START_BYTES)
        draft = self.var_dir / f"postgres-{self.major}.new"
        self.remove(draft)
        privilege.give(folders.private_folder(draft), self.way)
        flags = ["--auth-local=trust", "--auth-host=reject", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]
        quick = ["--no-sync"] if self.options.get("fsync") == "off" else []
        command = [*self.way.prefix, str(self.bin / "initdb"), "-D", str(draft), "-U", SUPERUSER, *flags, *quick]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env=self._clean())
        if done.returncode:
            self.remove(draft)
            raise LaunchError(initdb_failure(self.var_dir, done.stderr))
        draft.rename(self.data)

    def remove(self, folder: Path) -> None:
        """Takes a half-made data folder away."""
        subprocess.run(["rm", "-rf", "--", str(folder)], check=True)

    def _clean(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def initdb_failure(var_dir: Path, said: str) -> str:
    """One sentence about why no data folder could be made."""
    if NO_ROOM.search(said):
        return f"There is no room for the database in {var_dir}; free some room, then start again."
    lines = [line for line in said.splitlines() if "error" in line.lower() or "fatal" in line.lower()]
    reason = lines[0] if lines else "initdb gave no reason"
    return f"The embedded PostgreSQL could not be set up ({reason}); mend that, or set DATABASE_URL."
