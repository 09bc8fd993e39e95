"""What one client agreed to: the ledger, writing down a consent, writing down a withdrawal."""

import uuid
from datetime import datetime, time, timedelta
from typing import Any

from flask import Response, abort, current_app, url_for

from portal.clients.models import Client
from portal.clients.operations import note_viewed
from portal.clients.queries import find_client
from portal.consent.forms import ConsentForm, MomentForm, PlaceForm, WithdrawalForm
from portal.consent.models import ConsentEvent, Happening, Method
from portal.consent.operations import note_state_viewed, record_consent, refuse_consent, withdraw
from portal.consent.queries import (
    check_ledger,
    latest_wordings,
    list_events,
    list_topics,
    matrix_at,
    matrix_now,
    read_wordings,
)
from portal.consent.rules import ConsentRefused
from portal.consent.rules.standing import OPPOSED
from portal.consent.views.blueprint import blueprint
from portal.db import db, transaction
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import hx_redirect, request, toast
from portal.web.pages import render
from portal.web.slots import CONSENT_REQUESTED
from portal.web.times import reader_zone

WRITTEN = {
    Happening.GRANTED: "The consent is in the ledger.",
    Happening.REQUESTED: "The client has to confirm this. Nothing is sent on this topic before they do.",
}


@blueprint.get("/clients/<uuid:client_id>/consents")
@requires(Permission.CLIENT_VIEW)
def ledger(client_id: uuid.UUID) -> Response:
    """Every event of this client, once the look is in the log, and what counted at the moment that is asked for."""
    client, form, session = known(client_id), MomentForm(request.args), db.session()
    at = form.at.moment if form.validate() else None
    with transaction():
        note_viewed(client, current_actor())
        if at:
            note_state_viewed(client.id, at, current_actor())
    facts: dict[str, Any] = {
        "events": list_events(client_id),
        "topics": {topic.id: topic for topic in list_topics()},
        "wordings": read_wordings(session, client_id),
        "broken": check_ledger(session, client_id),
        "matrix": matrix_at(session, client_id, at) if at else None,
    }
    page = render("consent/ledger.html", client=client, form=form, at=at, may_change=False, **facts)
    return Response(page, 422 if form.errors else 200)


@blueprint.get("/clients/<uuid:client_id>/consents/new")
@requires(Permission.CONSENT_CHANGE)
def new_consent(client_id: uuid.UUID) -> str:
    client, place = known(client_id), asked_place()
    form = ConsentForm(formdata=None, **place, wording=likely_wording(place["topic"], client.language))
    return form_page("consent/new_consent.html", client, form)


@blueprint.post("/clients/<uuid:client_id>/consents")
@requires(Permission.CONSENT_CHANGE)
def create_consent(client_id: uuid.UUID) -> Response:
    """Writes the consent down, or asks the client to confirm it, or says what would prove nothing."""
    client, form = known(client_id), ConsentForm()
    if not form.validate():
        return Response(form_page("consent/new_consent.html", client, form), 422)
    try:
        with transaction():
            event = recorded(client.id, form)
            if event.event == Happening.REQUESTED:
                ask_person(event)
    except ConsentRefused as refused:
        form.wording.errors = [str(refused)]
        return Response(form_page("consent/new_consent.html", client, form), 422)
    toast(WRITTEN[Happening(event.event)])
    return hx_redirect(url_for("clients.show", client_id=client.id))


@blueprint.get("/clients/<uuid:client_id>/withdrawals/new")
@requires(Permission.CONSENT_CHANGE)
def new_withdrawal(client_id: uuid.UUID) -> str:
    return form_page("consent/new_withdrawal.html", known(client_id), WithdrawalForm(formdata=None, **asked_place()))


@blueprint.post("/clients/<uuid:client_id>/withdrawals")
@requires(Permission.CONSENT_CHANGE)
def create_withdrawal(client_id: uuid.UUID) -> Response:
    """Stops the topic on this channel from now on, or writes down that the client said no when they were asked."""
    client, form = known(client_id), WithdrawalForm()
    if not form.validate():
        return Response(form_page("consent/new_withdrawal.html", client, form), 422)
    topic_id, channel, evidence = uuid.UUID(form.topic.data), form.channel.data, form.evidence.data
    write = refuse_consent if form.said.data == Happening.REFUSED else withdraw
    with transaction():
        write(client.id, topic_id, channel, Method.STAFF, current_actor(), evidence=evidence)
    toast("Stopped. Messages that wait on this topic will not go out.")
    return hx_redirect(url_for("clients.show", client_id=client.id))


def recorded(client_id: uuid.UUID, form: ConsentForm) -> ConsentEvent:
    """The event that the form makes; a day of the form ends with the reader's midnight."""
    wording_id = uuid.UUID(form.wording.data) if form.wording.data else None
    proof = Method(form.method.data), form.evidence.data
    last = form.ends_on.data
    ends = datetime.combine(last + timedelta(days=1), time(), reader_zone()) if last else None
    place, when = (uuid.UUID(form.topic.data), form.channel.data), form.given_at.moment
    return record_consent(client_id, *place, wording_id, *proof, current_actor(), occurred_at=when, expires_at=ends)


def ask_person(event: ConsentEvent) -> None:
    """Orders the question to the client, in the transaction of the request: if that fails, nothing was requested."""
    for follower in CONSENT_REQUESTED.providers(current_app):
        follower(event.id, current_actor())


def asked_place() -> dict[str, str | None]:
    """The topic and channel that the page before chose."""
    return {"topic": request.args.get("topic"), "channel": request.args.get("channel")}


def likely_wording(topic: str | None, language: str) -> str | None:
    """The newest words about the chosen topic, in the client's own language where there are such."""
    about = [one for one in latest_wordings() if str(one.topic_id) == topic]
    own = [one for one in about if one.language == language]
    return next((str(one.id) for one in own + about), None)


def known(client_id: uuid.UUID) -> Client:
    """The client of this address, or the page that says there is no such page."""
    return find_client(client_id) or abort(404)


def form_page(template: str, client: Client, form: PlaceForm) -> str:
    """One of the two forms, for this client, with what they said no to themselves; the look is in the log before."""
    with transaction():
        note_viewed(client, current_actor())
    matrix = matrix_now(db.session(), client.id)
    stopped = [
        (topic, cell) for topic, cells in matrix.rows for cell in cells if cell.now and cell.now.state in OPPOSED
    ]
    return render(template, client=client, form=form, stopped=stopped)
