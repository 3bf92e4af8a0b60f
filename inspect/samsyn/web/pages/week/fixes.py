"""What would mend a clash with one press: a colleague of the own authority who can at that time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from samsyn.access.queries import StaffLine
from samsyn.authorities.rules import Field
from samsyn.operations.queries import OperationCard
from samsyn.operations.queries.period import GoerLine
from samsyn.planning.clashes import Clash, ClashKind
from samsyn.planning.free_time import overlaps
from samsyn.planning.queries import WeekRead
from samsyn.planning.rules import Span
from samsyn.web.pages.week.cells import Fix
from samsyn.web.pages.week.naming import Names
from samsyn.web.shell import t

SWAPS = frozenset({ClashKind.LEAVE, ClashKind.SHIFT_ENDS, ClashKind.BUSY})


def fix_of(read: WeekRead, names: Names, operation: OperationCard, clashes: Sequence[Clash]) -> Fix | None:
    """Return the first proposal for an operation's clashes; nothing where nobody of one's own can help.

    Only a planner's own people are proposed: who goes for another authority is that authority's business (POLICIES).
    """
    for clash in clashes:
        if not read.plans or clash.authority_id is None or clash.authority_id != read.viewer.authority_id:
            continue
        if clash.kind in SWAPS and clash.person_id is not None:
            found = instead_of(read, operation, clash, clash.authority_id, clash.person_id)
            if found is not None:
                who = names.person(clash.person_id, clash.authority_id) or t("week.somebody").lower()
                words = t("week.act.swap", person=who, other=found.shown_name)
                whom = (("person_id", str(found.person_id)),)
                return Fix(f"/bookings/{clash.assignment_id}/replace", whom, words)
        if clash.kind is ClashKind.TOO_FEW and clash.have:
            when = (operation.starts_at, operation.ends_at)
            own = [one.id for one in read.units if one.authority_id == clash.authority_id]
            units = [clash.unit_id] if clash.unit_id else own
            found = first_free(read, operation, clash.authority_id, units, when)
            if found is not None:
                police = names.field(clash.authority_id, found.unit_id) is Field.POLICE
                fields = (
                    ("authority_id", str(clash.authority_id)),
                    ("person_id", str(found.person_id)),
                    ("role", "police" if police else "inspector"),
                )
                words = t("week.act.ask_one", other=found.shown_name)
                return Fix(f"/operations/{operation.id}/people/new", fields, words)
    return None


def goer_of(read: WeekRead, operation: OperationCard, person_id: UUID, authority_id: UUID) -> GoerLine | None:
    """Return the person's place in an operation."""
    mine = read.goers.get(operation.id, ())
    return next((one for one in mine if one.person_id == person_id and one.authority_id == authority_id), None)


def instead_of(
    read: WeekRead, operation: OperationCard, clash: Clash, authority_id: UUID, person_id: UUID
) -> StaffLine | None:
    """Return a colleague of the same unit who can for as long as the person was to go."""
    goer, place = goer_of(read, operation, person_id, authority_id), read.place_of.get((person_id, authority_id))
    if goer is None or place is None or clash.assignment_id is None:
        return None
    return first_free(read, operation, authority_id, [place.unit_id], (goer.starts_at, goer.ends_at))


def first_free(
    read: WeekRead, operation: OperationCard, authority_id: UUID, units: Collection[UUID], when: Span
) -> StaffLine | None:
    """Return the first of some units by name who does not go yet, has what is asked for and is free."""
    going = {one.person_id for one in read.goers.get(operation.id, ())}
    asked = [one for one in read.asked.get(operation.id, ()) if one.authority_id == authority_id]
    wanted = {code for one in asked if one.unit_id is None or one.unit_id in units for code in one.competences}
    able = [
        one
        for unit in units
        for one in read.people.get(unit, ())
        if one.person_id not in going
        and wanted <= set(one.competences)
        and (one.until_on is None or one.until_on >= when[1].date())
        and not any(overlaps(span, when) for span in read.busy(one.person_id))
    ]
    return min(able, key=lambda one: (one.shown_name, str(one.person_id)), default=None)
