"""Static files under an address that holds the digest of all of them, so that a browser may keep them for a year."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Flask, Response, send_from_directory

from samsyn.web.guards import open_to_all

FOLDER: Final = Path(__file__).parent / "static"
FOREVER: Final = "public, max-age=31536000, immutable"


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


@open_to_all
def static_file(seen: str, name: str) -> Response:
    """Send a file; to an older edition's address the newest one, not to be kept."""
    response = send_from_directory(FOLDER, name)
    response.headers["Cache-Control"] = FOREVER if seen == edition() else "no-cache"
    return response


def register_statics(app: Flask) -> None:
    """Serve the folder, and let templates name its files."""
    app.add_url_rule("/static/<seen>/<path:name>", "static", static_file)
    app.jinja_env.globals["static_url"] = static_url
