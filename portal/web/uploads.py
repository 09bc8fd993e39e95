"""Files that people send: which pages take one, and how large it may be."""

from collections.abc import Callable

from flask import Flask, current_app

from portal.web.access import View
from portal.web.errors import PortalError
from portal.web.htmx import request

MEGABYTE = 1_000_000
FORM = 256 * 1024
"""What the other fields of a form may take beside the file."""


def takes_files(limit: Callable[[], int]) -> Callable[[View], View]:
    """Declares that a page takes a file of at most so many bytes; every other page takes none worth the name."""

    def mark(view: View) -> View:
        view.heedful_file_limit = limit  # type: ignore[attr-defined]
        return view

    return mark


def check_size() -> None:
    """Refuses a file that is too large by what its sender says, before any of it is read."""
    limit = getattr(current_app.view_functions.get(request.endpoint or ""), "heedful_file_limit", None)
    if limit is None:
        return
    largest = limit()
    # A sender that says nothing is cut off at the same size.
    request.max_content_length = largest + FORM
    if (request.content_length or 0) > largest + FORM:
        sentence = (
            f"It has {request.content_length // MEGABYTE:,} MB, and {largest // MEGABYTE:,} MB are possible here."
        )
        raise PortalError(
            413, "This file is too large", sentence, "Split it into smaller files. Nothing was kept of it."
        )


def install(app: Flask) -> None:
    """Must come before whatever reads the form, so before CSRF, and after the checks of who may."""
    app.before_request(check_size)
