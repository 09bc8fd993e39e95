"""Anchors of each test in a folder of its own, entries to play with, and somebody who may read the log."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import pytest
from flask import Flask
from portal.audit.operations import Change, record
from portal.audit.rules.changes import HIDDEN
from portal.config.current import reset
from portal.db import DataClass, new_session, utc_now
from portal.web.access import Permission, set_user_source
from portal.web.actor import Actor, ActorKind

MARA = Actor(ActorKind.STAFF, "Mara Kessler", uuid.UUID(int=7), ("compliance_officer",), "10.1.2.3")


class Deed(StrEnum):
    """Actions of an invented feature."""

    CHANGE = "probe.change"
    LOOK = "probe.look"


class Reader:
    """A signed-in compliance officer, as the floor asks for one."""

    id = MARA.id
    label = MARA.label
    roles = MARA.roles
    role_label = "Compliance officer"
    session_id = None
    auth_method = "password and code"
    mfa_required_missing = False
    time_zone = "UTC"
    theme = "system"
    allowed = frozenset({Permission.AUDIT_VIEW, Permission.AUDIT_VERIFY})

    @property
    def authenticated_at(self):
        return utc_now()

    def may(self, permission: Permission) -> bool:
        return permission in self.allowed


@contextmanager
def signed_in(app: Flask, user: object | None) -> Iterator[None]:
    """Makes this the person of every request for a while."""
    before = app.extensions.get("heedful_user_source")
    set_user_source(app, lambda: user)
    try:
        yield
    finally:
        app.extensions["heedful_user_source"] = before


@pytest.fixture(autouse=True)
def anchors(tmp_path: Path, monkeypatch) -> Iterator[Path]:
    """The file of anchors of this test."""
    path = tmp_path / "anchors" / "anchors.jsonl"
    monkeypatch.setenv("AUDIT_ANCHORS_FILE", str(path))
    reset()
    yield path
    reset()


CHANGES = [Change("probe.state", DataClass.INTERNAL, "old", "new"), Change("probe.name", DataClass.PII, HIDDEN, HIDDEN)]


def write(count: int = 1, **facts) -> None:
    """Appends entries, each in a commit of its own."""
    facts = {"changes": CHANGES, "subject_ref": "cl_8f3a", **facts}
    for number in range(count):
        with new_session() as session:
            record(Deed.CHANGE, MARA, object_type="probe", object_id=number + 1, session=session, **facts)
            session.commit()


@pytest.fixture
def log(own_app: Flask) -> Iterator[Flask]:
    """An application context on a database of its own, with ten entries."""
    with own_app.app_context():
        write(10)
        yield own_app


@pytest.fixture
def reader(isolation: Flask):
    """A test client of somebody who may read and verify the log."""
    with signed_in(isolation, Reader()):
        yield isolation.test_client()
