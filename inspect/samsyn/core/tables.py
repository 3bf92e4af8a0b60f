"""Every table of the house, loaded once: for migrations, the catalogue test and the frozen policies."""

from __future__ import annotations

import importlib
from typing import Final

from sqlalchemy import MetaData

from samsyn.core.base import Base
from samsyn.core.kinds import Kind

ROOMS: Final = (
    "core",
    "audit",
    "authorities",
    "access",
    "approvals",
    "businesses",
    "places",
    "operations",
    "findings",
    "purchases",
    "assistance",
    "outcomes",
    "disclosures",
    "planning",
    "calendars",
    "dossiers",
    "letters",
    "pledges",
    "records",
    "reviews",
    "retention",
)


def load() -> MetaData:
    """Import every room's models by name (``core`` knows no room) and return the metadata."""
    for room in ROOMS:
        importlib.import_module(f"samsyn.{room}.models")
    return Base.metadata


def kinds() -> dict[str, Kind]:
    """Return the declared kind of every table, by table name."""
    load()
    return {str(mapper.local_table.name): mapper.class_.kind for mapper in Base.registry.mappers}  # type: ignore[attr-defined]
