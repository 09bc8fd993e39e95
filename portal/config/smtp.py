"""The mail relay: where it is, how we sign in, whom mail comes from. Only form is checked here."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from portal.config.addresses import is_loopback
from portal.config.group import ChannelGroup, variable
from portal.config.problems import Problem, warning
from portal.config.secret import Secret
from portal.config.smtp_presets import PROVIDERS, Preset, Provider
from portal.config.values import EmailAddress, OneLine, WebAddress, one_line

OTHERWISE = "Set it, or set SMTP_AUTH=none for a relay that asks for no sign-in."
GMAIL_ENDINGS = ("@gmail.com", "@googlemail.com")


class SmtpAuth(StrEnum):
    """How we sign in to the relay."""

    PASSWORD = "password"  # noqa: S105 - the name of a way, not a password
    OAUTH2 = "oauth2"
    NONE = "none"


class SmtpSecurity(StrEnum):
    """How the connection is protected; none is accepted for this machine only."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


def _host_name(text: str) -> str:
    if not set(text).isdisjoint("/@ "):
        raise ValueError("is not a host name; write smtp.tidewell.example, without smtp:// and without a port")
    return text


HostName = Annotated[str, AfterValidator(one_line), AfterValidator(_host_name)]


class SmtpGroup(ChannelGroup):
    """The relay that carries email."""

    name: ClassVar[str] = "smtp"
    title: ClassVar[str] = "Email (SMTP)"

    preset: Preset = variable("SMTP_PRESET", Preset.NONE, "gmail, outlook, sendgrid or ses.")
    chosen_host: HostName = variable("SMTP_HOST", "", "Host of the relay.")
    chosen_port: int | None = variable("SMTP_PORT", None, "Port of the relay.", ge=1, le=65535)
    region: OneLine = variable("AWS_REGION", "us-east-1", "Region of Amazon SES.", pattern="^[a-z0-9-]+$")
    chosen_username: OneLine = variable("SMTP_USERNAME", "", "Name to sign in with.")
    password: Secret = variable("SMTP_PASSWORD", Secret(""), "Password to sign in with.")
    auth: SmtpAuth = variable("SMTP_AUTH", SmtpAuth.PASSWORD, "password, oauth2 or none.")
    use_tls: bool = variable("SMTP_USE_TLS", True, "STARTTLS on a plain port.")
    use_ssl: bool | None = variable("SMTP_USE_SSL", None, "TLS from the first byte, as on port 465.")
    from_email: EmailAddress = variable("SMTP_FROM_EMAIL", "", "Address mail comes from.")
    from_name: OneLine = variable("SMTP_FROM_NAME", "", "Name mail comes from.")
    pool_size: int = variable("SMTP_POOL_SIZE", 4, "Connections per worker.", ge=1, le=100)
    messages_per_second: float = variable("SMTP_MESSAGES_PER_SECOND", 10.0, "Rate.", gt=0, le=10000)
    timeout: float = variable("SMTP_TIMEOUT", 30.0, "Seconds per phase.", gt=0, le=600)
    connect_tries: int = variable("SMTP_CONNECT_TRIES", 3, "Tries to connect within one attempt.", ge=1, le=10)
    connect_delay: float = variable("SMTP_CONNECT_DELAY", 2.0, "Seconds before the second try.", ge=0, le=60)
    oauth_client_id: OneLine = variable("SMTP_OAUTH_CLIENT_ID", "", "OAuth2 client.")
    oauth_client_secret: Secret = variable("SMTP_OAUTH_CLIENT_SECRET", Secret(""), "Its secret.")
    oauth_refresh_token: Secret = variable("SMTP_OAUTH_REFRESH_TOKEN", Secret(""), "Refresh token.")
    chosen_token_url: WebAddress = variable("SMTP_OAUTH_TOKEN_URL", "", "Where tokens are renewed.")
    chosen_scope: OneLine = variable("SMTP_OAUTH_SCOPE", "", "Scope of the token.")
    oauth_timeout: float = variable("SMTP_OAUTH_TIMEOUT", 10.0, "Seconds for that.", gt=0, le=120)

    @property
    def provider(self) -> Provider | None:
        """What is known about the chosen provider; a Gmail address as user name chooses Gmail."""
        if self.preset:
            return PROVIDERS[self.preset]
        if not self.chosen_host and self.chosen_username.lower().endswith(GMAIL_ENDINGS):
            return PROVIDERS[Preset.GMAIL]
        return None

    @property
    def host(self) -> str:
        """The host to connect to."""
        known = self.provider.host.format(region=self.region) if self.provider else ""
        return self.chosen_host or known

    @property
    def username(self) -> str:
        """The name to sign in with."""
        return self.chosen_username or (self.provider.username if self.provider else "")

    @property
    def security(self) -> SmtpSecurity:
        """How the connection is protected."""
        implicit = self.chosen_port == 465 if self.use_ssl is None else self.use_ssl
        if implicit:
            return SmtpSecurity.TLS
        return SmtpSecurity.STARTTLS if self.use_tls else SmtpSecurity.NONE

    @property
    def port(self) -> int:
        """The port to connect to: 587, or 465 where TLS begins at once."""
        return self.chosen_port or (465 if self.security is SmtpSecurity.TLS else 587)

    @property
    def token_url(self) -> str:
        """Where OAuth2 tokens are renewed."""
        return self.chosen_token_url or (self.provider.token_url if self.provider else "")

    @property
    def scope(self) -> str:
        """The scope asked for with a token."""
        return self.chosen_scope or (self.provider.scope if self.provider else "")

    @property
    def is_started(self) -> bool:
        texts = (self.preset, self.chosen_host, self.chosen_username, self.from_email, self.oauth_client_id)
        return any((*texts, self.password, self.oauth_client_secret, self.oauth_refresh_token))

    def missing(self) -> list[Problem]:
        found = []
        if not self.host:
            mend = "Write the relay's host name, or choose SMTP_PRESET=gmail, outlook, sendgrid or ses."
            found.append(Problem("SMTP_HOST", "is required for email", mend))
        if not self.from_email:
            mend = "Write the address your mail comes from, such as news@tidewell.example."
            found.append(Problem("SMTP_FROM_EMAIL", "is required for email", mend))
        if self.auth is not SmtpAuth.NONE and not self.username:
            found.append(Problem("SMTP_USERNAME", "is required to sign in to the relay", OTHERWISE))
        if self.auth is SmtpAuth.PASSWORD and not self.password:
            advice = self.provider.advice if self.provider else OTHERWISE
            found.append(Problem("SMTP_PASSWORD", "is required to sign in to the relay", advice))
        return [*found, *self._oauth_missing()]

    def _oauth_missing(self) -> list[Problem]:
        if self.auth is not SmtpAuth.OAUTH2:
            return []
        needed = {
            "SMTP_OAUTH_CLIENT_ID": self.oauth_client_id,
            "SMTP_OAUTH_REFRESH_TOKEN": self.oauth_refresh_token,
            "SMTP_OAUTH_TOKEN_URL": self.token_url,
        }
        mend = "Your mail provider shows it where the OAuth2 application was registered."
        return [Problem(name, "is required with SMTP_AUTH=oauth2", mend) for name, value in needed.items() if not value]

    def problems(self) -> list[Problem]:
        if not self.is_started:
            return []
        return [*self.missing(), *self._security_problems(), *self._advice()]

    def _security_problems(self) -> list[Problem]:
        found = []
        if self.use_ssl and "use_tls" in self.model_fields_set and self.use_tls:
            mend = "Keep SMTP_USE_SSL=true for port 465, or SMTP_USE_TLS=true for port 587."
            found.append(Problem("SMTP_USE_SSL", "and SMTP_USE_TLS are both on; they exclude each other", mend))
        if self.security is SmtpSecurity.NONE and not is_loopback(self.host):
            wrong = "is off, so passwords and messages would travel in clear"
            found.append(Problem("SMTP_USE_TLS", wrong, "Remove SMTP_USE_TLS=false; only this machine may go without."))
        return found

    def _advice(self) -> list[Problem]:
        if self.preset is Preset.OUTLOOK and self.auth is SmtpAuth.PASSWORD:
            return [warning("SMTP_AUTH", "is password, which Microsoft is ending", PROVIDERS[Preset.OUTLOOK].advice)]
        return []

    def summary(self) -> str:
        return f"{self.security} on port {self.port}, sign-in {self.auth}, {self.messages_per_second:g} a second"
