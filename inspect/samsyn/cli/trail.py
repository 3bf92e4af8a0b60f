"""The trail from the command line: chain it, sign it with a new key, check it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from samsyn.cli.running import hand_over_to


@click.group()
def audit() -> None:
    """The trail: who did and read what, chained so that nobody can bend it unseen."""


@audit.command()
@click.option("--watch", is_flag=True, help="stay and seal every few seconds (the process beside web and worker)")
def seal(*, watch: bool) -> None:
    """Chain what was committed, and sign the chain's end (SAMSYN_SEALER_DATABASE_URL)."""
    if watch:
        hand_over_to("sealer", ())
    from samsyn.audit.heads import load_seal_keys
    from samsyn.core.settings import load_settings
    from samsyn_workers import sealer

    settings, now = load_settings(), datetime.now(UTC)
    engine = sealer.sealer_engine(settings)
    keys = load_seal_keys(settings.seal_keys())
    done = sealer.pass_once(engine, now)
    signed = sealer.sign_if_due(engine, keys, settings.model_copy(update={"seal_head_seconds": 0}), now)
    sealer.copy_out(engine, keys, settings, now)
    click.echo(f"{done} acts chained{', end signed' if signed else ''}")


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.option("--heads", type=click.Path(path_type=Path, exists=True), help="the signed ends kept elsewhere")
def verify(*, as_json: bool, heads: Path | None) -> None:
    """Check the whole trail and every signed end; exit 1 when anything is wrong, the first fault first."""
    from samsyn.audit.heads import load_seal_keys
    from samsyn.audit.verifying import verify as look
    from samsyn.core.settings import load_settings
    from samsyn_workers.sealer import sealer_engine

    settings = load_settings()
    keys = load_seal_keys(settings.seal_keys())
    copies = heads or (settings.seal_copy / keys.chain if settings.seal_copy else None)
    with sealer_engine(settings).connect().execution_options(isolation_level="REPEATABLE READ") as db:
        verdict = look(db, keys, copies)
    if as_json:
        click.echo(json.dumps({**asdict(verdict), "good": verdict.good}, default=str))
    else:
        counts = f"{verdict.links} links, {verdict.heads} signed ends, {verdict.copies} copies of them"
        click.echo(f"{'ok ' if verdict.good else 'BAD'} {counts}; {verdict.unsealed} acts not chained yet")
        for wrong in verdict.wrong:
            click.echo(f"BAD {wrong.words()}")
    sys.exit(0 if verdict.good else 1)


@audit.command("new-key")
def new_key() -> None:
    """Sign with a new key from now on; the old one's private half is forgotten."""
    from samsyn.audit.heads import rotate_seal_keys
    from samsyn.core.settings import load_settings

    click.echo(f"signing with {rotate_seal_keys(load_settings().seal_keys())} from now on")
