"""What a viewer may do with an operation as it stands: which forms a page shows. The services ask again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from samsyn.core.viewer import Viewer
from samsyn.findings.rules import WRITERS
from samsyn.lifecycle.rules import FIELD_STEPS
from samsyn.operations.queries import OperationCard, PartCard, PersonLine, VisitLine
from samsyn.operations.rules import (
    AFTERWARDS,
    BEFORE_ONGOING,
    ENDED,
    TOLD,
    AssignmentState,
    OperationState,
    VisitState,
)
from samsyn.outcomes.rules import WRITABLE
from samsyn.purchases.service import may_note

OPEN: Final = BEFORE_ONGOING | {OperationState.ONGOING}
PURCHASES: Final = frozenset(OperationState) - BEFORE_ONGOING - {OperationState.CANCELLED}
"""In which states test purchases are written down: from its start on."""


@dataclass(frozen=True, slots=True)
class May:
    """Answers for one viewer and one operation; ``stewarded``: authorities that the viewer's own answers for."""

    viewer: Viewer
    operation: OperationCard
    stewarded: frozenset[UUID] = frozenset()

    @property
    def leads(self) -> bool:
        """Say whether the viewer's authority leads."""
        return self.operation.lead_id == self.viewer.authority_id

    @property
    def plans(self) -> bool:
        """Say whether the viewer is a planner."""
        return "planner" in self.viewer.roles

    @property
    def arranges(self) -> bool:
        """Say whether meeting and time may be changed."""
        return self.leads and self.plans and self.operation.state in BEFORE_ONGOING

    @property
    def adds(self) -> bool:
        """Say whether visits, questions and authorities may be added or withdrawn."""
        return self.leads and self.plans and self.operation.state in OPEN

    @property
    def hands_over(self) -> bool:
        """Say whether another authority may be given the lead: until all is reported."""
        return self.leads and self.plans and self.operation.state in OPEN | {OperationState.DONE}

    @property
    def enters(self) -> bool:
        """Say whether refused entries and requests for help are read or written at its visits."""
        open_now = self.operation.state in AFTERWARDS | {OperationState.ONGOING}
        return open_now and bool(self.viewer.roles & WRITERS)

    @property
    def reorders(self) -> bool:
        """Say whether visits may change places: the lead's planner, or while it goes on the lead person on site."""
        on_site = self.viewer.person_id is not None and self.viewer.person_id == self.operation.lead_person_id
        going = self.operation.state is OperationState.ONGOING
        return self.leads and self.operation.state in OPEN and (self.plans or (going and on_site))

    @property
    def speaks(self) -> bool:
        """Say whether the viewer may write to the others about the plan."""
        return bool(self.viewer.roles & {"planner", "inspector", "decider"}) and self.operation.state not in ENDED

    def go(self, to: OperationState | None) -> bool:
        """Say whether the viewer may ask for a step; the gate decides whether it is taken."""
        on_site = to in FIELD_STEPS and self.viewer.person_id == self.operation.lead_person_id
        return to is not None and self.leads and (self.plans or on_site)

    @property
    def stop(self) -> OperationState | None:
        """Return how the viewer may end it before its time: cancelled before it began, aborted after."""
        state = self.operation.state
        to = OperationState.CANCELLED if state in BEFORE_ONGOING else OperationState.ABORTED
        return to if state in OPEN and self.go(to) else None

    def ask(self, authority_id: UUID) -> bool:
        """Say whether people of an authority may be asked for."""
        mine = self.leads or authority_id == self.viewer.authority_id
        return self.plans and mine and self.operation.state in OPEN

    def answer(self, part: PartCard) -> bool:
        """Say whether the viewer may answer for the part's authority."""
        own = part.authority_id == self.viewer.authority_id or part.authority_id in self.stewarded
        role = bool(self.viewer.roles & {"planner", "decider", "inspector"})
        return own and role and self.operation.state in OPEN and not part.withdrawn and not part.handed_in

    def withdraw(self, part: PartCard) -> bool:
        """Say whether a question may be taken back."""
        return self.adds and not part.withdrawn and not part.handed_in

    def hand_in(self, part: PartCard) -> bool:
        """Say whether the own part may be handed in, or closed with nothing to report."""
        states = {OperationState.ONGOING, OperationState.DONE}
        role = bool(self.viewer.roles & {"planner", "decider", "inspector"})
        own = part.authority_id == self.viewer.authority_id and role
        open_part = not part.withdrawn and not part.handed_in and part.accepted is not False
        return own and open_part and self.operation.state in states

    def purchase(self, part: PartCard) -> bool:
        """Say whether test purchases may be written at a part."""
        return may_note(part, self.viewer.authority_id, self.viewer.roles) and self.operation.state in PURCHASES

    def write_to(self, part: PartCard, visits: Sequence[VisitLine]) -> bool:
        """Say whether the own authority may write to the business about a visit: once the visit has ended."""
        own = part.authority_id == self.viewer.authority_id and bool(self.viewer.roles & WRITERS)
        ended = any(one.id == part.visit_id and one.state is not VisitState.PLANNED for one in visits)
        return own and ended and not part.withdrawn and part.accepted is not False

    def outcome(self, part: PartCard) -> bool:
        """Say whether the part's outcomes may be read: the own one, from the operation's start on."""
        own = part.authority_id == self.viewer.authority_id and bool(self.viewer.roles & WRITERS)
        return own and self.operation.state in WRITABLE and not part.withdrawn

    def end(self, visit: VisitLine) -> bool:
        """Say whether a visit may be ended."""
        role = bool(self.viewer.roles & {"planner", "inspector", "decider"})
        going = self.operation.state is OperationState.ONGOING and visit.state is VisitState.PLANNED
        return self.leads and role and going

    @property
    def approve(self) -> bool:
        """Say whether the common part may be written."""
        states = {OperationState.DONE, OperationState.REPORTED}
        return self.leads and bool(self.viewer.roles & {"planner", "decider"}) and self.operation.state in states

    def close(self, closed: frozenset[UUID]) -> bool:
        """Say whether the own follow-ups may be reported as closed."""
        role = bool(self.viewer.roles & {"planner", "decider"})
        return role and self.operation.state is OperationState.COMPILED and self.viewer.authority_id not in closed

    def reply_for(self, person: PersonLine) -> bool:
        """Say whether the viewer may say yes or no: for oneself, or as planner for one of the own authority."""
        own = person.authority_id == self.viewer.authority_id
        mine = person.person_id == self.viewer.person_id or bool(self.viewer.roles & {"planner", "decider"})
        return own and mine and self.operation.state in OPEN and person.state is not AssignmentState.WITHDRAWN

    def let_go(self, person: PersonLine) -> bool:
        """Say whether a person may be withdrawn."""
        return self.ask(person.authority_id) and person.goes

    def remind(self, person: PersonLine) -> bool:
        """Say whether a person may be reminded of the answer: by who asks, and by the own planner."""
        own = self.leads or person.authority_id == self.viewer.authority_id
        return self.plans and own and self.operation.state in TOLD and person.state is AssignmentState.ASKED

    def remind_any(self, people: Sequence[PersonLine]) -> bool:
        """Say whether somebody is left to remind."""
        return any(self.remind(person) for person in people)

    def replace(self, person: PersonLine) -> bool:
        """Say whether a colleague may go instead: in one's own authority, where a person is asked or said no."""
        own = person.authority_id == self.viewer.authority_id
        return own and self.ask(person.authority_id) and person.state is not AssignmentState.WITHDRAWN
