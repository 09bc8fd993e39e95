"""Saying what the columns become."""

import uuid
from dataclasses import replace

from flask import Response, abort, url_for

from portal.db import db, transaction
from portal.imports.forms import MappingForm, mapping_form
from portal.imports.models import ClientImport, ImportState
from portal.imports.operations import ImportRefused, MappingIncomplete, map_columns, note_viewed
from portal.imports.queries import find_import, find_mapping, list_topic_choices, list_wording_choices
from portal.imports.rules.columns import shown_columns
from portal.imports.rules.header import column_names
from portal.imports.rules.mapping import Mapping, is_fitting
from portal.imports.rules.targets import guess, target_choices
from portal.imports.views.blueprint import blueprint
from portal.queue import JobName, QueueName, wake
from portal.web.access import Permission, current_actor, requires
from portal.web.errors import PortalError
from portal.web.htmx import hx_redirect
from portal.web.pages import render


@blueprint.get("/<uuid:import_id>/mapping")
@requires(Permission.CLIENT_IMPORT)
def change(import_id: uuid.UUID) -> str:
    """The mapping once more, after a check."""
    row = mappable(import_id)
    with transaction():
        note_viewed(row, current_actor())
    return mapping_page(row)


@blueprint.post("/<uuid:import_id>/mapping")
@requires(Permission.CLIENT_IMPORT)
def choose(import_id: uuid.UUID) -> Response:
    """Takes the mapping and wakes a worker for the check, once that is committed."""
    row = find_import(import_id) or abort(404)
    form = form_of(row)()
    if not form.validate():
        return Response(mapping_page(row, form), 422)
    try:
        with transaction():
            map_columns(import_id, form.mapping(), current_actor())
    except MappingIncomplete as refused:
        return Response(mapping_page(row, form, refused.sentences), 422)
    except ImportRefused as refused:
        raise PortalError(409, "The import has gone on", str(refused)) from None
    wake(QueueName.IMPORTS, JobName.WORK_ON_IMPORT, import_id)
    return hx_redirect(url_for("imports.show", import_id=import_id))


def mappable(import_id: uuid.UUID) -> ClientImport:
    """An import whose columns can still be mapped."""
    row = find_import(import_id) or abort(404)
    if row.state not in {ImportState.UPLOADED, ImportState.CHECKED} or row.purged_at:
        raise PortalError(409, "The columns cannot be mapped now", "This import has gone on, or its file was deleted.")
    return row


def form_of(row: ClientImport) -> type[MappingForm]:
    """The form for the columns of this file."""
    topics = list_topic_choices()
    wordings = list_wording_choices(db.session()).values()
    return mapping_form(column_names(row.columns or ""), target_choices(topics), topics, wordings)


def mapping_page(row: ClientImport, form: MappingForm | None = None, problems: list[str] | None = None) -> str:
    """The form with what was chosen, what was chosen last time for such a file, or what the names suggest."""
    if form is None:
        form = form_of(row)(formdata=None)
        form.show(known_mapping(row))
    columns = shown_columns(row.columns or "", Mapping([]), {"": ""}, row.rows)
    remembered = not row.mapping and find_mapping(row.fingerprint) is not None
    return render(
        "imports/mapping.html",
        row=row,
        form=form,
        columns=columns,
        problems=problems or [],
        remembered=remembered,
    )


def known_mapping(row: ClientImport) -> Mapping:
    """The mapping to begin with."""
    topics, names = list_topic_choices(), column_names(row.columns or "")
    wordings = list_wording_choices(db.session())
    kept = row.mapping or find_mapping(row.fingerprint)
    if kept:
        mapping = Mapping.from_json(kept)
        if is_fitting(mapping, len(names), target_choices(topics), {str(one): "" for one in wordings}):
            return mapping
    mapping = Mapping(guess(names, topics))
    # Of each topic the newest wording, in the language of the new clients where there is one.
    newest_last = list(reversed(wordings.values()))
    likely = sorted(newest_last, key=lambda one: one.language == mapping.language)
    return replace(mapping, wordings={str(one.topic_id): str(one.id) for one in likely})
