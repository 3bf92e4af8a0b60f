"""One person's feed of 1,000 events through the application, to the database and back (PERFORMANCE G1, G2)."""

from __future__ import annotations

import gc
import gzip
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from samsyn.calendars.service import create_feed
from samsyn.core.keys import make_key_file
from samsyn.core.logs import start_logging
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.web.app import create_app
from tests.bench.bench_dossiers import better, dearer
from tests.bench.measuring import Clock, backend_of
from tests.bench.peer_radicale import radicale
from tests.bench.place import Place
from tests.bench.plain_icalendar import facts_of, in_order, render, same
from tests.bench.result import Result
from tests.factories import Town, make_town

EVENTS = 1000
TIMES = {
    "icalendar": 2,
    "Radicale": 3,
    "empty": 100,
    "bare": 100,
    "changed": 3,
    "gzip": 40,
    "identity": 40,
    "unchanged": 40,
}
CHANGE = text(
    "UPDATE operation SET version = version + 1, changed_at = now(), meeting_place = 'Räddningsgården, sal ' || version"
    " WHERE id = md5('n1')::uuid"
)
WANTED = {
    *("UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION"),
    *("STATUS", "URL", "ORGANIZER", "CLASS", "TRANSP"),
}
USUAL = "icalendar at each request"
PEER = "Radicale"


class Reader:
    """A calendar program: asks for one address, with or without gzip, with or without what it has."""

    def __init__(self, client: FlaskClient, path: str) -> None:
        self.client, self.path = client, path

    def get(self, **headers: str) -> TestResponse:
        return self.client.get(self.path, headers={name.replace("_", "-"): said for name, said in headers.items()})

    def packed(self) -> TestResponse:
        return self.get(Accept_Encoding="gzip")

    def empty(self) -> None:
        assert self.client.get("/healthz").status_code == 200


def bare_view() -> FlaskClient:
    """Flask with one view that does nothing: the floor of anything that Flask answers."""
    app = Flask("empty")
    app.add_url_rule("/", view_func=lambda: ("", 304))
    return app.test_client()


def a_client(folder: Path) -> FlaskClient:
    """The real application on the database that this process acts in."""
    start_logging("WARNING")  # a line per request would bury the table
    make_key_file(folder / "keys.json")
    nowhere = {
        "database_url": "postgresql://bound",
        "redis_url": "redis://127.0.0.1:9",
        "smtp_url": "smtp://127.0.0.1:9",
    }
    settings = Settings(**nowhere, data_dir=folder)  # type: ignore[arg-type]
    app = create_app(settings, bind_database=False)
    gc.collect()
    gc.freeze()  # as samsyn.web.wsgi does in every server process
    return app.test_client()


def fill_assignments(place: Place, root: Engine, town: Town, *, events: int, apart: str) -> None:
    """Let the first inspector of the tobacco unit go to so many operations, one after another."""
    viewer = town.inspector(town.tobacco)
    ids = {"lead": town.police.id, "c": town.collaboration, "me": viewer.authority_id, "person": viewer.person_id}
    quoted = {name: f"'{value}'" for name, value in ids.items()}
    file = Path(__file__).with_name("many_assignments.sql")
    place.fill(root, file, events=events, apart=f"'{apart}'", mark="''", **quoted)


def bench(place: Place) -> list[Result]:
    """Fetch a feed that changed, one that did not, and one that the reader has already."""
    database = place.database()
    root = place.superuser(database)
    with place.acting(database) as engine:
        town = make_town()
        viewer = town.inspector(town.tobacco)
        fill_assignments(place, root, town, events=EVENTS, apart="8 hours")
        with unit_of_work(viewer) as uow:
            _, secret = create_feed(uow)
        reader = Reader(a_client(place.folder), f"/cal/{secret}.ics")

        def change() -> None:
            with root.begin() as db:
                db.execute(CHANGE)

        results = fetching(reader, Clock(backend_of(engine)), change, place.folder)
    root.dispose()
    return results


def fetching(reader: Reader, clock: Clock, change: Callable[[], None], folder: Path) -> list[Result]:
    """Measure every way in turns, after having seen that all say the same."""
    first = clock.cost(reader.packed)
    told = reader.get()
    facts, etag = facts_of(told.data), told.headers["ETag"]
    assert len(facts.events) == EVENTS, f"{len(facts.events)} events"
    assert all({name for name, _, _ in event} >= WANTED for event in facts.events), "an event lacks something"
    assert same(told.data, render(facts)), "the baseline says something else"
    assert gzip.decompress(reader.packed().data) == told.data, "gzip and identity differ"

    def unchanged() -> None:
        answer = reader.get(If_None_Match=etag)
        assert (answer.status_code, answer.data) == (304, b"")

    def changed() -> None:
        nonlocal etag
        change()
        before, etag = etag, reader.packed().headers["ETag"]
        assert etag != before, "a change is not in the feed"

    shelf, bare = radicale(folder, told.data), bare_view()
    theirs, ours = (sorted(in_order(event) for event in said) for said in (facts_of(shelf()).events, facts.events))
    assert theirs == ours, "Radicale says something else"
    works = {
        "changed": changed,
        "Radicale": shelf,
        "icalendar": lambda: render(facts),
        "gzip": reader.packed,
        "identity": reader.get,
        "empty": reader.empty,
    }
    seen = clock.interleaved(works, TIMES)
    seen |= clock.interleaved({"unchanged": unchanged, "bare": lambda: bare.get("/")}, TIMES)
    ms = {name: cost.cpu * 1000 for name, cost in seen.items()}
    return [
        better("feed of 1,000, first time, CPU ms", first.cpu * 1000, ms["icalendar"], 1, USUAL),
        better("feed of 1,000, one row changed, CPU ms", ms["changed"], ms["icalendar"], 100, USUAL),
        better("feed of 1,000, stored, gzip, CPU ms", ms["gzip"], ms["icalendar"], 1000, USUAL),
        better("feed of 1,000, stored, identity, CPU ms", ms["identity"], ms["icalendar"], 280, USUAL),
        better("feed of 1,000, 304, CPU ms", ms["unchanged"], ms["icalendar"], 1500, USUAL),
        better("feed of 1,000, one row changed, beside Radicale, CPU ms", ms["changed"], ms["Radicale"], 20, PEER),
        better("feed of 1,000, stored, gzip, beside Radicale, CPU ms", ms["gzip"], ms["Radicale"], 200, PEER),
        better("feed of 1,000, 304, beside Radicale, CPU ms", ms["unchanged"], ms["Radicale"], 300, PEER),
        dearer("feed of 1,000, 304 beside an empty view here, CPU ms", ms["unchanged"], ms["empty"], 3, "/healthz"),
        dearer("feed of 1,000, 304 beside an empty Flask view, CPU ms", ms["unchanged"], ms["bare"], 3, "empty view"),
        Result("feed of 1,000, 304, wall ms", seen["unchanged"].wall * 1000, None, None, "none", ok=True),
    ]
