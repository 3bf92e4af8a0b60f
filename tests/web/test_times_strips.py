"""Who can when, as strips over the days: each cell says in words what it draws, and nothing else of anybody's time."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from uuid import uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range

from samsyn.core.uow import unit_of_work
from samsyn.planning.models import Unavailable
from samsyn.planning.rules import LeaveKind, Unavailability
from samsyn.planning.slots.grid import Grid
from samsyn.planning.slots.search import Free, Named, Question
from samsyn.web.pages.times_strips import Strips
from tests.factories import Town
from tests.planning import scene
from tests.planning.scene import MONDAY
from tests.web.reader import Browser
from tests.web.test_planner_pages import Sit, sit
from tests.web.test_times_page import THURSDAY, apart
from tests.web.test_week_page import words

__all__ = ["sit"]
ROW = re.compile(r'<tr role="row"><th scope="row" role="rowheader">(.*?) <small>(.*?)</small></th>(.*?)</tr>')
CELL = re.compile(r"<td role=\"cell\"><svg[^>]*>(.*?)</svg><span class=\"vh\">(.*?)</span></td>")


@pytest.fixture
def lead(sit: Sit, town: Town) -> Browser:
    return sit(town.planner(town.police))


@pytest.fixture
def path(town: Town) -> str:
    operation = scene.propose(town, scene.span(THURSDAY, "10:00", "12:00"), (town.police, town.tobacco))
    return f"/operations/{operation}"


def rows(html: str) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """By name: how many starts, and each day as what is drawn and what is said."""
    table = html.split('<table class="strips" role="table">', 1)[1].split("</table>", 1)[0]
    found = {}
    for name, starts, cells in ROW.findall(table):
        said = [(" ".join(re.findall(r'class="(\w+)"', lines)), unescape(say)) for lines, say in CELL.findall(cells)]
        found[unescape(name).replace("\u00ad", "")] = (starts, said)
    return found


def test_where_nobody_knows_each_day_is_unknown_and_never_free(lead: Browser, path: str) -> None:
    found = rows(lead.get(f"{path}/times?weeks=1"))
    assert list(found)[-1] == "Alla tillsammans"
    assert len(found) == 3
    for starts, days in found.values():
        assert starts == "145 av 145 starttider"
        assert days == [("unknown", "okänt 08:00–17:00")] * 5


def test_the_days_say_when_and_where_there_is_no_time_they_are_shown_too(lead: Browser, town: Town, path: str) -> None:
    apart(town)
    html = lead.get(f"{path}/times?weeks=1")
    assert "Ingen gemensam tid" in words(html)
    found = rows(html)
    police = next(row for name, row in found.items() if "Polisen" in name)
    assert police == ("65 av 145 starttider", [("unknown busy", "okänt 12:00–17:00")] * 5)
    assert found["Alla tillsammans"] == ("0 av 145 starttider", [("busy", "kan inte")] * 5)


def test_who_has_told_of_shifts_is_free_in_them(lead: Browser, town: Town, path: str) -> None:
    taken = [scene.span(MONDAY, "08:00", "09:00"), scene.span(MONDAY, "11:00", "12:00")]
    with unit_of_work(town.planner(town.police)) as uow:
        told = {"state": Unavailability.BUSY, "as_of": uow.now, "authority_id": town.police.id}
        for n in (0, 1):
            whose = {"person_id": town.police.inspectors[n], **told}
            rows_of = [{"id": uuid4(), "during": Range(*when), **whose} for when in taken]
            uow.session.execute(insert(Unavailable), rows_of)
    police = next(row for name, row in rows(lead.get(f"{path}/times?weeks=1")).items() if "Polisen" in name)
    assert police[1][0] == ("free unknown busy", "kan 09:00–11:00; okänt 12:00–17:00")


def test_of_others_nothing_is_drawn_but_that_they_can_or_cannot(lead: Browser, town: Town, path: str) -> None:
    for n in (0, 1):
        when = scene.span(MONDAY, "07:00", "18:00")
        scene.leave(town, town.tobacco, when, LeaveKind.TRAINING, n)
    html = lead.get(f"{path}/times?weeks=1")
    board = next(row for name, row in rows(html).items() if "Socialn" in name)
    assert board[1][0] == ("busy", "kan inte")
    assert "Utbildning" not in html
    assert "Inspektör" not in words(html)


def test_whose_time_cannot_be_seen_is_unknown(lead: Browser, town: Town) -> None:
    operation = scene.propose(town, scene.span(THURSDAY, "10:00", "12:00"), (town.police, town.outsider))
    found = rows(lead.get(f"/operations/{operation}/times?weeks=1"))
    assert all("free" not in drawn for _, days in found.values() for drawn, _ in days)


def test_four_weeks_are_four_tables_of_which_the_first_is_open(lead: Browser, path: str) -> None:
    html = lead.get(f"{path}/times?weeks=4")
    assert html.count('<table class="strips" role="table">') == 4
    assert len(re.findall(r'<details class="fold" open><summary>v\. 9, mån 1 mars till sön 7 mars', html)) == 1


@pytest.mark.parametrize(
    ("monday", "said", "drawn"),
    [
        (date(2027, 3, 22), "kan 01:30–03:30", "M6 6H14"),  # 02:00 is 03:00 in this night
        (date(2027, 10, 25), "kan 01:30–02:30", "M6 6H10"),  # 02:00 comes twice
    ],
)
def test_the_nights_in_which_the_clocks_change_are_drawn_on_the_clock(
    app: APIFlask, monday: date, said: str, drawn: str
) -> None:
    grid = Grid(monday, 7)
    first = grid.midnights[6] + 6
    quarters = 4 if "03:30" in said else 8
    free = ((1 << quarters) - 1) << first
    asked = Question(grid.whole, 0, 1, [Free(free, free)], named=(Named("one", 0),))
    with app.test_request_context("/?lang=sv"):
        strips = Strips(grid, asked, frozenset())
        cell = strips.cell(strips.found[0], 6)
    assert f'<path class="free" d="{drawn}"/>' in cell
    assert cell.endswith(f'<span class="vh">{said}</span></td>')
    assert strips.hours == ("00", "24")
