"""The task that counts the signals of a place again when one has expired, for one authority."""

from __future__ import annotations

from uuid import UUID

from samsyn.core.outbox import Leased
from samsyn.core.uow import UnitOfWork
from samsyn.places.service import signals
from samsyn_workers.app import app
from samsyn_workers.rows import work_off


@app.task(name=signals.COUNT_SIGNALS)
def count_signals(*, acts_for: str) -> int:
    """Hand over the bucket of the own signals of a place that still hold."""

    def do(uow: UnitOfWork, row: Leased) -> None:
        signals.count_signals(uow, row.subject_id)

    return work_off(signals.COUNT_SIGNALS, UUID(acts_for), do)
