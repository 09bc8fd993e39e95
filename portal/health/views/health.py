"""The health page, and the two addresses machines ask."""

import structlog
from flask import Blueprint, Response, jsonify, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from portal.audit.operations import record
from portal.config.current import current
from portal.db import db, transaction, utc_now
from portal.health.events import HealthEvent
from portal.health.operations import Seen, observe
from portal.health.queries.live import list_probed, probe_providers
from portal.health.queries.parts import all_reports
from portal.health.queries.ready import readiness
from portal.health.rules.report import Report, status_line
from portal.health.rules.thresholds import ago
from portal.queue.processes import list_processes
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import hx_redirect, toast
from portal.web.pages import render

blueprint = Blueprint("health", __name__)
log = structlog.get_logger("health.views")


@blueprint.get("/health")
@requires(Permission.HEALTH_VIEW)
def index() -> str:
    parts = _remembered(all_reports(db.session()))
    return render(
        "health/index.html",
        block="parts_block",
        parts=parts,
        line=status_line(one.report for one in parts),
        worst=[one.report for one in parts if one.report.kind == "bad"],
        processes=list_processes(db.session()),
        providers=list_probed(db.session()),
        now=utc_now(),
        ago=ago,
    )


@blueprint.post("/health/checks")
@requires(Permission.HEALTH_VIEW)
def run_checks() -> AnyResponse:
    """Looks at everything once more, the configured providers too; those may take some seconds."""
    reports = probe_providers(current())
    with transaction() as session:
        if reports:
            observe(session, reports)
        observe(session, all_reports(session))
        record(HealthEvent.RUN_CHECKS, current_actor(), object_type="health", session=session)
    toast("All checks were run.")
    return hx_redirect(url_for("health.index"))


@blueprint.get("/healthz")
@requires(Permission.PUBLIC)
def alive() -> Response:
    """This process lives; asks nothing else, so that a broken database does not make a supervisor kill it."""
    return jsonify(state="alive")


@blueprint.get("/readyz")
@requires(Permission.PUBLIC)
def ready() -> tuple[Response, int]:
    """Whether people can be sent here; state words only, because anybody may ask."""
    found = readiness()
    state = "ready" if found.ready else "not ready"
    return jsonify(state=state, components=found.components), 200 if found.ready else 503


def _remembered(reports: list[Report]) -> list[Seen]:
    """The reports with their since. A database that cannot write must not take the page with it."""
    try:
        with transaction() as session:
            return observe(session, reports)
    except SQLAlchemyError as error:
        log.error("health.not_remembered", error=type(error).__name__)  # noqa: TRY400 - the text may hold values
        return [Seen(report, None) for report in reports]
