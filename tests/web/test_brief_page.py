"""How a promise stands: its own collaboration's remarks alone, and each promise with all that limits it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from apiflask import APIFlask

from samsyn.authorities.service import FoundCollaboration, found_collaboration
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.places.rules import RemarkKind
from samsyn.places.service import AddHotSpot, add_hot_spot
from samsyn.places.service.remarks import AddRemark, add_remark
from samsyn.pledges.rules import ActivityKind, CommitmentForm
from samsyn.pledges.service import AddCommitment, add_commitment
from tests.factories import ADMIN, Town
from tests.pledges.test_numbers import promise
from tests.web.reader import Browser, open_browser


@pytest.fixture
def lead(app: APIFlask, town: Town) -> Browser:
    return open_browser(app.test_client(), town.planner(town.police))


def asked(town: Town, collaboration: UUID, *, days_ago: int) -> None:
    """The police asks its own unit to mend something, of which the day may be over."""
    with unit_of_work(town.planner(town.police)) as uow:
        seen = uow.today - timedelta(days=days_ago)
        of = (RemarkKind.LIGHTING, "Bron", "Mörkt", seen, seen + timedelta(days=30))
        add_remark(uow, AddRemark(collaboration, town.police.unit, *of))


def test_the_remarks_are_those_of_the_pledges_collaboration(lead: Browser, town: Town) -> None:
    promised = promise(town)
    with unit_of_work(Viewer(town.police.id, town.police.planner, ADMIN)) as uow:
        other = found_collaboration(uow, FoundCollaboration(f"Andra {town.mark}", "Köping"))
    asked(town, town.collaboration, days_ago=40)
    asked(town, town.collaboration, days_ago=1)
    for _ in range(3):
        asked(town, other, days_ago=40)
    page = lead.get(f"/pledges/brief?pledge={promised.pledge}")
    assert "2 öppna, 1 försenade" in page


def test_a_promise_says_the_hot_spot_that_it_is_limited_to(lead: Browser, town: Town) -> None:
    promised = promise(town)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        outline = ((59.3, 15.8),)
        spot = add_hot_spot(uow, AddHotSpot(town.collaboration, "Järntorget", outline, uow.today, "Langning"))
        walk, occasions = ActivityKind.SAFETY_WALK, CommitmentForm.OCCASIONS
        add_commitment(uow, AddCommitment(promised.areas[0], occasions, "Två", 2, walk, hot_spot_id=spot))
    page = lead.get(f"/pledges?pledge={promised.pledge}")
    assert page.count("Vid Järntorget.") == 1
    assert "At Järntorget." in lead.get(f"/pledges?pledge={promised.pledge}&lang=en")
