"""SMS that go to the stand-in, or into the capture outbox, and codes as the person reads them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from portal.audit.models import AuditEntry
from portal.config.channels import Channel
from portal.db import db, transaction
from portal.messages.models import CapturedSms
from portal.verification.models import Purpose
from portal.verification.operations import Checked, Started, Target, check, start
from portal.web.actor import SYSTEM
from sqlalchemy import select

from tests.fixtures.database import configured, environment
from tests.fixtures.twilio import TwilioStandIn

NUMBER = "+351912345678"
OTHER = "+4915123456789"


def target(number: str = NUMBER, **facts) -> Target:
    return Target(Channel.SMS, number, facts.pop("purpose", Purpose.OPT_IN), **facts)


@contextmanager
def settings(**variables: str) -> Iterator[None]:
    """These variables for a while."""
    with environment(variables), configured():
        yield


@pytest.fixture
def simulation(session, clean_redis) -> Iterator[None]:
    """SMS are caught."""
    with settings(SMS_MODE="simulation"):
        yield


@dataclass
class Live:
    """SMS that go to the stand-in."""

    twilio: TwilioStandIn

    def start(self, number: str = NUMBER, **facts) -> Started:
        return start(target(number, **facts), SYSTEM)

    def code(self) -> str:
        """The newest code, as the person reads it."""
        return code_in(self.twilio.texts[-1]["Body"])


@pytest.fixture
def live(session, clean_redis, twilio) -> Iterator[Live]:
    with settings(**twilio.variables()):
        yield Live(twilio)


def code_in(text: str) -> str:
    return re.search(r"\b([0-9]{6})\b", text)[1]


def caught() -> list[CapturedSms]:
    """What simulation caught, the newest last."""
    return list(db.session.scalars(select(CapturedSms).order_by(CapturedSms.captured_at, CapturedSms.id)))


def typed(verification_id, code: str, **facts) -> Checked:
    """What a view does with a code."""
    with transaction():
        return check(verification_id, code, SYSTEM, **facts)


def wrong(code: str) -> str:
    """Another code."""
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.fixture
def entries(session) -> Callable[[], list[tuple[str, str]]]:
    """Action and outcome of every entry of the audit log, in order."""
    query = select(AuditEntry.action, AuditEntry.outcome).order_by(AuditEntry.seq)
    return lambda: [tuple(row) for row in db.session.execute(query)]
