"""The shape of an operation's report, and its numbers: counted from what the reader reads. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from typing_extensions import TypedDict

from samsyn.dossiers.rules import FollowUpEntry, HelpEntry, OutcomeEntry, ReceivedEntry, RefusalEntry, VisitEntry

STATES: Final = ("done", "closed_premises", "hindered", "aborted", "skipped")
"""How a visit ended; what is not done says by its state why."""
DEFICIENCY: Final = "deficiency"


class OperationEntry(TypedDict):
    """The plan in short. ``title`` is the order's: what it was for; times are ISO 8601 in UTC."""

    id: str
    code_word: str
    title: str
    lead: str
    starts_at: str
    ends_at: str
    ad_hoc: bool
    state: str
    common_text: str | None


class ReportVisit(TypedDict):
    """One visit as the dossier of its business tells it, with what was received of it and what followed it.

    ``refusals`` and ``help`` are the own authority's: whom it was refused entry by, and what it asked the police for.
    """

    business_id: str
    business: str
    visit: VisitEntry
    received: list[ReceivedEntry]
    outcomes: list[OutcomeEntry]
    follow_ups: list[FollowUpEntry]
    refusals: list[RefusalEntry]
    help: list[HelpEntry]


class AuthorityLine(TypedDict):
    """An authority that took part: at how many of the visits, and how many of them it has handed in."""

    authority: str
    visits: int
    handed_in: int


class FieldLine(TypedDict):
    """A field of supervision: parts, those handed in and those with the word "deficiency" (R2); and the deficiencies
    that the reader reads, own and received. ``field`` is null where a part or a copy is of several.
    """

    field: str | None
    parts: int
    handed_in: int
    with_deficiency: int
    own: int
    received: int


class ReportNumbers(TypedDict):
    """Numbers over the report; ``received`` are copies, ``follow_ups`` those that are not closed."""

    visits: int
    states: dict[str, int]
    joint: int
    unannounced: int
    findings: int
    deficiencies: int
    serious: int
    received: int
    received_deficiencies: int
    proposed: int
    decided: int
    follow_ups: int
    by_field: list[FieldLine]


class ReportContent(TypedDict):
    """An operation for one reader's authority. ``not_compiled``: ended visits that no own dossier holds yet."""

    operation: OperationEntry
    authorities: list[AuthorityLine]
    numbers: ReportNumbers
    visits: list[ReportVisit]
    not_compiled: int


def authorities_of(visits: Sequence[ReportVisit]) -> list[AuthorityLine]:
    """Return who took part, by name; an authority with two units at a visit was there once."""
    there, handed = Counter[str](), Counter[str]()
    for one in visits:
        parts = one["visit"]["parts"]
        for name in {part["authority"] for part in parts}:
            there[name] += 1
            handed[name] += all(part["handed_in"] for part in parts if part["authority"] == name)
    return [{"authority": name, "visits": there[name], "handed_in": handed[name]} for name in sorted(there)]


def numbers_of(
    visits: Sequence[ReportVisit], only_field: Mapping[str, str | None], finding_field: Mapping[str, str | None]
) -> ReportNumbers:
    """Count. ``only_field``: the field of an authority that has just one, by its name; ``finding_field``: the field of
    an own finding's part by the finding's id.
    """
    told = [one["visit"] for one in visits]
    findings = [finding for visit in told for finding in visit["findings"]]
    bad = [finding for finding in findings if finding["answer"] == DEFICIENCY]
    copies = [copy for one in visits for received in one["received"] for copy in received["items"]]
    outcomes = Counter(outcome["state"] for one in visits for outcome in one["outcomes"])
    ended = Counter(visit["state"] for visit in told)
    return {
        "visits": len(told),
        "states": {state: ended[state] for state in STATES},
        "joint": sum(len({part["authority"] for part in visit["parts"]}) > 1 for visit in told),
        "unannounced": sum(not visit["announced"] for visit in told),
        "findings": len(findings),
        "deficiencies": len(bad),
        "serious": sum(finding["serious"] for finding in bad),
        "received": len(copies),
        "received_deficiencies": sum(copy["answer"] == DEFICIENCY for copy in copies),
        "proposed": outcomes["proposed"],
        "decided": outcomes["decided"],
        "follow_ups": sum(line["state"] in {"open", "carried"} for one in visits for line in one["follow_ups"]),
        "by_field": fields_of(visits, only_field, finding_field),
    }


def fields_of(
    visits: Sequence[ReportVisit], only_field: Mapping[str, str | None], finding_field: Mapping[str, str | None]
) -> list[FieldLine]:
    """Return a line for each field, by its code, what is of several fields last; none that has nothing."""
    lines: dict[str | None, FieldLine] = {}

    def line(field: str | None) -> FieldLine:
        empty: FieldLine = {
            "field": field, "parts": 0, "handed_in": 0, "with_deficiency": 0, "own": 0, "received": 0,
        }  # fmt: skip
        return lines.setdefault(field, empty)

    for one in visits:
        by_giver: dict[str, set[str | None]] = {}
        for part in one["visit"]["parts"]:
            field = part["field"] or only_field.get(part["authority"])
            by_giver.setdefault(part["authority"], set()).add(field)
            said = line(field)
            said["parts"] += 1
            said["handed_in"] += part["handed_in"]
            said["with_deficiency"] += part["handed_in"] and part["summary"] == DEFICIENCY
        for finding in one["visit"]["findings"]:
            if finding["answer"] == DEFICIENCY:
                line(finding_field.get(finding["finding_id"]))["own"] += 1
        for received in one["received"]:
            fields = by_giver.get(received["giver"], {None})
            bad = sum(copy["answer"] == DEFICIENCY for copy in received["items"])
            if bad:
                line(next(iter(fields)) if len(fields) == 1 else None)["received"] += bad
    return sorted(lines.values(), key=lambda found: (found["field"] is None, found["field"] or ""))
