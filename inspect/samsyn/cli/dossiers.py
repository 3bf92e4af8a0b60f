"""Commands for dossiers."""

from __future__ import annotations

from uuid import UUID

import click

from samsyn.cli.acting import acts_as, as_json, find_authority, house, show
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.service import compile_dossiers


@click.command("compile")
@acts_as
@click.option("--business", "business_id", type=click.UUID, default=None)
@click.option("--all", "everything", is_flag=True)
@as_json
def compile_command(*, authority: str, business_id: UUID | None, everything: bool, as_json: bool) -> None:
    """Compile an authority's dossiers now: of one business, or of all."""
    if (business_id is None) != everything:
        raise click.UsageError("say --business ID or --all")
    house()
    with unit_of_work(Viewer.task_of(find_authority(authority))) as uow:
        n = compile_dossiers(uow, [business_id] if business_id else None)
    show({"compiled": n}, as_json=as_json, words=f"{n} compiled")
