"""A document of records as PDF, archivable and accessible (PDF/A-2a, PDF/UA-1); the same input, the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from samsyn.core.errors import TooMuchError
from samsyn.dossiers.rendering.letters import printable
from samsyn.texts import say

TEMPLATE: Final = Path(__file__).with_name("records.typ")
MOST_BYTES: Final = 4_000_000
"""Of the data: about three seconds of one core. Above it nothing is set."""
HEADER: Final = 90


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing: a heading, a word beside it, fields with their values."""

    heading: str
    tag: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the document."""

    heading: str
    paragraphs: Sequence[str] = ()
    entries: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What it says, in words of one language. ``at``: the moment that stands in its data."""

    language: str
    kind: str
    title: str
    owner: str
    about: Sequence[tuple[str, str]]
    parts: Sequence[Part]
    at: datetime


def render(document: Document) -> bytes:
    """Return the PDF. What people wrote is data to it, never markup. ``TooMuchError`` for one too large to set."""
    data = json.dumps(data_of(document), ensure_ascii=False)
    if len(data) > MOST_BYTES:
        raise TooMuchError("too much for one document: narrow it")
    import typst

    pdf = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": data, "at": document.at.strftime("%Y-%m-%d")},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(document.at.timestamp()),
    )
    assert isinstance(pdf, bytes)  # noqa: S101  without an output path typst gives one document
    return pdf


def data_of(document: Document) -> dict[str, object]:
    """Return all that the template shows, in letters that its fonts have."""
    language = document.language
    return {
        "language": language,
        "kind": printable(document.kind),
        "title": heading(document.title),
        "header": [printable(document.owner)[:HEADER], printable(document.kind)[:HEADER]],
        "about": pairs(document.about),
        "page": say(language, "dossiers.document.page"),
        "of": say(language, "dossiers.document.of"),
        "parts": [
            {
                "heading": heading(part.heading),
                "paragraphs": [printable(words) for words in part.paragraphs],
                "entries": [
                    {"heading": heading(one.heading), "tag": printable(one.tag), "rows": pairs(one.rows)}
                    for one in part.entries
                ],
            }
            for part in document.parts
        ],
    }


def pairs(rows: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Return fields and values in printable letters."""
    return [[printable(name), printable(value)] for name, value in rows]


def heading(words: str) -> str:
    """Return a heading, which must not be empty (PDF/UA-1)."""
    return printable(words).strip() or "–"
