"""A checklist as a file: YAML and JSON as the house's own files are, and rows of a table. What comes in is hostile.

YAML is read as texts alone (no tags, no numbers, no dates), never larger than ``MAX_CHARACTERS``, never deeper than a
list of points is, and never with anchors, whose copies grow without end.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import yaml
from pydantic import ValidationError

from samsyn.businesses.reading.headings import Words, fold, words_of
from samsyn.businesses.reading.table import Cell, Table
from samsyn.businesses.reading.values import as_text
from samsyn.core.errors import InvalidError
from samsyn.core.personal_numbers import has_personal_number
from samsyn.findings.points import CODE, MAX_POINTS, Point, PointText, next_code
from samsyn.findings.rules import SuggestedOutcome, Verified
from samsyn.operations.rules import PoliceRole
from samsyn.texts.say import has, say

MAX_CHARACTERS: Final = 400_000
DEEPEST: Final = 6
FIELDS: Final[tuple[str, ...]] = (
    *("code", "section", "sv", "en", "help", "law", "verified", "note", "outcomes", "unit_only", "role_required"),
)
"""The fields of a point in the order in which a file has them."""
MAX_FAULTS: Final = 100
WORDS: Final = {"enum": "no_such_word", "bool_parsing": "no_such_word", "list_type": "no_such_word"}


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong with one point of a file; never quotes it. ``row``: a sheet's row, or the point's number.

    ``word`` is a fault's short word, its sentence stands under ``web.fault``; ``limits`` are what the sentence names.
    """

    row: int
    field: str
    word: str
    limits: Mapping[str, str]


class FaultyFileError(InvalidError):
    """A file of which nothing is taken: every fault by row and column."""

    def __init__(self, faults: Sequence[FileFault]) -> None:
        super().__init__("the file has faults", fields={"file": ("faulty_file",)})
        self.faults = tuple(faults[:MAX_FAULTS])


def to_plain(points: Iterable[Point]) -> list[dict[str, Any]]:
    """Return points as a file writes them: what is empty or usual is left out."""
    found = []
    for point in points:
        said = point.model_dump(mode="json", exclude_none=True)
        if not said["unit_only"]:
            del said["unit_only"]
        found.append({name: said[name] for name in FIELDS if name in said})
    return found


def to_yaml(points: Sequence[Point]) -> str:
    """Return points as YAML."""
    return yaml.safe_dump({"points": to_plain(points)}, allow_unicode=True, sort_keys=False, width=10_000)


def to_json(points: Sequence[Point]) -> str:
    """Return points as JSON, of the same form."""
    return json.dumps({"points": to_plain(points)}, ensure_ascii=False, indent=1)


def to_rows(points: Sequence[Point], language: str) -> list[list[str]]:
    """Return points as rows of a table in the order of ``FIELDS``, in words that ``from_table`` reads back."""
    return [
        [
            point.code,
            point.section or "",
            point.sv,
            point.en,
            point.help or "",
            point.law,
            say(language, f"findings.verified.{point.verified}"),
            point.note or "",
            "; ".join(say(language, f"findings.outcome.{one}") for one in point.outcomes),
            say(language, "checklists.file.yes") if point.unit_only else "",
            say(language, f"operations.police_role.{point.role_required}") if point.role_required else "",
        ]
        for point in points
    ]


def from_yaml(text: str, prefix: str, used: Iterable[str]) -> list[Point]:
    """Read YAML, or JSON, which is YAML too; ``FaultyFileError`` by point, ``InvalidError`` for no checklist at all."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidError("too large", fields={"file": ("file_too_large",)})
    try:
        _demand_plain(text)
        said = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - texts, lists and mappings alone
    except (yaml.YAMLError, ValueError, RecursionError):
        raise InvalidError("no YAML", fields={"file": ("no_yaml",)}) from None
    points = said.get("points") if isinstance(said, dict) else None
    if not isinstance(points, list) or not all(isinstance(one, dict) for one in points):
        raise InvalidError("no points", fields={"file": ("no_yaml",)})
    return checked_points(list(enumerate(points, 1)), prefix, used)


def _demand_plain(text: str) -> None:
    """Refuse anchors and depth before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if getattr(event, "anchor", None) is not None:
            raise yaml.YAMLError("anchors are not read")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.YAMLError("too deep")


def headings(language: str) -> list[str]:
    """Return the headings of a table in the order of ``FIELDS``."""
    return [say(language, f"checklists.field.{name}") for name in FIELDS]


def heading_words() -> Words:
    """Return what headings mean, in both languages and as the fields' own names."""
    return words_of({name: ",".join((name, *(_heading(word, name) for word in ("sv", "en")))) for name in FIELDS})


def _heading(language: str, name: str) -> str:
    return say(language, f"checklists.field.{name}").replace(",", " ")


def from_table(table: Table, prefix: str, used: Iterable[str]) -> list[Point]:
    """Read the rows of a sheet; errors as for ``from_yaml``. Columns that mean nothing to us are passed over."""
    words = heading_words()
    columns = {at: words[fold(heading)] for at, heading in enumerate(table.headings) if fold(heading) in words}
    if not {"sv", "law"} <= set(columns.values()):
        raise InvalidError("no such columns", fields={"file": ("no_such_columns",)})
    rows = []
    for row in table.rows:
        cells = {name: _text(row.cells[at]) for at, name in columns.items() if at < len(row.cells)}
        said: dict[str, Any] = {name: text for name, text in cells.items() if text.strip()}
        said["outcomes"] = [one for one in said.get("outcomes", "").split(";") if one.strip()]
        rows.append((row.line, said))
    return checked_points(rows, prefix, used)


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.isoformat() if isinstance(cell, date) else as_text(cell)


def checked_points(rows: Sequence[tuple[int, dict[str, Any]]], prefix: str, used: Iterable[str]) -> list[Point]:
    """Return the points of a file whole, or raise ``FaultyFileError``: nothing of a faulty file is taken.

    A point without a key gets one that no version of the list has used; without English words it has the Swedish ones.
    """
    if len(rows) > MAX_POINTS:
        raise InvalidError("too many points", fields={"file": ("too_many_points",)})
    faults: list[FileFault] = []
    points: list[Point] = []
    taken = {code for _, said in rows if isinstance(code := said.get("code"), str)}
    keys = {*used, *taken}
    seen: set[str] = set()
    for row, said in rows:
        code = str(said.get("code") or next_code(prefix, keys)).strip()
        keys.add(code)
        if not CODE.fullmatch(code) or not code.startswith(f"{prefix}-") or code in seen:
            faults.append(FileFault(row, "code", "code_twice" if code in seen else "code_form", {"prefix": prefix}))
            continue
        seen.add(code)
        try:
            points.append(_point(code, said))
        except ValidationError as error:
            faults += _faults(row, error)
            continue
        faults += [
            FileFault(row, name, "personal_number", {})
            for name, text in points[-1].model_dump(mode="json").items()
            if isinstance(text, str) and has_personal_number(text)
        ]
    english = {row for row, said in rows if said.get("en")}
    faults = [one for one in faults if one.field != "en" or one.row in english]  # else the Swedish one says it
    if faults:
        raise FaultyFileError(faults)
    return points


def _point(code: str, said: Mapping[str, Any]) -> Point:
    given = {name: value for name, value in said.items() if name != "code" and value not in ("", None)}
    given.setdefault("en", given.get("sv"))
    given.setdefault("outcomes", [])
    given["verified"] = _word(given.get("verified", ""), "findings.verified", Verified)
    given["role_required"] = _word(given.get("role_required"), "operations.police_role", PoliceRole)
    if isinstance(given["outcomes"], list):
        given["outcomes"] = [_word(one, "findings.outcome", SuggestedOutcome) for one in given["outcomes"]]
    given["unit_only"] = _yes(given.get("unit_only", False))
    return Point(code=code, **PointText.model_validate(given).model_dump())


def _word(said: object, key: str, words: Iterable[str]) -> object:
    """Return the word that a text means: itself, or its name in either language; what is none stays, to be refused."""
    if not isinstance(said, str):
        return said
    texts = [(one, f"{key}.{one}") for one in words if has(f"{key}.{one}")]
    named = {fold(say(language, text)): one for one, text in texts for language in ("sv", "en")}
    return named.get(fold(said), said.strip())


def _yes(said: object) -> object:
    if not isinstance(said, str):
        return said
    yes = {fold(say(language, "checklists.file.yes")) for language in ("sv", "en")}
    return True if fold(said) in yes else said.strip()


def _faults(row: int, error: ValidationError) -> list[FileFault]:
    found = []
    for one in error.errors(include_url=False, include_input=False):
        name = str(one["loc"][0]) if one["loc"] else ""
        limits = {key: str(value) for key, value in one.get("ctx", {}).items() if key.startswith(("max", "min"))}
        found.append(FileFault(row, name if name in FIELDS else "", WORDS.get(one["type"], one["type"]), limits))
    return found
