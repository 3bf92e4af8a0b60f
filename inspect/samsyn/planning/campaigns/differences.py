"""What one plan does otherwise than another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Change(StrEnum):
    """What became of a visit."""

    ADDED = "added"
    DROPPED = "dropped"
    MOVED = "moved"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Difference:
    """A visit that one plan has otherwise. ``left`` and ``came``: people who no longer go to it, and who go instead."""

    visit: str
    change: Change
    before: int | None
    after: int | None
    left: tuple[str, ...] = ()
    came: tuple[str, ...] = ()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what ``after`` does otherwise, by time; a visit that moved may have other people too."""
    old = {one["id"]: one for one in before["visits"]}
    new = {one["id"]: one for one in after["visits"]}
    found = []
    for key in sorted({*old, *new}):
        was, now = old.get(key), new.get(key)
        if was is None and now is not None:
            found.append(Difference(key, Change.ADDED, None, now["start"], (), tuple(now["inspectors"])))
        elif was is not None and now is None:
            found.append(Difference(key, Change.DROPPED, was["start"], None, tuple(was["inspectors"]), ()))
        elif was is not None and now is not None:
            left = tuple(one for one in was["inspectors"] if one not in now["inspectors"])
            came = tuple(one for one in now["inspectors"] if one not in was["inspectors"])
            if was["start"] != now["start"]:
                found.append(Difference(key, Change.MOVED, was["start"], now["start"], left, came))
            elif left or came:
                found.append(Difference(key, Change.STAFF, was["start"], now["start"], left, came))
    return sorted(found, key=lambda one: (one.after if one.after is not None else one.before or 0, one.visit))
