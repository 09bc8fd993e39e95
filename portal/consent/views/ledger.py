"""What one client agreed to: the ledger, writing down a consent, writing down a withdrawal."""

import uuid

from flask import Response, abort, url_for

from portal.clients.models import Client
from portal.clients.operations import note_viewed
from portal.clients.queries import find_client
from portal.consent.forms import ConsentForm, PlaceForm, WithdrawalForm
from portal.consent.models import Method
from portal.consent.operations import record_consent, withdraw
from portal.consent.queries import check_ledger, list_events, list_topics
from portal.consent.rules import ConsentRefused
from portal.consent.views.blueprint import blueprint
from portal.db import db, transaction
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import hx_redirect, request, toast
from portal.web.pages import render


@blueprint.get("/clients/<uuid:client_id>/consents")
@requires(Permission.CLIENT_VIEW)
def ledger(client_id: uuid.UUID) -> str:
    """Every event of this client, once the look is in the log, and whether all are as they were written."""
    client = known(client_id)
    with transaction():
        note_viewed(client, current_actor())
    topics = {topic.id: topic for topic in list_topics()}
    broken = check_ledger(db.session(), client_id)
    return render("consent/ledger.html", client=client, events=list_events(client_id), topics=topics, broken=broken)


@blueprint.get("/clients/<uuid:client_id>/consents/new")
@requires(Permission.CONSENT_CHANGE)
def new_consent(client_id: uuid.UUID) -> str:
    return form_page("consent/new_consent.html", known(client_id), ConsentForm(formdata=None, **asked_place()))


@blueprint.post("/clients/<uuid:client_id>/consents")
@requires(Permission.CONSENT_CHANGE)
def create_consent(client_id: uuid.UUID) -> Response:
    """Writes the consent down, or says what would prove nothing."""
    client, form = known(client_id), ConsentForm()
    if not form.validate():
        return Response(form_page("consent/new_consent.html", client, form), 422)
    topic_id, wording = uuid.UUID(form.topic.data), form.wording.data
    wording_id = uuid.UUID(wording) if wording else None
    proof = Method(form.method.data), form.evidence.data
    try:
        with transaction():
            record_consent(client.id, topic_id, form.channel.data, wording_id, *proof, current_actor())
    except ConsentRefused as refused:
        form.wording.errors = [str(refused)]
        return Response(form_page("consent/new_consent.html", client, form), 422)
    toast("The consent is in the ledger.")
    return hx_redirect(url_for("clients.show", client_id=client.id))


@blueprint.get("/clients/<uuid:client_id>/withdrawals/new")
@requires(Permission.CONSENT_CHANGE)
def new_withdrawal(client_id: uuid.UUID) -> str:
    return form_page("consent/new_withdrawal.html", known(client_id), WithdrawalForm(formdata=None, **asked_place()))


@blueprint.post("/clients/<uuid:client_id>/withdrawals")
@requires(Permission.CONSENT_CHANGE)
def create_withdrawal(client_id: uuid.UUID) -> Response:
    """Stops the topic on this channel from now on."""
    client, form = known(client_id), WithdrawalForm()
    if not form.validate():
        return Response(form_page("consent/new_withdrawal.html", client, form), 422)
    topic_id, channel, evidence = uuid.UUID(form.topic.data), form.channel.data, form.evidence.data
    with transaction():
        withdraw(client.id, topic_id, channel, Method.STAFF, current_actor(), evidence=evidence)
    toast("Stopped. Messages that wait on this topic will not go out.")
    return hx_redirect(url_for("clients.show", client_id=client.id))


def asked_place() -> dict[str, str | None]:
    """The topic and channel that the page before chose."""
    return {"topic": request.args.get("topic"), "channel": request.args.get("channel")}


def known(client_id: uuid.UUID) -> Client:
    """The client of this address, or the page that says there is no such page."""
    return find_client(client_id) or abort(404)


def form_page(template: str, client: Client, form: PlaceForm) -> str:
    """One of the two forms, for this client."""
    return render(template, client=client, form=form)
