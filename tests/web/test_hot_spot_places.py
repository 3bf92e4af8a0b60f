"""Which businesses lie in a hot spot: chosen on its page, taken out, put in again; by its collaboration's planners."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.places.queries import premises_in_hot_spot
from samsyn.places.service import AddHotSpot, add_hot_spot
from tests.factories import Town
from tests.web.reader import Browser, open_browser

Sit = Callable[[Viewer], Browser]
OUTLINE = ((59.3, 15.8), (59.4, 15.8), (59.4, 15.9), (59.3, 15.9))


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    return lambda viewer: open_browser(app.test_client(), viewer)


@pytest.fixture
def spot(town: Town) -> UUID:
    """A square with the town's second premises inside; the first lies beside it, the others nobody knows where."""
    with unit_of_work(town.planner(town.tobacco)) as uow:
        for premises, latitude in zip(town.premises, (59.45, 59.35), strict=False):
            at = {"p": premises, "lat": latitude}
            uow.session.execute(text("UPDATE premises SET latitude = :lat, longitude = 15.85 WHERE id = :p"), at)
        today = local_day(datetime.now(UTC))
        return add_hot_spot(uow, AddHotSpot(town.collaboration, "Järntorget", OUTLINE, today, "Langning"))


def within(town: Town, spot: UUID) -> frozenset[UUID]:
    with unit_of_work(town.planner(town.police)) as uow:
        return premises_in_hot_spot(uow, spot)


def test_businesses_are_chosen_on_the_hot_spots_page(sit: Sit, town: Town, spot: UUID) -> None:
    planner = sit(town.planner(town.police))
    path = f"/hot-spots/{spot}/places"
    assert f'href="{path}"' in planner.get(f"/hot-spots/{spot}")
    page = planner.get(path)
    assert page.index(f'value="{town.premises[1]}"') < page.index(f'value="{town.premises[0]}"')
    assert planner.send(path).status_code == 422
    planner.do(path, premises_id=[str(one) for one in town.premises[:2]])
    assert within(town, spot) == frozenset(town.premises[:2])
    assert f'href="/businesses/{town.businesses[1]}"' in sit(town.inspector(town.health)).get(f"/hot-spots/{spot}")
    candidates = planner.get("/candidates?hot_spot=J%C3%A4rntorget")
    assert f"/businesses/{town.businesses[1]}" in candidates


def test_what_left_is_put_in_again(sit: Sit, town: Town, spot: UUID) -> None:
    planner = sit(town.planner(town.police))
    path = f"/hot-spots/{spot}/places"
    planner.do(path, premises_id=[str(one) for one in town.premises[:2]])
    where = planner.do(path, action=f"{path}/leave", wanted=str(town.premises[0]))
    assert where.startswith(path)
    assert within(town, spot) == {town.premises[1]}
    assert "Låg här till" in planner.get(path)
    assert "Tog bort en plats ur en hot spot" in sit(town.planner(town.police)).get("/audit")
    gone = planner.form(path, f"{path}/leave", str(town.premises[1]))
    for _ in range(2):  # a page that stood open says it once more: nothing changes
        assert planner.client.post(f"{path}/leave", data={**gone.fields}).status_code == 303
    planner.do(path, wanted=str(town.premises[0]))
    assert town.premises[0] in within(town, spot)
    assert "Låg här till" in planner.get(path)  # the other one


def test_the_registry_is_searched_and_a_long_one_is_cut(sit: Sit, town: Town, spot: UUID) -> None:
    planner = sit(town.planner(town.police))
    path = f"/hot-spots/{spot}/places"
    page = planner.get(f"{path}?begins_with=finns+inte")
    assert f'value="{town.premises[0]}"' not in page
    assert "Inga verksamheter hittades" in page
    assert f'value="{town.premises[1]}"' in page  # what lies inside is proposed whatever is searched


def test_another_registrys_places_are_refused(sit: Sit, town: Town, spot: UUID) -> None:
    planner, path = sit(town.planner(town.police)), f"/hot-spots/{spot}/places"
    assert planner.send(path, premises_id=str(UUID(int=7))).status_code == 404
    for viewer, status in ((town.inspector(town.police), 403), (town.planner(town.outsider), 404)):
        assert sit(viewer).client.get(path).status_code == status
    assert path not in sit(town.inspector(town.police)).get(f"/hot-spots/{spot}")
    assert within(town, spot) == frozenset()


def test_an_address_in_the_history_opens_and_leads_nobody_back(sit: Sit, town: Town, spot: UUID) -> None:
    planner = sit(town.planner(town.police))
    words = "Mörkt, se https://kommun.example/belysning <b>nu</b>"
    planner.do(
        f"/hot-spots/{spot}/note", change="confirmed", on_date=local_day(datetime.now(UTC)).isoformat(), text=words
    )
    page = planner.get(f"/hot-spots/{spot}")
    assert '<a href="https://kommun.example/belysning" rel="noopener noreferrer">' in page
    assert "&lt;b&gt;nu" in page


def test_both_languages_say_it(sit: Sit, town: Town, spot: UUID) -> None:
    planner = sit(town.planner(town.police))
    for language in ("sv", "en"):
        assert "hot_spots." not in planner.get(f"/hot-spots/{spot}/places?lang={language}")
