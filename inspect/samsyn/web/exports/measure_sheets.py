"""What followed the visits as sheets: own outcomes and own follow-ups, one line per thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from samsyn.dossiers.rendering.measures import subject
from samsyn.dossiers.rules import FollowUpEntry, OutcomeEntry, VisitEntry
from samsyn.outcomes.tools import find_tool
from samsyn.web.exports.columns import Kind, Value
from samsyn.web.identity import current_language
from samsyn.web.shell import t

TEXT, DAY, NUMBER = Kind.TEXT, Kind.DATE, Kind.NUMBER
OF_VISIT: Final = (("day", DAY), ("insats", TEXT))
OUTCOME: Final = (
    *OF_VISIT,
    *(("measure", TEXT), ("law", TEXT), ("state", TEXT), ("grounds", TEXT), ("text", TEXT), ("amount", NUMBER)),
    *(("heard_on", DAY), ("until_on", DAY), ("decided_on", DAY), ("decider", TEXT)),
    *(("delegation", TEXT), ("case_number", TEXT), ("reason", TEXT)),
)
FOLLOW_UP: Final = (
    *OF_VISIT,
    *(("subject", TEXT), ("due_on", DAY), ("owner", TEXT), ("state", TEXT), ("text", TEXT), ("reason", TEXT)),
)
Starts = Mapping[str, tuple[Value, ...]]
"""How the line of a visit begins: its day and the operation's code word."""


def starts_of(visits: Sequence[VisitEntry]) -> Starts:
    """Return how the lines of each visit begin."""
    return {visit["visit_id"]: (date.fromisoformat(visit["date"]), visit["code_word"]) for visit in visits}


def outcome_lines(entries: Sequence[OutcomeEntry], starts: Starts) -> Iterator[tuple[Value, ...]]:
    """Yield the own outcomes, each as it stands now."""
    for one in entries:
        about = find_tool(one["tool"]).about(current_language())
        words = t(f"outcomes.measure.{one['measure']}")
        yield (
            *starts.get(one["visit_id"], (None, None)),
            f"{words} ({about})" if about else words,
            one["law"],
            t(f"outcomes.state.{one['state']}"),
            ", ".join(one["points"]),
            one["text"],
            one["amount"],
            _day(one["heard_on"]),
            _day(one["until_on"]),
            _day(one["decided_on"]),
            one["decider"],
            one["delegation"],
            one["case_number"],
            one["reason"],
        )


def follow_up_lines(entries: Sequence[FollowUpEntry], starts: Starts) -> Iterator[tuple[Value, ...]]:
    """Yield the own follow-ups, each as it stands now."""
    for one in entries:
        yield (
            *starts.get(one["visit_id"], (None, None)),
            subject(current_language(), one),
            date.fromisoformat(one["due_on"]),
            one["owner"],
            t(f"follow_ups.state.{one['state']}"),
            one["text"],
            one["reason"],
        )


def _day(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
