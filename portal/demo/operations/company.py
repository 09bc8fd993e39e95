"""Loads and removes the company as a whole; a second time changes nothing."""

from dataclasses import dataclass

from portal.clients.operations import remove_clients
from portal.clients.queries import list_demo_clients
from portal.consent.operations import remove_demo_consents, remove_demo_suppressions, remove_topics
from portal.db import db
from portal.demo.operations.agreements import load_clients, load_topics
from portal.demo.operations.blocked import load_blocked
from portal.demo.operations.codes import load_codes
from portal.demo.operations.history import load_messages
from portal.demo.operations.naming import name_company, unname_company
from portal.demo.operations.people import refuse_in_public
from portal.demo.operations.texts import load_templates
from portal.demo.queries import list_unused_templates, list_unused_topics
from portal.message_templates.operations import remove_templates
from portal.messages.operations.erasure import remove_messages
from portal.verification.operations import remove_verifications
from portal.web.actor import Actor


@dataclass(frozen=True, slots=True)
class Made:
    """How much was made."""

    clients: int
    templates: int
    messages: int


@dataclass(frozen=True, slots=True)
class Removed:
    """How much was removed."""

    clients: int
    templates: int
    messages: int


def load_company(actor: Actor) -> Made:
    """Makes what is missing, each through the operation that makes the real thing; the past of messages as rows."""
    refuse_in_public()
    name_company(actor)
    topics = load_topics(actor)
    clients = load_clients(topics, actor)
    if clients:
        load_codes(actor)
    templates = load_templates(topics, actor)
    messages = load_messages(actor)
    load_blocked(actor)
    return Made(clients, templates, messages)


def remove_company(actor: Actor) -> Removed:
    """Removes the clients with everything about them, and those texts and topics that no real client was met with."""
    clients = list_demo_clients()
    messages = remove_messages([client.id for client in clients], actor) if clients else 0
    if clients:
        remove_demo_consents(actor)
        remove_verifications([client.id for client in clients], actor)
        remove_clients(clients, actor)
        remove_demo_suppressions(actor)
    session = db.session()
    templates = remove_templates(list_unused_templates(session), actor)
    remove_topics(list_unused_topics(session), actor)
    unname_company(actor)
    return Removed(len(clients), templates, messages)
