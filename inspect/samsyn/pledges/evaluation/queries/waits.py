"""What waits for a party's planners: days that are over, years and quarters, operations of another year, remarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from samsyn.core.uow import UnitOfWork
from samsyn.pledges.evaluation.queries import looked_at_of
from samsyn.pledges.evaluation.rules import end_of, is_year, periods_of
from samsyn.pledges.queries.elsewhere import BACK
from samsyn.pledges.rules import PledgeState

# All of it at once: the start page asks for it beside some thirty other things (PERFORMANCE).
_WAITS: Final = text("""
  WITH mine AS (
    SELECT id, year, state FROM pledge
     WHERE removed_at IS NULL AND state <> 'draft' AND (SELECT me()) = ANY (parties) AND year IN (:year - 1, :year)),
  planning AS (
    SELECT person_id, unit_id FROM staff
     WHERE authority_id = (SELECT me()) AND roles @> '["planner"]' AND (until_on IS NULL OR until_on >= :today))
  SELECT
    (SELECT jsonb_agg(jsonb_build_array(a.id, a.title, extract(year FROM a.on_date)) ORDER BY a.on_date, a.id)
       FROM (SELECT id, title, on_date FROM activity
              WHERE authority_id = (SELECT me()) AND activity_kind <> 'operation' AND state = 'planned'
                AND on_date < :today ORDER BY on_date, id LIMIT 50) a) AS activities,
    (SELECT jsonb_agg(jsonb_build_array(m.id, m.code_word, m.year) ORDER BY m.starts_at, m.id)
       FROM (SELECT o.id, o.code_word, o.starts_at, p.year
               FROM operation_focus f JOIN focus_area a ON a.id = f.focus_area_id JOIN pledge p ON p.id = a.pledge_id
               JOIN operation o ON o.id = f.operation_id
              WHERE f.lead_id = (SELECT me()) AND o.starts_at >= :since AND o.state <> 'cancelled'
                AND p.removed_at IS NULL AND p.year <> extract(year FROM o.starts_at AT TIME ZONE 'Europe/Stockholm')
              ORDER BY o.starts_at, o.id LIMIT 50) m) AS elsewhere,
    (SELECT jsonb_agg(jsonb_build_array(x.id, x.place, extract(year FROM x.due_on)) ORDER BY x.due_on, x.id)
       FROM (SELECT r.id, r.place, r.due_on FROM remark r LEFT JOIN remark_answer a ON a.remark_id = r.id
              WHERE r.to_id = (SELECT me()) AND r.withdrawn_at IS NULL AND a.remark_id IS NULL
                AND (r.to_unit_id IN (SELECT unit_id FROM planning WHERE person_id = :person)
                     OR r.to_unit_id NOT IN (SELECT unit_id FROM planning))
              ORDER BY r.due_on, r.id LIMIT 50) x) AS remarks,
    (SELECT jsonb_agg(jsonb_build_array(m.id, m.year) ORDER BY m.year DESC, m.id) FROM mine m
      WHERE m.state = :in_force) AS in_force,
    (SELECT jsonb_agg(jsonb_build_array(e.id, e.pledge_id, e.period, e.version, e.digest)
                      ORDER BY e.period, e.version, e.id)
       FROM evaluation e JOIN mine m ON m.id = e.pledge_id WHERE e.digest IS NOT NULL) AS compiled,
    (SELECT jsonb_agg(jsonb_build_array(x.evaluation_id, x.digest))
       FROM evaluation_approval x JOIN mine m ON m.id = x.pledge_id WHERE x.authority_id = (SELECT me())) AS approved,
    (SELECT jsonb_agg(jsonb_build_array(x.pledge_id, x.period, x.subject_id, x.evaluation_version, x.version, x.text)
                      ORDER BY x.version)
       FROM evaluation_text x JOIN mine m ON m.id = x.pledge_id) AS said""")


class Promised(StrEnum):
    """What is waited for; the words and the button belong to the page."""

    ACTIVITY = "activity"
    APPROVE = "approve"
    COMPILE = "compile"
    ELSEWHERE = "elsewhere"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class PromisedWait:
    """One thing: ``subject`` is what is to be opened; ``name``: its title, period, word or place."""

    waits: Promised
    subject: UUID
    name: str
    year: int


def waits_of_party(uow: UnitOfWork) -> list[PromisedWait]:
    """Return what the own authority's planners are to do for its pledges, in one statement.

    A remark on the environment waits for the planners of the unit that it asks; for all where that has none.
    """
    if "planner" not in uow.viewer.roles:
        return []
    given = {
        "person": uow.viewer.person_id,
        "today": uow.today,
        "year": uow.today.year,
        "since": uow.now - BACK,
        "in_force": PledgeState.IN_FORCE.value,
    }
    found = uow.session.execute(_WAITS, given).one()
    return [
        *(PromisedWait(Promised.ACTIVITY, UUID(key), title, year) for key, title, year in found.activities or ()),
        *(PromisedWait(Promised.ELSEWHERE, UUID(key), word, year) for key, word, year in found.elsewhere or ()),
        *(PromisedWait(Promised.REMARK, UUID(key), place, year) for key, place, year in found.remarks or ()),
        *to_approve(found),
        *to_compile(uow, found),
    ]


def to_approve(found: Row[Any]) -> Iterator[PromisedWait]:
    """Yield the newest compilation of each period that the authority has not approved with just its texts of now."""
    approved = {(key, digest) for key, digest in found.approved or ()}
    newest = {(pledge, period): (key, version, digest) for key, pledge, period, version, digest in found.compiled or ()}
    for (pledge, period), (key, version, digest) in newest.items():
        texts = texts_beside(found.said or (), pledge, period, version)
        if (key, looked_at_of(digest, texts)) not in approved:
            yield PromisedWait(Promised.APPROVE, UUID(key), period, int(period[:4]))


def texts_beside(said: Sequence[Any], pledge: str, period: str, version: int) -> dict[UUID, tuple[int, str]]:
    """Return the latest text of each subject that was written at a compilation, or at one before it."""
    return {
        UUID(subject): (n, words)
        for of, when, subject, at, n, words in said
        if (of, when) == (pledge, period) and at <= version
    }


def to_compile(uow: UnitOfWork, found: Row[Any]) -> Iterator[PromisedWait]:
    """Yield the periods of pledges in force that are over and that nobody compiled; of a year that is over itself."""
    has = {(pledge, period) for _, pledge, period, _, _ in found.compiled or ()}
    for pledge, year in found.in_force or ():
        over = [period for period in periods_of(year) if end_of(period) <= uow.today]
        for period in [one for one in over if is_year(one)] or over:
            if (pledge, period) not in has:
                yield PromisedWait(Promised.COMPILE, UUID(pledge), period, year)
