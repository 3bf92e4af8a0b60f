"""Whatever happens to an operation, each person gets exactly the messages that are theirs (CALENDARS 4.6 to 4.9)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from samsyn.core.errors import GateClosedError
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.service import Reschedule, ask_for_person, change_meeting, let_go, reschedule
from samsyn.operations.queries import PersonLine, get_operation, people_of
from samsyn.operations.rules import AssignmentState, OperationState
from samsyn.operations.service import AnswerAssignment, AskPerson, PlanMeeting, answer_assignment
from tests.calendars.box import Box, Mail, open_box
from tests.calendars.box import settings as tasks_settings
from tests.calendars.sending import send
from tests.factories import START, Town, hours
from tests.interop.wire import mail_faults, successor_faults
from tests.lifecycle.walk import Walk, walk_to

STEPS = ("time", "place", "add", "remove", "yes", "no")


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Box]:
    with open_box() as box, tasks_settings(monkeypatch, folder, f"smtp://127.0.0.1:{box.port}"):
        yield box


@dataclass
class Life:
    """One operation of three authorities, what each person got, and who holds an invitation."""

    town: Town
    walk: Walk
    box: Box
    steps: int = 0
    got: dict[UUID, list[Mail]] = field(default_factory=dict)
    holding: set[UUID] = field(default_factory=set)

    def people(self) -> dict[UUID, PersonLine]:
        with unit_of_work(self.town.planner(self.town.police)) as uow:
            return {p.person_id: p for p in people_of(uow, self.walk.operation) if p.goes}

    def mails(self) -> dict[UUID, list[Mail]]:
        """Send all that waits; what each person got of it."""
        self.box.got.clear()
        for office in self.town.offices:
            send(office)
        everybody = {person for office in self.town.offices for person in (*office.inspectors, office.planner)}
        new = {person: mails for person in everybody if (mails := self.box.to(person))}
        assert sum(map(len, new.values())) == len(self.box.got), "a mail to somebody else"
        return new

    def expect(self, kind: str, people: set[UUID]) -> None:
        """Exactly these people got one message each of the kind, with the same UID, a greater SEQUENCE and stamp."""
        new = self.mails()
        assert {person: len(mails) for person, mails in new.items()} == dict.fromkeys(people, 1)
        for person, (mail,) in new.items():
            subject = f"Samsyn: Insats {self.code_word()}"
            assert mail_faults(mail.content, kind, subject) == []
            before = self.got.setdefault(person, [])
            if before:
                assert successor_faults(before[-1].content, mail.content) == []
            else:
                assert int(mail.event["SEQUENCE"]) == 0
            before.append(mail)
        self.holding = self.holding | people if kind == "REQUEST" else self.holding - people

    def code_word(self) -> str:
        with unit_of_work(self.town.planner(self.town.police)) as uow:
            return get_operation(uow, self.walk.operation).code_word

    def do(self, step: str) -> None:
        self.steps += 1
        before = self.people()
        getattr(self, step)(before)

    def end(self) -> None:
        """Call off what is left, unheard."""
        with suppress(GateClosedError):
            self.walk.move(self.town, OperationState.CANCELLED)
        self.mails()

    def time(self, before: dict[UUID, PersonLine]) -> None:
        with unit_of_work(self.town.planner(self.town.police)) as uow:
            now = get_operation(uow, self.walk.operation)
            reschedule(uow, Reschedule(self.walk.operation, now.starts_at + hours(0.25), now.version))
        assert {p.state for p in self.people().values()} <= {AssignmentState.ASKED}, "all are asked again"
        self.expect("REQUEST", set(before) & self.holding)

    def place(self, before: dict[UUID, PersonLine]) -> None:
        with unit_of_work(self.town.planner(self.town.police)) as uow:
            now = get_operation(uow, self.walk.operation)
            assert now.meets_at is not None
            assert now.lead_person_id is not None
            where = f"Polishuset, plan {self.steps + 2}"
            change_meeting(uow, PlanMeeting(self.walk.operation, now.meets_at, where, now.lead_person_id, now.version))
        assert {k: p.state for k, p in self.people().items()} == {k: p.state for k, p in before.items()}
        self.expect("REQUEST", set(before) & self.holding)

    def add(self, before: dict[UUID, PersonLine]) -> None:
        office = self.town.tobacco
        free = [person for person in office.inspectors if person not in before]
        if free:
            with unit_of_work(self.town.planner(self.town.police)) as uow:
                ask_for_person(uow, AskPerson(self.walk.operation, office.id, free[0]))
        # before the plan is settled anew nobody who does not know is invited: it waits for "invite"
        with unit_of_work(self.town.planner(self.town.police)) as uow:
            told = get_operation(uow, self.walk.operation).state is OperationState.INVITED
        self.expect("REQUEST", {free[0]} if free and told else set())

    def remove(self, before: dict[UUID, PersonLine]) -> None:
        others = sorted(
            (p for p in before.values() if p.authority_id != self.town.police.id), key=lambda p: p.person_id
        )
        if len(others) < 2:
            return
        with unit_of_work(self.town.planner(self.town.police)) as uow:
            let_go(uow, others[0].assignment_id)
        self.expect("REMOVED", {others[0].person_id} & self.holding)

    def answer(self, before: dict[UUID, PersonLine], *, accepted: bool) -> None:
        invited = sorted((p for p in before.values() if p.person_id in self.holding), key=lambda p: p.person_id)
        if not invited:
            return
        one = invited[0]
        office = next(o for o in self.town.offices if o.id == one.authority_id)
        with unit_of_work(self.town.planner(office)) as uow:
            answer_assignment(uow, AnswerAssignment(one.assignment_id, accepted))
        self.expect("REQUEST", set())

    def yes(self, before: dict[UUID, PersonLine]) -> None:
        self.answer(before, accepted=True)

    def no(self, before: dict[UUID, PersonLine]) -> None:
        self.answer(before, accepted=False)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(steps=["no", "add", "place", "remove", "add", "time", "add", "place"], day=0)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=6), day=st.integers(0, 200))
def test_each_change_is_told_to_whom_it_touches_and_to_nobody_else(
    town: Town, box: Box, steps: list[str], day: int
) -> None:
    life = Life(town, walk_to(town, OperationState.INVITED, starts_at=START + timedelta(days=day)), box)
    try:
        life.expect("REQUEST", set(life.people()))
        for step in steps:
            life.do(step)
        life.walk.move(town, OperationState.CANCELLED)
        life.expect("CANCEL", set(life.holding))
    except BaseException:  # what is left of a failure must not meet the next example
        life.end()
        raise
