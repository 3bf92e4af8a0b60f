"""Blueprints: of the API (in the OpenAPI document) and of pages (not in it)."""

from __future__ import annotations

from typing import Final

from apiflask import APIBlueprint

from samsyn.web.parsing import register_adapter

API: Final = "/api/v1"
PAGES: Final = "pages_"
"""How the names of pages' blueprints begin."""
__all__ = ["API", "PAGES", "api_blueprint", "page_blueprint"]


def api_blueprint(tag: str) -> APIBlueprint:
    """Return a blueprint of the API under ``/api/v1``, shown under its tag; bodies are read strictly."""
    register_adapter()  # before the first route is decorated
    return APIBlueprint(f"api_{tag}", __name__, url_prefix=API, tag=tag)


def page_blueprint(name: str) -> APIBlueprint:
    """Return a blueprint of pages for people."""
    return APIBlueprint(f"{PAGES}{name}", __name__, enable_openapi=False)
