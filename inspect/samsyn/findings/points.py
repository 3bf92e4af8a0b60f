"""A checklist's points as values: how one is written, and what may be done to a list of them. No database."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.findings.rules import SuggestedOutcome, Verified
from samsyn.operations.rules import PoliceRole

CODE: Final = re.compile(r"[A-Z]{3}-[0-9]{2,3}")
MAX_POINTS: Final = 200
MAX_LINE: Final = 500
MAX_HELP: Final = 4_000
MAX_SECTION: Final = 100
CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
NEWER: Final = ("section", "help")
"""Fields that came after the house's lists were first published: empty, they change no digest."""

Way = Literal["up", "down", "out"]


def printable(text: str) -> str:
    """Refuse control characters, half characters and other line breaks than LF, which no file carries whole."""
    if CONTROL.search(text):
        raise PydanticCustomError("control_character", "control characters cannot be kept")
    return text


def one_line(text: str) -> str:
    """Refuse line breaks and tabs as well."""
    if "\n" in text or "\t" in text:
        raise PydanticCustomError("one_line", "one line only")
    return printable(text)


def lines(text: object) -> object:
    """Return a text with LF between its lines, as every form and file means it."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


def nothing(text: object) -> object:
    """Return None for an empty text."""
    return None if isinstance(text, str) and not text.strip() else text


Sentence = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LINE), AfterValidator(one_line)]
Prose = Annotated[str, StringConstraints(max_length=MAX_HELP), BeforeValidator(lines), AfterValidator(printable)]
Section = Annotated[str, StringConstraints(max_length=MAX_SECTION), AfterValidator(one_line)]


class PointText(BaseModel):
    """All of a question but its key. ``verified``: how far the law was read; ``note``: where it says otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    sv: Sentence
    en: Sentence
    law: Sentence
    verified: Verified
    outcomes: list[SuggestedOutcome] = Field(max_length=len(SuggestedOutcome))
    unit_only: bool = False
    role_required: PoliceRole | None = None
    note: Annotated[Prose | None, BeforeValidator(nothing)] = None
    section: Annotated[Section | None, BeforeValidator(nothing)] = None
    help: Annotated[Prose | None, BeforeValidator(nothing)] = None


class Point(PointText):
    """One question. ``code`` is its key for ever: an answer names it, and no other question gets it."""

    code: str = Field(pattern=r"^[A-Z]{3}-[0-9]{2,3}$")


def digest_of(points: Iterable[Point]) -> str:
    """Return a SHA-256 of all that a version holds."""
    said = [point.model_dump(mode="json") for point in points]
    old = [{k: v for k, v in one.items() if v is not None or k not in NEWER} for one in said]
    return hashlib.sha256(json.dumps(old, sort_keys=True).encode()).hexdigest()


def columns_of(points: Sequence[Point]) -> list[dict[str, Any]]:
    """Return the columns of ``check_point`` for each point, in order."""
    return [
        {
            "code": point.code,
            "position": position,
            "text_sv": point.sv,
            "text_en": point.en,
            "law": point.law,
            "verified": point.verified,
            "unit_only": point.unit_only,
            "outcomes": [outcome.value for outcome in point.outcomes],
            "role_required": point.role_required,
            "note": point.note,
            "section": point.section,
            "help_text": point.help,
        }
        for position, point in enumerate(points, 1)
    ]


def pack(points: Sequence[Point]) -> dict[str, Any]:
    """Return points as a draft holds them."""
    return {"points": [point.model_dump(mode="json", exclude_none=True) for point in points]}


def unpack(content: dict[str, Any]) -> list[Point]:
    """Return what ``pack`` was given."""
    return [Point.model_validate(one) for one in content["points"]]


def at(points: Sequence[Point], code: str) -> int:
    """Return where a point stands; ``NotFoundError`` for none."""
    found = next((place for place, point in enumerate(points) if point.code == code), None)
    if found is None:
        raise NotFoundError("no such point")
    return found


def next_code(prefix: str, used: Iterable[str]) -> str:
    """Return a key that no version of the list has used; ``InvalidError`` where there is none left."""
    numbers = [int(code.partition("-")[2]) for code in used if code.startswith(f"{prefix}-")]
    number = max(numbers, default=0) + 1
    if number > 999:  # noqa: PLR2004 - what the key's form holds
        raise InvalidError("no key is left", fields={"code": ("too_many_points",)})
    return f"{prefix}-{number:02}"


def placed(points: Sequence[Point], code: str, way: Way) -> list[Point]:
    """Return the points with one a step up or down, or out; at the end of the list a step does nothing."""
    place, found = at(points, code), list(points)
    point = found.pop(place)
    if way != "out":
        found.insert(max(0, place - 1) if way == "up" else place + 1, point)
    return found


def with_point(points: Sequence[Point], point: Point) -> list[Point]:
    """Return the points with one changed, or added last; ``InvalidError`` for more than a list holds."""
    found = [point if one.code == point.code else one for one in points]
    if point not in found:
        found.append(point)
    if len(found) > MAX_POINTS:
        raise InvalidError("too many points", fields={"sv": ("too_many_points",)})
    return found


def in_sections(points: Sequence[Point]) -> list[tuple[str, list[Point]]]:
    """Return the points under the headings as they follow each other; a heading may come again."""
    found: list[tuple[str, list[Point]]] = []
    for point in points:
        if not found or found[-1][0] != (point.section or ""):
            found.append((point.section or "", []))
        found[-1][1].append(point)
    return found
