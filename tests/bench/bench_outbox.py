"""The queue: writing rows, taking them in batches against one by one, finishing each (PERFORMANCE 3, outbox)."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import text

from samsyn.core.outbox import BATCH, emit, lease
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn_workers.rows import work_off
from tests.bench.bench_dossiers import better
from tests.bench.measuring import Clock, Cost, backend_of
from tests.bench.place import Place
from tests.bench.result import Result
from tests.factories import make_town

ROWS, EMITTED = 500, 5000
"""A round's rows; each row that is worked off costs a commit on the disk, so a round is short."""
TASK = "samsyn.bench.nothing"
PATIENCE = 120.0


class Queue:
    """The rows of one authority; remembers whose turn did which subject."""

    def __init__(self, me: UUID) -> None:
        self.me, self.viewer = me, Viewer.task_of(me)
        self.asked: set[UUID] = set()
        self.done: list[UUID] = []

    def fill(self, rows: int = ROWS) -> None:
        """Put a round's rows into the queue, in one transaction."""
        self.asked, self.done = {uuid4() for _ in range(rows)}, []
        with unit_of_work(self.viewer) as uow:
            for subject in self.asked:
                emit(uow, TASK, subject, acts_for=self.me)

    def work(self, limit: int) -> None:
        """Work all of it off as a worker does: a transaction for each lease, one for each row."""

        def do(_uow: UnitOfWork, row) -> None:  # type: ignore[no-untyped-def]
            self.done.append(row.subject_id)

        assert work_off(TASK, self.me, do, limit=limit, budget=PATIENCE) == ROWS
        assert len(self.done) == ROWS, "a row was done twice or not at all"
        assert set(self.done) == self.asked, "another row was done"

    def lease_all(self, limit: int) -> None:
        """Only take the rows, a transaction for each lease."""
        taken: set[UUID] = set()
        while True:
            with unit_of_work(self.viewer) as uow:
                rows = lease(uow.session, TASK, uuid4(), limit=limit, seconds=600)
            if not rows:
                break
            taken |= {row.subject_id for row in rows}
        assert taken == self.asked, "not every row was leased"

    def clear(self) -> None:
        """End what was only leased, or never taken."""
        with unit_of_work(self.viewer) as uow:
            uow.session.execute(text("UPDATE outbox SET state = 'done' WHERE state <> 'done'"))

    def refill(self) -> None:
        self.clear()
        self.fill()


def bench(place: Place) -> list[Result]:
    """Work off rows that ask for nothing: what is left is the queue's own cost."""
    database = place.database()
    with place.acting(database) as engine:
        queue, clock = Queue(make_town().tobacco.id), Clock(backend_of(engine))
        whole = {"batch": lambda: queue.work(BATCH), "one": lambda: queue.work(1)}
        taking = {"lease batch": lambda: queue.lease_all(BATCH), "lease one": lambda: queue.lease_all(1)}
        seen = clock.interleaved(whole, before=dict.fromkeys(whole, queue.refill))
        seen |= clock.interleaved(taking, before=dict.fromkeys(taking, queue.refill), rounds=3)
        seen |= clock.interleaved({"emit": lambda: queue.fill(EMITTED)}, before={"emit": queue.clear}, rounds=3)
    emitted, rate = seen["emit"].cpu * 1000 / EMITTED, EMITTED / seen["emit"].wall
    return [
        *pair("lease and finish a row", seen["batch"], seen["one"], 1),
        *pair("lease a row", seen["lease batch"], seen["lease one"], 5),
        Result(f"emit {EMITTED:,} rows in one commit, CPU ms each", emitted, None, None, "none", ok=True),
        Result(f"emit {EMITTED:,} rows in one commit, rows/s", rate, None, None, "none", ok=True),
    ]


def pair(what: str, batch: Cost, one: Cost, times: float) -> list[Result]:
    """CPU of a row, and rows a second: there a higher number is better."""
    rate, usual, per = ROWS / batch.wall, ROWS / one.wall, 1000 / ROWS
    name = f"{what}, batches of {BATCH}"
    return [
        better(f"{name}, CPU ms", batch.cpu * per, one.cpu * per, times, "a lease each"),
        Result(f"{name}, rows/s", rate, usual, rate / usual, "above a lease each", ok=rate >= usual),
    ]
