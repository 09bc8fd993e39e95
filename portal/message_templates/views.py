"""The pages of message templates: list, new, editor with live preview, history, one version, approval."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, make_response, url_for
from werkzeug.wrappers import Response

from portal.consent.models import TopicClass
from portal.consent.rules.topics import answers_person
from portal.db import db, transaction
from portal.message_templates.forms import EditForm, NewForm, RevisionForm
from portal.message_templates.models import MessageTemplate, MessageTemplateVersion
from portal.message_templates.operations import (
    BuiltIn,
    EditedMeanwhile,
    KeyTaken,
    NoDraft,
    Wording,
    approve,
    create_template,
    save_draft,
    start_draft,
)
from portal.message_templates.queries import (
    PAGE,
    Narrowed,
    Tab,
    compiled,
    count_tabs,
    draft_of,
    find_version,
    get_topic,
    layout_of,
    list_templates,
    list_topics,
    list_versions,
    live_of,
)
from portal.message_templates.rules import SAMPLES, CompileFailed, Problem, Rendered, render
from portal.message_templates.rules.fields import CATALOGUE, SYSTEM_FIELDS
from portal.message_templates.rules.starters import STARTERS
from portal.settings.queries import value
from portal.settings.rules import organisation
from portal.web import pages
from portal.web.access import Permission, current_actor, current_user, requires
from portal.web.errors import PortalError
from portal.web.htmx import hx_redirect, hx_response, is_partial, request, toast

blueprint = Blueprint("message_templates", __name__, url_prefix="/templates")

# Of an email shown in a frame: its own styles, no script, nothing from elsewhere, in our pages alone.
PREVIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox; frame-ancestors 'self'"


@dataclass(frozen=True, slots=True)
class Shown:
    """A version as the pages show it: with invented values, or with what keeps it from being shown."""

    version: MessageTemplateVersion
    rendered: Rendered | None
    problems: tuple[Problem, ...]


@blueprint.get("")
@requires(Permission.TEMPLATE_VIEW)
def index() -> str:
    narrowed = _narrowed()
    listed = list_templates(db.session(), narrowed, PAGE + 1)
    further = request.args.to_dict() | {"after": str(listed[PAGE - 1].template.id)} if len(listed) > PAGE else None
    return pages.render(
        "message_templates/index.html",
        listed=listed[:PAGE],
        narrowed=narrowed,
        counts=count_tabs(db.session()),
        tabs=Tab,
        classes=TopicClass,
        next_page=url_for("message_templates.index", **further) if further else "",
        may_change=_may(Permission.TEMPLATE_CHANGE),
    )


@blueprint.get("/new")
@requires(Permission.TEMPLATE_CHANGE)
def new() -> str:
    return _new_page(NewForm())


@blueprint.post("/new")
@requires(Permission.TEMPLATE_CHANGE)
def create() -> Response | tuple[str, int]:
    form = NewForm()
    form.offer(list_topics(db.session()))
    if not form.validate():
        return _new_page(form), 422
    starter, topic_id = STARTERS[form.starter.data], uuid.UUID(form.topic.data)
    wording = Wording(starter.subject, starter.body.strip())
    try:
        with transaction():
            made = create_template(form.name.data, form.key.data, topic_id, wording, current_actor(), form.urgency.data)
    except KeyTaken as taken:
        form.key.errors = [str(taken)]
        return _new_page(form), 422
    return hx_redirect(url_for("message_templates.edit", template_id=made.id))


@blueprint.get("/<uuid:template_id>/edit")
@requires(Permission.TEMPLATE_VIEW)
def edit(template_id: uuid.UUID) -> str:
    template = _known(template_id)
    draft = draft_of(db.session(), template_id)
    if draft is None or not _may(Permission.TEMPLATE_CHANGE):
        return _version_page(template, draft or live_of(db.session(), template_id))
    form = EditForm(obj=draft, look=request.args.get("look", ""))
    return _editor(template, draft, form)


@blueprint.post("/<uuid:template_id>/edit")
@requires(Permission.TEMPLATE_CHANGE)
def save(template_id: uuid.UUID) -> Response | str | tuple[str, int]:
    template = _known(template_id)
    form = EditForm()
    if not form.validate():
        return _refused(template, form)
    try:
        with transaction():
            wording = Wording(form.subject.data or "", form.body.data or "")
            draft = save_draft(template_id, wording, form.seen(), current_actor())
    except EditedMeanwhile as edited:
        return _conflict(template, form, edited)
    except NoDraft as gone:
        raise PortalError(409, "There is no draft", str(gone)) from None
    if is_partial():
        return _editor(template, draft, form)
    toast("Draft saved.")
    return hx_redirect(url_for("message_templates.edit", template_id=template_id, look=form.look.data))


@blueprint.post("/<uuid:template_id>/versions")
@requires(Permission.TEMPLATE_CHANGE)
def start(template_id: uuid.UUID) -> Response:
    _known(template_id)
    try:
        with transaction():
            start_draft(template_id, current_actor())
    except BuiltIn as built_in:
        raise PortalError(409, "This text is built in", str(built_in)) from None
    return hx_redirect(url_for("message_templates.edit", template_id=template_id))


@blueprint.post("/<uuid:template_id>/approvals")
@requires(Permission.TEMPLATE_APPROVE)
def approve_draft(template_id: uuid.UUID) -> Response:
    _known(template_id)
    try:
        with transaction():
            version = approve(template_id, RevisionForm().seen(), current_actor())
    except (EditedMeanwhile, NoDraft) as changed:
        remedy = "Open the template again and look at what is there now."
        raise PortalError(409, "The draft is another one now", str(changed), remedy) from None
    except CompileFailed as failed:
        raise PortalError(422, "The draft has problems", str(failed), "Mend them, then approve.") from None
    toast(f"Version {version.number} is approved and will be sent from now on.")
    return hx_redirect(url_for("message_templates.edit", template_id=template_id))


@blueprint.get("/<uuid:template_id>/history")
@requires(Permission.TEMPLATE_VIEW)
def history(template_id: uuid.UUID) -> str:
    template = _known(template_id)
    versions = list_versions(db.session(), template_id)
    return pages.render("message_templates/history.html", message_template=template, versions=versions)


@blueprint.get("/<uuid:template_id>/versions/<int:number>")
@requires(Permission.TEMPLATE_VIEW)
def version(template_id: uuid.UUID, number: int) -> str:
    return _version_page(_known(template_id), _known_version(template_id, number))


@blueprint.get("/<uuid:template_id>/versions/<int:number>/preview/<int:revision>")
@requires(Permission.TEMPLATE_VIEW)
def preview(template_id: uuid.UUID, number: int, revision: int) -> Response:  # noqa: ARG001 - makes each save another page
    """The email itself, for the frame; the revision in the address makes the browser ask anew after each save."""
    rendered = _shown(_known(template_id), _known_version(template_id, number)).rendered
    if rendered is None:
        abort(404)
    response = make_response(rendered.html)
    response.headers.update({"Content-Security-Policy": PREVIEW_POLICY, "X-Frame-Options": "SAMEORIGIN"})
    return response


def _may(permission: Permission) -> bool:
    user = current_user()
    return user is not None and user.may(permission)


def _known(template_id: uuid.UUID) -> MessageTemplate:
    return db.session.get(MessageTemplate, template_id) or abort(404)


def _known_version(template_id: uuid.UUID, number: int) -> MessageTemplateVersion:
    return find_version(db.session(), template_id, number) or abort(404)


def _narrowed() -> Narrowed:
    tab, kind = request.args.get("tab", ""), request.args.get("class", "")
    return Narrowed(
        tab=Tab(tab) if tab in set(Tab) else Tab.ALL,
        name=request.args.get("name", "").replace("\0", "").strip()[:120],
        topic_class=kind if kind in set(TopicClass) else "",
        after=request.args.get("after", type=uuid.UUID),
    )


def _new_page(form: NewForm) -> str:
    topics = list_topics(db.session())
    form.offer(topics)
    return pages.render("message_templates/new.html", form=form, topics=topics)


def _shown(template: MessageTemplate, version: MessageTemplateVersion) -> Shown:
    layout = layout_of(get_topic(db.session(), template.topic_id), template.language)
    try:
        ready = compiled(version.subject, version.body, layout)
    except CompileFailed as failed:
        return Shown(version, None, failed.problems)
    ours = {"sender_name": value(organisation.NAME), "postal_address": value(organisation.POSTAL_ADDRESS)}
    return Shown(version, render(ready, {**SAMPLES, **{name: own for name, own in ours.items() if own}}), ())


def _editor(template: MessageTemplate, draft: MessageTemplateVersion, form: EditForm, **more: Any) -> str:
    return pages.render(
        "message_templates/edit.html",
        "panel",
        message_template=template,
        topic=get_topic(db.session(), template.topic_id),
        live=live_of(db.session(), template.id),
        shown=_shown(template, draft),
        form=form,
        look=form.chosen_look(),
        fields=[field for field in CATALOGUE if field.name not in SYSTEM_FIELDS],
        may_approve=_may(Permission.TEMPLATE_APPROVE),
        theirs=more.get("theirs"),
    )


def _version_page(template: MessageTemplate, chosen: MessageTemplateVersion | None) -> str:
    if chosen is None:
        abort(404)
    return pages.render(
        "message_templates/version.html",
        message_template=template,
        topic=get_topic(db.session(), template.topic_id),
        shown=_shown(template, chosen),
        has_draft=draft_of(db.session(), template.id) is not None,
        may_change=_may(Permission.TEMPLATE_CHANGE) and not answers_person(template.topic_id),
    )


def _refused(template: MessageTemplate, form: EditForm) -> Response | tuple[str, int]:
    """A text that cannot even be kept. While typing, only a notice: what is in the box must not be touched."""
    if is_partial():
        body = pages.render("message_templates/_refused.html", problems=form.summary())
        return hx_response(body, 422, retarget="#problems", reswap="innerHTML")
    draft = draft_of(db.session(), template.id) or abort(404)
    return _editor(template, draft, form), 422


def _conflict(template: MessageTemplate, form: EditForm, edited: EditedMeanwhile) -> Response | tuple[str, int]:
    """Both texts, this person's in the box: saving again keeps it, opening the page again takes the other one."""
    if is_partial():
        body = pages.render("message_templates/_edited.html", message_template=template, theirs=edited.theirs)
        return hx_response(body, 409, retarget="#problems", reswap="innerHTML")
    form.revision.data = str(edited.theirs.revision)
    return _editor(template, edited.theirs, form, theirs=edited.theirs), 409
