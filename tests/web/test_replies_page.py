"""The page of answers to look at: what it says, and that each press does what its words say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from apiflask import APIFlask

from samsyn.calendars.replies import CalendarPart, Decided
from samsyn.calendars.replies.inbound import Attendee
from samsyn.calendars.rules import COUNTER, Decision, Said, Via
from samsyn.calendars.service.replies import write_reply
from samsyn.calendars.service.wishes import write_wish
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import get_assignment, get_operation
from samsyn.operations.rules import OperationState
from tests.factories import Town, hours
from tests.lifecycle.walk import Walk, walk_to
from tests.web.reader import Browser, open_browser
from tests.web.statements import counted

Sit = Callable[[Viewer], Browser]


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    """Sign somebody in on a browser of their own."""
    return lambda viewer: open_browser(app.test_client(), viewer)


def came(town: Town, walk: Walk, reason: str, *, later: timedelta | None = None, comment: str = "") -> UUID:
    """An answer of tobacco's person that nobody may apply by itself."""
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        place = get_assignment(uow, walk.places[town.tobacco.id])
        said = Said.TENTATIVE if reason == COUNTER else Said.ACCEPTED
        decided = Decided(Decision.QUEUE, said, reason)
        reply = write_reply(uow, place, decided, Via.MAIL, sequence=0, message_hash=f"{reason}{later}", comment=comment)
        times = (place.starts_at + later, place.ends_at + later) if later else None
        method = "COUNTER" if reason == COUNTER else "REPLY"
        write_wish(uow, reply, place, CalendarPart(method, "", 0, None, (Attendee("x@y.example", ""),), times=times))
        return reply


def test_another_time_is_shown_in_words_and_one_press_moves_the_operation(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    reply = came(town, walk, COUNTER, later=hours(24), comment="<b>hellre</b> dagen efter")
    lead = sit(town.planner(town.police))
    assert f'href="/replies#reply-{reply}"' in lead.get("/")
    text = lead.get("/replies")
    assert "Vill hellre ha tiden" in text
    assert "&lt;b&gt;hellre&lt;/b&gt; dagen efter" in text
    with unit_of_work(town.planner(town.police)) as uow:
        before = get_operation(uow, walk.operation)
    assert lead.do("/replies", f"/replies/{reply}/move") == f"/operations/{walk.operation}"
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_operation(uow, walk.operation).starts_at == before.starts_at + hours(24)
    assert "Inga svar väntar på dig" in lead.get("/replies")


def test_an_answer_in_doubt_counts_when_the_own_planner_says_so(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    reply = came(town, walk, "other_sender")
    assert "Inga svar" in sit(town.planner(town.police)).get("/replies")
    own = sit(town.planner(town.tobacco))
    assert "Svaret kom från en annan adress" in own.get("/replies")
    assert own.do("/replies", f"/replies/{reply}/count") == f"/operations/{walk.operation}#people"
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert get_assignment(uow, walk.places[town.tobacco.id]).state == "accepted"


def test_left_as_it_is_nothing_changes_and_it_waits_no_more(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    reply = came(town, walk, "other_sender")
    own = sit(town.planner(town.tobacco))
    assert own.do("/replies", f"/replies/{reply}/settle") == "/replies#queue"
    assert "Inga svar" in own.get("/replies")
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert get_assignment(uow, walk.places[town.tobacco.id]).state == "asked"


def test_a_page_of_many_reads_as_many_statements_as_a_page_of_one(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    came(town, walk, COUNTER, later=hours(24))
    lead = sit(town.planner(town.police))
    with counted() as one:
        lead.get("/replies")
    for n in range(5):
        came(town, walk, COUNTER, later=hours(25 + n))
    with counted() as many:
        assert lead.get("/replies").count("Vill hellre ha tiden") == 6
    assert len(many) == len(one)
