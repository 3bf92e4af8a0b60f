"""The task that removes what is due by an authority's rule, as that authority's worker."""

from __future__ import annotations

from uuid import UUID

from samsyn.core.outbox import Leased, emit
from samsyn.core.settings import load_settings
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.retention.rules import WEED
from samsyn.retention.service import Cabinet, finish_run, weed_chunk, weeder
from samsyn_workers.app import app
from samsyn_workers.rows import work_off


@app.task(name=WEED)
def weed(*, acts_for: str) -> int:
    """Remove the next chunk of a run; nothing left: take the files and close the protocol.

    Each chunk is a transaction of its own with its part of the protocol, so that a second run finds it gone.
    """
    cabinet = Cabinet(load_settings().data_dir)

    def do(uow: UnitOfWork, row: Leased) -> None:
        with unit_of_work(weeder(uow)) as work:
            gone = weed_chunk(work, row.subject_id)
        if gone:
            emit(uow, WEED, row.subject_id, acts_for=uow.me)
        else:
            finish_run(uow, cabinet, row.subject_id)

    return work_off(WEED, UUID(acts_for), do, limit=1)
