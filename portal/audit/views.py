"""The page of the audit log, its verification and its export. Each look is committed to the log before it is shown."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, g, stream_with_context, url_for

from portal.audit import queries
from portal.audit.events import AccessType, AuditAction
from portal.audit.forms import ExportForm, FilterForm, entry_number
from portal.audit.models import AuditEntry, AuditVerification
from portal.audit.operations import AuditUnavailable, record_read
from portal.audit.operations.export import export_lines, record_export
from portal.audit.operations.sealing import digest_of_term
from portal.audit.operations.verification import request_verification
from portal.audit.rules.canonical import instant
from portal.db import db, new_session, transaction, utc_now
from portal.queue import JobName, QueueName, wake
from portal.web.access import Permission, current_actor, requires
from portal.web.errors import PortalError, answer, log_problem, problem_of
from portal.web.htmx import hx_redirect, request, toast
from portal.web.pages import render

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
blueprint.add_app_template_filter(instant, "instant")
PAGE = 50


@blueprint.app_template_filter("seal")
def as_seal(value: bytes) -> str:
    """`e91c…a2d0`: both ends of a seal."""
    return f"{value.hex()[:4]}…{value.hex()[-4:]}"


@blueprint.app_template_filter("shorten")
def as_short(value: str) -> str:
    """`018f3a2b…c721`: both ends of a long id."""
    return value if len(value) <= 16 else f"{value[:8]}…{value[-4:]}"


@blueprint.get("")
@requires(Permission.AUDIT_VIEW)
def index() -> str:
    """The log, newest first; the open entry shows what changed."""
    form = FilterForm(request.args)
    usable = form.validate()
    opened = request.args.get("open", type=entry_number)
    record_look(form, opened)
    session = db.session()
    entries, older, newer = page_of(form) if usable else ([], None, None)
    count, total = queries.count_entries(session, form.wanted(utc_now())) if usable else (0, 0)
    form.offer(queries.list_choices(session))
    facts: dict[str, Any] = {"entries": entries, "older": older, "newer": newer, "count": count, "total": total}
    facts |= {"verification": queries.shown_verification(session), "limit": queries.COUNT_LIMIT}
    return render("audit/index.html", "results", form=form, opened=opened, **facts)


@blueprint.get("/verification")
@requires(Permission.AUDIT_VIEW)
def verification() -> str:
    """How the verification goes; the page of the log asks for its block every two seconds."""
    return render("audit/verification.html", "verification", verification=queries.shown_verification(db.session()))


@blueprint.post("/verifications")
@requires(Permission.AUDIT_VERIFY)
def verify() -> Response:
    """Starts a verification of the whole log, or joins the one that runs."""
    with transaction() as session:
        row: AuditVerification = request_verification(current_actor(), session)
    wake(QueueName.DEFAULT, JobName.AUDIT_VERIFY, row.id)
    toast("The log is being verified.")
    return hx_redirect(url_for("audit.index"))


@blueprint.get("/export")
@requires(Permission.AUDIT_VERIFY, step_up=True)
def export() -> str:
    """The form of an export."""
    return render("audit/export.html", form=ExportForm())


@blueprint.post("/export")
@requires(Permission.AUDIT_VERIFY, step_up=True)
def make_export() -> Response:
    """Hands out a range of entries as JSON lines, once the export itself is in the log."""
    form = ExportForm()
    if not form.validate():
        return Response(render("audit/export.html", form=form), 422)
    first, last = form.first.data, form.last.data
    with transaction():
        record_export(current_actor(), first, last, form.purpose.data)
    name = f"audit-{first}-{last or 'end'}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(stream_with_context(lines(first, last)), mimetype="application/jsonl", headers=headers)


@blueprint.app_errorhandler(AuditUnavailable)
def on_unavailable(_error: AuditUnavailable) -> Response:
    """The log cannot be written, so nothing is shown and nothing was changed."""
    db.session.rollback()
    log_problem(503, "audit_unavailable")
    g.heedful_user = None
    text = "Every look at personal data and every change is recorded first. The audit log does not take entries now."
    remedy = "Nothing was shown or changed. Try again in a minute; if it stays, an administrator finds more on Health."
    response = answer(problem_of(PortalError(503, "Nothing can be shown or changed", text, remedy)))
    response.headers["Retry-After"] = "30"
    return response


def lines(first: int, last: int | None) -> Iterator[str]:
    """The lines of an export, read as they are sent."""
    with new_session() as session:
        yield from export_lines(session, first, last)


def record_look(form: FilterForm, opened: int | None) -> None:
    """Puts the look into the log; what was searched for only as a keyed digest."""
    chosen = [f"{name}={digest_of_term(v) if name == 'thing' else v}" for name, v in form.address().items()]
    access = AccessType.SEARCH if chosen else AccessType.VIEW
    with transaction():
        record_read(
            AuditAction.VIEW,
            current_actor(),
            access_type=access,
            purpose="work on the audit log",
            object_type="audit_entry" if opened else "audit_log",
            object_id=opened or "",
            reason=", ".join(chosen),
        )


def page_of(form: FilterForm) -> tuple[list[AuditEntry], int | None, int | None]:
    """One page of entries, and the numbers from which the older and the newer page start."""
    below, above = request.args.get("below", type=entry_number), request.args.get("above", type=entry_number)
    wanted = form.wanted(utc_now())
    found = queries.list_entries(db.session(), wanted, below=below, above=above, limit=PAGE + 1)
    more = len(found) > PAGE
    if above is not None:
        entries = found[-PAGE:]
        return entries, entries[-1].seq if entries else None, entries[0].seq if more else None
    entries = found[:PAGE]
    return entries, entries[-1].seq if more else None, entries[0].seq if entries and below is not None else None
