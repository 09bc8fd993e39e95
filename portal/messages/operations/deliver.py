"""Renders one message and hands it to its channel: over SMTP, or into the capture outbox in simulation."""

import json
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from portal.channels.base import Accepted, Failure, FailureClass, Refused, Scope
from portal.channels.email.mime import EmailContent, Skeleton, UnsafeHeader
from portal.channels.email.smtp import SmtpAccount, SmtpSender
from portal.db import utc_now
from portal.message_templates.rules import Compiled, RenderFailed, client_values, render
from portal.messages.operations.check import Handed
from portal.messages.operations.flush import Result

log = structlog.get_logger("messages.deliver")


@dataclass(frozen=True, slots=True)
class EmailSender:
    """What all emails of one slice share: the sender's facts and the way to make their links."""

    skeleton: Skeleton
    domain: str
    bounce_address: str
    links: Callable[[Handed], Mapping[str, str]]
    footer: Mapping[str, str]


@dataclass(slots=True)
class EmailDelivery:
    """Delivers emails from several threads, each with a connection of its own. Without an account it captures them."""

    sender: EmailSender
    account: SmtpAccount | None
    compiled: dict[uuid.UUID, Compiled] = field(default_factory=dict)
    _local: threading.local = field(default_factory=threading.local)
    _connections: list[SmtpSender] = field(default_factory=list)

    def deliver(self, message: Handed) -> Result:
        """The outcome of one message. Whatever goes wrong with it stays with it; its neighbours go on."""
        try:
            raw = self._written(message)
        except (RenderFailed, UnsafeHeader) as error:
            log.warning("messages.not_rendered", message_id=str(message.id), error=type(error).__name__)
            return Result(message, Refused(unrenderable()), utc_now())
        if self.account is None:
            return Result(message, Accepted(f"SIM{message.id}", "simulated"), utc_now(), captured=raw)
        outcome = self._connection().send(self.sender.bounce_address, message.address, raw, self.message_id(message))
        return Result(message, outcome, utc_now())

    def message_id(self, message: Handed) -> str:
        """The same for every attempt, so that receivers can recognise a repeat (RFC 5322, 3.6.4)."""
        return f"{message.id}@{self.sender.domain}"

    def close(self) -> None:
        """Ends all connections."""
        for connection in self._connections:
            connection.close()

    def _written(self, message: Handed) -> bytes:
        compiled, links = self.compiled[message.version_id], self.sender.links(message)
        personal = client_values(message.client_name) if message.client_name else {}
        values = {**json.loads(message.fields), **personal, **self.sender.footer, **links}
        text = render(compiled, values)
        content = EmailContent(
            message_id=self.message_id(message),
            to=message.address,
            subject=text.subject,
            text=text.text,
            html=text.html,
            unsubscribe_url=links["unsubscribe_url"] if "unsubscribe_url" in compiled.fields else None,
        )
        return self.sender.skeleton.build(content, message.started_at)

    def _connection(self) -> SmtpSender:
        if not hasattr(self._local, "smtp"):
            assert self.account is not None  # noqa: S101 - asked only where there is an account
            self._local.smtp = SmtpSender(self.account)
            self._connections.append(self._local.smtp)
        connection: SmtpSender = self._local.smtp
        return connection


def unrenderable() -> Failure:
    """The text cannot be made for this person, for example because a field has no value."""
    text = "The text could not be filled in for this client."
    return Failure(FailureClass.PERMANENT, Scope.MESSAGE, "not_rendered", text)
