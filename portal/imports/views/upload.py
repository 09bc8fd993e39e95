"""Choosing a file. It is refused by its size before it is read, and by its content before anything of it is kept."""

import io
from typing import cast

from flask import Response, url_for

from portal.db import transaction
from portal.imports.forms import UploadForm
from portal.imports.operations import start_import
from portal.imports.queries import list_imports
from portal.imports.rules.encoding import Encoding
from portal.imports.rules.refused import FileRefused
from portal.imports.views.blueprint import blueprint
from portal.settings.queries import value
from portal.settings.rules import imports
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import hx_redirect
from portal.web.pages import render
from portal.web.uploads import MEGABYTE, takes_files


def largest() -> int:
    """The size of the largest file that is taken, in bytes."""
    return value(imports.FILE_SIZE) * MEGABYTE


@blueprint.get("")
@requires(Permission.CLIENT_IMPORT)
def index() -> str:
    return page(UploadForm(formdata=None))


@blueprint.post("")
@requires(Permission.CLIENT_IMPORT)
@takes_files(largest)
def create() -> Response:
    """Keeps the rows of a file, sealed, and leads to its columns."""
    form = UploadForm()
    if not form.validate():
        return Response(page(form), 422)
    sent = form.file.data
    file = io.BufferedReader(cast("io.RawIOBase", sent.stream))
    size = file.seek(0, io.SEEK_END)
    try:
        with transaction():
            row = start_import(file, sent.filename or "", size, current_actor(), Encoding(form.encoding.data))
    except FileRefused as refused:
        form.file.errors = [str(refused)]
        return Response(page(form), 422)
    return hx_redirect(url_for("imports.show", import_id=row.id))


def page(form: UploadForm) -> str:
    """The form above the imports there were."""
    return render("imports/index.html", form=form, imports=list_imports(), largest=largest())
