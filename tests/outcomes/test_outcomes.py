"""Outcomes: versions, who decided, what they rest on, never a test purchase; the own authority's alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from samsyn.authorities.rules import Field
from samsyn.core.errors import ChangedMeanwhileError, GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.tables import load
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.rules import Answer
from samsyn.operations.rules import OperationState
from samsyn.outcomes.queries import history_of_outcome, outcomes_of_part
from samsyn.outcomes.rules import NEXT, DecidedBy, Fault, NotTakenError, OutcomeState
from samsyn.outcomes.service import withdraw_outcome
from samsyn.purchases.service import NotePurchase, note_purchase
from tests.factories import START, Town
from tests.findings.scene import HOUR, Scene, colleague_of_another_unit
from tests.outcomes.conftest import DECISION, TODAY, proposal, write
from tests.web.reader import Browser, read

AT = START + HOUR


def faults(scene: Scene, finding: UUID, **said: Any) -> dict[str, Any]:
    with pytest.raises(NotTakenError) as error:
        write(scene, proposal(scene, finding, **said))
    return {name: words[0] for name, words in error.value.fields.items()}


def test_it_is_proposed_then_decided_and_both_versions_stay(town: Town, scene: Scene, finding: UUID) -> None:
    first = proposal(scene, finding, text="Sälj inte utan tillstånd")
    assert write(scene, first).version == 1
    assert not write(scene, replace(first, base_version=1)).written, "the same again writes nothing"
    write(scene, replace(first, base_version=1, **DECISION))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        versions = history_of_outcome(uow, first.outcome_id)
        assert [(one.version, one.state) for one in versions] == [
            (1, OutcomeState.PROPOSED),
            (2, OutcomeState.DECIDED),
        ]
        assert {ground.finding_id for one in versions for ground in one.grounds} == {finding}
        assert [one.version for one in outcomes_of_part(uow, scene.part(town.tobacco))] == [2]
        logged = text("SELECT action, count(*) AS n FROM audit WHERE action LIKE 'outcome.%' GROUP BY 1 ORDER BY 1")
        counted = {row.action: row.n for row in uow.session.execute(logged)}
        assert counted == {"outcome.decide": 1, "outcome.read": 2, "outcome.write": 1}


def test_decided_needs_who_by_which_delegation_when_and_the_number_by_form_and_by_table(
    town: Town, scene: Scene, finding: UUID
) -> None:
    needed = {name for name in DECISION if name != "state"}
    assert faults(scene, finding, state=OutcomeState.DECIDED) == dict.fromkeys(needed, Fault.DECISION_NEEDED)
    for name in needed:
        assert faults(scene, finding, **{**DECISION, name: None}) == {name: Fault.DECISION_NEEDED}
    assert faults(scene, finding, decided_on=TODAY, decider="Nämnden") == {
        "decided_on": Fault.ONLY_DECIDED,
        "decider": Fault.ONLY_DECIDED,
    }
    written = proposal(scene, finding, **DECISION)
    write(scene, written)
    same = "outcome_id, part_id, visit_id, operation_id, authority_id, unit_id, unit_only, tool, state, text, reason"
    same = f"{same}, written_by, written_at"
    for name in needed:
        empty = "NULL" if name in {"decided_by", "decided_on"} else "''"
        said = ", ".join(empty if one == name else one for one in needed)
        insert = f"INSERT INTO outcome ({same}, version, {', '.join(needed)}) SELECT {same}, 2, {said} FROM outcome"
        with pytest.raises(IntegrityError, match="decided_by_whom"), unit_of_work(town.inspector(town.tobacco)) as uow:
            uow.session.execute(text(f"{insert} WHERE outcome_id = :o"), {"o": written.outcome_id})


def test_an_order_with_a_penalty_under_the_rescue_act_refuses_a_delegate(town: Town, scene: Scene) -> None:
    """A6: LSO 3:13."""
    fire = colleague_of_another_unit(town.tobacco, Field.FIRE)
    finding = scene.answer(fire, None, Answer.DEFICIENCY, "Låst utgång").finding_id
    delegated = {**DECISION, "decided_by": DecidedBy.DELEGATE}
    with pytest.raises(NotTakenError) as error:
        write(scene, proposal(scene, finding, tool="LSO_5_2_VITE", **delegated), fire)
    assert error.value.fields["decided_by"] == (Fault.NOT_DELEGABLE,)
    write(scene, proposal(scene, finding, tool="LSO_5_2", **delegated), fire)
    write(scene, proposal(scene, finding, tool="LSO_5_2_VITE", **DECISION), fire)


def test_only_the_own_fields_tools_the_own_findings_of_the_part_and_what_can_be_kept(
    town: Town, scene: Scene, finding: UUID
) -> None:
    others = scene.answer(town.inspector(town.environment), None, Answer.DEFICIENCY, "Olja").finding_id
    assert faults(scene, finding, tool="MB_26_9") == {"tool": Fault.NO_TOOL}
    assert faults(scene, others) == {"findings": Fault.NO_FINDING}
    assert faults(scene, uuid4()) == {"findings": Fault.NO_FINDING}
    assert faults(scene, finding, findings=frozenset()) == {"findings": Fault.FINDING_NEEDED}
    assert faults(scene, finding, text="ägaren 811218-9876") == {"text": Fault.PERSONAL_NUMBER}
    assert faults(scene, finding, amount=100) == {"amount": Fault.NO_AMOUNT}
    assert faults(scene, finding, heard_on=TODAY + timedelta(days=1)) == {"heard_on": Fault.FUTURE}
    write(scene, proposal(scene, tool="ADVICE"))


def test_a_test_purchase_can_be_the_ground_of_nothing(town: Town, scene: Scene, finding: UUID) -> None:
    """A4: LTLP 7:23, AlkL 9:15 b. Not by its key, not by a column, not by a row written past the service."""
    bought, part = uuid4(), scene.part(town.tobacco)
    with unit_of_work(town.inspector(town.tobacco), AT) as uow:
        note_purchase(uow, NotePurchase(bought, part, TODAY, "Cigaretter", age_asked=False))
    assert faults(scene, bought) == {"findings": Fault.NO_FINDING}
    command = proposal(scene, finding)
    write(scene, command)
    with pytest.raises(NotFoundError), unit_of_work(town.inspector(town.tobacco), AT) as uow:
        uow.session.execute(
            text(
                "INSERT INTO outcome_finding SELECT outcome_id, version, :bought, finding_version, part_id, visit_id,"
                " operation_id, authority_id FROM outcome_finding WHERE outcome_id = :o"
            ),
            {"bought": bought, "o": command.outcome_id},
        )
    for name in ("outcome", "outcome_finding"):
        table = load().tables[name]
        assert "test_purchase" not in {key.column.table.name for key in table.foreign_keys}
        assert [column.name for column in table.columns if "purchase" in column.name] == []


def test_a_finding_of_another_part_is_refused_by_the_table_too(town: Town, scene: Scene, finding: UUID) -> None:
    command = proposal(scene, finding)
    write(scene, command)
    others = scene.answer(town.inspector(town.environment), None, Answer.DEFICIENCY, "Olja").finding_id
    with pytest.raises(NotFoundError), unit_of_work(town.inspector(town.tobacco), AT) as uow:
        uow.session.execute(
            text(
                "INSERT INTO outcome_finding SELECT outcome_id, version, :f, 1, part_id, visit_id, operation_id,"
                " authority_id FROM outcome_finding WHERE outcome_id = :o"
            ),
            {"f": others, "o": command.outcome_id},
        )


def test_only_the_own_authority_its_writers_and_nobody_with_jav(town: Town, scene: Scene, finding: UUID) -> None:
    command = proposal(scene, finding)
    write(scene, command)
    for stranger in (town.planner(town.police), town.planner(town.environment), town.planner(town.outsider)):
        with pytest.raises(NotFoundError):
            write(scene, replace(command, outcome_id=uuid4()), stranger)
        with pytest.raises(NotFoundError), unit_of_work(stranger) as uow:
            history_of_outcome(uow, command.outcome_id)
    observer = Viewer(town.tobacco.id, town.tobacco.planner, frozenset({"observer"}))
    with pytest.raises(NotAllowedError):
        write(scene, replace(command, outcome_id=uuid4()), observer)
    with pytest.raises(NotAllowedError), unit_of_work(observer) as uow:
        outcomes_of_part(uow, scene.part(town.tobacco))
    scene.recuse(town.tobacco, town.tobacco.inspectors[1])
    with pytest.raises(NotFoundError), unit_of_work(town.inspector(town.tobacco, 1)) as uow:
        history_of_outcome(uow, command.outcome_id)


@pytest.mark.parametrize("state", [OperationState.CONFIRMED, OperationState.CANCELLED])
def test_nothing_is_written_before_it_began_or_of_what_was_cancelled(
    scene: Scene, finding: UUID, state: OperationState
) -> None:
    scene.set_state(state)
    with pytest.raises(GateClosedError):
        write(scene, proposal(scene, finding))


def test_long_after_it_was_closed_a_decision_is_still_written(scene: Scene, finding: UUID) -> None:
    scene.set_state(OperationState.CLOSED)
    assert write(scene, proposal(scene, finding, **DECISION)).written


STEPS = st.lists(st.tuples(st.sampled_from(OutcomeState), st.integers(-1, 1)), min_size=1, max_size=6)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_its_states_and_versions_follow_a_model(
    scene: Scene, finding: UUID, steps: list[tuple[OutcomeState, int]]
) -> None:
    """Every step from the newest version that the state knows adds one version; every other changes nothing."""
    key, model, who = uuid4(), list[OutcomeState](), scene.town.inspector(scene.town.tobacco)
    for n, (to, off) in enumerate(steps):
        seen = len(model) + off
        known = to in NEXT[model[-1]] if model else to is not OutcomeState.WITHDRAWN
        decision = DECISION if to is OutcomeState.DECIDED else {"state": to}
        try:
            if to is OutcomeState.WITHDRAWN:
                with unit_of_work(who, AT) as uow:
                    withdraw_outcome(uow, key, seen, f"skäl {n}")
            else:
                said = {**decision, "text": f"ord {n}", "outcome_id": key, "base_version": seen}
                write(scene, proposal(scene, finding, **said))
        except (ChangedMeanwhileError, GateClosedError, NotFoundError):
            assert off != 0 or not known
        else:
            assert off == 0
            assert known
            model.append(to)
    with unit_of_work(who) as uow:
        rows = uow.session.execute(
            text("SELECT version, state FROM outcome WHERE outcome_id = :o ORDER BY 1"), {"o": key}
        )
        assert [tuple(row) for row in rows] == [(n + 1, state.value) for n, state in enumerate(model)]


def test_the_page_says_what_to_think_of_before_it_is_kept_and_afterwards(
    town: Town, scene: Scene, finding: UUID, sit: Callable[[Viewer], Browser]
) -> None:
    inspector, path = sit(town.inspector(town.tobacco)), f"/parts/{scene.part(town.tobacco)}/outcomes"
    assert path in inspector.get(f"/operations/{scene.operation}")
    said = {"tool": "LTLP_7_11", "findings": str(finding), "text": "Såld utan tillstånd", "state": "proposed"}
    first = inspector.send(path, **said)
    assert first.status_code == 409
    assert "JO 3684-2007" in first.text
    assert "LTLP 7 kap. 23 §" in first.text
    assert "Såld utan tillstånd" in first.text, "what was typed is kept"
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert outcomes_of_part(uow, scene.part(town.tobacco)) == []
    seen = next(form.fields["seen"] for form in read(first.text).found if form.action == path)
    assert set(seen) >= {"no_power", "purchase_tobacco", "communicate"}
    assert inspector.send(path, **said, seen=seen).status_code == 303
    page = inspector.get(path)
    assert "Föreslagen" in page
    assert "FL 25 §" in page
    assert inspector.send(path, **said | {"state": "decided"}, seen=seen).status_code == 422
    for stranger in (town.planner(town.police), town.planner(town.outsider)):
        sit(stranger).get(path, 404)
