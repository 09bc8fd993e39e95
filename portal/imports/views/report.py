"""Every problem of a file, on pages and as a CSV: lines, columns and words of ours, nothing of anybody."""

import csv
import io
import uuid

from flask import Response, url_for

from portal.db import transaction
from portal.imports.operations import note_report
from portal.imports.queries import count_problems, list_problems
from portal.imports.rules.problems import PROBLEMS, Problem
from portal.imports.views.blueprint import blueprint
from portal.imports.views.show import known, shown_facts
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import request
from portal.web.pages import render

PAGE = 100


@blueprint.get("/<uuid:import_id>/problems")
@requires(Permission.CLIENT_IMPORT)
def problems(import_id: uuid.UUID) -> str:
    """One page of the problems, by line."""
    row = known(import_id)
    number = max(request.args.get("page", 1, type=int), 1)
    found = list_problems(row.id, PAGE + 1, (number - 1) * PAGE)
    pages = [url_for("imports.problems", import_id=import_id, page=n) for n in (number - 1, number + 1)]
    facts = {
        "found": found[:PAGE],
        "total": sum(count_problems(row.id).values()),
        "previous": pages[0] if number > 1 else "",
        "next": pages[1] if len(found) > PAGE else "",
        "first": (number - 1) * PAGE + 1,
    }
    return render("imports/problems.html", **facts, **shown_facts(row))


@blueprint.get("/<uuid:import_id>/report.csv")
@requires(Permission.CLIENT_IMPORT)
def download(import_id: uuid.UUID) -> Response:
    """The same as a file."""
    row = known(import_id)
    with transaction():
        note_report(row, current_actor())
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["line", "column", "problem", "what you can do"])
    for line, column, code in list_problems(row.id):
        words = PROBLEMS[Problem(code)]
        writer.writerow([line, column or "", words.text, words.remedy])
    headers = {"Content-Disposition": 'attachment; filename="import-problems.csv"'}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)
