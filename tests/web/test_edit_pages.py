"""Changing the registry by hand: what was typed is kept, the newest version was seen, numbers stay unseen."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from apiflask import APIFlask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from samsyn.businesses.queries import OpenLine, get_business, opening_hours_of, permits_of, spell_of
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.web.pages.opening import in_lines, read_day, written
from tests.factories import Town
from tests.web.reader import Browser, open_browser, read

PERSON = "19811218-9876"  # made up, from the Swedish Tax Agency's own examples


def sit(app: APIFlask, viewer: Viewer) -> Browser:
    return open_browser(app.test_client(), viewer)


def test_a_business_is_changed_and_an_outdated_form_changes_nothing(app: APIFlask, town: Town) -> None:
    browser, business = sit(app, town.planner(town.health)), town.businesses[0]
    path = f"/businesses/{business}/edit"
    late = browser.form(path)
    went = browser.do(
        path, name="Kiosk Hörnet", postcode="73230", trades=["kiosk", "tobacco_shop"], hours_1="9-22",
        hours_5="11.00–14, 17–01", held_tobacco="true", until_tobacco="2030-01-31",
    )  # fmt: skip
    assert went == f"/businesses/{business}?changed"
    shown = browser.get(went)
    for words in (
        "Kiosk Hörnet",
        "732 30",
        "mån",
        "9–22",
        "11–14, 17–1",
        "Tobakstillstånd",
        "till 2030-01-31",
        "Sparat.",
    ):
        assert words in shown
    answer = browser.client.post(path, data={**late.fields, "name": "Något annat"})
    assert answer.status_code == 412
    assert "Något annat" in answer.text
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_business(uow, business).name == "Kiosk Hörnet"
        hours = opening_hours_of(uow, {business})[business]
        assert hours == (OpenLine(1, 540, 1320), OpenLine(5, 660, 840), OpenLine(5, 1020, 1500))
        assert [one.kind for one in permits_of(uow, business)] == ["tobacco"]


def test_a_change_of_hours_alone_counts_as_one(app: APIFlask, town: Town) -> None:
    browser, path = sit(app, town.planner(town.health)), f"/businesses/{town.businesses[0]}/edit"
    late = browser.form(path)
    browser.do(path, hours_2="10-18")
    assert browser.client.post(path, data={**late.fields, "hours_3": "9-17"}).status_code == 412


def test_faults_stand_beside_their_fields_and_nothing_is_written(app: APIFlask, town: Town) -> None:
    browser, path = sit(app, town.planner(town.health)), f"/businesses/{town.businesses[0]}/edit"
    for typed, fault in (
        ({"hours_4": "halv tio"}, "e-hours_4"),
        ({"hours_4": "9-12, 11-14"}, "e-hours_4"),
        ({"postcode": "7323"}, "e-postcode"),
        ({"from_food": "2030-01-02", "until_food": "2030-01-01"}, "e-until_food"),
        ({"name": f"Kiosk {PERSON}"}, "e-name"),
    ):
        answer = browser.send(path, **typed)
        assert answer.status_code == 422
        assert f'id="{fault}"' in answer.text, typed
        assert next(iter(typed.values())) in answer.text
    with unit_of_work(town.planner(town.police)) as uow:
        assert spell_of(uow, town.businesses[0]).version == 1
    browser.do(f"/businesses/{town.businesses[1]}/edit", address="Nygatan 5")
    taken = {"name": f"kiosk 1  {town.mark}", "address": "Nygatan 5"}
    assert browser.send(path, **taken).status_code == 409


def test_a_new_operator_begins_where_the_old_one_ends(app: APIFlask, town: Town) -> None:
    browser, old = sit(app, town.planner(town.tobacco)), town.businesses[0]
    with unit_of_work(town.planner(town.tobacco)) as uow:
        day = uow.today
    path = f"/businesses/{old}/operator"
    assert browser.send(path, name="Nytt AB", number="123").status_code == 422
    assert browser.send(path, name="Nytt AB", on="2019-01-01").status_code == 422
    went = browser.do(path, name="Asta Påhitt", number=PERSON)
    new = UUID(went.split("/")[2].partition("?")[0])
    with unit_of_work(town.planner(town.police)) as uow:
        assert spell_of(uow, old).until == spell_of(uow, new).since == day
        card = get_business(uow, new)
        assert (card.form, card.number, card.operator) == ("sole_trader", None, "Asta Påhitt")
        assert uow.session.scalar(text("SELECT count(*) FROM operator_secret")) == 0
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert uow.session.scalar(text("SELECT count(*) FROM operator_secret")) == 1
        assert uow.session.scalar(text("SELECT count(*) FROM operator WHERE operator::text LIKE '%9876%'")) == 0
    for office in (*town.offices, town.outsider):
        one = sit(app, town.planner(office))
        pages = [one.client.get(f"/businesses/{key}").text for key in (old, new)]
        pages += [one.client.get(where).text for where in ("/businesses", "/businesses.csv", "/candidates")]
        assert all("9876" not in page for page in pages)
    assert browser.send(path, name="Ännu en", on=(day + timedelta(days=3)).isoformat()).status_code == 422
    assert f"Före det: Bolag 0 {town.mark} AB, till {day}" in browser.get(went)


def test_only_planners_of_members_change_anything(app: APIFlask, town: Town) -> None:
    path = f"/businesses/{town.businesses[0]}"
    sit(app, town.inspector(town.tobacco)).get(f"{path}/edit", 403)
    stranger = sit(app, town.planner(town.outsider))
    for page in ("edit", "operator"):
        stranger.get(f"{path}/{page}", 404)
    token = next(form for form in read(stranger.get("/")).found if form.action == "/sign-out").fields["csrf_token"]
    body = {"csrf_token": token[0], "version": "1", "name": "X", "address": "Y", "postcode": "73231", "town": "Z"}
    assert stranger.client.post(f"{path}/edit", data=body).status_code == 404


SPELLS = st.lists(st.integers(0, 95), min_size=2, max_size=6, unique=True).map(
    lambda ends: [(a * 15, b * 15) for a, b in zip(*[iter(sorted(ends)[: len(ends) // 2 * 2])] * 2, strict=True)]
)


@given(st.integers(1, 7), SPELLS)
def test_hours_are_read_as_they_are_written(day: int, spells: list[tuple[int, int]]) -> None:
    lines = [OpenLine(day, opens, closes) for opens, closes in spells]
    read = read_day(day, written(lines))
    assert [(one.weekday, one.opens, one.closes) for one in read] == [(day, opens, closes) for opens, closes in spells]


@given(st.text(max_size=30))
def test_whatever_is_typed_is_hours_or_refused(typed: str) -> None:
    try:
        read = read_day(1, typed)
    except ValueError:
        return
    assert all(0 <= one.opens < 1440 and one.opens < one.closes <= 2880 for one in read)


def test_days_that_are_alike_stand_together() -> None:
    week = [OpenLine(day, 540, 1320) for day in range(1, 7)] + [OpenLine(7, 660, 1500)]
    assert in_lines(week, "sv") == [("mån–lör", "9–22"), ("sön", "11–1")]
    assert in_lines([OpenLine(2, 570, 1080)], "en") == [("Tue", "09:30–18")]
    assert in_lines([], "sv") == []
