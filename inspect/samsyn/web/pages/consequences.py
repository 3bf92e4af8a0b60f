"""What a dialogue says will happen, in numbers, before somebody presses its button."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from samsyn.calendars.queries import invited_people
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import OperationCard, people_of, visits_of
from samsyn.operations.rules import TOLD, AssignmentState, OperationState
from samsyn.web.house import house
from samsyn.web.shell import t


@dataclass(frozen=True, slots=True)
class Affected:
    """Whom a change reaches: ``holding`` an invitation, of those ``going``; ``goers`` whose time is held; visits."""

    holding: int
    going: int
    goers: int
    visits: int


def affected(uow: UnitOfWork, operation_id: UUID) -> Affected:
    """Count whom and what a change of the operation reaches; four statements."""
    hold = invited_people(uow, operation_id)
    goers = [person for person in people_of(uow, operation_id) if person.goes]
    going = sum(person.person_id in hold for person in goers)
    return Affected(len(hold), going, len(goers), len(visits_of(uow, operation_id)))


def counted(key: str, n: int) -> str:
    """Return a sentence about one or several."""
    return t(f"operation.says.{key}_one") if n == 1 else t(f"operation.says.{key}_n", n=n)


def undo_says(told: int) -> list[str]:
    """Say that there is time to take it back, where something would leave the house."""
    seconds = house().settings.undo_seconds
    return [t("operation.says.undo", n=round(seconds))] if told and seconds > 0 else []


def says_of_move(operation: OperationCard, found: Affected) -> list[str]:
    """Say what moving an operation does."""
    told = [counted("told", found.going)] if found.going else [t("operation.says.told_none")]
    held = [t("operation.says.held", n=found.goers)] if found.goers else []
    back = [t("operation.says.state")] if operation.state in TOLD else []
    return [*told, *held, t("operation.says.visits", n=found.visits), *back, *undo_says(found.going)]


def says_of_stop(to: OperationState, found: Affected) -> list[str]:
    """Say what calling off does; breaking off what goes on tells nobody."""
    if to is not OperationState.CANCELLED:
        return []
    told = [counted("cancel", found.holding)] if found.holding else [t("operation.says.told_none")]
    return [*told, t("operation.says.free", n=found.goers), *undo_says(found.holding)]


def says_of_meeting(found: Affected) -> list[str]:
    """Say what setting the meeting does."""
    if not found.going:
        return [t("operation.says.told_none")]
    return [counted("meeting_told", found.going), t("operation.says.meeting_again"), *undo_says(found.going)]


def says_of_quorum(uow: UnitOfWork, operation: OperationCard, authority_id: UUID) -> list[str]:
    """Say how many have said yes, and what a higher wish does to an operation that is confirmed."""
    people = [one for one in people_of(uow, operation.id) if one.authority_id == authority_id]
    yes = sum(one.state is AssignmentState.ACCEPTED for one in people)
    danger = [t("operation.says.quorum_danger")] if operation.state is OperationState.CONFIRMED else []
    return [t("operation.says.quorum_now", n=yes), *danger]
