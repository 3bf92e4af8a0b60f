"""What stands on the operation order, put together from the operation as its reader sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from samsyn.authorities.rules import Field
from samsyn.operations.queries import PersonLine, TargetLine, VisitLine
from samsyn.operations.rules import AssignmentState
from samsyn.web.pages.operation_view import OperationView
from samsyn.web.shell import t


@dataclass(frozen=True, slots=True)
class Task:
    """What one authority does at a visit: its square, its name, basis and role in a line."""

    field: Field | None
    authority: str
    says: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit on the sheet; ``closes``: when the business shuts, ``shut``: it is not open at that time."""

    n: int
    visit: VisitLine
    target: TargetLine | None
    teams: tuple[str, ...]
    closes: datetime | None
    shut: bool
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Crew:
    """People who go together; the visits by their numbers, none where they go to all."""

    name: str
    visits: tuple[int, ...]
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole sheet."""

    stops: tuple[Stop, ...]
    crews: tuple[Crew, ...]


def sheet_of(view: OperationView) -> Sheet:
    """Return the visits in their order and the people by their team, the lead person first."""
    return Sheet(tuple(stop_of(view, n, visit) for n, visit in enumerate(view.seen.visits, 1)), tuple(crews_of(view)))


def stop_of(view: OperationView, n: int, visit: VisitLine) -> Stop:
    """Put one visit together."""
    closes = view.closes(visit)
    tasks = []
    for part in view.parts_at(visit.id):
        if not part.withdrawn and part.accepted is not False:
            role = t(f"operations.police_role.{part.police_role}") if part.police_role else ""
            notice = {True: t("operations.page.announced"), False: t("operations.page.unannounced"), None: ""}
            unit = view.unit(part.unit_id) if view.many_units(part.authority_id) else ""
            says = [unit, role, part.legal_basis or "", notice[part.announced]]
            name = view.name(part.authority_id)
            tasks.append(Task(part.field, name, ". ".join(one for one in says if one and one != name)))
    return Stop(
        n=n,
        visit=visit,
        target=view.seen.targets.get(visit.id),
        teams=tuple(view.teams_at(visit.id)),
        closes=closes,
        shut=closes is None and view.knows_hours(visit),
        tasks=tuple(tasks),
    )


def crews_of(view: OperationView) -> list[Crew]:
    """Return the teams with their people, and those who go to every visit."""
    goers = sorted((p for p in view.seen.people if p.goes), key=lambda one: order_of_person(view, one))
    crews, placed = [], set()
    for team in view.teams:
        people = tuple(one for one in goers if one.assignment_id in team.assignment_ids)
        placed |= {one.assignment_id for one in people}
        if people or team.visit_ids:
            numbers = tuple(sorted(n for n in map(view.number, team.visit_ids) if n))
            crews.append(Crew(team.name, numbers, people))
    rest = tuple(one for one in goers if one.assignment_id not in placed)
    return [*crews, Crew("", (), rest)] if rest else crews


def order_of_person(view: OperationView, person: PersonLine) -> tuple[bool, bool, str, str, str]:
    """Sort the lead person first, then who said yes, then by authority and name."""
    leads = person.person_id == view.seen.operation.lead_person_id
    silent = person.state is not AssignmentState.ACCEPTED
    return (not leads, silent, view.name(person.authority_id), person.shown_name, str(person.assignment_id))
