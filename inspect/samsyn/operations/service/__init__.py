"""Every write of operations, split by use case."""

from samsyn.operations.service.answers import (
    AnswerPart,
    answer_part,
    declare_recusal,
    mark_handed_in,
    withdraw_part,
)
from samsyn.operations.service.moving import set_times
from samsyn.operations.service.order import PlanOrder, plan_order
from samsyn.operations.service.people import (
    AnswerAssignment,
    AskPerson,
    answer_assignment,
    ask_again,
    ask_person,
    release_assignment,
    withdraw_assignment,
)
from samsyn.operations.service.plan import (
    PlanMeeting,
    ProposeOperation,
    add_participation,
    hand_over_lead,
    plan_meeting,
    propose_operation,
    set_state,
)
from samsyn.operations.service.presence import NotePresence, evening_fault, note_presence, own_parts_at
from samsyn.operations.service.sequence import Way, move_visit
from samsyn.operations.service.talk import give_contact, post_message, take_back_contact
from samsyn.operations.service.teams import change_team, dissolve_team, form_team, join_team
from samsyn.operations.service.visits import AddVisit, AskPart, EndVisit, add_part, add_visit, end_visit, open_targets

__all__ = [
    "AddVisit",
    "AnswerAssignment",
    "AnswerPart",
    "AskPart",
    "AskPerson",
    "EndVisit",
    "NotePresence",
    "PlanMeeting",
    "PlanOrder",
    "ProposeOperation",
    "Way",
    "add_part",
    "add_participation",
    "add_visit",
    "answer_assignment",
    "answer_part",
    "ask_again",
    "ask_person",
    "change_team",
    "declare_recusal",
    "dissolve_team",
    "end_visit",
    "evening_fault",
    "form_team",
    "give_contact",
    "hand_over_lead",
    "join_team",
    "mark_handed_in",
    "move_visit",
    "note_presence",
    "open_targets",
    "own_parts_at",
    "plan_meeting",
    "plan_order",
    "post_message",
    "propose_operation",
    "release_assignment",
    "set_state",
    "set_times",
    "take_back_contact",
    "withdraw_assignment",
    "withdraw_part",
]
