"""Commands for dossiers."""

from __future__ import annotations

from uuid import UUID

import click

from samsyn.authorities.queries import units_of
from samsyn.cli.acting import acts_as, as_json, find_authority, house, planner_of, show
from samsyn.cli.progress import follow_job
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.service import compile_dossiers, compile_step, start_compile_job
from samsyn.findings.words import count_words, rebuild_words


@click.command("compile")
@acts_as
@click.option("--business", "business_id", type=click.UUID, default=None)
@click.option("--all", "everything", is_flag=True)
@as_json
def compile_command(*, authority: str, business_id: UUID | None, everything: bool, as_json: bool) -> None:
    """Compile an authority's dossiers now: of one business, or of all (a job of its first planner's, shown there)."""
    if (business_id is None) != everything:
        raise click.UsageError("say --business ID or --all")
    house()
    worker = Viewer.task_of(find_authority(authority))
    if business_id is not None:
        with unit_of_work(worker) as uow:
            n = compile_dossiers(uow, [business_id])
    else:
        n = compile_all(planner_of(authority), worker)
    show({"compiled": n}, as_json=as_json, words=f"{n} compiled")


def compile_all(owner: Viewer, worker: Viewer) -> int:
    """Go through all that was ever visited, step by step; return how many businesses."""
    with unit_of_work(owner) as uow:
        job_id = start_compile_job(uow, queued=False)

    def step() -> None:
        with unit_of_work(worker) as uow:
            compile_step(uow, job_id)

    return follow_job(owner, job_id, "compile", step).done


@click.command("words")
@acts_as
@as_json
def words_command(*, authority: str, as_json: bool) -> None:
    """Write the words that an authority's findings are searched by, where they are missing; every unit's too."""
    house()
    me = find_authority(authority)
    worker = Viewer.task_of(me)
    with unit_of_work(worker) as uow:
        units = [unit.id for unit in units_of(uow, {me})]
    written = sum(rebuild_as(one) for one in (worker, *(Viewer.task_of_unit(me, unit) for unit in units)))
    show({"words": written}, as_json=as_json, words=f"{written} words to search by")


def rebuild_as(worker: Viewer) -> int:
    """Go through what a worker may read, a chunk to a transaction; return how many words it added."""
    with unit_of_work(worker) as uow:
        before = count_words(uow)
    after: tuple[UUID, int] | None = None
    while True:
        with unit_of_work(worker) as uow:
            after = rebuild_words(uow, after)
            if after is None:
                return count_words(uow) - before
