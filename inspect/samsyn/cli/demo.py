"""``samsyn demo``: what only a practice service does."""

from __future__ import annotations

import sys
import time
from typing import Final

import click

PICKED_UP_WITHIN: Final = 10.0
LOOK: Final = 0.3


@click.group()
def demo() -> None:
    """Look after a practice service."""


@demo.command()
def reset() -> None:
    """Empty the practice town and load it anew, relative to today; everybody is signed out."""
    from samsyn.core.practice import Phase, ask_reset, read_reset, take_reset
    from samsyn.core.settings import load_settings
    from samsyn.texts.say import say

    settings = load_settings()
    if not settings.demo:
        click.echo("refused: this is no practice service, and its data is not thrown away", err=True)
        sys.exit(1)
    folder, said, begun = settings.data_dir, "", time.monotonic()
    ask_reset(folder)
    while (now := read_reset(folder)).open:
        if now.phase is Phase.ASKED and time.monotonic() - begun > PICKED_UP_WITHIN:
            take_reset(folder)
            click.echo("refused: no `samsyn up --demo` runs in this data folder", err=True)
            sys.exit(1)
        if now.step != said:
            said = now.step
            click.echo(f"{say('en', f'walk.step.{said}')} ...")
        time.sleep(LOOK)
    click.echo(
        "loaded anew" if now.phase is Phase.DONE else "failed: see what `samsyn up` said",
        err=now.phase is not Phase.DONE,
    )
    sys.exit(0 if now.phase is Phase.DONE else 1)
