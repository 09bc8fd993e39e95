"""Importing what was checked, and cancelling."""

import uuid

from flask import Response, url_for

from portal.db import transaction
from portal.imports.forms import ConfirmForm
from portal.imports.operations import ImportRefused, cancel_import, confirm_import
from portal.imports.rules.counting import Counts
from portal.imports.views.blueprint import blueprint
from portal.imports.views.show import known, page
from portal.queue import JobName, QueueName, wake
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import hx_redirect, toast


@blueprint.post("/<uuid:import_id>/confirmation")
@requires(Permission.CLIENT_IMPORT)
def confirm(import_id: uuid.UUID) -> Response:
    """Starts the import of exactly the number on the button, and wakes a worker once that is committed."""
    row, form = known(import_id), ConfirmForm()
    if not form.validate():
        return Response(page(row, form), 422)
    try:
        with transaction():
            confirm_import(import_id, form.number.data, current_actor(), whole=not form.good_rows.data)
    except ImportRefused as refused:
        form.number.errors = [str(refused)]
        return Response(page(known(import_id), form), 409)
    wake(QueueName.IMPORTS, JobName.WORK_ON_IMPORT, import_id)
    return hx_redirect(url_for("imports.show", import_id=import_id))


@blueprint.post("/<uuid:import_id>/cancellation")
@requires(Permission.CLIENT_IMPORT)
def cancel(import_id: uuid.UUID) -> Response:
    """Ends it after the chunk that is being written."""
    known(import_id)
    with transaction():
        row = cancel_import(import_id, current_actor())
    written = Counts.from_json(row.written_rows).good
    toast(f"Cancelled. {written:,} clients were imported before." if written else "Cancelled. Nothing was imported.")
    return hx_redirect(url_for("imports.show", import_id=import_id))
