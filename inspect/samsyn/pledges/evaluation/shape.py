"""The shape of a compilation, and how it is counted: from lines, tallies and traces that others wrote. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from samsyn.pledges.counted import ActivityLine, PremisesLine, by_quarter
from samsyn.pledges.counting import YearOfPledge, lines_behind, numbers_of
from samsyn.pledges.evaluation.rules import DEFINES, end_of
from samsyn.pledges.evaluation.treatment import TreatmentEntry
from samsyn.pledges.queries import AreaLine, CommitmentLine, TallyLine
from samsyn.pledges.returns import Returns
from samsyn.pledges.rules import QUARTERS, ActivityKind, ActivityState, CommitmentForm, Measure, quarter_of

NO_QUARTERS: Final = (0, 0, 0, 0)


class BeforeEntry(TypedDict):
    """The same promise a year before, as it was compiled then; ``differs``: what it counted otherwise."""

    id: str
    period: str
    version: int
    text: str
    promised: int
    done: int
    differs: list[str]


class CommitmentEntry(TypedDict):
    """A promise in numbers at the end of the period, and what it counts; ``counted``: of ``base`` of a share."""

    id: str
    area_id: str
    text: str
    form: str
    counts: str
    fields: list[str]
    least: int
    whole: bool
    permit_kind: str | None
    not_led_by: str | None
    hot_spot_id: str | None
    within_days: int | None
    serious: bool
    by_on: str | None
    promised: int
    done: int
    quarters: list[int]
    base: int
    counted: int
    pace: str
    not_done_reason: str | None
    carried_on: bool
    before: BeforeEntry | None


class AreaEntry(TypedDict):
    """A focus area with the picture that justified it."""

    id: str
    name: str
    picture: str


class AuthorityEntry(TypedDict):
    """What an authority handed in: its done visits by quarter, and those with another authority beside it."""

    id: str
    name: str
    visits: list[int]
    joint: list[int]


class KindEntry(TypedDict):
    """What was done of a kind by quarter, by how many authorities together, and what was called off.

    ``cancelled`` is null of operations: those that were called off have no line. What was frozen earlier has 0 there.
    """

    kind: str
    done: list[int]
    joint: list[int]
    cancelled: int | None


class EvaluationContent(TypedDict):
    """A pledge's period. Quarters after the period are nought; what was planned is no part of it.

    ``party_names``: as the parties were called then, by id; what was frozen earlier has them without.
    """

    pledge_id: str
    name: str
    year: int
    period: str
    parties: list[str]
    party_names: NotRequired[dict[str, str]]
    areas: list[AreaEntry]
    commitments: list[CommitmentEntry]
    authorities: list[AuthorityEntry]
    kinds: list[KindEntry]
    treatment: list[TreatmentEntry]


@dataclass(frozen=True, slots=True)
class Counted:
    """What a compilation is made of: the year as everybody reads it, tallies, names, and last year's compilation."""

    period: str
    year: YearOfPledge
    areas: Sequence[AreaLine]
    commitments: Sequence[CommitmentLine]
    tallies: Sequence[TallyLine]
    names: Mapping[UUID, str]
    members: Sequence[UUID]
    treatment: Sequence[TreatmentEntry]
    carried_from: Mapping[UUID, UUID]
    before: tuple[int, EvaluationContent] | None


def content_of(found: Counted) -> EvaluationContent:
    """Count a period. The same rows give the same content, whoever compiles."""
    year, after = until(found.year, end_of(found.period)), end_of(found.period)
    pledge = year.pledge
    return {
        "pledge_id": str(pledge.id),
        "name": pledge.name,
        "year": pledge.year,
        "period": found.period,
        "parties": sorted(found.names.get(one, "") for one in pledge.parties),
        "party_names": {str(one): found.names.get(one, "") for one in pledge.parties},
        "areas": [{"id": str(area.id), "name": area.name, "picture": area.picture} for area in found.areas],
        "commitments": [promised(found, year, one, after) for one in found.commitments],
        "authorities": authorities_of(found),
        "kinds": kinds_of(year.lines),
        "treatment": list(found.treatment),
    }


def until(year: YearOfPledge, after: date) -> YearOfPledge:
    """Return the year as it stood on a day: what was done before it, and nothing that anybody plans."""
    lines = [line for line in year.lines if line.on_date < after and line.state is not ActivityState.PLANNED]
    covered = {key: [seen_before(line, after) for line in lines] for key, lines in year.covered.items()}
    last = quarter_of(after - timedelta(days=1))
    returns = {
        key: Returns((), [one for one in found.told if one.quarter <= last]) for key, found in year.returns.items()
    }
    return YearOfPledge(year.pledge, lines, covered, after, returns)


def seen_before(line: PremisesLine, after: date) -> PremisesLine:
    """Return a premises as it stood on a day."""
    seen = line.seen_on if line.seen_on is not None and line.seen_on < after else None
    return replace(line, seen_on=seen, planned_on=None)


def promised(found: Counted, year: YearOfPledge, one: CommitmentLine, after: date) -> CommitmentEntry:
    """Count one promise."""
    if one.done_on is not None and one.done_on >= after:
        one = replace(one, done_on=None)
    numbers = numbers_of(year, one)
    counted = numbers.base
    if one.form is CommitmentForm.SHARE:
        counted = sum(line.guest_led or line.authority_id != one.not_led_by for line in lines_behind(year, one))
    entry: CommitmentEntry = {
        "id": str(one.id),
        "area_id": str(one.focus_area_id),
        "text": one.text,
        "form": one.form.value,
        "counts": one.counts.value,
        "fields": sorted(one.fields),
        "least": one.least,
        "whole": one.whole,
        "permit_kind": one.permit_kind.value if one.permit_kind else None,
        "not_led_by": found.names.get(one.not_led_by, "") if one.not_led_by else None,
        "hot_spot_id": str(one.hot_spot_id) if one.hot_spot_id else None,
        "within_days": one.within_days,
        "serious": one.serious,
        "by_on": one.by_on.isoformat() if one.by_on else None,
        "promised": numbers.promised,
        "done": numbers.done,
        "quarters": list(numbers.quarters),
        "base": numbers.base,
        "counted": counted,
        "pace": numbers.pace.value,
        "not_done_reason": one.not_done_reason,
        "carried_on": one.carried_to_id is not None,
        "before": None,
    }
    entry["before"] = before_of(found, entry, found.carried_from.get(one.id))
    return entry


def before_of(found: Counted, entry: CommitmentEntry, carried_from: UUID | None) -> BeforeEntry | None:
    """Return what was promised and done a year before: of the promise it carries on, else of one that counts the same,
    else of one in the same words; with what differs in what they count.
    """
    if found.before is None:
        return None
    version, content = found.before
    candidates = content["commitments"]
    one = next((each for each in candidates if each["id"] == str(carried_from)), None)
    if one is None:
        areas = {area["id"]: area["name"] for area in content["areas"]}
        mine = next((area.name for area in found.areas if str(area.id) == entry["area_id"]), "")
        alike = [each for each in candidates if not differs(each, entry)]
        alike = [each for each in alike if each["whole"] or areas.get(each["area_id"]) == mine]
        same_words = [each for each in candidates if each["text"] == entry["text"]]
        one = alike[0] if len(alike) == 1 else next(iter([*same_words, *alike]), None)
    if one is None:
        return None
    return {
        "id": one["id"],
        "period": content["period"],
        "version": version,
        "text": one["text"],
        "promised": one["promised"],
        "done": one["done"],
        "differs": differs(one, entry),
    }


def differs(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return the names of what two promises count otherwise."""
    return [name for name in DEFINES if one[name] != other[name]]


def authorities_of(found: Counted) -> list[AuthorityEntry]:
    """Return what each member handed in, by name, and who was one; quarters after the period are left out."""
    last = int(found.period[-1]) if "-" in found.period else len(QUARTERS)
    who = dict.fromkeys([*found.members, *(line.authority_id for line in found.tallies)])
    lines: dict[UUID, AuthorityEntry] = {
        one: {
            "id": str(one),
            "name": found.names.get(one, ""),
            "visits": list(NO_QUARTERS),
            "joint": list(NO_QUARTERS),
        }
        for one in who
    }
    for line in found.tallies:
        at = int(line.quarter[-1])
        if line.dimension or at > last:
            continue
        entry = lines[line.authority_id]
        if line.measure == Measure.VISITS:
            entry["visits"][at - 1] = line.n
        elif line.measure == Measure.JOINT_VISITS:
            entry["joint"][at - 1] = line.n
    return sorted(lines.values(), key=lambda entry: (entry["name"], entry["id"]))


def called_off(lines: Iterable[ActivityLine]) -> int:
    """Return how many were called off."""
    return sum(line.state is ActivityState.CANCELLED for line in lines)


def kinds_of(lines: Iterable[ActivityLine]) -> list[KindEntry]:
    """Return what was done of each kind; an operation where no visit was done is none."""
    found = list(lines)
    entries: list[KindEntry] = []
    for kind in ActivityKind:
        mine = [line for line in found if line.kind is kind]
        done = [line for line in mine if line.state is ActivityState.DONE]
        done = [line for line in done if line.visits or kind is not ActivityKind.OPERATION]
        joint = [line for line in done if line.together > 1]
        entries.append(
            {
                "kind": kind.value,
                "done": list(by_quarter(Counter(quarter_of(line.on_date) for line in done))),
                "joint": list(by_quarter(Counter(quarter_of(line.on_date) for line in joint))),
                "cancelled": None if kind is ActivityKind.OPERATION else called_off(mine),
            }
        )
    return entries
