"""Static files under an address that holds the digest of all of them, so that a browser may keep them for a year."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Flask, Response, request, send_from_directory
from werkzeug.security import safe_join

from samsyn.web.guards import open_to_all

FOLDER: Final = Path(__file__).parent / "static"
FOREVER: Final = "public, max-age=31536000, immutable"
SQUEEZED: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
"""Files that are sent compressed, so that a page is light without a proxy before us. Pages are not: they hold secrets
beside what somebody typed, and their length would tell about them (BREACH)."""


@lru_cache(maxsize=1)
def edition() -> str:
    """Return twelve digits that change when any file does; a style sheet's fonts stand beside it under the same."""
    digest = hashlib.sha256()
    for file in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        digest.update(file.relative_to(FOLDER).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def static_url(name: str) -> str:
    """Return a file's address; raise ``FileNotFoundError`` for one that is not there."""
    if not (FOLDER / name).is_file():
        raise FileNotFoundError(name)
    return f"/static/{edition()}/{name}"


@lru_cache(maxsize=200)
def squeezed(file: str, _edition: str) -> bytes:
    """Return a file of ours compressed, once per edition."""
    return gzip.compress(Path(file).read_bytes(), 9, mtime=0)


@open_to_all
def static_file(seen: str, name: str) -> Response:
    """Send a file, compressed where the browser takes it; to an older edition's address the newest, not to be kept."""
    kind = SQUEEZED.get(Path(name).suffix)
    inside = safe_join(str(FOLDER), name)
    if kind and inside and Path(inside).is_file() and request.accept_encodings.quality("gzip"):
        response = Response(squeezed(inside, edition()), content_type=kind)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = send_from_directory(FOLDER, name)  # 404 for what is not in the folder
    if kind:
        response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOREVER if seen == edition() else "no-cache"
    return response


def register_statics(app: Flask) -> None:
    """Serve the folder, and let templates name its files."""
    app.add_url_rule("/static/<seen>/<path:name>", "static", static_file)
    app.jinja_env.globals["static_url"] = static_url
