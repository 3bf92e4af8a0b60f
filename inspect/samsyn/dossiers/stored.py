"""How a dossier lies in the database: in columns. Here it becomes what is read, an entry for each thing.

What was compiled before dossiers were stored so has its entries already, and is read as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from samsyn.operations.rules import local_day

Columns = dict[str, list[Any]]
NO_ONE: Final[dict[str, int]] = {}


def unfold(stored: dict[str, Any]) -> dict[str, Any]:
    """Return content with its visits, parts, facts, findings and open deficiencies one by one, in their order."""
    if isinstance(stored["visits"], list):
        return stored
    visits = [_visit(row) for row in _rows(stored["visits"])]
    for name in ("parts", "facts"):
        for row in _rows(stored[name]):
            visits[row.pop("visit")][name].append(row)
    found = {}
    for nth, entry in _findings(stored["findings"], stored["points"]):
        visits[nth]["findings"].append(entry)
        found[entry["finding_id"]] = visits[nth], entry
    return {
        "business": stored["business"],
        "counts": stored["counts"],
        "points": stored["points"],
        "open_deficiencies": [
            {"visit_id": visit["visit_id"], "visited_at": visit["starts_at"], "finding": dict(entry)}
            for visit, entry in (found[key] for key in stored["open"])
        ],
        "visits": visits,
    }


def _rows(columns: Columns) -> Iterator[dict[str, Any]]:
    return (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))


def _visit(row: dict[str, Any]) -> dict[str, Any]:
    """A visit, nobody and nothing in it yet; its day is the one in Sweden."""
    day = local_day(datetime.fromisoformat(row["starts_at"])).isoformat()
    return row | {"date": day, "parts": [], "facts": [], "findings": []}


def _findings(columns: dict[str, Any], points: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each finding with the place of its visit. ``asked`` names a point of ``points``, or is its bare code."""
    serious = set(columns.pop("serious", None) or ())
    versions, evidence = columns.pop("version", None) or NO_ONE, columns.pop("evidence", None) or NO_ONE
    for row in _rows(columns):
        key, point = row["finding_id"], points.get(row["asked"])
        row |= {
            "point": point["code"] if point else row["asked"],
            "asked": row["asked"] if point else None,
            "version": versions.get(key, 1),
            "serious": key in serious,
            "evidence": evidence.get(key, 0),
        }
        yield row.pop("visit"), row
