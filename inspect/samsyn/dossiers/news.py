"""What is new in a dossier since a person last read it; kept per person and authority, for nobody else to see."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.models import DossierReading
from samsyn.dossiers.queries import DossierCard
from samsyn.dossiers.rules import Content

SAME_SITTING: Final = timedelta(minutes=30)
"""A page loaded again within it is the same reading: its marks stay."""


@dataclass(frozen=True, slots=True)
class News:
    """What a person has not read yet: keys of ``marks_of`` that are new, and those that say something else by now.

    ``since`` is when the last reading before this one was; none at the first, which marks nothing: all of it is new.
    """

    since: datetime | None
    new: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()

    def of(self, kind: str, key: str) -> str:
        """Return ``new``, ``changed`` or nothing for one thing of the dossier."""
        at = f"{kind} {key}"
        return "new" if at in self.new else "changed" if at in self.changed else ""

    @property
    def n(self) -> int:
        """Return how many things there are."""
        return len(self.new) + len(self.changed)


def marks_of(content: Content, outcomes: Mapping[UUID, int] | None = None) -> dict[str, tuple[str, str]]:
    """Return for each thing of a dossier the marks "it is there" and "it says this": short digests, no key or word.

    Things are ``visit``, ``finding``, ``received`` and ``outcome`` with their ids. A visit says its state, its parts,
    its facts and the lead's words; findings speak for themselves, and so do outcomes, given with their versions: one
    that was decided, changed or withdrawn since says something else.
    """
    told = [*_things(content), *((f"outcome {key}", str(version)) for key, version in (outcomes or {}).items())]
    return {key: (_mark(key), _mark(f"{key} {said}")) for key, said in told}


def _things(content: Content) -> Iterator[tuple[str, str]]:
    for visit in content["visits"]:
        parts, facts = [sorted(p.items()) for p in visit["parts"]], [sorted(f.items()) for f in visit["facts"]]
        yield f"visit {visit['visit_id']}", repr((visit["state"], parts, facts, visit["common_text"]))
        for finding in visit["findings"]:
            yield f"finding {finding['finding_id']}", str(finding["version"])
    for one in content["received"]:
        yield f"received {one['disclosure_id']}", one["digest"]


def _mark(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:12]


WITH_OUTCOMES: Final = _mark("outcomes")
"""Stands in every reading that remembers the outcomes too."""


def read_news(uow: UnitOfWork, card: DossierCard, outcomes: Mapping[UUID, int] | None = None) -> News:
    """Return what is new to the viewer in a dossier and the outcomes shown with it, and remember that it is read now.

    A reading that remembered no outcomes says nothing of them: which were there then nobody knows. Read again within
    ``SAME_SITTING`` it tells the same news once more: a page that is loaded again loses nothing.
    """
    marks = marks_of(card.content, outcomes)
    row = uow.session.scalar(select(DossierReading).where(DossierReading.business_id == card.business_id))
    before, since = (row.before, row.before_at) if row else ([], None)
    if row is not None and uow.now - row.read_at > SAME_SITTING:
        before, since = row.marks, row.read_at
    _remember(
        uow, card, sorted({one for pair in marks.values() for one in pair} | {WITH_OUTCOMES}), list(before), since
    )
    if since is None:
        return News(None)
    seen = set(before)
    if WITH_OUTCOMES not in seen:
        marks = {key: pair for key, pair in marks.items() if not key.startswith("outcome ")}
    new = frozenset(key for key, (there, _) in marks.items() if there not in seen)
    changed = frozenset(key for key, (_, says) in marks.items() if key not in new and says not in seen)
    return News(since, new, changed)


def _remember(uow: UnitOfWork, card: DossierCard, marks: list[str], before: list[str], since: datetime | None) -> None:
    said = {"read_at": uow.now, "digest": card.compiled, "marks": marks, "before": before, "before_at": since}
    row = insert(DossierReading).values(person_id=uow.person, reader_id=uow.me, business_id=card.business_id, **said)
    whose = [DossierReading.person_id, DossierReading.reader_id, DossierReading.business_id]
    uow.session.execute(row.on_conflict_do_update(index_elements=whose, set_=said))
