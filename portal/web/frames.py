"""Emails inside pages: in a frame of their own, whose policy lets their styles apply and nothing else happen."""

from flask import Response

# No script, nothing from elsewhere (so no tracking picture tells that staff looked), and in our pages alone.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"


def framed(html: str) -> Response:
    """An email as the content of a sandboxed frame."""
    response = Response(html)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
