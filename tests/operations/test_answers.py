"""An authority answers for itself; a steward for one that has no account, and nothing else."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from samsyn.access.rules import Role
from samsyn.access.service import set_password, sign_in
from samsyn.authorities.rules import AuthorityKind, Field
from samsyn.authorities.service import (
    AddUnit,
    FoundAuthority,
    add_unit,
    become_steward,
    found_authority,
    join_collaboration,
)
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import get_part
from samsyn.operations.rules import OperationState, Summary
from samsyn.operations.service import AnswerPart, answer_part, mark_handed_in, withdraw_part
from tests.factories import ADMIN, Office, Town, make_person, take_in
from tests.operations.plans import Plan, propose, rows


def contact_of(town: Town) -> Office:
    """An authority of the collaboration in which nobody has an account yet."""
    authority, name = uuid4(), f"Räddningstjänsten {uuid4().hex[:8]}"
    viewer = Viewer(authority, None, ADMIN)
    with unit_of_work(viewer) as uow:
        found_authority(uow, FoundAuthority(name, AuthorityKind.FEDERATION))
        unit = add_unit(uow, AddUnit("Tillsyn", Field.FIRE))
    take_in(town, authority)
    with unit_of_work(viewer) as uow:
        join_collaboration(uow, town.collaboration)
    return Office(authority, unit, Field.FIRE, name, uuid4(), [])


def stewarded(town: Town) -> tuple[Plan, Office]:
    contact = contact_of(town)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        become_steward(uow, contact.id)
    return propose(town, [contact, town.tobacco, town.environment]), contact


def test_a_second_answer_replaces_the_first_and_must_have_seen_it(town: Town) -> None:
    plan, own = propose(town), town.planner(town.tobacco)
    plan.answer(own, town.tobacco)
    with pytest.raises(ChangedMeanwhileError):
        plan.answer(own, town.tobacco)
    plan.answer(town.inspector(town.tobacco), town.tobacco, seen=1, accepted=False)
    for viewer in (own, plan.planner, town.inspector(town.environment)):
        with unit_of_work(viewer) as uow:
            part = get_part(uow, plan.part(town.tobacco))
        assert (part.accepted, part.legal_basis, part.version) == (False, "LTLP 7:18", 2)


def test_two_answers_at_once_leave_one(town: Town) -> None:
    plan, own = propose(town), town.planner(town.tobacco)
    plan.answer(own, town.tobacco)
    with pytest.raises(ChangedMeanwhileError):
        answer_after_another(plan, own)
    with unit_of_work(own) as uow:
        assert get_part(uow, plan.part(town.tobacco)).legal_basis == "LTLP 7:18"


def answer_after_another(plan: Plan, own: Viewer) -> None:
    """Answer in a transaction that read the part before somebody else answered it."""
    office = plan.town.tobacco
    with unit_of_work(own) as uow:
        get_part(uow, plan.part(office))
        plan.answer(own, office, seen=1, accepted=False)
        answer_part(uow, AnswerPart(plan.part(office), True, "annan grund", seen_version=1))


def test_nobody_else_answers_and_not_every_role(town: Town) -> None:
    plan = propose(town)
    for viewer in (plan.planner, town.planner(town.environment), town.planner(town.health)):
        with pytest.raises(NotFoundError):
            plan.answer(viewer, town.tobacco)
    for role in ("observer", "unit_admin", "log_reviewer"):
        with pytest.raises(NotAllowedError):
            plan.answer(Viewer(town.tobacco.id, town.tobacco.planner, frozenset({role})), town.tobacco)


def test_a_withdrawn_part_and_an_operation_that_is_over_take_no_answer(town: Town) -> None:
    plan = propose(town)
    with unit_of_work(plan.planner) as uow:
        withdraw_part(uow, plan.part(town.tobacco))
    with pytest.raises(GateClosedError):
        plan.answer(town.planner(town.tobacco), town.tobacco)
    plan.move(OperationState.DONE)
    with pytest.raises(GateClosedError):
        plan.answer(town.planner(town.environment), town.environment)


def test_handing_in_happens_once_from_the_visit_on_and_by_the_own_authority(town: Town) -> None:
    plan = propose(town)
    part = plan.part(town.tobacco)
    own = town.inspector(town.tobacco)
    with pytest.raises(GateClosedError), unit_of_work(own) as uow:
        mark_handed_in(uow, part, Summary.DEFICIENCY, nothing_to_report=False)
    plan.move(OperationState.ONGOING)
    with pytest.raises(NotFoundError), unit_of_work(plan.planner) as uow:
        mark_handed_in(uow, part, Summary.DEFICIENCY, nothing_to_report=False)
    with unit_of_work(own) as uow:
        mark_handed_in(uow, part, Summary.DEFICIENCY, nothing_to_report=False)
    with pytest.raises(GateClosedError), unit_of_work(own) as uow:
        mark_handed_in(uow, part, Summary.NO_REMARK, nothing_to_report=False)
    with pytest.raises(GateClosedError):
        plan.answer(own, town.tobacco, seen=1)
    with unit_of_work(town.inspector(town.environment)) as uow:  # the others read the one word
        assert (get_part(uow, part).handed_in, get_part(uow, part).summary) == (True, Summary.DEFICIENCY)


def test_a_steward_answers_and_it_is_marked_who_wrote_it(town: Town) -> None:
    plan, contact = stewarded(town)
    plan.answer(town.planner(town.tobacco), contact)
    with unit_of_work(plan.planner) as uow:
        part = get_part(uow, plan.part(contact))
    assert (part.accepted, part.written_by_id, part.authority_id) == (True, town.tobacco.id, contact.id)


def test_a_steward_does_nothing_else_for_the_authority(town: Town) -> None:
    plan, contact = stewarded(town)
    steward = town.planner(town.tobacco)
    plan.move(OperationState.ONGOING)
    with pytest.raises(NotFoundError), unit_of_work(steward) as uow:
        mark_handed_in(uow, plan.part(contact), Summary.NO_REMARK, nothing_to_report=True)
    for table in ("finding", "evidence", "recusal", "staff_address", "inbound"):
        assert rows(steward, f"SELECT 1 FROM {table} WHERE authority_id = :a", a=contact.id) == []
    fact = text(
        "INSERT INTO visit_fact (id, visit_id, operation_id, authority_id, question, answer, written_by, at)"
        " VALUES (gen_random_uuid(), :v, :o, :a, 'hours', 'x', :p, now())"
    )
    values = {"v": plan.visit, "o": plan.operation, "a": contact.id, "p": steward.person_id}
    with pytest.raises(NotFoundError), unit_of_work(steward) as uow:
        uow.session.execute(fact, values)


def test_no_other_member_answers_for_it(town: Town) -> None:
    plan, contact = stewarded(town)
    for viewer in (plan.planner, town.planner(town.environment)):
        with pytest.raises(NotFoundError):
            plan.answer(viewer, contact)
    with pytest.raises(ConflictError), unit_of_work(plan.planner) as uow:
        become_steward(uow, contact.id)


def test_nobody_becomes_steward_of_an_authority_that_has_an_administrator(town: Town) -> None:
    plan = propose(town)
    for viewer in (town.planner(town.environment), town.planner(town.outsider)):
        with pytest.raises(NotFoundError), unit_of_work(viewer) as uow:
            become_steward(uow, town.tobacco.id)
    contact = contact_of(town)
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.tobacco)) as uow:
        become_steward(uow, contact.id)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.outsider)) as uow:
        become_steward(uow, contact.id)
    with pytest.raises(NotFoundError):
        plan.answer(town.planner(town.environment), town.tobacco)


def test_the_stewards_right_ends_when_the_first_administrator_signs_in(town: Town) -> None:
    plan, contact = stewarded(town)
    admin = make_person(contact.id, contact.unit, "Första", {Role.UNIT_ADMIN, Role.PLANNER})
    with unit_of_work(Viewer(contact.id, admin, ADMIN)) as uow:
        set_password(uow, admin, f"{town.mark}@demo.example", "ett långt lösenord")
    plan.answer(town.planner(town.tobacco), contact)
    sign_in(f"{town.mark}@demo.example", "ett långt lösenord")
    with pytest.raises(NotFoundError):
        plan.answer(town.planner(town.tobacco), contact, seen=1, accepted=False)
    changed = text("UPDATE part_answer SET accepted = false, written_by_id = :me WHERE part_id = :p")
    with unit_of_work(town.planner(town.tobacco)) as uow:
        values = {"me": town.tobacco.id, "p": plan.part(contact)}
        assert uow.session.execute(changed, values).rowcount == 0  # type: ignore[attr-defined]
    plan.answer(Viewer(contact.id, admin, frozenset({"planner"})), contact, seen=1, accepted=False)
