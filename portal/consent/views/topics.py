"""Topics: the list, a new one, its wordings, closing and opening it."""

import uuid

from flask import Response, abort, url_for

from portal.consent.forms import TopicChangeForm, TopicForm, WordingForm
from portal.consent.models import LegalBasis, Topic, TopicClass, TopicState
from portal.consent.operations import TopicRefused, add_wording, change_topic, change_topic_state, make_topic
from portal.consent.queries import find_topic, list_topic_counts, list_wordings
from portal.consent.rules.topics import TopicChange
from portal.consent.views.blueprint import blueprint
from portal.db import transaction
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import hx_redirect, toast
from portal.web.pages import render


@blueprint.get("/consent")
@requires(Permission.CONSENT_VIEW)
def index() -> str:
    return render("consent/index.html", counts=list_topic_counts())


@blueprint.get("/consent/topics/new")
@requires(Permission.CONSENT_CHANGE)
def new_topic() -> str:
    return render("consent/new_topic.html", form=TopicForm(formdata=None))


@blueprint.post("/consent/topics")
@requires(Permission.CONSENT_CHANGE)
def create_topic() -> Response:
    """Makes the topic and leads to its page, where the wording is still missing."""
    form = TopicForm()
    if not form.validate():
        return Response(render("consent/new_topic.html", form=form), 422)
    chosen = TopicClass(form.topic_class.data), LegalBasis(form.legal_basis.data)
    try:
        with transaction():
            topic = make_topic(form.name.data, *chosen, current_actor(), description=form.description.data or "")
    except TopicRefused as refused:
        form.name.errors = [str(refused)]
        return Response(render("consent/new_topic.html", form=form), 422)
    toast("The topic was made.")
    return hx_redirect(url_for("consent.show_topic", topic_id=topic.id))


@blueprint.get("/consent/topics/<uuid:topic_id>")
@requires(Permission.CONSENT_VIEW)
def show_topic(topic_id: uuid.UUID) -> str:
    return topic_page(known(topic_id), WordingForm(formdata=None, language="en"))


@blueprint.get("/consent/topics/<uuid:topic_id>/change")
@requires(Permission.CONSENT_CHANGE)
def edit_topic(topic_id: uuid.UUID) -> str:
    topic = known(topic_id)
    return render("consent/change_topic.html", topic=topic, form=TopicChangeForm(formdata=None, obj=topic))


@blueprint.post("/consent/topics/<uuid:topic_id>")
@requires(Permission.CONSENT_CHANGE)
def change_one_topic(topic_id: uuid.UUID) -> Response:
    """Changes what the topic says, its limit and whether it is confirmed."""
    topic, form = known(topic_id), TopicChangeForm()
    if not form.validate():
        return Response(render("consent/change_topic.html", topic=topic, form=form), 422)
    facts = form.name.data, form.description.data or "", form.double_opt_in.data
    try:
        with transaction():
            change_topic(topic, TopicChange(*facts, form.cap_messages.data, form.cap_days.data), current_actor())
    except TopicRefused as refused:
        form.cap_messages.errors = [str(refused)]
        return Response(render("consent/change_topic.html", topic=topic, form=form), 422)
    toast("The topic was changed.")
    return hx_redirect(url_for("consent.show_topic", topic_id=topic.id))


@blueprint.post("/consent/topics/<uuid:topic_id>/wordings")
@requires(Permission.CONSENT_CHANGE)
def create_wording(topic_id: uuid.UUID) -> Response:
    """Adds the next version of a wording."""
    topic, form = known(topic_id), WordingForm()
    if not form.validate():
        return Response(topic_page(topic, form), 422)
    try:
        with transaction():
            added = add_wording(topic.id, form.language.data, form.text.data, current_actor())
    except TopicRefused as refused:
        form.text.errors = [str(refused)]
        return Response(topic_page(topic, form), 422)
    toast(f"Version {added.version} was added.")
    return hx_redirect(url_for("consent.show_topic", topic_id=topic.id))


@blueprint.post("/consent/topics/<uuid:topic_id>/closing")
@requires(Permission.CONSENT_CHANGE)
def close_topic(topic_id: uuid.UUID) -> Response:
    """Nothing is sent on the topic from now on."""
    return changed(topic_id, TopicState.CLOSED)


@blueprint.post("/consent/topics/<uuid:topic_id>/opening")
@requires(Permission.CONSENT_CHANGE)
def open_topic(topic_id: uuid.UUID) -> Response:
    """The topic may be sent on again, to those who agreed."""
    return changed(topic_id, TopicState.OPEN)


def changed(topic_id: uuid.UUID, state: TopicState) -> Response:
    """The topic's page again, after its state was changed."""
    topic = known(topic_id)
    with transaction():
        change_topic_state(topic, state, current_actor())
    toast(f"The topic is {state}.")
    return hx_redirect(url_for("consent.show_topic", topic_id=topic.id))


def known(topic_id: uuid.UUID) -> Topic:
    """The topic of this address, or the page that says there is no such page."""
    return find_topic(topic_id) or abort(404)


def topic_page(topic: Topic, form: WordingForm) -> str:
    """One topic with every wording it ever had."""
    return render("consent/topic.html", topic=topic, wordings=list_wordings(topic.id), form=form)
