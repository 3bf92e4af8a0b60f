"""Empty and load the practice town while the service runs: asked for by a page or a command, done by ``samsyn up``."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from samsyn.cli.practice.keeping import practice_people, throw_away
from samsyn.core.practice import Phase, Reset, take_reset, tell_reset

log = logging.getLogger(__name__)
LOOK: Final = 0.3  # seconds between two looks

People = list[dict[str, Any]]


class Watcher(threading.Thread):
    """Looks for a wanted reset. ``pause`` stops what works on the town's data, ``resume`` gets the new people."""

    def __init__(self, folder: Path, pause: Callable[[], None], resume: Callable[[People], None]) -> None:
        super().__init__(name="reset", daemon=True)
        self.folder, self.pause, self.resume = folder, pause, resume
        self.over = threading.Event()

    def run(self) -> None:
        """Look until ``close``; a reset that fails is said and leaves a service without a town, not without a page."""
        take_reset(self.folder)  # what was asked for before this start has been forgotten since
        tell_reset(self.folder, Reset(Phase.NONE))
        while not self.over.wait(LOOK):
            if take_reset(self.folder):
                try:
                    self.renew()
                except Exception:
                    log.exception("the practice town could not be loaded anew")
                    tell_reset(self.folder, Reset(Phase.FAILED))

    def renew(self) -> None:
        """Stop the workers, empty, load, start them again."""
        self.say("empty", 0, 1)
        self.pause()
        throw_away(self.folder)
        people = practice_people(self.folder, self.say)
        self.resume(people)
        tell_reset(self.folder, Reset(Phase.DONE))

    def say(self, step: str, done: int, total: int) -> None:
        """Say how far it is, where the page reads it."""
        tell_reset(self.folder, Reset(Phase.RUNNING, step, done, total))

    def close(self) -> None:
        """Look no more."""
        self.over.set()
