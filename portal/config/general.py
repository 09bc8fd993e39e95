"""General settings: whose portal this is, where it answers, and whether it sends at all."""

from pathlib import Path
from typing import ClassVar

from portal.config.addresses import is_loopback, split_address
from portal.config.group import Group, variable
from portal.config.problems import Problem, warning
from portal.config.values import OneLine, OptionalPath, ProjectPath, TimeZone, WebAddress, Words

BEYOND = "PUBLIC_BASE_URL or ALLOWED_HOSTS reach beyond this machine"
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")


class GeneralGroup(Group):
    """Facts of the whole portal."""

    name: ClassVar[str] = "general"
    title: ClassVar[str] = "General"

    organisation: OneLine = variable("ORGANISATION_NAME", "", "Name of the organisation, shown to clients and staff.")
    time_zone: TimeZone = variable("DEFAULT_TIME_ZONE", "UTC", "Time zone where a client's own is unknown.")
    chosen_hosts: Words = variable("ALLOWED_HOSTS", (), "Host names the portal answers to.")
    chosen_base_url: WebAddress = variable("PUBLIC_BASE_URL", "", "Address under which clients reach the portal.")
    port: int = variable("PORT", 8000, "Port of the web server.", ge=1, le=65535)
    trusted_proxy_hops: int = variable("TRUSTED_PROXY_HOPS", 0, "Reverse proxies in front.", ge=0, le=10)
    debug: bool = variable("DEBUG", False, "Shows debugging pages, on this machine only.")
    sending_enabled: bool = variable("SENDING_ENABLED", True, "Off: messages wait, nothing is handed over.")
    security_contact: OneLine = variable("SECURITY_CONTACT", "", "Whom a finder of a security hole should write to.")
    demo: bool = variable("HEEDFUL_DEMO", False, "Invented demo company; set by make run.")
    var_dir: ProjectPath = variable("HEEDFUL_VAR_DIR", Path("var"), "Folder of data the portal writes.")
    chosen_anchors_file: OptionalPath = variable("AUDIT_ANCHORS_FILE", None, "File that vouches for the audit log.")

    @property
    def audit_anchors_file(self) -> Path:
        """The file that vouches for the end of the audit log; it should be copied off this machine."""
        return self.chosen_anchors_file or self.var_dir / "audit-anchors.log"

    @property
    def public_base_url(self) -> str:
        """The address in links to clients, without a closing slash."""
        return self.chosen_base_url or f"http://127.0.0.1:{self.port}"

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """The host names a request may be addressed to; without a choice the public one and this machine."""
        host = self.public_host
        return self.chosen_hosts or tuple(dict.fromkeys((f"[{host}]" if ":" in host else host, *LOOPBACK_HOSTS)))

    @property
    def public_host(self) -> str:
        """The host of the public address."""
        return split_address(self.public_base_url).hostname or ""

    @property
    def is_local(self) -> bool:
        """Whether the portal answers to names of this machine only."""
        return all(is_loopback(host) for host in (self.public_host, *self.chosen_hosts))

    @property
    def is_https(self) -> bool:
        """Whether cookies can be bound to a secure connection."""
        return self.public_base_url.startswith("https://")

    def problems(self) -> list[Problem]:
        return [*self._refused(), *self._advised()]

    def _refused(self) -> list[Problem]:
        found = []
        if self.debug and not self.is_local:
            wrong = f"is on while {BEYOND}; strangers would see the inside"
            found.append(Problem("DEBUG", wrong, "Remove DEBUG."))
        if any("*" in host for host in self.chosen_hosts):
            mend = "Write each host name out; a leading dot (.tidewell.example) admits the names below it."
            found.append(Problem("ALLOWED_HOSTS", "holds an asterisk, which admits every host", mend))
        if any("/" in host for host in self.chosen_hosts):
            found.append(Problem("ALLOWED_HOSTS", "holds an address", "Write host names only, without https://."))
        if self.demo and not self.is_local:
            wrong = f"is on while {BEYOND}; demo sign-ins are public"
            found.append(Problem("HEEDFUL_DEMO", wrong, "Remove HEEDFUL_DEMO."))
        return found

    def _advised(self) -> list[Problem]:
        found = []
        if not self.organisation and not self.demo:
            found.append(warning("ORGANISATION_NAME", "is not set", "Write the name that clients know you by."))
        if self.debug:
            found.append(warning("DEBUG", "is on: pages show the inside of the portal", "Remove DEBUG."))
        if not self.sending_enabled:
            found.append(warning("SENDING_ENABLED", "is off: messages wait", "Set SENDING_ENABLED=true to send."))
        if not self.security_contact and not self.is_local:
            mend = "Write an email address or a web page for reports of security holes."
            found.append(warning("SECURITY_CONTACT", "is not set", mend))
        return found

    def summary(self) -> str:
        return f"{self.public_base_url}, time zone {self.time_zone}"
