"""A checklist out as a file and in again: the same to the letter; hostile files change nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.businesses.reading.file import read_table
from samsyn.businesses.reading.table import Row, Table
from samsyn.core.errors import InvalidError
from samsyn.core.personal_numbers import has_personal_number
from samsyn.findings.list_files import (
    FIELDS,
    FaultyFileError,
    from_table,
    from_yaml,
    heading_words,
    headings,
    to_json,
    to_rows,
    to_yaml,
)
from samsyn.findings.points import CONTROL, Point
from samsyn.findings.rules import SuggestedOutcome, Verified
from samsyn.operations.rules import PoliceRole
from samsyn.web.exports.book import write_xlsx
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.writers import Table as Sheet


def is_kept(text: str) -> bool:
    return text == text.strip() and not CONTROL.search(text) and not has_personal_number(text)


LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(is_kept)
PROSE = st.lists(LINES, min_size=1, max_size=3).map("\n".join)
POINTS = st.lists(
    st.builds(
        Point,
        code=st.integers(1, 999).map(lambda n: f"TOB-{n:02}"),
        sv=LINES,
        en=LINES,
        law=LINES,
        verified=st.sampled_from(Verified),
        outcomes=st.lists(st.sampled_from(SuggestedOutcome), unique=True, max_size=4),
        unit_only=st.booleans(),
        role_required=st.none() | st.sampled_from(PoliceRole),
        note=st.none() | PROSE,
        section=st.none() | LINES,
        help=st.none() | PROSE,
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda point: point.code,
)


@given(POINTS)
@settings(max_examples=60, deadline=None)
def test_yaml_and_json_come_back_as_they_went(points: list[Point]) -> None:
    out = to_yaml(points)
    back = from_yaml(out, "TOB", ())
    assert back == points
    assert to_yaml(back) == out
    assert from_yaml(to_json(points), "TOB", ()) == points


@given(POINTS, st.sampled_from(["sv", "en"]))
@settings(max_examples=60, deadline=None)
def test_rows_come_back_as_they_went_in_either_language(points: list[Point], language: str) -> None:
    rows = to_rows(points, language)
    table = Table(tuple(headings(language)), 1, tuple(Row(n, tuple(row)) for n, row in enumerate(rows, 2)))
    back = from_table(table, "TOB", ())
    assert back == points
    assert to_rows(back, language) == rows


def test_a_workbook_comes_back_through_the_reader() -> None:
    points = [
        Point(
            code="TOB-01",
            sv="=1+1 är en fråga?",
            en="Is it?",
            law="LTLP 5:1",
            verified=Verified.PAGE,
            outcomes=[SuggestedOutcome.ORDER_PENALTY, SuggestedOutcome.ADVICE],
            help="Rad ett\nRad två",
        ),
        Point(code="TOB-02", sv="7", en="007", law="1", verified=Verified.MEMORY, outcomes=[], unit_only=True),
    ]
    columns: list[Column[object]] = [Column(name, "", Kind.TEXT, lambda _row: None) for name in FIELDS]
    book = write_xlsx(Sheet("Lista", columns, headings("sv"), to_rows(points, "sv")))
    assert from_table(read_table(book, "lista.xlsx", heading_words()), "TOB", ()) == points


GOOD = "points:\n  - {sv: Fråga, law: LTLP 5:1, verified: memory}\n"


def test_a_point_without_a_key_gets_one_that_was_never_used() -> None:
    [point] = from_yaml(GOOD, "TOB", {"TOB-15", "TOB-20"})
    assert (point.code, point.en) == ("TOB-21", "Fråga")


def test_every_fault_is_said_by_point_and_field_and_nothing_is_taken() -> None:
    text = GOOD + (
        "  - {code: XYZ-01, sv: a, law: b, verified: page}\n"
        "  - {code: TOB-02, sv: a, law: b, verified: maybe}\n"
        "  - {code: TOB-03, law: b, verified: page, outcomes: [none]}\n"
        "  - {code: TOB-04, sv: 19121212-1212, law: b, verified: page}\n"
        "  - {code: TOB-04, sv: a, law: b, verified: page}\n"
        "  - {code: TOB-05, sv: a, law: b, verified: page, colour: red}\n"
    )
    with pytest.raises(FaultyFileError) as error:
        from_yaml(text, "TOB", ())
    assert {(one.row, one.field) for one in error.value.faults} == {
        *((2, "code"), (3, "verified"), (4, "sv"), (4, "outcomes"), (5, "sv"), (6, "code"), (7, "")),
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "points: 7",
        "points: [a]",
        "- a",
        "points: &a [*a]",
        "a: &a [x, x]\nb: &b [*a, *a]\npoints: [*b]",
        "[" * 100_000,
        "points: !!python/object/apply:os.system [ls]",
        "x" * 400_001,
        "points: [\x00]",
        "? [a]\n: b",
        "points:\n" + "  - {}\n" * 201,
    ],
)
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        from_yaml(text, "TOB", ())
