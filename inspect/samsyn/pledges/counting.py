"""Count what was promised against what was done, from the lines that daily work leaves; and show those lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from samsyn.authorities.rules import Field
from samsyn.core.home import local_day
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.counted import ActivityLine, Numbers, PremisesLine, by_day, came_back, coverage, occasions, share
from samsyn.pledges.queries import CommitmentLine, PledgeLine
from samsyn.pledges.returns import Returns, Wanted, read_returns
from samsyn.pledges.rules import ActivityKind, ActivityState, CommitmentForm, PledgeState, gone

__all__ = [
    "ActivityLine",
    "Numbers",
    "PremisesLine",
    "YearOfPledge",
    "counts",
    "gone_of",
    "lines_behind",
    "numbers_of",
    "read_year",
]
MOST: Final = 5_000
"""Lines of a year that are looked at: some hundred times what the largest collaboration does."""

# A visit that jäv closes to the person leaves no trace for that person (FL 17 §, R13): neither a line nor a place.
# An operation that changed its lead may have a line of each: the last that was counted is it.
_DONE: Final = text("""
  SELECT * FROM (
    SELECT DISTINCT ON (coalesce(operation_id, id)) id, authority_id, focus_area_id, activity_kind, state, on_date,
         operation_id, hot_spot_id, title, authorities, guests, guest_led, together, fields, visits, reason,
         version
    FROM activity
   WHERE collaboration_id = :collaboration_id
   ORDER BY coalesce(operation_id, id), counted_at DESC, id) a
   WHERE on_date >= :first AND on_date < :after
     AND NOT EXISTS (SELECT 1 FROM recusal r
                      WHERE r.operation_id = a.operation_id AND r.person_id = (SELECT me_person()))
   ORDER BY on_date, id
   LIMIT :most""")
# Coming operations that the viewer takes part in, or leads; of others nothing is known, and nothing counted.
_PLANNED: Final = text("""
  SELECT o.id AS operation_id, f.focus_area_id, o.lead_id, o.starts_at,
         NOT EXISTS (SELECT 1 FROM collaboration_member m WHERE m.collaboration_id = o.collaboration_id
                        AND m.authority_id = o.lead_id AND m.left_on IS NULL) AS guest_led,
         (SELECT coalesce(array_agg(DISTINCT p.authority_id), '{}') FROM visit_part p
           WHERE p.operation_id = o.id AND p.withdrawn_at IS NULL) AS authorities,
         (SELECT coalesce(max(x.n), 0) FROM (SELECT count(DISTINCT p.authority_id) AS n FROM visit_part p
           WHERE p.operation_id = o.id AND p.withdrawn_at IS NULL GROUP BY p.visit_id) x) AS together,
         (SELECT coalesce(array_agg(DISTINCT u.field), '{}') FROM visit_part p
           JOIN unit u ON u.authority_id = p.authority_id AND (u.id = p.unit_id OR (p.unit_id IS NULL
                      AND (SELECT count(*) FROM unit x WHERE x.authority_id = p.authority_id) = 1))
           WHERE p.operation_id = o.id AND p.withdrawn_at IS NULL) AS fields
    FROM operation o LEFT JOIN operation_focus f ON f.operation_id = o.id
   WHERE o.collaboration_id = :collaboration_id
     AND o.state IN ('proposed', 'preparing', 'scheduled', 'invited', 'confirmed', 'ongoing')
     AND (o.starts_at AT TIME ZONE 'Europe/Stockholm')::date >= :first
     AND (o.starts_at AT TIME ZONE 'Europe/Stockholm')::date < :after
     AND NOT EXISTS (SELECT 1 FROM activity a WHERE a.operation_id = o.id AND a.visits > 0)
     AND NOT EXISTS (SELECT 1 FROM recusal r WHERE r.operation_id = o.id AND r.person_id = (SELECT me_person()))
   ORDER BY o.starts_at, o.id
   LIMIT :most""")
_COVERED: Final = text("""
  SELECT b.premises_id, b.business_id, r.name, r.address,
         (SELECT min(t.on_date) FROM visit_trace t
           WHERE t.premises_id = b.premises_id AND t.collaboration_id = :collaboration_id AND t.done
             AND t.on_date >= :first AND t.on_date < :after AND t.fields && CAST(:fields AS text[])
             AND NOT EXISTS (SELECT 1 FROM recusal r
                              WHERE r.visit_id = t.visit_id AND r.person_id = (SELECT me_person()))) AS seen_on,
         (SELECT min((v.starts_at AT TIME ZONE 'Europe/Stockholm')::date) FROM visit v
                   JOIN visit_target g ON g.visit_id = v.id
                   JOIN visit_part p ON p.visit_id = v.id AND p.withdrawn_at IS NULL
                   JOIN unit u ON u.authority_id = p.authority_id AND (u.id = p.unit_id OR (p.unit_id IS NULL
                             AND (SELECT count(*) FROM unit x WHERE x.authority_id = p.authority_id) = 1))
                   JOIN operation o ON o.id = v.operation_id
                  WHERE g.premises_id = b.premises_id AND v.state = 'planned'
                    AND o.state IN ('proposed', 'preparing', 'scheduled', 'invited', 'confirmed', 'ongoing')
                    AND u.field = ANY (CAST(:fields AS text[]))
                    AND (v.starts_at AT TIME ZONE 'Europe/Stockholm')::date >= greatest(CAST(:first AS date), :today)
                    AND (v.starts_at AT TIME ZONE 'Europe/Stockholm')::date < :after) AS planned_on
    FROM (SELECT b.premises_id, (array_agg(b.id ORDER BY b.id))[1] AS business_id
            FROM business b JOIN permit p ON p.business_id = b.id
           WHERE b.collaboration_id = :collaboration_id AND p.permit_kind = :permit_kind
             AND (p.valid_from IS NULL OR p.valid_from < :after) AND (p.valid_until IS NULL OR p.valid_until >= :first)
             AND b.during && daterange(:first, :after)
           GROUP BY b.premises_id) b
    JOIN premises r ON r.id = b.premises_id
   ORDER BY r.name, b.premises_id
   LIMIT :most""")


_KINDS: Final = {kind.value: kind for kind in ActivityKind}
_STATES: Final = {state.value: state for state in ActivityState}


@dataclass(frozen=True, slots=True)
class YearOfPledge:
    """What a year holds for one pledge, read once: all lines of its collaboration, and who was seen of each permit."""

    pledge: PledgeLine
    lines: Sequence[ActivityLine]
    covered: Mapping[UUID, Sequence[PremisesLine]]
    today: date
    returns: Mapping[UUID, Returns] = field(default_factory=dict)


def read_year(uow: UnitOfWork, pledge: PledgeLine, commitments: Iterable[CommitmentLine], today: date) -> YearOfPledge:
    """Read everything that a pledge's commitments count; two statements, and one or two for each coverage or return."""
    span = {"first": date(pledge.year, 1, 1), "after": date(pledge.year + 1, 1, 1), "most": MOST}
    within = {"collaboration_id": pledge.collaboration_id, **span}
    lines = [done_line(row) for row in uow.session.execute(_DONE, within)]
    lines += [planned_line(row) for row in uow.session.execute(_PLANNED, within)]
    covered: dict[UUID, Sequence[PremisesLine]] = {}
    returns: dict[UUID, Returns] = {}
    for one in commitments:
        if one.form is CommitmentForm.COVERAGE:
            wanted = {"permit_kind": one.permit_kind, "fields": sorted(one.fields), "today": today, **within}
            covered[one.id] = [PremisesLine(*row) for row in uow.session.execute(_COVERED, wanted)]
        if one.within_days is not None and pledge.state is not PledgeState.DRAFT:
            asked, party = Wanted(one.within_days, one.serious), uow.me in pledge.parties
            returns[one.id] = read_returns(uow, pledge, asked, today, party=party)
    return YearOfPledge(pledge, lines, covered, today, returns)


def gone_of(year: YearOfPledge) -> float:
    """Return how much of the pledge's year is over, 0 to 1."""
    return gone(year.pledge.year, year.today)


def numbers_of(year: YearOfPledge, one: CommitmentLine) -> Numbers:
    """Count one commitment. Pure: the same lines give the same numbers."""
    if one.form is CommitmentForm.COVERAGE:
        return coverage(year.covered.get(one.id, ()), year.pledge.year, year.today)
    if one.form is CommitmentForm.DATE:
        return by_day(one, year.today)
    if one.form is CommitmentForm.RETURN_VISIT:
        return came_back(year.returns.get(one.id, Returns()), year.today, gone_of(year))
    lines = lines_behind(year, one)
    if one.form is CommitmentForm.SHARE:
        return share(lines, one, year.pledge.year, year.today)
    return occasions(lines, one, year.pledge.year, year.today)


def lines_behind(year: YearOfPledge, one: CommitmentLine) -> list[ActivityLine]:
    """Return the lines that a commitment counts, by day: never what was called off."""
    found = [line for line in year.lines if counts(line, one)]
    return sorted(found, key=lambda line: (line.on_date, str(line.id)))


def counts(line: ActivityLine, one: CommitmentLine) -> bool:
    """Say whether a line is what a commitment is about. Joint is by who came to a visit together, never by a label."""
    if line.kind is not one.counts or line.state is ActivityState.CANCELLED:
        return False
    if line.kind is ActivityKind.OPERATION and line.state is ActivityState.DONE and not line.visits:
        return False
    if one.hot_spot_id is not None and line.hot_spot_id != one.hot_spot_id:
        return False
    if not one.whole and line.focus_area_id != one.focus_area_id:
        return False
    if line.together < one.least:
        return False
    return line.kind is not ActivityKind.OPERATION or one.fields <= line.fields


def done_line(row: Row[Any]) -> ActivityLine:
    """Return a row of ``activity``: some hundred of them are read for a page."""
    return ActivityLine(
        *(row.id, row.authority_id, row.focus_area_id, _KINDS[row.activity_kind], _STATES[row.state]),
        *(row.on_date, row.operation_id, row.hot_spot_id, row.title),
        frozenset(row.authorities),
        row.guests,
        row.guest_led,
        row.together,
        _fields(tuple(row.fields)),
        *(row.visits, row.reason, row.version),
    )


@cache
def _fields(names: tuple[str, ...]) -> frozenset[Field]:
    return frozenset(Field(name) for name in names)


def planned_line(row: Row[Any]) -> ActivityLine:
    """Return a coming operation as a line that is planned."""
    return ActivityLine(
        *(row.operation_id, row.lead_id, row.focus_area_id, ActivityKind.OPERATION, ActivityState.PLANNED),
        *(local_day(row.starts_at), row.operation_id, None, ""),
        frozenset(row.authorities),
        0,
        row.guest_led,
        row.together,
        frozenset(Field(one) for one in row.fields),
        *(0, None, 0),
    )
