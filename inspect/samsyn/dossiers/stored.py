"""How a dossier lies in the database: in columns, and without what is read with it. Here it becomes whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, cast

from samsyn.core.home import local_day
from samsyn.dossiers.rules import Content, OpenDeficiency

Columns = dict[str, list[Any]]
LAST: Final = 1 << 31
"""Where a free observation stands among the check points."""


def unfold(stored: dict[str, Any], answers: dict[str, Any] | None) -> Content:
    """Return content with its visits, parts, facts, findings and open deficiencies one by one, in their order.

    ``answers`` is what is read beside what is stored (``answers.READ``); nothing where no visit was.
    """
    visits = [_visit(row) for row in _rows(stored["visits"])]
    beside = answers or {}
    for nth, part in beside.get("parts", ()):
        visits[nth]["parts"].append(part)
    for row in _rows(beside.get("facts", {})):
        visits[row.pop("visit")]["facts"].append(row)
    found = {}
    for place, entry in sorted(_findings(beside), key=lambda one: one[0]):
        visit = visits[place[0]]
        visit["findings"].append(entry)
        found[entry["finding_id"]] = place[1], visit, entry
    return cast(
        Content,
        {
            "business": stored["business"],
            "counts": stored["counts"],
            "open_deficiencies": _open([found[key] for key in stored["open"]]),
            "visits": visits,
            # read when the dossier is read, never compiled into it
            "received": [],
            "outcomes": [],
            "follow_ups": [],
        },
    )


def _rows(columns: Columns) -> Iterator[dict[str, Any]]:
    return (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))


def _visit(row: dict[str, Any]) -> dict[str, Any]:
    """A visit, nobody and nothing in it yet; its day is the one in Sweden."""
    day = local_day(datetime.fromisoformat(row["starts_at"])).isoformat()
    return row | {"date": day, "parts": [], "facts": [], "findings": []}


def _findings(answers: dict[str, Any]) -> Iterator[tuple[tuple[int, int, str, str], dict[str, Any]]]:
    """Yield each finding with its place: visit, check point, moment, key. It gets its question and section of law."""
    points = {(checklist, n, code): point for checklist, n, code, point in answers.get("points", ())}
    evidence: dict[str, int] = answers.get("evidence", {})
    for row in _rows(answers.get("findings", {})):
        point = points.get((row.pop("checklist_id"), row.pop("checklist_n"), row["point"]))
        for name, of in (("point_sv", "sv"), ("point_en", "en"), ("law", "law")):
            row[name] = point and point[of]
        row["evidence"] = evidence.get(row["finding_id"], 0)
        yield (row.pop("visit"), point["position"] if point else LAST, row["observed_at"], row["finding_id"]), row


def _open(found: list[tuple[int, dict[str, Any], dict[str, Any]]]) -> list[OpenDeficiency]:
    """Return what is still open: serious ones first, then the latest visits', in the order of the check points."""
    found.sort(key=lambda one: (one[0], one[2]["finding_id"]))
    found.sort(key=lambda one: one[1]["starts_at"], reverse=True)
    found.sort(key=lambda one: not one[2]["serious"])
    return [
        {"visit_id": visit["visit_id"], "visited_at": visit["starts_at"], "finding": cast(Any, dict(entry))}
        for _, visit, entry in found
    ]
