"""What a settled request says: the words of the decision, how to appeal, and the files of its package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from samsyn.core.home import local_day
from samsyn.records.packing import Document, Entry, Part, render, write_sheet
from samsyn.records.packing.archive import as_json
from samsyn.records.queries import ItemLine, RequestLine
from samsyn.records.rules import GIVEN, NO, Choice, Content, ItemKind
from samsyn.texts import say

LANGUAGE: Final = "sv"
"""Decisions are written in Swedish (språklagen 2009:600, 10 §)."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A request as it is settled: its number here is that of the authority's own diary, if it was given one."""

    request: RequestLine
    authority: str
    decider: str
    number: str
    at: datetime
    items: tuple[ItemLine, ...]
    given: Mapping[UUID, Content]

    @property
    def counted(self) -> list[tuple[int, ItemLine]]:
        """Return what was asked for with its numbers; what is outside has none."""
        return list(enumerate((one for one in self.items if one.choice is not Choice.OUTSIDE), start=1))


def decision_words(said: Settled) -> list[str]:
    """Return the decision in paragraphs: what is given, what is not, on which section, why, and how to appeal."""
    counts = {choice: sum(one.choice is choice for one in said.items) for choice in Choice}
    day, received = local_day(said.at).isoformat(), said.request.received_on.isoformat()
    words = [say(LANGUAGE, "records.decision.examined", authority=said.authority, day=day, received=received)]
    if not said.counted:
        return [*words, say(LANGUAGE, "records.decision.none"), signed(said)]
    words.append(
        say(
            LANGUAGE,
            "records.decision.counts",
            give=counts[Choice.GIVE],
            mask=counts[Choice.MASK],
            refuse=counts[Choice.REFUSE],
        )
    )
    grounds: dict[tuple[Choice, str, str], list[str]] = {}
    for n, one in said.counted:
        if one.choice in NO:
            grounds.setdefault((one.choice, one.section, one.reason), []).append(str(n))
    for (choice, section, reason), numbers in grounds.items():
        named = ", ".join(numbers)
        words.append(say(LANGUAGE, f"records.decision.no_{choice}", numbers=named, section=section, reason=reason))
    if grounds:
        words += [say(LANGUAGE, f"records.appeal.{part}", authority=said.authority) for part in ("how", "when", "what")]
    return [*words, signed(said)]


def signed(said: Settled) -> str:
    """Return who decided."""
    return say(LANGUAGE, "records.decision.signed", decider=said.decider)


def files_of(said: Settled, pictures: Mapping[UUID, bytes]) -> dict[str, bytes]:
    """Return the files: the decision, what is given as PDF, data and a table, and the pictures that are given."""
    title = say(LANGUAGE, "records.decision.title")
    about = about_of(said)
    words = decision_words(said)
    decided = Part(say(LANGUAGE, "records.decision.heading"), words)
    refused = [Entry(named(n, one), tag(one), no_rows(one)) for n, one in said.counted if one.choice in NO]
    listed = [Part(say(LANGUAGE, "records.decision.list"), entries=refused)] if refused else []
    files = {"beslut.pdf": render(document(said, title, about, [decided, *listed]))}
    given = [(n, one) for n, one in said.counted if one.choice in GIVEN]
    if given:
        entries = [Entry(named(n, one), tag(one), rows_of(said.given[one.id])) for n, one in given]
        heading = say(LANGUAGE, "records.package.given")
        files["handlingar.pdf"] = render(document(said, heading, about, [Part(heading, entries=entries)]))
        files["handlingar.xlsx"] = sheet_of(heading, [(n, one, said.given[one.id]) for n, one in given], said.at)
    files["handlingar.json"] = as_json(data_of(said, words))
    for n, one in given:
        if one.kind is ItemKind.PICTURE:
            files[picture_name(n)] = pictures[one.subject_id]
    return files


def document(said: Settled, title: str, about: Sequence[tuple[str, str]], parts: Sequence[Part]) -> Document:
    """Return a document of the request."""
    return Document(LANGUAGE, say(LANGUAGE, "records.package.kind"), title, said.authority, about, parts, said.at)


def about_of(said: Settled) -> list[tuple[str, str]]:
    """Return what stands under the heading; the request's own words, never who asked."""
    rows = [
        (say(LANGUAGE, "records.column.authority"), said.authority),
        (say(LANGUAGE, "records.column.number"), said.number),
        (say(LANGUAGE, "records.column.received"), said.request.received_on.isoformat()),
        (say(LANGUAGE, "records.column.words"), said.request.words),
        (say(LANGUAGE, "records.column.settled"), local_day(said.at).isoformat()),
    ]
    return [(name, value) for name, value in rows if value]


def data_of(said: Settled, words: Sequence[str]) -> dict[str, Any]:
    """Return the same as data; what is refused is there with its number, section and reason alone."""
    return {
        "format": "samsyn-records-1",
        "authority": said.authority,
        "case_number": said.number or None,
        "received_on": said.request.received_on.isoformat(),
        "words": said.request.words,
        "settled_on": local_day(said.at).isoformat(),
        "decision": list(words),
        "items": [
            {
                "number": n,
                "kind": one.kind.value,
                "choice": one.choice.value,
                "section": one.section or None,
                "reason": one.reason or None,
                "content": said.given.get(one.id),
                "file": picture_name(n) if one.kind is ItemKind.PICTURE and one.choice is Choice.GIVE else None,
            }
            for n, one in said.counted
        ],
    }


def sheet_of(title: str, things: Sequence[tuple[int, ItemLine, Content]], at: datetime) -> bytes:
    """Return what is given as a table: a row per field, so that nothing is cut away by columns."""
    headings = [say(LANGUAGE, f"records.sheet.{name}") for name in ("number", "kind", "field", "value")]
    rows = [
        [str(n), kind_words(one.kind), field_words(name), value]
        for n, one, words in things
        for name, value in words.items()
    ]
    return write_sheet(title, headings, rows, at)


def named(n: int, one: ItemLine) -> str:
    """Return a thing's number and kind: its own heading may say what is masked."""
    return f"{n}. {kind_words(one.kind)}"


def kind_words(kind: ItemKind) -> str:
    """Return a kind in words."""
    return say(LANGUAGE, f"records.kind.{kind}")


def field_words(name: str) -> str:
    """Return a field in words."""
    return say(LANGUAGE, f"records.field.{name}")


def tag(one: ItemLine) -> str:
    """Return how it was decided, where that is not simply a yes."""
    return say(LANGUAGE, f"records.choice.{one.choice}") if one.choice in NO else ""


def rows_of(content: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return fields in words with their values."""
    return [(field_words(name), value) for name, value in content.items()]


def no_rows(one: ItemLine) -> list[tuple[str, str]]:
    """Return on which section, and why."""
    return [
        (say(LANGUAGE, "records.column.section"), one.section),
        (say(LANGUAGE, "records.column.reason"), one.reason),
    ]


def picture_name(n: int) -> str:
    """Return a picture's file name: its number, nothing of what it shows."""
    return f"bilder/{n:04}.jpg"
