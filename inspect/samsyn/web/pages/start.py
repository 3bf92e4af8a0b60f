"""The start page."""

from __future__ import annotations

from flask import Response, make_response, redirect

from samsyn.web.guards import open_to_all
from samsyn.web.identity import identified
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import menu, page

blueprint = page_blueprint("start")


@blueprint.get("/")
@open_to_all
def get_start() -> Response:
    """What the viewer's roles open; who is not known signs in first."""
    if identified() is None:
        return make_response(redirect("/sign-in", 303))
    return make_response(page("start.html.j2", items=[item for item in menu() if item.path != "/"]))
