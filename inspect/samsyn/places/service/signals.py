"""Write and count signals: what the own authority observed of a place, and the bucket that the others learn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import insert as insert_or_change

from samsyn.audit.service import record
from samsyn.businesses.queries import get_business
from samsyn.core.errors import InvalidError, NotAllowedError, NotFoundError
from samsyn.core.home import HOME
from samsyn.core.outbox import emit
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.places.holding import HOLDING, WeekRow
from samsyn.places.models import Signal, SignalCount, SignalImport
from samsyn.places.rules import LEAST_WEIGHT, LIVES, LONGEST, MOST_TEXT, MOST_WEIGHT, SignalSource, bucket_of
from samsyn.places.service.hot_spots import PERSONAL, find_hot_spot

COUNT_SIGNALS: Final = "samsyn.places.count_signals"
"""The task that counts one place again when something of it has expired."""
SLACK: Final = timedelta(minutes=5)
"""The database's clock, by which a task is due, is read a little later than ours."""
NAMES: Final = ("collaboration_id", "business_id", "hot_spot_id")
WRITERS: Final = frozenset({"planner", "inspector"})

_PLACES: Final = " AND (s.business_id = ANY (:places) OR s.hot_spot_id = ANY (:places))"
_COUNTED: Final = text(f"""
  SELECT collaboration_id, business_id, hot_spot_id, sum(n) AS n, min(expires_on) AS next_on
    FROM ({HOLDING.format(where=_PLACES)}) x
   WHERE expires_on >= :today
     AND EXISTS (SELECT 1 FROM collaboration_member m WHERE m.collaboration_id = x.collaboration_id
                    AND m.authority_id = (SELECT me()) AND m.left_on IS NULL)
   GROUP BY collaboration_id, business_id, hot_spot_id""")  # noqa: S608  made of constants; values are parameters
_TAKE: Final = text("""
  DELETE FROM signal_count
   WHERE authority_id = (SELECT me()) AND (business_id = ANY (:places) OR hot_spot_id = ANY (:places))""")
_AWAITED: Final = text("""
  SELECT subject_id, min(next_at) AS at FROM outbox
   WHERE acts_for_id = (SELECT me()) AND task = :task AND subject_id = ANY (:places) AND state = 'due'
   GROUP BY subject_id""")
_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


@dataclass(frozen=True, slots=True)
class AddSignal:
    """An observation of a day about a business or a hot spot, one of the two."""

    on_date: date
    source: SignalSource
    weight: int
    business_id: UUID | None = None
    hot_spot_id: UUID | None = None
    text: str = ""
    expires_on: date | None = None


def add_signal(uow: UnitOfWork, command: AddSignal) -> UUID:
    """Write one signal and hand its bucket over. ``InvalidError`` names the field; text refuses personal numbers."""
    demand_writer(uow)
    today = uow.today
    until = command.expires_on or command.on_date + LIVES
    faults: dict[str, list[str]] = {}
    if command.on_date > today:
        faults["on_date"] = ["must not be in the future"]
    if not command.on_date < until <= command.on_date + LONGEST:
        faults["expires_on"] = ["signal_days"]
    if not LEAST_WEIGHT <= command.weight <= MOST_WEIGHT:
        faults["weight"] = ["signal_weight"]
    if len(command.text) > MOST_TEXT:
        faults["text"] = ["too long"]
    elif has_personal_number(command.text):
        faults["text"] = [PERSONAL]
    if faults:
        raise InvalidError("that is no signal", fields=faults)
    place, home = home_of(uow, command.business_id, command.hot_spot_id)
    key = uuid4()
    values = {**mine(uow, home), "id": key, "n": 1, "import_id": None, "expires_on": until}
    said = {
        name: getattr(command, name) for name in ("on_date", "source", "weight", "business_id", "hot_spot_id", "text")
    }
    uow.session.execute(insert(Signal).values(**values, **said))
    record(uow, "signal.add", key)
    count_signals(uow, place)
    return key


def home_of(uow: UnitOfWork, business_id: UUID | None, hot_spot_id: UUID | None) -> tuple[UUID, UUID]:
    """Return a place's key and its collaboration; ``InvalidError`` where none is named, or both are."""
    if (business_id is None) == (hot_spot_id is None):
        raise InvalidError("one place", fields={"hot_spot_id": ["signal_place"]})
    if business_id is not None:
        return business_id, get_business(uow, business_id).collaboration_id
    assert hot_spot_id is not None  # noqa: S101  just looked at
    return hot_spot_id, find_hot_spot(uow, hot_spot_id).collaboration_id


def mine(uow: UnitOfWork, collaboration_id: UUID) -> dict[str, Any]:
    """Return what every row of the own authority says."""
    return {"authority_id": uow.me, "collaboration_id": collaboration_id, "noted_at": uow.now, "withdrawn_at": None}


def withdraw_signal(uow: UnitOfWork, signal_id: UUID) -> UUID:
    """Take back an own signal that a person wrote, and return its place; ``NotFoundError`` for any other."""
    demand_writer(uow)
    row = uow.session.get(Signal, signal_id, with_for_update=True)
    if row is None or row.import_id is not None or row.withdrawn_at is not None:
        raise NotFoundError("no such signal of yours")
    place = row.business_id or row.hot_spot_id
    assert place is not None  # noqa: S101  a check of the table
    row.withdrawn_at = uow.now
    uow.session.flush()
    record(uow, "signal.withdraw", signal_id)
    count_signals(uow, place)
    return place


def import_weeks(uow: UnitOfWork, rows: Sequence[WeekRow], filename: str) -> UUID | None:
    """Write what is new or changed of a list by week, all or nothing; nothing where it changes nothing."""
    demand_planner(uow)
    if not rows:
        return None
    key = uuid4()
    own = {"id": key, "authority_id": uow.me, "at": uow.now}
    uow.session.execute(insert(SignalImport).values(**own, filename=filename[:200], rows=len(rows), undone_at=None))
    values = [
        {
            **mine(uow, row.collaboration_id),
            **{name: getattr(row, name) for name in ("source", "n", "business_id", "hot_spot_id")},
            **{"id": uuid4(), "weight": 1, "text": "", "import_id": key},
            **{"on_date": row.week_on, "expires_on": row.week_on + LIVES},
        }
        for row in rows
    ]
    uow.session.execute(insert(Signal), values)
    record(uow, "signal.import", key)
    count_all(uow, {row.place for row in rows})
    return key


def undo_import(uow: UnitOfWork, import_id: UUID) -> None:
    """Let a list count no more; what it replaced counts again. ``NotFoundError`` for another's, or one undone."""
    demand_planner(uow)
    row = uow.session.get(SignalImport, import_id, with_for_update=True)
    if row is None or row.undone_at is not None:
        raise NotFoundError("no such list of yours")
    row.undone_at = uow.now
    uow.session.flush()
    places = text("SELECT DISTINCT coalesce(business_id, hot_spot_id) FROM signal WHERE import_id = :key")
    record(uow, "signal.undo", import_id)
    count_all(uow, set(uow.session.scalars(places, {"key": import_id})))


def count_signals(uow: UnitOfWork, place: UUID) -> None:
    """Count one place again."""
    count_all(uow, [place])


def count_all(uow: UnitOfWork, places: Iterable[UUID]) -> None:
    """Hand over the buckets of the own signals of places that hold today, and wake again when the next expires.

    Always a recount: twice changes nothing. As many statements for thousands of places as for one, but for what is to
    be woken; one lock, so that of two who count at once none misses what the other has not committed. Who left the
    collaboration tells nothing any more.
    """
    uow.session.execute(_ONE_AT_A_TIME, {"key": f"signals {uow.me}"})
    asked, today = sorted(set(places)), uow.today
    rows = uow.session.execute(_COUNTED, {"places": asked, "today": today})
    found = {row.business_id or row.hot_spot_id: row for row in rows}
    uow.session.execute(_TAKE, {"places": [place for place in asked if place not in found]})
    told = [
        {**{name: row[n] for n, name in enumerate(NAMES)}, "id": uuid4(), "authority_id": uow.me, "bucket": bucket}
        for row in found.values()
        if (bucket := bucket_of(row.n))
    ]
    if not told:
        return
    put = insert_or_change(SignalCount)
    put = put.on_conflict_do_update(index_elements=["authority_id", *NAMES[1:]], set_={"bucket": put.excluded.bucket})
    uow.session.execute(put, told)
    waiting = uow.session.execute(_AWAITED, {"task": COUNT_SIGNALS, "places": asked})
    awaited = {row.subject_id: row.at for row in waiting}
    for place, row in found.items():
        at = datetime.combine(row.next_on + timedelta(days=1), time(1), HOME)
        if place not in awaited or awaited[place] > at + SLACK:
            emit(uow, COUNT_SIGNALS, place, acts_for=uow.me, after=at - uow.now)


def demand_writer(uow: UnitOfWork) -> None:
    """Refuse who neither plans nor inspects."""
    if not uow.viewer.roles & WRITERS:
        raise NotAllowedError("only a planner or an inspector notes signals")


def demand_planner(uow: UnitOfWork) -> None:
    """Refuse anyone but a planner."""
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner takes lists in")
