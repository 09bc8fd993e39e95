"""Asking every configured server and provider whether it really works, for `config check` and the health page."""

import ssl
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import psycopg
from psycopg.pq import PGconn, Ping
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.channels.probes.http import Trust
from portal.channels.probes.outcome import ProbeOutcome
from portal.channels.probes.smtp import OAuthGrant, SmtpTarget, probe_smtp
from portal.channels.probes.twilio import TwilioTarget, probe_twilio
from portal.channels.probes.whatsapp import WhatsappTarget, probe_whatsapp
from portal.config.channels import Channel, ChannelMode
from portal.config.configuration import Config
from portal.config.secret import Secret
from portal.config.smtp import SmtpAuth
from portal.health.models import HealthState
from portal.health.rules.probes import probe_report
from portal.health.rules.report import Kind, Part, Report

PROVIDERS = (Part.EMAIL, Part.SMS, Part.WHATSAPP)
PATIENCE = 10.0


def probe_providers(config: Config) -> list[Report]:
    """The providers of the channels that send for real."""
    live = (channel for channel in Channel if config.mode_of(channel) is ChannelMode.LIVE)
    return [report for channel in live if (report := probe_channel(config, channel)) is not None]


def probe_channel(config: Config, channel: Channel) -> Report | None:
    """The answer of the provider of a channel; None where the channel is not configured."""
    if not config.channel_group(channel).is_configured:
        return None
    part, probe = PROBES[channel]
    return probe_report(part, probe(config))


def list_probed(session: Session) -> list[HealthState]:
    """What the providers answered last."""
    return list(session.scalars(select(HealthState).where(HealthState.part.in_(PROVIDERS)).order_by(HealthState.part)))


def probe_database(name: str, config: Config, url: Secret) -> Report:
    """Connects as the role of the URL and says whether the way there is encrypted."""
    started = time.monotonic()
    plain = url.reveal().replace("postgresql+psycopg:", "postgresql:", 1)
    try:
        with psycopg.connect(plain, connect_timeout=config.database.connect_timeout) as connection:
            row = connection.execute("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
            local = connection.info.host.startswith("/")
    except psycopg.Error:
        return Report(Part.DATABASE, name, Kind.BAD, "No answer", *_refusal(PGconn.ping(plain.encode())))
    way = _way(row[0] if row else None, local=local)
    return Report(Part.DATABASE, name, Kind.OK, "Working", f"answered in {time.monotonic() - started:.2f} s, {way}")


def _way(protocol: str | None, *, local: bool) -> str:
    if protocol:
        return f"encrypted with {protocol}"
    return "over a socket of this machine" if local else "not encrypted"


def _refusal(answer: int) -> tuple[str, str]:
    """What went wrong, by what the server says to a caller without a name; its texts differ with its language."""
    if answer == Ping.OK:
        said = "answers, but does not let us in"
        return said, "Check user, password and database name of the URL, and pg_hba.conf on the server."
    if answer == Ping.REJECT:
        return "is starting or stopping", "Wait a moment and try again; else look into the server's log."
    return "could not be reached", "Start PostgreSQL; check host, port and certificate of the URL."


def probe_redis(config: Config) -> Report:
    """Sends a PING to Redis."""
    url = config.redis.url.reveal()
    started = time.monotonic()
    try:
        client = Redis.from_url(url, socket_timeout=config.redis.timeout, socket_connect_timeout=config.redis.timeout)
        with client:
            client.ping()
    except (RedisError, OSError, ssl.SSLError):
        remedy = "Start Redis; check host, port, password and certificate of REDIS_URL. Sending goes on by polling."
        return Report(Part.REDIS, "Redis", Kind.BAD, "No answer", "could not be reached", remedy)
    scheme = urlsplit(url).scheme
    way = _way("TLS" if scheme == "rediss" else None, local=scheme == "unix")
    return Report(Part.REDIS, "Redis", Kind.OK, "Working", f"answered in {time.monotonic() - started:.2f} s, {way}")


def trust(config: Config) -> Trust:
    """Which certificates are believed."""
    return Trust(config.security.tls_verify, config.security.ca_bundle)


def smtp_target(config: Config) -> SmtpTarget:
    """The relay of the configuration."""
    smtp = config.smtp
    grant = OAuthGrant(
        smtp.token_url,
        smtp.oauth_client_id,
        smtp.oauth_client_secret.reveal(),
        smtp.oauth_refresh_token.reveal(),
        smtp.scope,
        smtp.oauth_timeout,
    )
    return SmtpTarget(
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        username="" if smtp.auth is SmtpAuth.NONE else smtp.username,
        password=smtp.password.reveal(),
        trust=trust(config),
        timeout=min(smtp.timeout, PATIENCE),
        oauth=grant if smtp.auth is SmtpAuth.OAUTH2 else None,
    )


def twilio_target(config: Config) -> TwilioTarget:
    """The account of the configuration, with the API key where there is one."""
    twilio = config.twilio
    key = (twilio.api_key, twilio.api_secret) if twilio.api_key else (twilio.account_sid, twilio.auth_token)
    secret = key[1].reveal()
    return TwilioTarget(twilio.account_sid, key[0], secret, trust(config), PATIENCE, twilio.api_url)


def whatsapp_target(config: Config) -> WhatsappTarget:
    """The number of the configuration."""
    number = config.whatsapp
    return WhatsappTarget(number.api_url, number.phone_number_id, number.access_token.reveal(), trust(config), PATIENCE)


PROBES: dict[Channel, tuple[Part, Callable[[Config], ProbeOutcome]]] = {
    Channel.EMAIL: (Part.EMAIL, lambda config: probe_smtp(smtp_target(config))),
    Channel.SMS: (Part.SMS, lambda config: probe_twilio(twilio_target(config))),
    Channel.WHATSAPP: (Part.WHATSAPP, lambda config: probe_whatsapp(whatsapp_target(config))),
}
