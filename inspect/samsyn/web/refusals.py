"""Refused access in the trail (R12): who was refused which route with which id, in a transaction of its own.

Only people who are signed in: a stranger must not be able to make us write. And each of them only so often: who asks
for a thousand things that are not there leaves as many lines as a reviewer can read, the last of which says "and more".
"""

from __future__ import annotations

from collections import OrderedDict, deque
from threading import Lock
from time import monotonic
from typing import Final
from uuid import UUID

import structlog
from flask import g, request
from sqlalchemy.exc import SQLAlchemyError

from samsyn.access.rules import LISTED, Purpose
from samsyn.audit.rules import REFUSED
from samsyn.audit.service import record
from samsyn.core.errors import SamsynError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer

CODES: Final = frozenset({"not_allowed", "field_session", "second_person", "not_found"})
MOST: Final = 30
WITHIN: Final = 600.0
"""Seconds: a person leaves at most ``MOST`` lines in so long, and one that says that there was more."""
log = structlog.get_logger()


class Quota:
    """How many lines each person has left; in this process, with a limit on how many people it remembers."""

    def __init__(self, most: int = MOST, within: float = WITHIN) -> None:
        self.most, self.within = most, within
        self._seen: OrderedDict[UUID, deque[float]] = OrderedDict()
        self._lock = Lock()

    def take(self, person: UUID, now: float) -> str:
        """Return ``line``, ``more`` for the one after the last, and nothing after that."""
        with self._lock:
            times = self._seen.setdefault(person, deque())
            self._seen.move_to_end(person)
            while len(self._seen) > 10_000:  # noqa: PLR2004
                self._seen.popitem(last=False)
            while times and times[0] < now - self.within:
                times.popleft()
            if len(times) > self.most:
                return ""
            times.append(now)
            return "line" if len(times) <= self.most else "more"


QUOTA: Final = Quota()


def note_refusal(error: SamsynError) -> None:
    """Write a line for a refusal of somebody signed in; a line that cannot be written changes no answer."""
    viewer = who_was_refused()
    if error.code not in CODES or viewer is None or viewer.person_id is None or request.url_rule is None:
        return
    ids = [value for value in (request.view_args or {}).values() if isinstance(value, UUID)]
    if error.code == "not_found" and not ids:
        return
    what = QUOTA.take(viewer.person_id, monotonic())
    if not what:
        return
    reason = "more" if what == "more" else f"{error.code} {request.method} {request.url_rule.rule}"
    try:
        with unit_of_work(viewer) as uow:
            record(uow, REFUSED, ids[-1] if ids else uow.me, reason=reason)
    except (SamsynError, SQLAlchemyError) as fault:
        log.warning("refusal_unwritten", kind=type(fault).__name__)


def who_was_refused() -> Viewer | None:
    """Return the viewer, if this request came from somebody who is signed in (not from the bearer of a link)."""
    who = g.get("identified")
    if who is None or who.credential.purpose not in LISTED | {Purpose.API}:
        return None
    viewer: Viewer = who.viewer
    return viewer if viewer.authority_id is not None else None
