"""What the processes of a practice service tell each other in the data folder: who signs in, and a reset under way.

A folder of files and not the database, which a reset empties. Outside practice mode none of these files exists.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

PEOPLE: Final = "practice.json"
WANTED: Final = "reset.wanted"
STATE: Final = "reset.json"


class Phase(StrEnum):
    """How a reset stands."""

    NONE = "none"
    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Reset:
    """A reset: its step by name, how far that is, and of how many."""

    phase: Phase
    step: str = ""
    done: int = 0
    total: int = 0

    @property
    def open(self) -> bool:
        """Say whether it goes on."""
        return self.phase in {Phase.ASKED, Phase.RUNNING}


@dataclass(frozen=True, slots=True)
class Practice:
    """What was loaded: people with their sign-ins, and the operations that are not a newcomer's own."""

    people: tuple[dict[str, Any], ...]
    operations: frozenset[UUID]


def read_practice(folder: Path) -> Practice | None:
    """Return what the folder's practice town is, or None where none has been loaded whole."""
    told = _read(folder / PEOPLE)
    if told is None:
        return None
    return Practice(tuple(told["people"]), frozenset(UUID(one) for one in told["operations"]))


def keep_practice(folder: Path, practice: Practice) -> None:
    """Say that the town is loaded; written last."""
    _write(folder / PEOPLE, {"people": practice.people, "operations": sorted(map(str, practice.operations))})


def forget_practice(folder: Path) -> None:
    """Say that there is no whole town any more; done first."""
    (folder / PEOPLE).unlink(missing_ok=True)


def ask_reset(folder: Path) -> None:
    """Ask whoever supervises the service to empty and load the town; asking twice is asking once."""
    if not read_reset(folder).open:
        _write(folder / STATE, asdict(Reset(Phase.ASKED)))
        _write(folder / WANTED, {})


def take_reset(folder: Path) -> bool:
    """Say whether a reset was asked for, once."""
    try:
        (folder / WANTED).unlink()
    except FileNotFoundError:
        return False
    return True


def read_reset(folder: Path) -> Reset:
    """Return how the last reset stands."""
    told = _read(folder / STATE)
    return Reset(Phase.NONE) if told is None else Reset(Phase(told["phase"]), told["step"], told["done"], told["total"])


def tell_reset(folder: Path, reset: Reset) -> None:
    """Say how it stands."""
    _write(folder / STATE, asdict(reset))


def _read(file: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    return told if isinstance(told, dict) else None


def _write(file: Path, told: dict[str, Any]) -> None:
    """Write a file whole or not at all; it may hold sign-ins, so only its owner reads it."""
    unfinished = file.with_name(f".{file.name}.{uuid4().hex}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(told, out, ensure_ascii=False)
    unfinished.replace(file)
