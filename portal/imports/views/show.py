"""The page of one import, by where it stands; while it works the page asks again, and then no more."""

import uuid
from typing import Any

from flask import Response, abort, url_for

from portal.db import transaction, utc_now
from portal.imports.forms import ConfirmForm
from portal.imports.models import ClientImport, ImportState
from portal.imports.operations import note_viewed
from portal.imports.queries import count_problems, find_import, first_of_each_problem, list_topic_choices
from portal.imports.rules.columns import shown_columns
from portal.imports.rules.counting import Counts
from portal.imports.rules.mapping import Mapping
from portal.imports.rules.packing import ROWS
from portal.imports.rules.problems import is_flag
from portal.imports.rules.progress import progress
from portal.imports.rules.states import step_of
from portal.imports.rules.targets import target_choices
from portal.imports.views.blueprint import blueprint
from portal.imports.views.mapping import mapping_page
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import hx_redirect, is_partial
from portal.web.pages import render


@blueprint.get("/<uuid:import_id>")
@requires(Permission.CLIENT_IMPORT)
def show(import_id: uuid.UUID) -> str:
    """The whole page, once the look at its masked values is in the log."""
    row = known(import_id)
    with transaction():
        note_viewed(row, current_actor())
    if row.state == ImportState.UPLOADED and not row.purged_at:
        return mapping_page(row)
    return page(row, ConfirmForm(formdata=None))


@blueprint.get("/<uuid:import_id>/progress")
@requires(Permission.CLIENT_IMPORT)
def look(import_id: uuid.UUID) -> Response | str:
    """How far it is, for the page that looks again; at the end that page is shown anew. Holds no personal data."""
    row = known(import_id)
    if not is_partial() or not row.is_working:
        return hx_redirect(url_for("imports.show", import_id=import_id))
    return render("imports/_progress.html", **working_facts(row))


def page(row: ClientImport, form: ConfirmForm) -> str:
    """What is shown once the columns are mapped."""
    if row.is_working:
        return render("imports/working.html", **working_facts(row))
    facts = {"problems": count_problems(row.id), "samples": first_of_each_problem(row.id), **shown_facts(row)}
    if row.state == ImportState.CHECKED:
        return render("imports/checked.html", form=form, **facts)
    return render("imports/ended.html", **facts)


def working_facts(row: ClientImport) -> dict[str, Any]:
    """What the page of work that runs needs."""
    done = min(row.next_chunk * ROWS, row.rows)
    return {"progress": progress(done, row.rows, row.phase_started_at, utc_now()), **base_facts(row)}


def shown_facts(row: ClientImport) -> dict[str, Any]:
    """What the pages of a check and of an ended import need."""
    mapping = Mapping.from_json(row.mapping) if row.mapping else Mapping([])
    columns = shown_columns(row.columns or "", mapping, target_choices(list_topic_choices()), row.rows)
    return {"columns": columns, "mapping": mapping, "is_flag": is_flag, **base_facts(row)}


def base_facts(row: ClientImport) -> dict[str, Any]:
    """What every page of an import needs."""
    checked, written = Counts.from_json(row.checked_rows), Counts.from_json(row.written_rows)
    used = sum(bool(target) for target in row.mapping.get("targets", ()))
    step = step_of(row.state)
    return {"row": row, "checked": checked, "written": written, "step": step, "used": used}


def known(import_id: uuid.UUID) -> ClientImport:
    """The import of this address, or the page that says there is no such page."""
    return find_import(import_id) or abort(404)
