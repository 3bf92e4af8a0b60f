"""The lead goes over to another participant in one act: told, the invitations follow, and no finding goes with it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from samsyn.calendars.queries import every_sending
from samsyn.calendars.rules import Method, NoticeKind
from samsyn.core.errors import ConflictError, NotAllowedError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.queries import findings_of_visit
from samsyn.findings.rules import Answer
from samsyn.findings.service import AnswerPoint, answer_point
from samsyn.lifecycle.leading import hand_over
from samsyn.operations.queries import get_operation, parts_of
from samsyn.operations.rules import OperationState
from samsyn.operations.service import AskPart, add_part
from tests.factories import Office, Town
from tests.lifecycle.telling import notices, work
from tests.lifecycle.walk import Walk, walk_to


def hands_over(town: Town, walk: Walk, to: Office, by: Office | None = None) -> None:
    with unit_of_work(town.planner(by or town.police)) as uow:
        hand_over(uow, walk.operation, to.id, seen_version=get_operation(uow, walk.operation).version)


def lead_of(town: Town, walk: Walk) -> UUID:
    with unit_of_work(town.planner(town.environment)) as uow:
        return get_operation(uow, walk.operation).lead_id


def test_the_new_lead_is_told_and_who_is_invited_hears_who_asks_now(town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    hands_over(town, walk, town.tobacco)
    work(town, times=2)
    told = [one for one in notices(town.planner(town.tobacco)) if one.kind is NoticeKind.LEAD_HANDED]
    assert [one.operation_id for one in told] == [walk.operation]
    with unit_of_work(town.planner(town.tobacco)) as uow:
        newest = {one.person_id: one for one in every_sending(uow, walk.operation)}
    assert {one.method for one in newest.values()} == {Method.REQUEST}
    assert {one.sequence for one in newest.values()} == {1}
    work(town)  # twice is once
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert len(every_sending(uow, walk.operation)) == 2 * len(newest)


def test_the_old_lead_keeps_its_own_part_and_plans_no_more(town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    hands_over(town, walk, town.tobacco)
    with pytest.raises(NotAllowedError), unit_of_work(town.planner(town.police)) as uow:
        add_part(uow, walk.visit, AskPart(town.health.id))
    with pytest.raises(NotAllowedError):
        hands_over(town, walk, town.environment)
    with unit_of_work(town.planner(town.police)) as uow:
        mine = [one for one in parts_of(uow, walk.operation) if one.authority_id == town.police.id]
        assert [one.accepted for one in mine] == [True]
    with unit_of_work(town.planner(town.tobacco)) as uow:
        add_part(uow, walk.visit, AskPart(town.health.id))


def test_no_finding_goes_over_with_the_lead_in_either_direction(town: Town) -> None:
    walk = walk_to(town, OperationState.ONGOING)
    for office in (town.police, town.tobacco):
        with unit_of_work(town.planner(office)) as uow:
            part, at = walk.parts[office.id], datetime.now(UTC)
            answer_point(uow, AnswerPoint(uuid4(), 0, part, None, Answer.DEFICIENCY, at, text=f"av {office.name}"))
    before = {office.id: seen(town.planner(office), walk) for office in town.offices}
    hands_over(town, walk, town.tobacco)
    work(town)
    assert {office.id: seen(town.planner(office), walk) for office in town.offices} == before
    assert before[town.police.id] == {f"av {town.police.name}"}
    assert before[town.tobacco.id] == {f"av {town.tobacco.name}"}


def seen(viewer: Viewer, walk: Walk) -> set[str]:
    with unit_of_work(viewer) as uow:
        return {one.text or "" for one in findings_of_visit(uow, walk.visit)}


def test_an_authority_in_which_nobody_plans_gets_no_lead(town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    with pytest.raises(ConflictError) as caught, unit_of_work(town.planner(town.police)) as uow:
        hand_over(uow, walk.operation, uuid4(), seen_version=get_operation(uow, walk.operation).version)
    assert caught.value.fields == {"authority_id": ["nobody_plans"]}
    assert lead_of(town, walk) == town.police.id
