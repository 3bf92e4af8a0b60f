"""Fetching people's own calendars: leased, fetched with no transaction open, then kept together with the row's end.

The fetch is another process's, without database and keys (``samsyn.planning.busy.egress``). A row's subject is the
person or a job of that person's: the address stands in no row of the queue, message or log.
"""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import Final
from uuid import UUID, uuid4

import structlog
from celery.signals import worker_ready

from samsyn.access.queries import contacts
from samsyn.core.errors import NotFoundError
from samsyn.core.jobs import finish_job, get_job
from samsyn.core.keys import Keys, load_keys
from samsyn.core.outbox import MAX_LOST, Leased, anything_due, emit, finish, lease, try_again
from samsyn.core.settings import load_settings
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import TASK, Viewer
from samsyn.dossiers.queries import open_deficiencies
from samsyn.operations.queries import my_assignments
from samsyn.planning.busy import asking
from samsyn.planning.busy.faults import Fault, UnreadError
from samsyn.planning.busy.told import Owner, Reading
from samsyn.planning.campaigns.plans import compiled
from samsyn.planning.queries import Errand, errand
from samsyn.planning.reasons import Deficiencies
from samsyn.planning.rules import PLAN_CAMPAIGN
from samsyn.planning.service import FETCH, FETCH_NOW, note_fault, note_reading, window_at
from samsyn.planning.service.plan_making import Made
from samsyn.planning.service.plan_steps import MOST_TRIES, give_up, keep_step, make_step
from samsyn_workers.app import app
from samsyn_workers.rows import work_off

BUDGET: Final = 5.0
"""Seconds after which no further calendar is begun; one takes at most 15."""
SOFT_LIMIT, LIMIT, LEASE = 24, 26, 30
PLAN_SOFT_LIMIT, PLAN_LIMIT, PLAN_LEASE = 60, 65, 70
PLAN_BUDGET: Final = 5.0
"""Seconds after which no further step of a plan is begun: one takes about four, the first of the largest problem ten,
and 55 are left for it where the machine is slower.
"""
_log = structlog.get_logger(__name__)


@worker_ready.connect
def say_kernel(**_: object) -> None:
    """Say once at the start which kernel plans campaigns here."""
    _log.info("planner", kernel="compiled" if compiled() else "plain Python")


@app.task(name=PLAN_CAMPAIGN, soft_time_limit=PLAN_SOFT_LIMIT, time_limit=PLAN_LIMIT)
def plan_campaign(*, acts_for: str) -> int:
    """Do the next step of each campaign's plan that is asked for; the step makes the one after it due.

    A step is computed with no transaction open, and written only if its row and its job still are this worker's. One
    that came to no end ``MOST_TRIES`` times ends its plan with the best so far, or with an error.

    As a planner of the authority: what a worker alone may not know of others' time its planners may.
    """
    authority, roles = UUID(acts_for), frozenset({"planner"})
    opened = partial(unit_of_work, Viewer(authority, None, roles | {TASK}))
    made: dict[UUID, Made | None] = {}

    def ahead(row: Leased) -> None:
        if row.attempts <= MOST_TRIES:
            made[row.id] = make_step(opened, row.subject_id, own_deficiencies)

    def do(uow: UnitOfWork, row: Leased) -> None:
        if row.attempts > MOST_TRIES:
            more = give_up(uow, row.subject_id)
        else:
            more = keep_step(uow, row.subject_id, made.pop(row.id))
        if more:
            emit(uow, PLAN_CAMPAIGN, row.subject_id, acts_for=uow.me)

    return work_off(
        PLAN_CAMPAIGN, authority, do, limit=1, budget=PLAN_BUDGET, roles=roles, ahead=ahead, seconds=PLAN_LEASE
    )


def own_deficiencies(uow: UnitOfWork) -> dict[UUID, Deficiencies]:
    """Return what speaks for a visit in the own authority's dossiers."""
    return {one: Deficiencies(*counts) for one, counts in open_deficiencies(uow).items()}


@app.task(name=FETCH, soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def fetch_busy(*, acts_for: str) -> int:
    """Fetch the calendars of an authority's people whose time has come; return how many rows were completed."""
    return work(FETCH, UUID(acts_for))


@app.task(name=FETCH_NOW, soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def fetch_busy_now(*, acts_for: str) -> int:
    """Fetch the calendars that somebody waits for."""
    return work(FETCH_NOW, UUID(acts_for))


def work(task: str, acts_for: UUID) -> int:
    """Take due rows one by one. Running twice fetches twice and keeps the later; dying anywhere loses no row."""
    viewer, ends_at, done = Viewer.task_of(acts_for), monotonic() + BUDGET, 0
    with unit_of_work(viewer) as uow:
        if not anything_due(uow.session, task):
            return 0
    settings = load_settings()
    keys = load_keys(settings.key_file or settings.data_dir / "keys.json")
    while monotonic() < ends_at:
        holder = uuid4()
        with unit_of_work(viewer) as uow:
            rows = lease(uow.session, task, holder, limit=1, seconds=LEASE)
        if not rows:
            break
        done += sum(one_row(task, viewer, holder, row, keys) for row in rows)
    return done


def one_row(task: str, viewer: Viewer, holder: UUID, row: Leased, keys: Keys) -> bool:
    """Do one row; a fault of ours gives it back, and says its type alone: a message may carry what was read."""
    try:
        return do(task, viewer, holder, row, keys)
    except Exception as error:
        _log.error("row failed", task=task, row=str(row.id), attempts=row.attempts, error=type(error).__name__)
        with unit_of_work(viewer) as uow:
            try_again(uow.session, row, holder)
        return False


def do(task: str, viewer: Viewer, holder: UUID, row: Leased, keys: Keys) -> bool:
    """Fetch for the person of a row, and keep what came of it together with the row's completion."""
    job_id = row.subject_id if task == FETCH_NOW else None
    with unit_of_work(viewer) as uow:
        person_id = waiting(uow, row.subject_id) if job_id else row.subject_id
    if person_id is None:
        with unit_of_work(viewer) as uow:
            return finish(uow.session, row, holder)
    theirs = Viewer.task_of(row_authority(viewer), person_id)
    with unit_of_work(theirs) as uow:
        where = errand(uow, keys, at_once=job_id is not None)
        window, owner = window_at(uow.now), owner_of(uow)
    said: Reading | Fault = Fault.INTERNAL
    if where is not None and not (row.lost and row.attempts > MAX_LOST):  # else it is what kills its worker
        try:
            said = asking.ask_outside(where.url, owner, window, asking.EGRESS)
        except UnreadError as error:
            said = error.fault
    with unit_of_work(theirs) as uow:
        if not finish(uow.session, row, holder):
            return False  # somebody else has it, and does it again
        conclude(uow, where, said, job_id)
    return True


def owner_of(uow: UnitOfWork) -> Owner:
    """Return by what the person is known in a calendar, and what stands in it from here."""
    first, last = window_at(uow.now)
    addresses = frozenset(one.address for one in contacts(uow, {uow.person}).values())
    return Owner(addresses, frozenset(place.uid for place, _ in my_assignments(uow, first, last)))


def conclude(uow: UnitOfWork, where: Errand | None, said: Reading | Fault, job_id: UUID | None) -> None:
    """Keep what was read, or why nothing was, and end the job of who waits."""
    fault = said if isinstance(said, Fault) else None
    if where is not None:
        if isinstance(said, Fault):
            note_fault(uow, where.source_id, said)
        else:
            note_reading(uow, where.source_id, said)
    if job_id is not None:
        finish_job(uow, job_id, fault.value if fault else None)


def waiting(uow: UnitOfWork, job_id: UUID) -> UUID | None:
    """Return who waits for a job, or did until it was stopped: the fetches after it hang on this one."""
    try:
        return get_job(uow, job_id).person_id
    except NotFoundError:
        return None


def row_authority(viewer: Viewer) -> UUID:
    """Return the authority that the worker acts for."""
    if viewer.authority_id is None:
        raise NotFoundError("no authority")
    return viewer.authority_id
