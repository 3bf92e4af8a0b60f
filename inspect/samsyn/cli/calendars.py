"""Commands for what goes out and what comes in."""

from __future__ import annotations

from pathlib import Path

import click

from samsyn.calendars.letters import Links
from samsyn.calendars.service import take_mail
from samsyn.cli.acting import acts_as, as_json, find_authority, house, keys_of, show
from samsyn.core.outbox import release, retry, waiting
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer


@click.group()
def replies() -> None:
    """Answers that come by mail."""


@replies.command("ingest")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def ingest(*, file: Path, as_json: bool) -> None:
    """Take one inbound mail through the reply rules and print the decision."""
    settings = house()
    links = Links(keys_of(settings), settings.base_url, settings.mail_domain, settings.service_name)
    decided = take_mail(file.read_bytes(), links, trusted_authserv=settings.trusted_authserv)
    data = {"decision": decided.decision, "said": decided.said, "reason": decided.reason}
    show(data, as_json=as_json, words=f"{decided.decision}: {decided.reason}")


@click.group()
def outbox() -> None:
    """What waits to be done for an authority."""


@outbox.command("status")
@acts_as
@as_json
def status(*, authority: str, as_json: bool) -> None:
    """How many rows of each task wait, in which state."""
    house()
    with unit_of_work(Viewer.task_of(find_authority(authority))) as uow:
        rows = waiting(uow.session)
    words = "\n".join(f"{task} {state}: {n}" for task, state, n in rows) or "nothing waits"
    show([{"task": t, "state": s, "n": n} for t, s, n in rows], as_json=as_json, words=words)


@outbox.command("release")
@acts_as
def release_held(*, authority: str) -> None:
    """Let held rows go."""
    house()
    with unit_of_work(Viewer.task_of(find_authority(authority))) as uow:
        click.echo(f"{release(uow.session)} released")


@outbox.command("retry")
@acts_as
def retry_dead(*, authority: str) -> None:
    """Try dead rows again."""
    house()
    with unit_of_work(Viewer.task_of(find_authority(authority))) as uow:
        click.echo(f"{retry(uow.session)} tried again")
