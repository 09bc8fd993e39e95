"""Who does something, as plain facts that operations and the audit log keep; no Flask here."""

import uuid
from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What kind of actor stands behind an act."""

    STAFF = "staff"
    CLIENT = "client"
    SYSTEM = "system"
    COMMAND = "command"
    API = "api"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Actor:
    """One actor of one act. The label is stored with the act, so that old entries keep their meaning."""

    kind: ActorKind
    label: str
    id: uuid.UUID | None = None
    roles: tuple[str, ...] = ()
    ip: str | None = None
    session_id: uuid.UUID | None = None
    auth_method: str | None = None
    request_id: str | None = None
    ua_hash: str | None = None


SYSTEM = Actor(ActorKind.SYSTEM, "System")
