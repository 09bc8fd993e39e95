"""Writing one message to one client: which text, its fields, a look at it, and the order."""

import uuid
from typing import Any

from flask import Response, abort, url_for
from werkzeug.datastructures import MultiDict

from portal.clients.models import Client
from portal.clients.queries import find_client
from portal.db import db, new_id, transaction
from portal.message_templates.queries import compiled_version
from portal.message_templates.rules import SAMPLES, Field, asked
from portal.messages.forms import ChoiceForm, MessageForm, message_form, read_id
from portal.messages.operations.enqueue import NoAddress, NoSuchVersion, Order, queue_message
from portal.messages.queries import Sendable, address_of, ask_gate, find_sendable, list_sendable, subject_for
from portal.messages.queries.showing import masked_client, preview
from portal.messages.queries.standing import Standing
from portal.messages.views.blueprint import blueprint
from portal.queue import JobName, QueueName, wake
from portal.web.access import Permission, current_actor, requires
from portal.web.errors import PortalError
from portal.web.frames import framed
from portal.web.htmx import hx_redirect, request, toast
from portal.web.pages import render


@blueprint.get("/new")
@requires(Permission.MESSAGE_SEND)
def new() -> str:
    """The client comes from the page they were found on; then the text is chosen, then its fields are filled in."""
    client_id = read_id(request.args.get("client"))
    if client_id is None:
        return render("messages/whom.html")
    client, sendable = known_client(client_id), list_sendable(db.session())
    choice = ChoiceForm(request.args)
    choice.offer(sendable)
    chosen = next((one for one in sendable if str(one.version.id) == choice.version.data), None)
    if chosen is None:
        return page(client, choice)
    made = message_form(fields_of(chosen))
    form = made(MultiDict({"client": client_id, "version": chosen.version.id, "key": new_id()}))
    return page(client, choice, chosen, form)


@blueprint.post("")
@requires(Permission.MESSAGE_SEND)
def send() -> Response:
    """Orders the message and wakes a worker once the order is committed. The same form twice is one message."""
    client, chosen, form = submitted()
    if not form.validate() or may_go(client, chosen).is_refused:
        return Response(page(client, choice_of(chosen), chosen, form), 422)
    order = Order(client.id, chosen.version.id, form.values(), "email", form.key.data)
    try:
        with transaction():
            message_id = queue_message(order, current_actor())
    except (NoAddress, NoSuchVersion) as refused:
        raise PortalError(409, "Nothing was sent", str(refused), "Open the client again and start anew.") from None
    wake(QueueName.EMAIL, JobName.SEND_EMAIL)
    toast("1 email is on its way.")
    return hx_redirect(url_for("messages.show", message_id=message_id))


@blueprint.post("/previews")
@requires(Permission.MESSAGE_SEND)
def show_preview() -> Response:
    """The email with what was typed, for the frame beside the form; what is missing stands as a sample."""
    client, chosen, form = submitted()
    typed = {name: text for name, text in form.values().items() if text}
    return frame_of(client, chosen, typed)


@blueprint.get("/previews/<uuid:client_id>/<uuid:version_id>")
@requires(Permission.MESSAGE_SEND)
def show_sample(client_id: uuid.UUID, version_id: uuid.UUID) -> Response:
    """The email with invented values, before anything was typed."""
    return frame_of(known_client(client_id), known_version(version_id), {})


def frame_of(client: Client, chosen: Sendable, typed: dict[str, str]) -> Response:
    """The frame's content; a value that does not fit is said in place of the email."""
    values = {**SAMPLES, **typed, **masked_client(client)}
    return framed(preview(db.session(), chosen.version.id, values))


def submitted() -> tuple[Client, Sendable, MessageForm]:
    """Whom and what a form is about, with the form its text asks for."""
    client = known_client(read_id(request.form.get("client")))
    chosen = known_version(read_id(request.form.get("version")))
    return client, chosen, message_form(fields_of(chosen))()


def known_client(client_id: uuid.UUID | None) -> Client:
    """The client, or the page that says there is no such page."""
    client = find_client(client_id) if client_id else None
    return client or abort(404)


def known_version(version_id: uuid.UUID | None) -> Sendable:
    """The approved version, or the page that says there is no such page."""
    chosen = find_sendable(db.session(), version_id) if version_id else None
    return chosen or abort(404)


def fields_of(chosen: Sendable) -> list[Field]:
    """The fields of a text that the person who writes fills in."""
    return asked(compiled_version(db.session(), chosen.version.id).fields)


def may_go(client: Client, chosen: Sendable) -> Standing:
    """What the gate says to such a message now."""
    point = address_of(db.session(), client.id, "email")
    subject = subject_for(client.id, point, chosen.topic.id, chosen.version)
    return ask_gate(db.session(), [subject])[subject.key]


def choice_of(chosen: Sendable) -> ChoiceForm:
    """The choice as it was made."""
    choice = ChoiceForm(MultiDict({"version": str(chosen.version.id)}))
    choice.offer(list_sendable(db.session()))
    return choice


def page(client: Client, choice: ChoiceForm, chosen: Sendable | None = None, form: MessageForm | None = None) -> str:
    """The page as far as it has come."""
    facts: dict[str, Any] = {"client": client, "choice": choice, "chosen": chosen, "form": form}
    return render("messages/new.html", **facts, standing=may_go(client, chosen) if chosen else None)
