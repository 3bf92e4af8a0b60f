"""Write what is done for a pledge: activities that people type, and operations that their lead's worker counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text
from sqlalchemy.dialects.postgresql import insert as insert_or_change

from samsyn.audit.service import record
from samsyn.authorities.queries import members_of
from samsyn.core.errors import ChangedMeanwhileError, InvalidError, NotFoundError
from samsyn.core.home import local_day
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import get_operation
from samsyn.operations.service.plan import COUNT_OPERATION
from samsyn.pledges.models import Activity, FocusArea, OperationFocus, Pledge
from samsyn.pledges.rules import TYPED, ActivityKind, ActivityState
from samsyn.pledges.service.minutes import COUNT_TIME
from samsyn.pledges.service.promising import demand_planner, refuse, text_faults

# An occasion is an operation with a visit that was done; joint by how many came to one of those, never by a label.
# What it serves is told when no visit is to come any more: till then it would tell where the others go. Its lead counts
# it; a guest that leads is no member, and then the first of the members that take part does, and the line says so. Who
# was a member on the day is none that is a guest, also when it left since; a lead that left keeps its line as it was.
_FACTS: Final = text("""
  SELECT o.collaboration_id,
         CASE WHEN o.state <> 'ongoing' OR NOT bool_or(v.state = 'planned') THEN f.focus_area_id END AS focus_area_id,
         min(v.starts_at) FILTER (WHERE v.state = 'done') AS first_at, min(v.starts_at) AS planned_at,
         count(DISTINCT v.id) FILTER (WHERE v.state = 'done') AS visits,
         coalesce(array_agg(DISTINCT p.authority_id) FILTER (WHERE v.state = 'done' AND r.accepted
                                                             AND n.authority_id IS NOT NULL), '{}')
           AS authorities,
         coalesce(array_agg(DISTINCT u.field)
                  FILTER (WHERE v.state = 'done' AND r.accepted AND n.authority_id IS NOT NULL AND u.field IS NOT NULL),
                  '{}') AS fields,
         count(DISTINCT p.authority_id) FILTER (WHERE v.state = 'done' AND r.accepted AND n.authority_id IS NULL)
           AS guests, o.lead_id <> (SELECT me()) AS guest_led,
         (SELECT coalesce(max(x.n), 0)
            FROM (SELECT count(DISTINCT q.authority_id) AS n FROM visit w
                    JOIN visit_part q ON q.visit_id = w.id AND q.withdrawn_at IS NULL
                    JOIN part_answer s ON s.part_id = q.id AND s.accepted
                   WHERE w.operation_id = :operation_id AND w.state = 'done' GROUP BY w.id) x) AS together
    FROM operation o
    JOIN collaboration_member m ON m.collaboration_id = o.collaboration_id
         AND m.authority_id = (SELECT me()) AND m.left_on IS NULL
    JOIN visit v ON v.operation_id = o.id
    LEFT JOIN operation_focus f ON f.operation_id = o.id
    LEFT JOIN visit_part p ON p.visit_id = v.id AND p.withdrawn_at IS NULL
    LEFT JOIN part_answer r ON r.part_id = p.id
    LEFT JOIN collaboration_member n ON n.collaboration_id = o.collaboration_id
         AND n.authority_id = p.authority_id
         AND (n.left_on IS NULL OR n.left_on > (v.starts_at AT TIME ZONE 'Europe/Stockholm')::date)
    LEFT JOIN unit u ON u.authority_id = p.authority_id AND (u.id = p.unit_id OR (p.unit_id IS NULL
         AND (SELECT count(*) FROM unit x WHERE x.authority_id = p.authority_id) = 1))
   WHERE o.id = :operation_id AND (SELECT me()) = coalesce(
           (SELECT x.authority_id FROM collaboration_member x WHERE x.collaboration_id = o.collaboration_id
               AND x.authority_id = o.lead_id
               AND (x.left_on IS NULL OR EXISTS (SELECT 1 FROM activity a WHERE a.operation_id = o.id
                                                    AND a.authority_id = o.lead_id))),
           (SELECT x.authority_id FROM collaboration_member x JOIN visit_part q ON q.authority_id = x.authority_id
             WHERE x.collaboration_id = o.collaboration_id AND x.left_on IS NULL
               AND q.operation_id = o.id AND q.withdrawn_at IS NULL
             ORDER BY x.authority_id LIMIT 1))
   GROUP BY o.collaboration_id, o.state, o.lead_id, f.focus_area_id""")
OTHER_YEAR: Final = "choose an area of the day's year"
_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
_WRITE: Final = text("""
  INSERT INTO activity (id, collaboration_id, authority_id, focus_area_id, activity_kind, state, on_date, operation_id,
                        title, authorities, fields, guests, guest_led, together, visits, counted_at, version)
  SELECT :id, :collaboration_id, (SELECT me()), :focus_area_id, 'operation', 'done', :on_date, :operation_id, '',
         CAST(:authorities AS uuid[]), CAST(:fields AS text[]), :guests,
         :guest_led, :together, :visits, :now, 1
   WHERE :visits > 0 OR EXISTS (SELECT 1 FROM activity a
                                 WHERE a.authority_id = (SELECT me()) AND a.operation_id = :operation_id)
      ON CONFLICT (authority_id, operation_id) DO UPDATE
     SET focus_area_id = excluded.focus_area_id, on_date = excluded.on_date, authorities = excluded.authorities,
         fields = excluded.fields, guests = excluded.guests, guest_led = excluded.guest_led,
         together = excluded.together, visits = excluded.visits,
         counted_at = excluded.counted_at, version = activity.version + 1""")


@dataclass(frozen=True, slots=True)
class AddActivity:
    """A safety walk, a dialogue, a patrol and the like, on a day; done, or to be done."""

    collaboration_id: UUID
    kind: ActivityKind
    on_date: date
    title: str
    focus_area_id: UUID | None = None
    hot_spot_id: UUID | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class ChangeActivity:
    """That a planned activity was done, or was called off and why."""

    activity_id: UUID
    state: ActivityState
    seen_version: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class MoveActivity:
    """Another day, name or focus area of an own activity."""

    activity_id: UUID
    on_date: date
    title: str
    focus_area_id: UUID | None
    seen_version: int


def add_activity(uow: UnitOfWork, command: AddActivity) -> UUID:
    """Write an activity of the own authority; ``InvalidError`` names the field. Operations are never typed."""
    demand_planner(uow)
    faults = text_faults(title=command.title)
    if command.kind not in TYPED:
        faults["kind"] = ["operations count themselves"]
    if command.done and command.on_date > uow.today:
        faults["on_date"] = ["what is done is not in the future"]
    if command.focus_area_id is not None and year_of_area(uow, command.focus_area_id) != command.on_date.year:
        faults["focus_area_id"] = [OTHER_YEAR]
    refuse(faults)
    key = uuid4()
    uow.session.execute(
        insert(Activity).values(
            id=key,
            collaboration_id=command.collaboration_id,
            authority_id=uow.me,
            focus_area_id=command.focus_area_id,
            activity_kind=command.kind,
            state=ActivityState.DONE if command.done else ActivityState.PLANNED,
            on_date=command.on_date,
            hot_spot_id=command.hot_spot_id,
            title=command.title,
            authorities=[uow.me],
            fields=[],
            guests=0,
            guest_led=False,
            together=1,
            visits=0,
            counted_at=uow.now,
            version=1,
        )
    )
    record(uow, "activity.add", key)
    return key


def year_of_area(uow: UnitOfWork, focus_area_id: UUID) -> int | None:
    """Return the year of a focus area's pledge; nothing where it is hidden or absent."""
    of = select(Pledge.year).join(FocusArea, FocusArea.pledge_id == Pledge.id).where(FocusArea.id == focus_area_id)
    return uow.session.scalar(of)


def change_activity(uow: UnitOfWork, command: ChangeActivity) -> None:
    """Say how an own activity went; ``NotFoundError`` for others' and for operations, which count themselves."""
    row = own_activity(uow, command.activity_id, command.seen_version)
    called_off = command.state is ActivityState.CANCELLED
    faults = text_faults(reason=command.reason or "") if called_off else {}
    if command.state is ActivityState.DONE and row.on_date > uow.today:
        faults["state"] = ["what is done is not in the future"]
    refuse(faults)
    row.state, row.reason = command.state, command.reason if called_off else None
    changed(uow, row, "activity.change")


def move_activity(uow: UnitOfWork, command: MoveActivity) -> None:
    """Move or rename an own activity; its time is counted anew. ``InvalidError`` names the field.

    ``NotFoundError`` for others' and for operations, which have a plan of their own.
    """
    row = own_activity(uow, command.activity_id, command.seen_version)
    faults = text_faults(title=command.title)
    if row.state is ActivityState.DONE and command.on_date > uow.today:
        faults["on_date"] = ["what is done is not in the future"]
    if command.focus_area_id is not None and year_of_area(uow, command.focus_area_id) != command.on_date.year:
        faults["focus_area_id"] = [OTHER_YEAR]
    refuse(faults)
    row.on_date, row.title, row.focus_area_id = command.on_date, command.title, command.focus_area_id
    changed(uow, row, "activity.move")


def own_activity(uow: UnitOfWork, activity_id: UUID, seen_version: int) -> Activity:
    """Return an activity that the viewer may write, locked; raise where that is none, or not as it was seen."""
    demand_planner(uow)
    row = uow.session.get(Activity, activity_id, with_for_update=True)
    if row is None or row.authority_id != uow.me or row.activity_kind is ActivityKind.OPERATION:
        raise NotFoundError("no such activity of yours")
    if row.version != seen_version:
        raise ChangedMeanwhileError("somebody changed the activity")
    return row


def changed(uow: UnitOfWork, row: Activity, verb: str) -> None:
    """Note the change of an activity, and let each member count its time anew: each may have written some."""
    row.version, row.counted_at = row.version + 1, uow.now
    uow.session.flush()
    record(uow, verb, row.id)
    for member in members_of(uow, row.collaboration_id):
        emit(uow, COUNT_TIME, row.id, acts_for=member.id)


def choose_focus(uow: UnitOfWork, operation_id: UUID, focus_area_id: UUID | None) -> None:
    """Say which focus area an operation of the own lead serves; it is counted again by the worker.

    ``NotFoundError`` for an operation that another leads, and for a focus area of another collaboration.
    """
    demand_planner(uow)
    operation = get_operation(uow, operation_id)
    if operation.lead_id != uow.me:
        raise NotFoundError("no such operation of yours")
    area = None if focus_area_id is None else uow.session.get(FocusArea, focus_area_id)
    if focus_area_id is not None and (
        area is None or area.collaboration_id != operation.collaboration_id or area.removed_at
    ):
        raise InvalidError("no such focus area", fields={"focus_area_id": ["choose one of the collaboration's"]})
    values = {"lead_id": uow.me, "collaboration_id": operation.collaboration_id, "focus_area_id": focus_area_id}
    uow.session.execute(
        insert_or_change(OperationFocus)
        .values(operation_id=operation_id, **values)
        .on_conflict_do_update(index_elements=["operation_id"], set_=values)
    )
    record(uow, "operation.focus", operation_id)
    emit(uow, COUNT_OPERATION, operation_id, acts_for=operation.lead_id)


def count_operation(uow: UnitOfWork, operation_id: UUID) -> None:
    """Write what the own authority's operation counts as: its first done visit's day, who took part, how many visits.

    Always a recount: twice changes nothing, and where no visit is done any more the line says none. Nothing for an
    operation that another member leads, or outside the own collaborations; of one that a guest leads the first member
    that takes part writes it, under what its proposer said that it serves.
    """
    uow.session.execute(_ONE_AT_A_TIME, {"key": str(operation_id)})
    found = uow.session.execute(_FACTS, {"operation_id": operation_id}).one_or_none()
    if found is None:
        return
    uow.session.execute(
        _WRITE,
        {
            "id": uuid4(),
            "operation_id": operation_id,
            "collaboration_id": found.collaboration_id,
            "focus_area_id": found.focus_area_id,
            "on_date": local_day(found.first_at or found.planned_at),
            "authorities": sorted(found.authorities),
            "fields": sorted(found.fields),
            "guests": found.guests,
            "guest_led": found.guest_led,
            "together": found.together,
            "visits": found.visits,
            "now": uow.now,
        },
    )
