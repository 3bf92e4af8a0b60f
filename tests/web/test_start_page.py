"""The start page: what waits for whom, in words, with one way to where it is done."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from apiflask import APIFlask

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.service import hand_in, weigh_quorum
from samsyn.lifecycle.waiting.queries import waiting_for
from samsyn.lifecycle.waiting.rules import Urgency, Waits
from samsyn.operations.rules import OperationState
from samsyn.texts import has
from tests.factories import START, Town, hours
from tests.lifecycle.walk import Walk, propose, walk_to
from tests.web.reader import Browser, open_browser
from tests.web.statements import counted

Sit = Callable[[Viewer], Browser]


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    """Sign somebody in on a browser of their own."""
    return lambda viewer: open_browser(app.test_client(), viewer)


def kinds(viewer: Viewer) -> dict[Waits, int]:
    """What waits for a viewer: how many of each."""
    with unit_of_work(viewer) as uow:
        items = waiting_for(uow).items
    return {item.waits: item.count for item in items}


def of_operation(viewer: Viewer, operation: UUID) -> set[Waits]:
    with unit_of_work(viewer) as uow:
        return {item.waits for item in waiting_for(uow).items if item.operation.id == operation}


@pytest.mark.parametrize("waits", Waits)
def test_whatever_waits_has_its_words_and_its_button(waits: Waits) -> None:
    """A key is put together from the code: what has none is a start page that fails, for whom it waits."""
    keys = [f"waiting.{part}" for part in (f"kind.{waits}", f"button.{waits}")]
    if waits is not Waits.INVITATION:  # has a panel of its own
        keys += [f"waiting.sentence.{waits}_{n}" for n in ("one", "n")]
    assert [key for key in keys if not has(key)] == []


def test_a_question_waits_for_the_authority_that_is_asked_and_for_nobody_else(sit: Sit, town: Town) -> None:
    walk = propose(town, START)
    assert kinds(town.planner(town.tobacco)) == {Waits.ANSWER: 1, Waits.STAFF: 1}
    assert kinds(town.inspector(town.tobacco)) == {}
    assert kinds(town.planner(town.health)) == kinds(town.planner(town.outsider)) == {}
    text = sit(town.planner(town.tobacco)).get("/")
    assert "väntar på myndighetens svar: ja eller nej, lagstöd, föranmält eller oanmält." in text
    assert f'href="/parts/{walk.parts[town.tobacco.id]}/answer"' in text
    assert "v. 9" in text
    assert "2 saker väntar på dig" in text


def test_the_lead_is_told_its_own_step_and_whom_it_waits_for(sit: Sit, town: Town) -> None:
    walk = propose(town, START)
    assert Waits.READY in kinds(town.planner(town.police))
    walk.move(town, OperationState.PREPARING)
    text = sit(town.planner(town.police)).get("/")
    assert "Väntar på andra" in text
    assert town.tobacco.name in text
    assert Waits.READY not in kinds(town.planner(town.police))


def test_the_plan_says_what_it_lacks(sit: Sit, town: Town) -> None:
    walk_to(town, OperationState.SCHEDULED, meeting=False)
    text = sit(town.planner(town.police)).get("/")
    assert "Det här saknas i planen: tid för samling, samlingsplats, insatsledare på plats." in text


def test_an_invitation_is_answered_where_it_is_read(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    inspector = sit(town.inspector(town.tobacco))
    place = walk.places[town.tobacco.id]
    assert "Kallelser att svara på" in inspector.get("/")
    assert kinds(town.planner(town.tobacco)) == {Waits.UNANSWERED: 1}
    assert inspector.do("/", f"/waiting/{place}/answer", "accepted") == "/?done=accepted"
    after = inspector.get("/")
    assert "Kallelser att svara på" not in after
    assert "Mina insatser" in after
    assert kinds(town.inspector(town.tobacco)) == kinds(town.planner(town.tobacco)) == {}


def test_nobody_answers_anothers_invitation_here(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    other = sit(town.inspector(town.tobacco, 1))
    csrf = other.get("/").split('name="csrf_token" value="')[1].split('"')[0]
    said = {"csrf_token": csrf, "idempotency_key": "a", "said": "accepted"}
    answer = other.client.post(f"/waiting/{walk.places[town.tobacco.id]}/answer", data=said)
    assert answer.status_code == 403


def test_a_lost_quorum_is_danger_for_the_lead_and_a_place_for_the_own_authority(town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    walk.say(town, town.tobacco, accepted=False)
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        weigh_quorum(uow, walk.operation)
    assert Waits.DANGER in kinds(town.planner(town.police))
    assert kinds(town.planner(town.tobacco)) == {Waits.STAFF: 1}
    assert kinds(town.planner(town.environment)) == {}


def test_what_is_not_handed_in_waits_for_who_went_and_for_the_planner(town: Town) -> None:
    walk = walk_to(town, OperationState.ONGOING)
    later = START + hours(1)
    for viewer, waits in ((town.inspector(town.tobacco), Waits.CHECKLIST), (town.planner(town.tobacco), Waits.HAND_IN)):
        with unit_of_work(viewer, later) as uow:
            assert {item.waits for item in waiting_for(uow).items} == {waits}
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        hand_in(uow, walk.parts[town.tobacco.id], nothing_to_report=True)
    with unit_of_work(town.inspector(town.tobacco), later) as uow:
        assert waiting_for(uow).items == ()


@pytest.mark.parametrize("role", ["observer", "log_reviewer", "unit_admin"])
def test_a_role_that_nothing_waits_for_is_told_so_in_words(app: APIFlask, town: Town, role: str) -> None:
    walk_to(town, OperationState.INVITED)
    with unit_of_work(Viewer(town.tobacco.id, town.tobacco.planner, frozenset({role}))) as uow:
        assert waiting_for(uow).items == ()


def test_ten_operations_take_as_many_statements_as_one(town: Town) -> None:
    counts = []
    for n in (1, 6):
        for k in range(n):
            propose(town, START + hours(24 * (10 * n + k)))
        for viewer in (town.planner(town.police), town.planner(town.tobacco), town.inspector(town.tobacco)):
            with unit_of_work(viewer) as uow, counted() as seen:
                waiting_for(uow)
            counts.append(len(seen))
    assert counts[:3] == counts[3:]
    assert max(counts) < 30


def test_the_most_urgent_comes_first_and_the_oldest_of_what_has_no_deadline(town: Town) -> None:
    near, far = propose(town, START + hours(24)), propose(town, START + hours(240))
    walk = walk_to(town, OperationState.ONGOING, starts_at=START - hours(24 * 14))
    with unit_of_work(town.planner(town.tobacco), START) as uow:
        items = waiting_for(uow).items
    assert [item.urgency(START) for item in items] == sorted(
        (item.urgency(START) for item in items), key=list(Urgency).index
    )
    first = list(dict.fromkeys(item.operation.id for item in items))
    assert first == [walk.operation, near.operation, far.operation]


def test_what_others_wait_for_is_in_no_page_of_mine(town: Town) -> None:
    walk: Walk = walk_to(town, OperationState.INVITED)
    assert of_operation(town.planner(town.environment), walk.operation) == {Waits.UNANSWERED}
    with unit_of_work(town.planner(town.environment)) as uow:
        names = [name for item in waiting_for(uow).items for name in item.names]
    assert names == ["Inspektör 1 Myndighetsförbundet"]
