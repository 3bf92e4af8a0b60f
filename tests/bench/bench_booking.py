"""Booking people: the exclusion constraint against none and against asking first (PERFORMANCE G8)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from psycopg.sql import SQL, Identifier
from psycopg.types.range import TimestamptzRange
from sqlalchemy import Engine, text

from samsyn.embedded.postgres import SUPERUSER
from tests.bench.bench_dossiers import better, dearer
from tests.bench.measuring import Clock
from tests.bench.place import Place
from tests.bench.result import Result
from tests.factories import START, make_town

PEOPLE, SLOTS, ASKED = 100, 100, 2000
MANY = 12
Row = tuple[UUID, UUID, UUID, TimestamptzRange]
Way = Callable[[psycopg.Connection, list[Row]], None]
INSERT = "INSERT INTO {} (id, person_id, authority_id, during, state) VALUES (%s, %s, %s, %s, 'asked')"
ALL = SQL("SELECT id, person_id, authority_id, during FROM {}")
LOOK = "SELECT 1 FROM {} WHERE person_id = %s AND during && %s AND state IN ('asked', 'accepted') LIMIT 1"


def slot(n: int) -> TimestamptzRange:
    """Four hours; slots only touch, so nobody is booked twice."""
    begins = START + timedelta(hours=4 * n)
    return TimestamptzRange(begins, begins + timedelta(hours=4))


def guarded(db: psycopg.Connection, rows: list[Row]) -> None:
    """What the house does: write, and let the database refuse."""
    db.cursor().executemany(INSERT.format("booking"), rows)


def unguarded(db: psycopg.Connection, rows: list[Row]) -> None:
    db.cursor().executemany(INSERT.format("booking_free"), rows)


def asked_first(db: psycopg.Connection, rows: list[Row]) -> None:
    """What programs do without the constraint: look, then write."""
    for row in rows:
        if db.execute(LOOK.format("booking_asked"), (row[1], row[3])).fetchone() is None:
            db.execute(INSERT.format("booking_asked"), row)


def in_turns(place: Place, database: str, rows: list[Row]) -> dict[str, float]:
    """Return CPU seconds per booking of each way; every way ends with the same bookings."""
    with psycopg.connect(place.cluster.url(SUPERUSER, database)) as db:
        works: dict[str, tuple[str, Way, list[Row]]] = {
            "guarded": ("booking", guarded, rows),
            "free": ("booking_free", unguarded, rows),
            "asked": ("booking_asked", asked_first, rows[:ASKED]),
        }

        def empty() -> None:
            db.execute("TRUNCATE booking, booking_free, booking_asked CASCADE")
            db.commit()

        def book(name: str) -> None:
            _, way, theirs = works[name]
            way(db, theirs)
            db.commit()

        clock = Clock(db.info.backend_pid)
        doing = {name: lambda name=name: book(name) for name in works}
        seen = clock.interleaved(doing, before=dict.fromkeys(works, empty))
        for name, (table, _, theirs) in works.items():
            empty()
            book(name)
            found = set(db.execute(ALL.format(Identifier(table))).fetchall())
            assert found == set(theirs), f"{table} holds other bookings"
    return {name: seen[name].cpu / len(works[name][2]) for name in works}


def winners(url: str, way: Way, person: UUID, authority: UUID) -> Counter[str]:
    """Let many connections book one person's hour in the same moment; count how each ended."""
    gate, said = threading.Barrier(MANY), Counter[str]()

    def run() -> None:
        with psycopg.connect(url) as db:
            gate.wait(30)
            try:
                way(db, [(uuid4(), person, authority, slot(0))])
                db.commit()
                said["won"] += 1
            except (psycopg.errors.ExclusionViolation, psycopg.errors.DeadlockDetected):
                said["refused"] += 1

    threads = [threading.Thread(target=run) for _ in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def people(engine: Engine, place: Place, authority: UUID, unit: UUID) -> list[UUID]:
    ids = [uuid4() for _ in range(PEOPLE)]
    array = "ARRAY[" + ",".join(f"'{i}'" for i in ids) + "]::uuid[]"
    file = Path(__file__).with_name("bookable_people.sql")
    place.fill(engine, file, people=array, authority=f"'{authority}'", unit=f"'{unit}'")
    return ids


def bench(place: Place) -> list[Result]:
    """Measure as the superuser on both sides: the constraint's own cost, without the policies'."""
    database = place.database()
    with place.acting(database):
        office = make_town().tobacco
    root = place.superuser(database)
    ids = people(root, place, office.id, office.unit)
    rows: list[Row] = [(uuid4(), who, office.id, slot(n)) for n in range(SLOTS) for who in ids]
    ms = {name: seconds * 1000 for name, seconds in in_turns(place, database, rows).items()}
    with root.begin() as db:
        db.execute(text("TRUNCATE booking, booking_asked CASCADE"))
    root.dispose()
    url = place.cluster.url(SUPERUSER, database)
    said, racy = (winners(url, way, ids[0], office.id) for way in (guarded, asked_first))
    assert said == {"won": 1, "refused": MANY - 1}, f"double booking: {said}"
    return [
        dearer("book a person (10,000), CPU ms", ms["guarded"], ms["free"], 3, "no constraint"),
        better(
            "book a person (10,000), beside asking first, CPU ms", ms["guarded"], ms["asked"], 1, "select, then insert"
        ),
        Result(f"{MANY} book the same hour at once, winners", said["won"], racy["won"], None, "exactly 1", ok=True),
    ]
