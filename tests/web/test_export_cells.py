"""Text goes out as text: whatever somebody wrote, no spreadsheet runs it, and it can be read back as it was."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
import python_calamine
from hypothesis import example, given, settings
from hypothesis import strategies as st

from samsyn.web.exports.book import sheet_name, write_xlsx
from samsyn.web.exports.columns import Column, Kind, Value
from samsyn.web.exports.text import LONGEST, carried, literal, neutral
from samsyn.web.exports.writers import Table, write_csv, write_json

FIRST = "=+-@＝＋－＠\t\r\n"
TRAPS = [
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "'=1", "''=1", "＝1",
    "å ä ö 🙂", "rad 1\nrad 2", 'sa "hej"; och', "a;b,c", "http://demo.example/", "=HYPERLINK(\"http://x.example\")",
    "007", "1,5", "2026-11-17", "1E5", "TRUE", "{=1}", "_x0041_", "x" * 10_240,
]  # fmt: skip


def table(values: list[Value], kind: Kind = Kind.TEXT, title: str = "Lista") -> Table:
    columns: list[Column[Any]] = [Column("value", "x", kind, lambda row: row)]
    return Table(title, columns, ["Värde"], [[value] for value in values])


def from_csv(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))


def from_xlsx(data: bytes) -> list[list[Any]]:
    with python_calamine.load_workbook(io.BytesIO(data)) as book:
        return book.get_sheet_by_index(0).to_python()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
hostile = st.builds(str.__add__, st.text("'\u00a0 \ufeff" + FIRST, max_size=4), texts)


@settings(deadline=None, max_examples=300)
@given(st.one_of(texts, hostile))
@example("'=1")
@example("''\t")
@example(" \ufeff\n")
def test_a_neutral_text_can_be_undone_and_never_begins_like_a_formula(text: str) -> None:
    cell = neutral(text)
    assert literal(cell) == text
    assert not cell.lstrip().lstrip("\ufeff\u200b").startswith(tuple(FIRST))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(texts, hostile, st.sampled_from(TRAPS)), min_size=1, max_size=12))
@example(TRAPS)
def test_any_text_comes_back_from_both_files_as_it_was_and_is_a_text_in_them(values: list[str]) -> None:
    wanted = [carried(value) for value in values]
    rows = from_csv(write_csv(table(list(values))))
    assert rows[0] == ["Värde"]
    assert [literal(row[0]) if row else "" for row in rows[1:]] == wanted
    data = write_xlsx(table(list(values)))
    assert [row[0] for row in from_xlsx(data)][1:] == (wanted if any(wanted) else [])[: len(from_xlsx(data)) - 1]
    sheet = parts(data)["xl/worksheets/sheet1.xml"]
    assert b"<f>" not in sheet
    assert b"<f " not in sheet
    assert b"hyperlink" not in sheet
    assert [row["value"] for row in json.loads(write_json(table(list(values))))] == [v or None for v in values]


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    found = from_xlsx(write_xlsx(table(["a" * (LONGEST + 5)])))[1][0]
    assert len(found) == LONGEST
    assert found.endswith("…")


def test_numbers_dates_and_weeks_are_what_they_are_in_each_file() -> None:
    moment = datetime(2027, 1, 2, 22, 30, tzinfo=UTC)
    columns: list[Column[Any]] = [
        Column(kind.value, "x", kind, lambda row: row) for kind in (Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.WEEK)
    ]
    data = Table("Blandat", columns, ["n", "d", "t", "v"], [[-12.5, date(2026, 11, 17), moment, moment]])
    assert from_csv(write_csv(data))[1] == ["-12,5", "2026-11-17", "2027-01-02 23:30", "2026-W53"]
    assert from_xlsx(write_xlsx(data))[1] == [-12.5, date(2026, 11, 17), datetime(2027, 1, 2, 23, 30), "2026-W53"]  # noqa: DTZ001
    assert json.loads(write_json(data))[0] == {
        "number": -12.5, "date": "2026-11-17", "datetime": "2027-01-02T22:30:00Z", "week": "2026-W53",
    }  # fmt: skip


@pytest.mark.parametrize("kind", list(Kind))
def test_an_empty_value_is_an_empty_cell(kind: Kind) -> None:
    assert from_csv(write_csv(table([None], kind)))[1:] in ([[""]], [[]])
    assert len(from_xlsx(write_xlsx(table([None], kind)))) == 1
    assert json.loads(write_json(table([None], kind))) == [{"value": None}]


def test_an_identity_keeps_its_zeros_and_all_its_digits() -> None:
    values: list[Value] = ["0045", "165599990002", "732 31", 17]
    assert [row[0] for row in from_xlsx(write_xlsx(table(values, Kind.IDENTITY)))][1:] == [str(v) for v in values]


def test_a_workbook_has_frozen_headings_a_filter_and_a_sheet_in_the_readers_words() -> None:
    data = write_xlsx(table(["a"], title="Åtgärder [v. 48]: allt/inget"), table(["b"], title="Åtgärder [v. 48]: allt"))
    inside = parts(data)
    assert b'state="frozen"' in inside["xl/worksheets/sheet1.xml"]
    assert b"<autoFilter" in inside["xl/worksheets/sheet1.xml"]
    with python_calamine.load_workbook(io.BytesIO(data)) as book:
        assert book.sheet_names[0] == "Åtgärder  v. 48   allt inget"
        assert len(set(book.sheet_names)) == 2


@settings(deadline=None, max_examples=100)
@given(texts)
def test_any_title_becomes_a_name_that_a_sheet_may_have(title: str) -> None:
    name = sheet_name(carried(title))
    assert 1 <= len(name) <= 31
    assert not set(name) & set("[]:*?/\\")
    assert not name.startswith("'")
    write_xlsx(table(["a"], title=carried(title)))
