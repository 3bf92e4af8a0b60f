"""Signals as their people bring them in and write them: a list of a long year, its faults, undone; a hot spot."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from apiflask import APIFlask

from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.places.queries import hot_spot_history, list_hot_spots, list_imports, weeks_of
from samsyn.places.rules import HotSpotChange
from samsyn.places.service import (
    AddHotSpot,
    NoteHotSpotEvent,
    add_hot_spot,
    note_hot_spot_event,
    place_in_hot_spot,
)
from tests.factories import Town
from tests.web.reader import Browser, open_browser
from tests.web.test_imports import begin, finish, to_preview

Sit = Callable[[Viewer], Browser]
HEAD = "År;Vecka;Hot spot;Källa;Antal\r\n"
TODAY = local_day(datetime.now(UTC))


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    return lambda viewer: open_browser(app.test_client(), viewer)


@pytest.fixture
def spot(town: Town) -> UUID:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        outline = ((59.3, 15.8), (59.4, 15.8), (59.4, 15.9))
        found = add_hot_spot(uow, AddHotSpot(town.collaboration, "Järntorget", outline, TODAY, "Langning"))
        place_in_hot_spot(uow, found, town.premises[:1])
    return found


def rows(*said: str) -> str:
    return HEAD + "\r\n".join(said)


def weeks_back(n: int) -> list[date]:
    monday = TODAY - timedelta(days=TODAY.weekday())
    return [monday - timedelta(weeks=back) for back in range(n)]


def test_a_list_of_a_long_year_in_the_offices_own_writing_comes_in_once_and_is_undone(
    sit: Sit, town: Town, spot: UUID
) -> None:
    planner = sit(town.planner(town.tobacco))
    long = [f"2020;{week};Järntorget;allmänheten;{week % 4}" for week in range(1, 54)]
    recent = [f"{day:%G};v. {day:%V};järntorget;;3" for day in weeks_back(40)]
    data = rows(*long, *recent).encode("windows-1252")
    page = to_preview(planner, begin(planner, "signals", data))
    assert "93 veckor läggs till" in page
    done = planner.do(
        page_of := begin(planner, "signals", b"\xef\xbb\xbf" + rows(*long, *recent).encode()) + "/columns"
    )
    assert done == page_of.removesuffix("/columns") + "/preview"
    said = finish(planner, done.removesuffix("/preview"))
    assert "93 nya veckor" in said
    again = begin(planner, "signals", data)
    assert "93 är lika som förut" in to_preview(planner, again) or "finns redan" in planner.get(f"{again}/preview")
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert [n for _, n in weeks_of(uow, spot, 41)] == [0] + [3] * 40
        assert len(list_imports(uow)) == 1
        taken = list_imports(uow)[0].id
    other = sit(town.planner(town.health)).get(f"/hot-spots/{spot}")
    assert "Har flera signaler" in other
    assert "2020" not in other
    planner.do("/signals", f"/signals/lists/{taken}/undo")
    assert "Ångrad" in planner.get("/signals")
    assert "Har flera signaler" not in sit(town.planner(town.health)).get(f"/hot-spots/{spot}")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("2026;54;Järntorget;;1", "1 till 53"),
        ("2025;53;Järntorget;;1", "År 2025 har ingen sådan vecka"),
        ("2099;1;Järntorget;;1", "inte börjat än"),
        ("26;1;Järntorget;;1", "fyra siffror"),
        ("2026;1;Storgatan;;1", "heter så eller har det id"),
        ("2026;1;;;1", "Platsen saknas"),
        ("2026;1;Järntorget;skvaller;1", "Skriv allmänheten"),
        ("2026;1;Järntorget;;1000", "0 till 999"),
        ("2026;1;Järntorget;;-1", "0 till 999"),
        ("2026;1;Järntorget;;", "Antalet saknas"),
        ("2026;1;Järntorget;;2\r\n2026;01;järntorget;;2", "dubblett av rad 2"),
        ("2026;1;19121212-1212;;2", ""),
    ],
)
def test_faults_are_named_by_row_and_column(sit: Sit, town: Town, spot: UUID, row: str, fault: str) -> None:
    planner = sit(town.planner(town.tobacco))
    if not fault:
        refused = planner.upload("/import/signals", "lista.csv", rows(row).encode())
        assert refused.status_code == 422
        assert "19121212" not in refused.text
        return
    page = to_preview(planner, begin(planner, "signals", rows(row)))
    assert fault in page
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert list_imports(uow) == []


def test_a_signal_is_written_at_a_business_and_read_by_the_own_authority_alone(sit: Sit, town: Town) -> None:
    inspector = sit(town.inspector(town.tobacco))
    new = f"/signals/new?business_id={town.businesses[0]}"
    assert f'name="business_id" value="{town.businesses[0]}"' in inspector.get(new)
    refused = inspector.send(new, "/signals/new", text="Hon heter 19121212-1212")
    assert refused.status_code == 422
    where = inspector.do(new, "/signals/new", text="Säljer till minderåriga", weight="3")
    assert where.startswith(f"/businesses/{town.businesses[0]}")
    assert "Säljer till minderåriga" in inspector.get("/signals")
    assert "Säljer till minderåriga" in json.dumps(
        json.loads(inspector.client.get("/signals.json").data), ensure_ascii=False
    )
    other = sit(town.planner(town.health))
    page = other.get(f"/businesses/{town.businesses[0]}")
    assert "Har några signaler" in page
    for path in (f"/businesses/{town.businesses[0]}", "/signals"):
        assert "minderåriga" not in other.get(path)
    candidates = other.get("/candidates")
    assert "Andra myndigheter har några signaler" in candidates
    assert "1 egen signal" in sit(town.planner(town.tobacco)).get("/candidates")


def test_a_long_history_is_written_on(sit: Sit, town: Town, spot: UUID) -> None:
    """The form counts all lines, also those that the page does not show."""
    with unit_of_work(town.planner(town.tobacco)) as uow:
        for _ in range(201):
            note_hot_spot_event(uow, NoteHotSpotEvent(spot, date(2026, 1, 2), HotSpotChange.CONFIRMED, ""))
    sit(town.planner(town.tobacco)).do(f"/hot-spots/{spot}/note", change="confirmed", text="Sågs", on_date="2026-01-03")


def test_a_hot_spot_is_drawn_noted_and_renamed(sit: Sit, town: Town) -> None:
    planner = sit(town.planner(town.tobacco))
    fields = {
        "collaboration_id": str(town.collaboration),
        "name": "Nya torget",
        "text": "Klagomål",
        "on_date": "2026-01-02",
    }
    two = planner.send("/hot-spots/new", outline="59,3930 15,8399\n59.4 15.9", **fields)
    assert two.status_code == 422
    assert "minst tre" in two.text
    assert "Rad 2 är ingen punkt" in planner.send("/hot-spots/new", outline="59.3 15.8\nhörnet", **fields).text
    where = planner.do("/hot-spots/new", outline="59,3930 15,8399", **fields)
    with unit_of_work(town.planner(town.health)) as uow:
        one = next(spot for spot in list_hot_spots(uow) if spot.name == "Nya torget")
        assert one.outline == ((59.393, 15.8399),)
    assert where.startswith(f"/hot-spots/{one.id}")
    note = f"/hot-spots/{one.id}/note"
    stale = planner.get(note)
    planner.do(note, change="changed", name="Nytorget", text="Bytte namn", on_date="2026-02-03")
    assert 'name="version" value="1"' in stale
    page = planner.get(f"/hot-spots/{one.id}")
    assert "Hette då Nya torget." in page
    assert "<svg" in page
    assert "http" not in page.replace("http://www.w3.org", "")
    with unit_of_work(town.planner(town.health)) as uow:
        assert [line.name for line in hot_spot_history(uow, one.id)] == ["Nytorget", "Nya torget"]
    outside = sit(town.planner(town.outsider)).client.get(f"/hot-spots/{one.id}")
    assert outside.status_code == 404
    for language in ("sv", "en"):
        text = planner.get(f"/hot-spots/{one.id}?lang={language}")
        assert "hot_spots." not in text
        assert "signals." not in text.replace("its own signals.", "")
