"""
htmx, as the portal speaks it: the request that knows a partial, answers with HX headers, toasts.

The only module that touches htmx-flask, whose reading of the request headers dates from htmx 1 and whose list of
swap styles has a fault; both are put right here.
"""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import IO, Any, cast

from flask import Flask, Response, flash, g, make_response, redirect
from flask import request as flask_request  # noqa: TID251 - this module is where everybody else gets it
from htmx_flask import Htmx  # noqa: TID251 - the one module that may
from htmx_flask.requests import HtmxAwareRequest, HtmxHeaders  # noqa: TID251 - as above

from portal.web.spool import SealedSpool

SWAPS = frozenset(
    {"innerHTML", "outerHTML", "textContent", "innerMorph", "outerMorph", "delete", "none"}
    | {"before", "after", "prepend", "append", "beforebegin", "afterbegin", "beforeend", "afterend"}
)


class PortalHtmx(HtmxHeaders):  # type: ignore[misc]
    """The HX headers of htmx 4."""

    @cached_property
    def partial(self) -> bool:
        """Whether a fragment is wanted. HX-Request alone also comes with whole pages, which need `<html>`."""
        partial = self._headers.get("HX-Request-Type") == "partial"
        return bool(self) and partial and not self.history_restore_request

    @cached_property
    def target_id(self) -> str:
        """The id of the element that will take the answer, without htmx 4's leading tag name."""
        return str(self._headers.get("HX-Target", "")).partition("#")[2]

    @cached_property
    def source_id(self) -> str:
        """The id of the element that asked."""
        return str(self._headers.get("HX-Source", "")).partition("#")[2]


class PortalRequest(HtmxAwareRequest):  # type: ignore[misc]
    """Flask's request with `htmx`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.htmx = PortalHtmx(self.headers)

    def _get_file_stream(self, *_args: Any, **_facts: Any) -> IO[bytes]:
        # Werkzeug's own would write a file to the disk as it is.
        return cast("IO[bytes]", SealedSpool())


request = cast("PortalRequest", flask_request)


def is_partial() -> bool:
    """Whether the present request asks for a fragment."""
    return bool(request.htmx.partial)


def hx_response(
    body: str = "",
    status: int = 200,
    *,
    push_url: str = "",
    retarget: str = "",
    reswap: str = "",
    trigger: Mapping[str, Any] | None = None,
) -> Response:
    """A fragment with HX headers. The swap style may carry modifiers, as in `innerHTML show:top`."""
    if reswap and reswap.split(maxsplit=1)[0] not in SWAPS:
        raise ValueError(f"{reswap.split(maxsplit=1)[0]} is no swap style of htmx.")
    headers = {"HX-Push-Url": push_url, "HX-Retarget": retarget, "HX-Reswap": reswap}
    response = make_response(body, status)
    response.headers.extend({name: value for name, value in headers.items() if value})
    if trigger:
        response.headers["HX-Trigger"] = json.dumps(dict(trigger))
    return response


def hx_redirect(url: str, partial_status: int = 204) -> Response:
    """Leads the whole window to another page: 303 for a page, HX-Redirect for a fragment (it would swallow a 303)."""
    if not is_partial():
        return cast("Response", redirect(url, 303))
    response = make_response("", partial_status)
    response.headers["HX-Redirect"] = url
    return response


def toast(message: str, kind: str = "ok") -> None:
    """Says a short word after this request, in this page or on the next one. Never the only copy of a message."""
    g.setdefault("heedful_toasts", []).append((kind, message))


def _deliver_toasts(response: Response) -> Response:
    toasts: list[tuple[str, str]] = g.pop("heedful_toasts", [])
    if toasts and is_partial() and "HX-Redirect" not in response.headers:
        present = json.loads(response.headers.get("HX-Trigger", "{}"))
        kind, message = toasts[-1]
        response.headers["HX-Trigger"] = json.dumps({**present, "toast": {"message": message, "kind": kind}})
        return response
    for kind, message in toasts:
        flash(message, kind)
    return response


def _vary(response: Response) -> Response:
    response.vary.update(["HX-Request", "HX-Request-Type"])
    return response


def install(app: Flask) -> None:
    """Teaches the application htmx. Ours is set after htmx-flask's, which would otherwise win."""
    Htmx(app)
    app.request_class = PortalRequest
    app.after_request(_deliver_toasts)
    app.after_request(_vary)
