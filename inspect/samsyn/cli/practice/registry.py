"""What there is: businesses as an office's list brings them, permits, opening hours, hot spots."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from samsyn.businesses.queries import list_businesses
from samsyn.businesses.service import (
    ImportBusinesses,
    OpenSpell,
    SetOpeningHours,
    SetPermit,
    end_business,
    import_businesses,
    set_opening_hours,
    set_permit,
)
from samsyn.cli.practice.clock import MINUTES, minutes_of, weekly
from samsyn.cli.practice.founding import founded
from samsyn.cli.practice.town import Town
from samsyn.cli.practice.words import ON_RECORD, PERMITS
from samsyn.core.errors import InvalidError
from samsyn.core.paging import Seek
from samsyn.places.rules import HotSpotChange
from samsyn.places.service import AddHotSpot, NoteHotSpotEvent, add_hot_spot, note_hot_spot_event, place_in_hot_spot

COLUMNS: Final = (
    "Verksamhetens namn", "Verksamhetsutövare", "Org.nr", "Besöksadress", "Postnr", "Ort", "Bransch", "SNI",
    "Latitud", "Longitud",
)  # fmt: skip


def fill_registry(town: Town) -> None:
    """Import the places with their operators: all at the founding, later ones on the day on which they came."""
    first = town.clock.day_of(founded(town).date())
    later = {max(first, who["since"]) for place in town.data["premises"] for who in place["operators"]}
    for day in sorted(later | {first}):
        rows = [
            row(town, place, who["operator"])
            for place in town.data["premises"]
            for who in place["operators"]
            if max(first, who["since"]) == day
        ]
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([COLUMNS, *rows])
        command = ImportBusinesses(town.collaboration, "verksamheter.csv", text.getvalue().encode("utf-8-sig"))
        with town.at(town.coordinator, town.clock.at(day, "10:00")) as uow:
            report = import_businesses(uow, town.links.keys, command)
            if report.faults:
                raise InvalidError(f"the practice list has faults: {report.faults[:3]}")
    recognise(town)
    describe(town)


def row(town: Town, place: dict[str, Any], operator: str) -> tuple[str, ...]:
    """Return one line of an office's list."""
    who = next(o for o in town.data["operators"] if o["key"] == operator)
    words = {trade["key"]: trade["sv"] for trade in town.data["trades"]}
    trades = ",".join(words[trade["trade"]] for trade in place["trades"])
    codes = ",".join(dict.fromkeys(trade["sni"] for trade in place["trades"]))
    latitude, longitude = place["position"]
    return (
        place["name"], who["name"], who["number"] or "", place["address"], place["postcode"], place["town"], trades,
        codes, str(latitude), str(longitude),
    )  # fmt: skip


def recognise(town: Town) -> None:
    """Remember which business is which, by place and operator."""
    named = {o["name"]: o["key"] for o in town.data["operators"]}
    placed = {(p["name"], p["address"]): p["key"] for p in town.data["premises"]}
    found: dict[tuple[str, str], UUID] = {}
    with town.at(town.coordinator, town.clock.now) as uow:
        for one in list_businesses(uow, Seek(200), collaboration_id=town.collaboration).items:
            place = placed[one.name, one.address]
            found[place, named[one.operator]] = one.id
            town.premises[place] = one.premises_id
    for place in town.data["premises"]:
        for who in place["operators"]:
            town.businesses[place["key"], who["operator"]] = found[place["key"], who["operator"]]


def describe(town: Town) -> None:
    """Write hours and permits of every business, and that an operator has left a place."""
    with town.at(town.coordinator, town.clock.now - timedelta(days=1)) as uow:
        for place in town.data["premises"]:
            keys = [who["operator"] for who in place["operators"]]
            for who in place["operators"]:
                business = town.businesses[place["key"], who["operator"]]
                set_opening_hours(uow, SetOpeningHours(business, tuple(spells(place["hours"]))))
                if "until" in who:
                    end_business(uow, business, town.clock.date_of(who["until"] + 1))
            for permit in place["permits"]:
                if permit["status"] in ON_RECORD:
                    business = town.businesses[place["key"], permit.get("holder", keys[0])]
                    days = [None if permit[n] is None else town.clock.date_of(permit[n]) for n in ("from", "to")]
                    set_permit(uow, SetPermit(business, PERMITS[permit["kind"]], *days))


def spells(hours: dict[str, str]) -> list[OpenSpell]:
    """Return the week's hours; what closes at or before it opens closes the next day."""
    return [
        OpenSpell(weekday + 1, opens, closes if closes > opens else closes + MINUTES)
        for weekday, start, end in weekly(hours)
        for opens, closes in [(minutes_of(start), minutes_of(end))]
    ]


def follow_hot_spots(town: Town) -> None:
    """Write the hot spots with their history, each line on its day, and which premises lie in them."""
    for spot in town.data["hot_spots"]:
        first, *later = spot["history"]
        outline = tuple((latitude, longitude) for latitude, longitude in spot["polygon"])
        command = AddHotSpot(town.collaboration, spot["sv"], outline, town.clock.date_of(first["day"]), first["text"])
        with town.at(town.coordinator, max(founded(town), town.clock.at(first["day"]))) as uow:
            hot_spot = town.hot_spots[spot["key"]] = add_hot_spot(uow, command)
            inside = [town.premises[p["key"]] for p in town.data["premises"] if spot["key"] in p["hot_spots"]]
            place_in_hot_spot(uow, hot_spot, inside)
        for line in later:
            day, change = town.clock.date_of(line["day"]), HotSpotChange(line["event"])
            with town.at(town.coordinator, max(founded(town), town.clock.at(line["day"]))) as uow:
                note_hot_spot_event(uow, NoteHotSpotEvent(hot_spot, day, change, line["text"]))
