"""The phone's page that opens without coverage: a shell that says nothing of anybody, its worker and its manifest.

What a person may read is fetched by the page itself (``web/packing.py``) and kept encrypted on the phone; the shell,
the worker and the files that they name are the same for everybody, so the worker may keep them.
"""

from __future__ import annotations

import json
from typing import Final

from flask import Response, g

from samsyn.assistance.rules import HelpGround
from samsyn.operations.rules import PoliceRole
from samsyn.texts import LANGUAGES, catalogue
from samsyn.web.guards import open_to_all
from samsyn.web.headers import POLICY, csp_nonce
from samsyn.web.identity import current_language
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page
from samsyn.web.statics import FOLDER, edition, static_url

blueprint = page_blueprint("field")
SAID: Final = (
    *(
        "field.say.",
        "presence.",
        "assistance.",
        "findings.missing.",
        "findings.verified.",
        "findings.question.",
        "findings.answer.",
        "findings.outcome.",
    ),
    *(
        "findings.refusal.",
        "inspector.police_role.",
        "inspector.visit_state.",
        "inspector.place.",
        "inspector.tonight.",
    ),
)
"""Which texts the page's modules may say."""
INSTALLABLE: Final = f"{POLICY}; worker-src 'self'; manifest-src 'self'"
"""The house's policy, and besides it a worker and a manifest of our own: on this page alone."""
STYLES: Final = ("vendor/theme.css", "vendor/ds.css", "vendor/inter-latin-wght-normal.woff2", "samsyn.css")
PAGE: Final = ("pages/phone.css", "pages/field.css", "img/mark.svg", "img/app-192.png", "vendor/idb.js")


@blueprint.get("/field")
@open_to_all
def get_field() -> Response:
    """The shell: the same for everybody in a language, whoever asks."""
    g.identified = None  # whoever asks: what the worker keeps must not depend on it
    g.card = None
    response = Response(
        page(
            "field.html.j2",
            said=said_by_scripts(current_language()),
            police_roles=list(PoliceRole),
            grounds=list(HelpGround),
        )
    )
    response.headers["Content-Security-Policy"] = INSTALLABLE.format(nonce=csp_nonce())
    return response


def said_by_scripts(language: str) -> dict[str, str]:
    """Return what the page's modules say, by key."""
    return {key: words for key, words in catalogue(language).items() if key.startswith(SAID)}


@blueprint.get("/field-worker.js")
@open_to_all
def get_worker() -> Response:
    """The worker, with the edition of the files that it keeps: a browser takes a new one when a byte differs."""
    own = sorted(file.relative_to(FOLDER).as_posix() for file in (FOLDER / "js" / "field").glob("*.js"))
    kept = [f"/field?lang={language}" for language in LANGUAGES]
    kept += [static_url(name) for name in (*STYLES, *PAGE, *own)]
    head = f"const EDITION = {json.dumps(edition())};\nconst SHELL = {json.dumps(kept)};\n"
    return Response(head + (FOLDER / "js" / "field-worker.js").read_text("utf-8"), content_type="text/javascript")


@blueprint.get("/field.webmanifest")
@open_to_all
def get_manifest() -> Response:
    """What a phone needs to put the page on its home screen."""
    icons = [
        {"src": static_url(f"img/app-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
        for size in (192, 512)
    ]
    said = {
        "id": "/field",
        "name": "Samsyn",
        "short_name": "Samsyn",
        "lang": "sv",
        "start_url": "/field",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#17505c",
        "icons": icons,
    }
    return Response(json.dumps(said), content_type="application/manifest+json")
