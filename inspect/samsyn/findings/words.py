"""Search over the words of findings, within what the viewer may read (POLICIES: the word table).

**What a word is.** A text is written in NFC, its personal numbers are masked (R5), its letters are small ones, and each
run of letters and digits is a word; a hyphen or a slash parts two. ``å``, ``ä`` and ``ö`` are letters of their own and
stay; from other letters the marks fall (``é`` is ``e``, ``ü`` is ``u``), ``æ`` is ``ä`` and ``ø`` is ``ö``, as Swedish
lists sort them. One letter is no word, nor are more than five digits alone: numbers of people and firms are not looked
up here. A word is cut after 40 letters.

**What a search finds.** Every term must be how some word of the newest version of a finding begins.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, insert, intersect, or_, select
from sqlalchemy.dialects.postgresql import insert as insert_unless
from sqlalchemy.orm import aliased

from samsyn.audit.service import record
from samsyn.core.errors import InvalidError, NotAllowedError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.personal_numbers import mask_personal_numbers
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import TASK
from samsyn.findings.gate import may_read
from samsyn.findings.models import Finding, FindingWord
from samsyn.findings.queries.lines import FindingLine, lines

LONGEST: Final = 40
SHORTEST: Final = 2
MOST_DIGITS: Final = 5
MOST_TERMS: Final = 6
CHUNK: Final = 500
_RUN: Final = re.compile(r"[^\W_]+")
_STAY: Final = frozenset("åäö")
_SAME: Final = str.maketrans({"æ": "ä", "ø": "ö"})
_LAST: Final = "\U0010ffff"
AROUND: Final = 80


@dataclass(frozen=True, slots=True)
class Context:
    """Where a term stands in a text: what is before it, the word itself, what comes after."""

    before: str
    word: str
    after: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding that a search found, newest version, with the words around the first term."""

    line: FindingLine
    context: Context


def folded(text: str) -> str:
    """Return a text as its words are compared; as long as it was, letter for letter, or the places would not fit."""
    return "".join(map(_letter, text))


def _letter(letter: str) -> str:
    low = letter.casefold().translate(_SAME)
    if low in _STAY or low.isascii():
        return low[:1]
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", low)).translate(_SAME)
    if composed[:1] in _STAY:
        return composed[:1]
    return unicodedata.normalize("NFD", composed)[:1] or letter


def _words(text: str) -> Iterator[tuple[int, str]]:
    """Yield each word with where it begins in the composed text."""
    for run in _RUN.finditer(folded(text)):
        word = run[0]
        if len(word) >= SHORTEST and not (word.isdecimal() and len(word) > MOST_DIGITS):
            yield run.start(), word[:LONGEST]


def composed(text: str) -> str:
    """Return a text as its words are taken from it."""
    return mask_personal_numbers(unicodedata.normalize("NFC", text))


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(word for _, word in _words(composed(text)))


def terms_of(asked: str) -> tuple[str, ...]:
    """Return what is looked for, in order and once; ``InvalidError`` for nothing to look for, or too much."""
    terms = tuple(dict.fromkeys(word for _, word in _words(composed(asked))))
    if not terms:
        raise InvalidError("nothing to look for", fields={"q": ["no_word"]})
    if len(terms) > MOST_TERMS:
        raise InvalidError("too many words", fields={"q": ["too_many_words"]})
    return terms


def context_of(text: str, terms: Sequence[str]) -> Context:
    """Return the first word that a term begins, with what stands around it."""
    whole = composed(text)
    for start, word in _words(whole):
        if any(word.startswith(term) for term in terms):
            end = start + len(word)
            before, after = whole[max(0, start - AROUND) : start], whole[end : end + AROUND]
            return Context("…" * (start > AROUND) + before, whole[start:end], after + "…" * (len(whole) > end + AROUND))
    return Context("", "", whole[: 2 * AROUND])


def write_words(uow: UnitOfWork, row: dict[str, Any], version: int) -> None:
    """Write the words of a finding's version beside it, in the same transaction."""
    said = _rows(row, version)
    if said:
        uow.session.execute(insert(FindingWord), said)


def _rows(row: dict[str, Any], version: int) -> list[dict[str, Any]]:
    whose = {name: row[name] for name in ("finding_id", "authority_id", "visit_id", "unit_id", "unit_only")}
    return [{**whose, "version": version, "word": word} for word in sorted(words_of(row["text"]))]


def search_findings(uow: UnitOfWork, asked: str, seek: Seek, language: str = "sv") -> Page[Hit]:
    """Return the findings that hold what is asked for, latest observed first; each visit's reading is in the trail.

    The words have the findings' own policy: what the viewer may not read is not found, nor counted, and costs what a
    word costs that nobody wrote. What is asked for is nowhere kept. ``InvalidError`` naming ``q``.
    """
    may_read(uow)
    terms, f = terms_of(asked), Finding
    newer = aliased(Finding)
    hits = intersect(*(_with(term, uow.me) for term in terms)).subquery("hits")
    rows = (
        lines(language)
        .join(hits, and_(hits.c.finding_id == f.finding_id, hits.c.version == f.version))
        .where(~exists().where(newer.finding_id == f.finding_id, newer.version > f.version))
        .order_by(f.observed_at.desc(), f.finding_id.desc())
    )
    if seek.after:
        at, last = _place(seek.after)
        rows = rows.where(or_(f.observed_at < at, and_(f.observed_at == at, f.finding_id < last)))
    found = [FindingLine(*row) for row in uow.session.execute(rows.limit(seek.limit + 1))]
    page = cut(found, seek, lambda line: (line.observed_at.isoformat(), str(line.finding_id)))
    for visit_id in sorted({line.visit_id for line in page.items}):
        record(uow, "finding.read", visit_id)
    return Page([Hit(line, context_of(line.text, terms)) for line in page.items], page.next_cursor)


def _with(term: str, me: UUID) -> Select[UUID, int]:
    w = FindingWord
    begins = (w.authority_id == me, w.word >= term, w.word < term + _LAST)
    return select(w.finding_id, w.version).where(*begins)


def _place(after: tuple[str, ...]) -> tuple[datetime, UUID]:
    try:
        at, last = after
        return datetime.fromisoformat(at), UUID(last)
    except ValueError as error:
        raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]}) from error


def rebuild_words(uow: UnitOfWork, after: tuple[UUID, int] | None = None) -> tuple[UUID, int] | None:
    """Write what words are missing of the next ``CHUNK`` versions that a worker may read; return where to go on.

    A worker of the authority reads all but what a unit keeps to itself; that is done by that unit's worker
    (``Viewer.task_of_unit``). ``NotAllowedError`` for a person.
    """
    if TASK not in uow.viewer.roles:
        raise NotAllowedError("words are rebuilt by a worker")
    f = Finding
    columns = (f.finding_id, f.version, f.authority_id, f.visit_id, f.unit_id, f.unit_only, f.text)
    rows = select(*columns).order_by(f.finding_id, f.version).limit(CHUNK)
    if after is not None:
        rows = rows.where(or_(f.finding_id > after[0], and_(f.finding_id == after[0], f.version > after[1])))
    last = None
    for row in uow.session.execute(rows).mappings().all():
        last = (row["finding_id"], row["version"])
        if said := _rows(dict(row), row["version"]):
            uow.session.execute(insert_unless(FindingWord).on_conflict_do_nothing(), said)
    return last


def count_words(uow: UnitOfWork) -> int:
    """Return how many rows the viewer may read; for the command that rebuilds them."""
    return uow.session.scalar(select(func.count()).select_from(FindingWord)) or 0
