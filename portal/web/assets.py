"""Addresses of our style sheet, script and images: each carries its file's hash, so browsers may keep it for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response

from portal.web.htmx import request

FOR_EVER = "public, max-age=31536000, immutable"


@lru_cache(maxsize=256)
def _hash(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def version_of(path: Path) -> str:
    """The short hash of a file; read again only when the file changed."""
    return _hash(path, path.stat().st_mtime_ns)


def install(app: Flask) -> None:
    """Puts the hash into every static address; only an address with the right hash is kept for ever."""
    folder = Path(app.static_folder or "")

    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and (path := folder / str(values.get("filename"))).is_file():
            values.setdefault("v", version_of(path))

    def keep(response: Response) -> Response:
        if request.endpoint != "static":
            return response
        path = folder / str((request.view_args or {}).get("filename"))
        right = response.status_code in (200, 304) and request.args.get("v") == version_of(path)
        response.headers["Cache-Control"] = FOR_EVER if right else "no-cache"
        return response

    app.url_defaults(add_version)
    app.after_request(keep)
