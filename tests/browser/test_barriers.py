"""Each page of the invented company, on a desk and a phone, light and dark: no barrier, nothing to scroll sideways."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from portal.clients.models import ContactPoint
from portal.consent.models import ConsentEvent, Topic
from portal.consent.rules.tokens import unsubscribe_token
from portal.db import db, transaction
from portal.demo.operations import load_company, load_people
from portal.message_templates.models import MessageTemplateVersion
from portal.messages.models import CapturedEmail, Message
from portal.web.actor import SYSTEM
from sqlalchemy import select
from werkzeug.serving import make_server

from tests.fixtures.database import app_on, cloned
from tests.fixtures.people import Person, make_person, sign_in_browser

SIZES = {"desktop": {"width": 1360, "height": 860}, "phone": {"width": 390, "height": 844}}
PLACES = {
    "marketer": (
        "/messages",
        "/messages/{message}",
        "/messages/new?client={client}&version={version}",
        "/messages/captured",
        "/messages/captured/{captured}",
        "/templates",
        "/templates/new",
        "/templates/{draft}/edit",
        "/templates/{template}/history",
        "/templates/{template}/versions/1",
    ),
    "compliance_officer": (
        "/clients",
        "/clients/new",
        "/clients/{client}",
        "/clients/{client}/consents",
        "/clients/{client}/consents/new?topic={topic}&channel=email",
        "/clients/{client}/withdrawals/new?topic={topic}&channel=email",
        "/consent",
        "/consent/topics/new",
        "/consent/topics/{topic}",
        "/audit",
    ),
    "admin": ("/", "/health", "/settings", "/settings/sending", "/staff", "/account", "/nowhere"),
    "": ("/login", "/u/{token}", "/u/nothing"),
}


@dataclass
class Company:
    """The served company, somebody of each role, and what stands in the addresses of its pages."""

    app: object
    url: str
    people: dict[str, Person]
    names: dict[str, object]


def names_in_pages() -> dict[str, object]:
    """One of each thing that has a page."""
    session = db.session
    client_id, version_id = session.execute(
        select(Message.client_id, Message.version_id).order_by(Message.created_at, Message.id).limit(1)
    ).one()
    point = session.scalars(
        select(ContactPoint).where(ContactPoint.client_id == client_id).order_by(ContactPoint.id)
    ).first()
    versions = select(MessageTemplateVersion.template_id).order_by(MessageTemplateVersion.id)
    topic = session.scalars(
        select(ConsentEvent.topic_id).where(ConsentEvent.client_id == client_id).order_by(ConsentEvent.id)
    ).first()
    return {
        "client": client_id,
        "version": version_id,
        "message": session.scalars(select(Message.id).order_by(Message.created_at, Message.id)).first(),
        "captured": session.scalars(select(CapturedEmail.id).order_by(CapturedEmail.id)).first(),
        "template": session.scalars(versions).first(),
        "draft": session.scalars(versions.where(MessageTemplateVersion.state == "draft")).first(),
        "topic": topic or session.scalars(select(Topic.id).order_by(Topic.id)).first(),
        "token": unsubscribe_token(point.id, topic),
    }


@pytest.fixture(scope="module")
def company(redis_url: str) -> Iterator[Company]:
    """Made once: these tests only look."""
    with cloned() as database, app_on(database, REDIS_URL=redis_url, HEEDFUL_DEMO="1") as app:
        with app.app_context():
            with transaction():
                load_people(SYSTEM)
                load_company(SYSTEM)
            names = names_in_pages()
        people = {role: make_person(app, role) for role in PLACES if role}
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, name="company")
        thread.start()
        yield Company(app, f"http://127.0.0.1:{server.server_port}", people, names)
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("role", "path"), [(role, path) for role, paths in PLACES.items() for path in paths])
@pytest.mark.parametrize("size", SIZES)
def test_nobody_is_kept_out_of(company, page, axe, role, path, size):
    page.set_viewport_size(SIZES[size])
    if role:
        sign_in_browser(page.context, company.app, company.url, company.people[role])
    answer = page.goto(company.url + path.format(**company.names))
    assert answer.status == (404 if "/no" in path else 200)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        axe(page)
