"""The OpenAPI document, and the same as a page without scripts."""

from __future__ import annotations

import re
from typing import Any, Final, cast

from apiflask import APIFlask
from flask import Response, current_app, jsonify

from samsyn.web.guards import declared_permissions, open_to_all
from samsyn.web.problems import ALL_CODES, CODES, STATUS
from samsyn.web.routing import API, api_blueprint
from samsyn.web.shell import page

blueprint = api_blueprint("reference")
METHODS: Final = ("get", "post", "put", "patch", "delete")
PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "enum": list(ALL_CODES)},
        "reason": {"type": "string"},
        "missing": {"type": "array", "items": {"type": "string"}},
        "fields": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "maskable": {"type": "array", "items": {"type": "string"}},
        "reference": {"type": "string"},
    },
}
REFUSAL: Final = {
    "description": "A refusal (RFC 9457).",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and content again: the same answer, no second effect.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
SEEN: Final = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": 'The version that the caller saw, in quotes: "3". Asked where a thing has one (428 says so).',
    "schema": {"type": "string", "pattern": '^(W/)?"[0-9]{1,9}"$'},
}


def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document, made once: what APIFlask collects, and what all routes of ours share."""
    app = cast(APIFlask, current_app)
    made: dict[str, Any] | None = app.extensions.get("samsyn_openapi")
    if made is None:
        made = cast(dict[str, Any], app.spec)
        made.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
        permissions = declared_permissions(app)
        rules = {braces(rule): rule for _, rule in permissions}
        for path, methods in made["paths"].items():
            for method in METHODS & methods.keys():
                open_route = permissions[method.upper(), rules[path]].open
                complete(methods[method], method, "{" in path, open_route=open_route)
        app.extensions["samsyn_openapi"] = made
    return made


def braces(rule: str) -> str:
    """Return a rule as a path of the document: ``<uuid:id>`` is ``{id}``."""
    return re.sub(r"<(?:[^<:>]+:)?([^<>]+)>", r"{\1}", rule)


def complete(operation: dict[str, Any], method: str, of_one_thing: bool, *, open_route: bool) -> None:
    """Add what every operation has: refusals, who may call, the key of a POST, the version of a change."""
    operation["responses"]["default"] = REFUSAL
    operation["security"] = [] if open_route else [{"token": []}]
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
    parameters = operation.setdefault("parameters", [])
    if method == "post":
        parameters.append(KEY)
    if method != "get" and of_one_thing:
        parameters.append(SEEN)


@blueprint.get("/openapi.json")
@open_to_all
@blueprint.doc(hide=True)
def get_openapi() -> Response:
    """The OpenAPI 3.1 document."""
    return jsonify(document())


@blueprint.get("/docs")
@open_to_all
@blueprint.doc(hide=True)
def get_docs() -> str:
    """The reference as a page."""
    statuses = {**{code: status for status, code in CODES.items()}, "form_expired": 400, **STATUS}
    operations = [
        (path, method.upper(), methods[method])
        for path, methods in sorted(document()["paths"].items())
        for method in METHODS
        if method in methods
    ]
    return page(
        "reference.html.j2",
        operations=operations,
        schemas=document()["components"]["schemas"],
        statuses=statuses,
        api=API,
    )
