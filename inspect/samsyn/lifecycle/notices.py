"""Who is told what beside the calendar: for each cause the people whose turn it is, and nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from samsyn.access.queries import people_of_unit, planners_of, staff_of
from samsyn.authorities.queries import is_spanning
from samsyn.calendars.queries import reminded_since
from samsyn.calendars.rules import NoticeKind
from samsyn.calendars.service import Tell, notify
from samsyn.core.errors import GateClosedError, NotAllowedError, NotFoundError, TooSoonError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import TASK
from samsyn.lifecycle.deadlines import hand_in_reminders
from samsyn.operations.queries import (
    OperationCard,
    PartCard,
    PersonLine,
    find_message,
    get_assignment,
    get_operation,
    get_part,
    participations,
    parts_of,
    people_of,
    visits_of,
)
from samsyn.operations.rules import TOLD, AssignmentState, OperationState
from samsyn.outcomes.queries import unfinished_one
from samsyn.places.queries.remarks import RemarkLine, get_remark

REMIND_HAND_IN: Final = "samsyn.lifecycle.remind_hand_in"
REMIND_ANSWERS: Final = "samsyn.lifecycle.remind_answers"
REMIND_EVERY: Final = timedelta(hours=4)
"""Nobody is reminded more often than this, whoever presses the button."""
MOST_STAFF: Final = 10_000
REMIND_AFTER: Final = timedelta(days=2)
"""After an invitation, who has not answered is reminded once by itself."""


def about(kind: NoticeKind, operation: OperationCard, subject_id: UUID, n: int | None = None) -> Tell:
    """Return a telling about an operation."""
    return Tell(kind, operation.id, operation.code_word, subject_id, n)


def tell_part_asked(uow: UnitOfWork, part_id: UUID) -> None:
    """As the lead: tell the planners of an authority that something is asked of it."""
    part = get_part(uow, part_id)
    if part.accepted is None and not part.withdrawn:
        tell = about(NoticeKind.PART_ASKED, get_operation(uow, part.operation_id), part_id)
        notify(uow, tell, planners_of(uow, {part.authority_id}))


def tell_part_answered(uow: UnitOfWork, part_id: UUID) -> None:
    """As the lead: tell the own planners that an authority has answered."""
    tell = about(NoticeKind.PART_ANSWERED, get_operation(uow, get_part(uow, part_id).operation_id), part_id)
    notify(uow, tell, planners_of(uow, {uow.me}))


def tell_declined(uow: UnitOfWork, assignment_id: UUID) -> None:
    """As the lead: tell the own planners that a person said no, unless that has changed again."""
    place = get_assignment(uow, assignment_id)
    if place.state is AssignmentState.DECLINED:
        tell = about(NoticeKind.PERSON_DECLINED, get_operation(uow, place.operation_id), assignment_id)
        notify(uow, tell, planners_of(uow, {uow.me}))


def tell_in_danger(uow: UnitOfWork, operation: OperationCard) -> None:
    """As the lead: tell the own planners that an operation has lost what it was confirmed on."""
    notify(uow, about(NoticeKind.IN_DANGER, operation, operation.id), planners_of(uow, {uow.me}))


def tell_message(uow: UnitOfWork, message_id: UUID) -> None:
    """As the writer's authority: tell the planners of all that take part that something was said about the plan."""
    message = find_message(uow, message_id)
    operation = get_operation(uow, message.operation_id)
    taking_part = {line.authority_id for line in participations(uow, operation.id) if not line.withdrawn}
    taking_part |= {operation.lead_id} | {part.authority_id for part in parts_of(uow, operation.id)}
    people = [one for one in planners_of(uow, taking_part) if one[0] != message.person_id]
    notify(uow, about(NoticeKind.MESSAGE, operation, message_id), people)


def tell_compiled(uow: UnitOfWork, operation_id: UUID) -> None:
    """As a reader's authority: tell the own planners that its dossiers of an operation are built."""
    operation = get_operation(uow, operation_id)
    notify(uow, about(NoticeKind.COMPILED, operation, operation_id), planners_of(uow, {uow.me}))


def tell_held_refused(uow: UnitOfWork, held_id: UUID, operation_id: UUID, maker: UUID, *, left: bool) -> None:
    """As the maker's authority: tell the maker, or for one who has left the planners, that nothing went out."""
    people = planners_of(uow, {uow.me}) if left else [(maker, uow.me)]
    notify(uow, about(NoticeKind.HELD_REFUSED, get_operation(uow, operation_id), held_id), people)


def tell_calendar_unread(uow: UnitOfWork, person_id: UUID) -> None:
    """As a person's authority: tell the person alone that the own calendar is fetched no more until something is done.

    Never which calendar, nor why: that stands on the person's own page.
    """
    notify(uow, Tell(NoticeKind.CALENDAR_UNREAD, None, "", person_id), [(person_id, uow.me)])


def tell_remark_asked(uow: UnitOfWork, remark_id: UUID) -> None:
    """As the asked authority: tell who mends in the asked unit that something is to be. Never what, where, or who asks.

    Of one that was taken back nobody is told anything, here and below.
    """
    one = standing_remark(uow, remark_id)
    if one is not None and one.to_id == uow.me:
        notify(uow, Tell(NoticeKind.REMARK_ASKED, None, "", remark_id, 1), menders_of(uow, one.unit_id))


def menders_of(uow: UnitOfWork, unit_id: UUID) -> list[tuple[UUID, UUID]]:
    """Return who sees to what an own unit is asked to mend: its planners, administrators or inspectors.

    The first of these that it has; the authority's planners where the unit has nobody who could answer.
    """
    unit = [one for one in staff_of(uow, {uow.me}, MOST_STAFF, able=False) if one.unit_id == unit_id]
    for role in ("planner", "unit_admin", "inspector"):
        if found := [(one.person_id, one.authority_id) for one in unit if role in one.roles]:
            return found
    return planners_of(uow, {uow.me})


def tell_remark_answered(uow: UnitOfWork, remark_id: UUID) -> None:
    """As the authority that asked: tell its planners that there is an answer, once for each."""
    one = standing_remark(uow, remark_id)
    if one is not None and one.from_id == uow.me and one.version:
        notify(uow, Tell(NoticeKind.REMARK_ANSWERED, None, "", remark_id, one.version), planners_of(uow, {uow.me}))


def standing_remark(uow: UnitOfWork, remark_id: UUID) -> RemarkLine | None:
    """Return a remark, or nothing where it was taken back."""
    try:
        return get_remark(uow, remark_id)
    except NotFoundError:
        return None


def remind_follow_up(uow: UnitOfWork, follow_up_id: UUID) -> None:
    """As an authority: tell the owner of a follow-up that it is due, unless it is finished or was put off.

    Never which, nor of what: the mail leads to the person's own list. Each day of one is told once.
    """
    line = unfinished_one(uow, follow_up_id)
    if line is not None and line.due_on <= uow.today:
        tell = Tell(NoticeKind.FOLLOW_UP_DUE, None, "", follow_up_id, line.due_on.toordinal())
        notify(uow, tell, [(line.owner_id, uow.me)])


def tell_help(uow: UnitOfWork, subject_id: UUID, kind: NoticeKind) -> None:
    """As one of the two authorities that a request for help is of, by its part: tell those who work with it now.

    What was queued before a part was its subject names the operation: the own parts of it are told of then.
    """
    try:
        parts = [get_part(uow, subject_id)]
    except NotFoundError:
        get_operation(uow, subject_id)
        own = [one for one in parts_of(uow, subject_id) if one.authority_id == uow.me and not one.withdrawn]
        parts = list({one.unit_id: one for one in own if one.accepted is not False}.values())
    for part in parts:
        tell_help_of_part(uow, part, kind)


def tell_help_of_part(uow: UnitOfWork, part: PartCard, kind: NoticeKind) -> None:
    """Tell those who work with a part now that help is asked for there, or answered.

    They are the own who are out and the planners of the part's unit: in an authority of many units the others may not
    read it, and in one of few it is not theirs. A unit without a planner has those of its authority. The notice is of
    no operation and of no request: nobody else learns from it that help is asked for, not even that of which operation.
    What is asked stands on the page, for who may read it.
    """
    going = [one for one in people_of(uow, part.operation_id) if one.goes and one.authority_id == uow.me]
    out = [(one.person_id, one.authority_id) for one in going if one.state is AssignmentState.ACCEPTED]
    planners, unit_id = planners_of(uow, {uow.me}), part.unit_id
    if unit_id is not None:
        unit = people_of_unit(uow, unit_id)
        planners = [one for one in planners if one[0] in unit] or planners
        if is_spanning(uow):
            out = [one for one in out if one[0] in unit]
    notify(uow, Tell(kind, None, "", part.id), [*out, *planners])


def plan_hand_in_reminders(uow: UnitOfWork, operation_id: UUID) -> None:
    """As the lead, when an operation is done: queue the reminders of every authority that takes part."""
    ended_at = max((v.ended_at for v in visits_of(uow, operation_id) if v.ended_at), default=uow.now)
    for morning in hand_in_reminders(ended_at):
        for line in participations(uow, operation_id):
            if not line.withdrawn and morning > uow.now:
                emit(uow, REMIND_HAND_IN, operation_id, acts_for=line.authority_id, after=morning - uow.now)


def remind_hand_in(uow: UnitOfWork, operation_id: UUID) -> None:
    """As an authority: remind who went, and the planners, if a part is still not handed in."""
    operation = get_operation(uow, operation_id)
    open_parts = [
        part
        for part in parts_of(uow, operation_id)
        if part.authority_id == uow.me and part.accepted is not False and not part.withdrawn and not part.handed_in
    ]
    if operation.state is OperationState.DONE and open_parts:
        went = [p for p in people_of(uow, operation_id) if p.authority_id == uow.me and p.goes]
        people = [(p.person_id, p.authority_id) for p in went if p.state is AssignmentState.ACCEPTED]
        tell = about(NoticeKind.HAND_IN_REMINDER, operation, operation_id)
        notify(uow, tell, [*people, *planners_of(uow, {uow.me})])


def plan_answer_reminder(uow: UnitOfWork, operation_id: UUID) -> None:
    """As the lead, when people were invited: queue a reminder, unless the meeting comes as soon."""
    at = uow.now + REMIND_AFTER
    if at < get_operation(uow, operation_id).begins_at:
        emit(uow, REMIND_ANSWERS, operation_id, acts_for=uow.me, after=REMIND_AFTER)


def remind_answers(uow: UnitOfWork, operation_id: UUID) -> int:
    """As the lead's worker: remind all who have not answered and were not reminded a moment ago."""
    operation = get_operation(uow, operation_id)
    if operation.state not in TOLD or operation.begins_at < uow.now:
        return 0
    return remind(uow, operation, waiting_for(uow, operation))


def remind_all(uow: UnitOfWork, operation_id: UUID) -> int:
    """Remind everybody who has not answered: of all authorities for the lead, of the own for the others.

    ``TooSoonError`` when nobody is left to remind, for example because all were a moment ago.
    """
    operation = demand_told(uow, operation_id)
    told = remind(uow, operation, waiting_for(uow, operation))
    if not told:
        raise TooSoonError("nobody to remind now")
    return told


def remind_person(uow: UnitOfWork, operation_id: UUID, assignment_id: UUID) -> None:
    """Remind one person of the answer, at most once in ``REMIND_EVERY``."""
    operation, place = get_operation(uow, operation_id), get_assignment(uow, assignment_id)
    if place.operation_id != operation_id or uow.me not in {operation.lead_id, place.authority_id}:
        raise NotFoundError("no such booking of yours")
    demand_told(uow, operation_id)
    if place.state is not AssignmentState.ASKED:
        raise GateClosedError("the person has answered", ("answered",))
    if not remind(uow, operation, [place]):
        raise TooSoonError("the person was reminded a moment ago")


def demand_told(uow: UnitOfWork, operation_id: UUID) -> OperationCard:
    """Return an operation whose people were invited, for a planner; refuse anything else."""
    operation = get_operation(uow, operation_id)
    if not uow.viewer.roles & {"planner", TASK}:
        raise NotAllowedError("only a planner reminds")
    if operation.state not in TOLD:
        raise GateClosedError(f"not while the operation is {operation.state}", ("state",))
    return operation


def waiting_for(uow: UnitOfWork, operation: OperationCard) -> list[PersonLine]:
    """Return who has not answered, as far as the viewer asks them."""
    people = [p for p in people_of(uow, operation.id) if p.state is AssignmentState.ASKED]
    return [p for p in people if uow.me in {operation.lead_id, p.authority_id}]


def remind(uow: UnitOfWork, operation: OperationCard, people: list[PersonLine]) -> int:
    """Write the reminders; the number of the time of day keeps two authorities from reminding one person twice."""
    lately = reminded_since(uow, [p.assignment_id for p in people], uow.now - REMIND_EVERY)
    told = 0
    for person in people:
        if person.assignment_id not in lately:
            tell = about(NoticeKind.ANSWER_REMINDER, operation, person.assignment_id, window(uow.now))
            told += notify(uow, tell, [(person.person_id, person.authority_id)])
    return told


def window(now: datetime) -> int:
    """Return the number of the four hours that a moment lies in."""
    return int(now.timestamp() // REMIND_EVERY.total_seconds())
