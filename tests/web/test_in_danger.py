"""Quorum lost: the operation is invited again, in danger, the next times beside it, one press to move or to ask."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text

from samsyn.calendars.rules import NoticeKind, Said, Via
from samsyn.calendars.service import answer_here
from samsyn.core.uow import unit_of_work
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from samsyn.operations.service import declare_recusal
from samsyn.planning.queries.polls import open_poll_of
from tests.factories import Town
from tests.lifecycle.telling import kinds, work
from tests.lifecycle.walk import Walk, walk_to
from tests.web.reader import Browser, read
from tests.web.statements import counted
from tests.web.test_planner_pages import Sit, sit
from tests.web.test_week_page import words

__all__ = ["sit"]


@pytest.fixture
def walk(town: Town) -> Walk:
    """Confirmed, and then tobacco's only one says no by the link in the mail."""
    walk = walk_to(town, OperationState.CONFIRMED)
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        answer_here(uow, walk.places[town.tobacco.id], Said.DECLINED, Via.LINK, "Sjukt barn hemma")
    work(town)
    return walk


@pytest.fixture
def lead(sit: Sit, town: Town) -> Browser:
    return sit(town.planner(town.police))


def state(town: Town, operation: UUID) -> OperationState:
    with unit_of_work(town.planner(town.police)) as uow:
        return get_operation(uow, operation).state


def test_it_goes_back_to_invited_says_why_and_shows_the_next_three_times(lead: Browser, town: Town, walk: Walk) -> None:
    assert state(town, walk.operation) is OperationState.INVITED
    assert NoticeKind.IN_DANGER in kinds(town.planner(town.police))
    html = lead.get(f"/operations/{walk.operation}")
    said = words(html)
    assert "Insatsen är i fara" in said
    assert "0 av minst 1 med rätt behörighet har tackat ja" in said  # what is missing, in the gate
    assert said.count("Flytta hit") == 3
    assert "Måndag 1 mars 2027" in said
    ids = read(html).ids
    assert len(ids) == len(set(ids))


def test_one_press_moves_it_there(lead: Browser, town: Town, walk: Walk) -> None:
    path = f"/operations/{walk.operation}"
    starts = [one.fields["starts_at"][0] for one in read(lead.get(path)).found if one.action == f"{path}/times"]
    assert len(starts) == 3
    assert lead.do(path, f"{path}/times", starts[1]) == path
    with unit_of_work(town.planner(town.police)) as uow:
        card = get_operation(uow, walk.operation)
    if card.state is OperationState.SCHEDULED:  # nothing is held back in this house
        assert card.starts_at.isoformat() == starts[1]


def test_one_press_asks_everybody_about_the_three(lead: Browser, town: Town, walk: Walk) -> None:
    path = f"/operations/{walk.operation}"
    assert lead.do(path, f"{path}/times/poll") == f"{path}/poll?done=asked"
    with unit_of_work(town.planner(town.police)) as uow:
        poll = open_poll_of(uow, walk.operation)
    assert poll is not None
    assert len(poll.options) == 3
    html = lead.get(path)
    assert f"{path}/times/poll" not in html
    assert f'href="{path}/poll"' in html


def test_it_is_the_leads_planners_alone(sit: Sit, town: Town, walk: Walk) -> None:
    path = f"/operations/{walk.operation}"
    for viewer in (town.planner(town.tobacco), town.inspector(town.police), town.inspector(town.environment)):
        assert "Flytta hit" not in words(sit(viewer).get(path))
    with unit_of_work(town.planner(town.police)) as uow:
        declare_recusal(uow, walk.visit, "Granne")
    assert "Flytta hit" not in words(sit(town.planner(town.police)).get(path))


def test_where_no_other_time_is_it_says_so_and_leads_to_why(lead: Browser, town: Town, walk: Walk) -> None:
    with unit_of_work(town.planner(town.environment)) as uow:
        whose = {"p": town.environment.inspectors[0], "a": town.environment.id}
        insert = "INSERT INTO unavailable (id, person_id, authority_id, during, state, as_of) VALUES"
        whole = " (gen_random_uuid(), :p, :a, tstzrange('2027-01-01', '2027-12-31'), 'busy', now())"
        uow.session.execute(text(insert + whole), whose)
    said = words(lead.get(f"/operations/{walk.operation}"))
    assert "Ingen annan tid passar alla" in said
    assert "Se varför" in said


def test_who_is_not_in_danger_is_not_searched_for(lead: Browser, town: Town) -> None:
    calm = walk_to(town, OperationState.INVITED)
    with counted() as statements:
        html = lead.get(f"/operations/{calm.operation}")
    assert "Flytta hit" not in words(html)
    assert not any("unavailable" in one for one in statements)


def test_it_is_whole_in_english(lead: Browser, walk: Walk) -> None:
    said = words(lead.get(f"/operations/{walk.operation}?lang=en"))
    assert "The operation is in danger" in said
    assert said.count("Move here") == 3
