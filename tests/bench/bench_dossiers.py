"""Compiling and reading dossiers: 2,000 businesses, 200,000 findings of one authority (PERFORMANCE G5, G6, G12, G14).

CPU is the backend's and this process's together; wall time is indicative. The baseline builds the same content, which
is compared with the dossier as its reader gets it: with the answers that are read beside it, so that speed cannot be
bought by leaving things out. What those cost stands in "read a dossier".
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psutil
from sqlalchemy import Engine, create_engine, select, text

from samsyn.core.database import HouseSession
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import Viewer
from samsyn.dossiers.models import Dossier
from samsyn.dossiers.queries import compiled_of, get_dossier
from samsyn.dossiers.service import CHUNK, compile_dossiers
from tests.bench.bench_pdf import setting
from tests.bench.orm_loop import dossier_of
from tests.bench.result import Result
from tests.bench.town_of_findings import BUSINESSES, fill

SAMPLE = 20
CHANGED = 206
"""So many that the kernel's steps of 10 ms do not show."""
SCAN = text("SELECT sum(length(text)) FROM finding")


class Bench:
    """One connection as one role, and the processor time that its backend and this process spend."""

    def __init__(self, url: str, me: UUID, *, owner: bool = False) -> None:
        self.engine = engine_of(url)
        self.viewer = Viewer.task_of(me)
        self.owner = owner
        with self.engine.connect() as db:
            self.backend = psutil.Process(db.scalar(text("SELECT pg_backend_pid()")))

    @contextmanager
    def uow(self):  # type: ignore[no-untyped-def]
        """A unit of work on this connection, optionally as the tables' owner."""
        with HouseSession(self.engine, info={"viewer": self.viewer}) as session, session.begin():
            if self.owner:
                session.execute(text("SET LOCAL ROLE samsyn_owner"))
            yield UnitOfWork(session, self.viewer, datetime.now(UTC))

    def cost(self, work: Callable[[UnitOfWork], object], times: int = 1) -> tuple[float, float]:
        """Return CPU and wall seconds of one time, each its own transaction."""
        cpu, wall = self.cpu(), time.perf_counter()
        for _ in range(times):
            with self.uow() as uow:
                work(uow)
        return (self.cpu() - cpu) / times, (time.perf_counter() - wall) / times

    def cpu(self) -> float:
        spent = self.backend.cpu_times()
        return float(spent.user + spent.system) + time.process_time()


def engine_of(url: str) -> Engine:
    """One connection, without the time limits of the product: a loaded machine is slow, not wrong."""
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_size=1, max_overflow=0)


def bench(urls: Callable[[str], str]) -> list[Result]:
    """Fill a migrated database (``urls`` gives an address per role) and measure; below a minute on two cores."""
    root = engine_of(urls("postgres"))
    me = fill(root)
    root.dispose()
    app, owner = Bench(urls("samsyn_app"), me), Bench(urls("postgres"), me, owner=True)
    whole = [*compiling(app, me), *walls(app, owner), *reading(app)]
    for each in (app, owner):
        each.engine.dispose()
    return whole


def compiling(app: Bench, me: UUID) -> list[Result]:
    """All at once against the loop, against a scan of the same rows; one business after one finding changed."""
    scan = statistics.median(app.cost(lambda uow: uow.session.scalar(SCAN), times=10)[0] for _ in range(3))
    all_cpu, all_wall = app.cost(lambda uow: compile_dossiers(uow, None))
    with app.uow() as uow:
        sample = list(uow.session.scalars(select(Dossier.business_id).order_by(Dossier.business_id).limit(SAMPLE)))
        stored = {one.business_id: one.content for one in compiled_of(uow, sample)}
    built: dict[UUID, object] = {}
    loop, _ = app.cost(lambda uow: built.update({b: dossier_of(uow.session, b, me) for b in sample}))
    assert built == stored, "the loop and the statement say different things"
    loop *= BUSINESSES / SAMPLE
    stepped = in_steps(app)
    one_cpu, one_wall = one_finding(app)
    return [
        better("compile 2,000 businesses, CPU s", all_cpu, loop, 50, "an ORM loop"),
        Result("compile 2,000 businesses, wall s", all_wall, None, None, "none", ok=True),
        dearer("compile 2,000 businesses beside a scan, CPU s", all_cpu, scan, 12, "the scan"),
        dearer(f"the same as a job does, {CHUNK} a step, CPU s", stepped, scan, 12, "the scan"),
        within("one finding changed, wall ms", one_wall * 1000, 5),
        within("one finding changed, CPU ms", one_cpu * 1000, 5),
    ]


def in_steps(app: Bench) -> float:
    """Say that all changed, and compile them as a job does; CPU of all steps."""
    with app.uow() as uow:
        businesses = list(uow.session.scalars(select(Dossier.business_id).order_by(Dossier.business_id)))
        uow.session.execute(text("UPDATE dossier SET digest = '-'"))
    steps = [businesses[at : at + CHUNK] for at in range(0, len(businesses), CHUNK)]
    return sum(app.cost(lambda uow, some=some: compile_dossiers(uow, some))[0] for some in steps)  # type: ignore[misc]


def one_finding(app: Bench) -> tuple[float, float]:
    """Write a new version of one finding of each of many, then compile each by itself; mean CPU, median wall."""
    with app.uow() as uow:
        many = list(uow.session.scalars(select(Dossier.business_id).order_by(Dossier.business_id).limit(CHANGED)))
        for business in many:
            uow.session.execute(ONE_MORE, {"business": business})
    walls: list[float] = []

    def compile_each(businesses: list[UUID]) -> float:
        before = app.cpu()
        for business in businesses:
            began = time.perf_counter()
            with app.uow() as uow:
                assert compile_dossiers(uow, [business]) == 1
            walls.append(time.perf_counter() - began)
        return (app.cpu() - before) / len(businesses)

    compile_each(many[:6])  # a worker's connection has the plan: a statement is prepared when it is run again
    cpu = min(compile_each(many[at : at + 50]) for at in range(6, CHANGED, 50))
    return cpu, statistics.median(walls[6:])


ONE_MORE = text("""
    INSERT INTO finding SELECT finding_id, 9, 1, part_id, visit_id, operation_id, authority_id, unit_id, checklist_id,
           checklist_n, check_point, answer, serious, text || ' Ändrat.', unit_only, marking, written_by,
           observed_at, written_at
      FROM finding WHERE version = 1 AND visit_id IN (SELECT visit_id FROM visit_target WHERE business_id = :business)
     LIMIT 1""")


def walls(app: Bench, owner: Bench) -> list[Result]:
    """What row-level security costs: the same statement as the tables' owner, whom no policy limits here."""
    pairs = [
        (
            app.cost(lambda uow: compile_dossiers(uow, None))[0],
            owner.cost(lambda uow: compile_dossiers(uow, None))[0],
        )
        for _ in range(3)
    ]
    on, off = (statistics.median(side) for side in zip(*pairs, strict=True))
    return [dearer("compile all under the policies, CPU s", on, off, 1.3, "the tables' owner")]


def reading(app: Bench) -> list[Result]:
    """A stored dossier against building it from mapped rows; a PDF of 60 pages."""
    me = app.viewer.authority_id or uuid4()
    with app.uow() as uow:
        business = uow.session.scalars(select(Dossier.business_id).limit(1)).one()
        card = get_dossier(uow, business)
    stored, _ = app.cost(lambda uow: get_dossier(uow, business), times=50)
    built, _ = app.cost(lambda uow: dossier_of(uow.session, business, me), times=5)
    return [
        better("read a dossier, CPU ms", stored * 1000, built * 1000, 6, "building it from mapped rows"),
        *setting(card),
    ]


def better(name: str, value: float, baseline: float, times: float, what: str) -> Result:
    """A baseline that must cost at least so many times more."""
    return Result(name, value, baseline, baseline / value, f"{what} costs >= {times}x", ok=baseline >= times * value)


def dearer(name: str, value: float, limit: float, times: float, what: str) -> Result:
    """A limit that may cost at most so many times less."""
    return Result(name, value, limit, value / limit, f"<= {times}x {what}", ok=value <= times * limit)


def within(name: str, value: float, most: float) -> Result:
    """A value with a bound of its own."""
    return Result(name, value, None, None, f"<= {most}", ok=value <= most)
