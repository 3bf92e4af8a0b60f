"""Taken in by a worker of the tests: the letter of an operation called "Gift ..." kills the process that writes it."""

from __future__ import annotations

import os
import signal

from samsyn.calendars.letters import Links, letter
from samsyn.calendars.queries import Told
from samsyn.calendars.rendering import Letter
from samsyn_workers import calendars


def deadly(told: Told, links: Links) -> Letter:
    if told.code_word.startswith("Gift"):
        os.kill(os.getpid(), signal.SIGKILL)
    return letter(told, links)


CHANGES = {
    "letter": deadly,
    "MAX_LOST": 2,  # fewer deaths, and shorter leases, so that the test ends this minute
    "LEASE": 1,
}
for name, value in CHANGES.items():
    setattr(calendars, name, value)
