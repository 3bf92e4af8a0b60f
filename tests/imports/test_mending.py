"""To mend on the page and to correct the file are one and the same; what a person typed is all that differs."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.businesses.reading.file import read_table
from samsyn.imports.reading.admitting import admit
from samsyn.imports.reading.businesses import read_businesses
from samsyn.imports.reading.fields import FIELDS, guess
from samsyn.imports.reading.people import read_people
from samsyn.imports.reading.sheet import Sheet, dumps
from samsyn.imports.reading.shifts import read_shifts
from samsyn.imports.reading.signals import KnownPlace, read_signals
from samsyn.imports.rules import Subject

TODAY = date(2026, 11, 23)
UNITS = {UUID(int=1): "Tobak", UUID(int=2): "Miljö"}
PEOPLE = {"asa@demo.example": UUID(int=3), "t-104": UUID(int=4)}
PLACES = {"torget": (KnownPlace(UUID(int=5), UUID(int=6), "Torget", hot_spot=True),)}
HEADS = {
    Subject.BUSINESSES: ("Namn", "Utövare", "Orgnr", "Adress", "Postnr", "Ort", "SNI", "Tobakstillstånd från"),
    Subject.PEOPLE: ("Namn", "E-post", "Telefon", "Enhet", "Roller", "Behörigheter", "Tjänstenr", "Språk"),
    Subject.SHIFTS: ("Person", "Datum", "Från", "Till", "Slag", "Anmärkning"),
    Subject.SIGNALS: ("År", "Vecka", "Plats", "Källa", "Antal"),
}
VALUES = {
    Subject.BUSINESSES: [
        *("", "Kiosken", "Kiosken AB", "559999-0016", "559999-0017", "Nygatan 1", "732 31", "7323", "Arboga", "47.621"),
        *("47", "2025-01-02", "2025-13-02", "tills vidare", "=1+1", "å\u00a0ä ö"),
    ],
    Subject.PEOPLE: [
        *(
            "",
            "Åsa Öst",
            "asa@demo.example",
            "ingen",
            "070-174 06 05",
            "Tobak",
            "tobak",
            "Vakt",
            "inspektör",
            "chefskock",
        ),
        *("chefskock", "tobak, alkohol", "T-104", "svenska", "klingon", "=1+1"),
    ],
    Subject.SHIFTS: [
        *("", "asa@demo.example", "T-104", "ingen@demo.example", "2027-03-04", "2027-03-28", "4 mars", "08:00", "8.30"),
        *("0:30", "02:30", "25", "semester", "fika", "sjuk"),
    ],
    Subject.SIGNALS: [
        *("", "2026", "2025", "53", "v. 7", "54", "Torget", "torget", "Ingenstans", "statistik", "skvaller")
    ],
}


def csv_of(head: tuple[str, ...], rows: list[list[str]]) -> bytes:
    quoted = [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in (list(head), *rows)]
    return "\r\n".join(quoted).encode()


def begun(subject: Subject, data: bytes) -> Sheet:
    table = admit(read_table(data, "lista.csv", FIELDS[subject].words), subject)
    return Sheet.of(table, "lista.csv", "", guess(table, subject, TODAY))


def reading(subject: Subject, sheet: Sheet) -> object:
    match subject:
        case Subject.BUSINESSES:
            rows, faults = read_businesses(sheet, TODAY)
            return [(row, row.identity and row.identity.normal) for row in rows], faults
        case Subject.PEOPLE:
            return read_people(sheet, UNITS)
        case Subject.SHIFTS:
            return read_shifts(sheet, PEOPLE)
        case Subject.SIGNALS:
            return read_signals(sheet, PLACES, TODAY)


@st.composite
def lists(draw: st.DrawFn) -> tuple[Subject, list[list[str]], dict[tuple[int, int], str], set[int]]:
    """A list, cells typed anew by line and column, and lines left out."""
    subject = draw(st.sampled_from(list(Subject)))
    width, cell = len(HEADS[subject]), st.sampled_from(VALUES[subject])
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=6))
    # An empty row is no row, and its number would be nobody's.
    rows = [[row[0] or "x", *row[1:]] for row in rows]
    places = st.tuples(st.integers(2, len(rows) + 1), st.integers(1, width - 1))
    mended = draw(st.dictionaries(places, st.sampled_from([v for v in VALUES[subject] if v != "sjuk"]), max_size=6))
    out = draw(st.sets(st.integers(2, len(rows) + 1), max_size=max(len(rows) - 1, 0)))
    return subject, rows, mended, out


@settings(deadline=None, max_examples=250)
@given(lists())
def test_mending_cells_reads_as_the_corrected_file_does(
    made: tuple[Subject, list[list[str]], dict[tuple[int, int], str], set[int]],
) -> None:
    subject, rows, mended, _ = made
    corrected = [
        [mended.get((line, at), cell) for at, cell in enumerate(row)] for line, row in enumerate(rows, start=2)
    ]
    sheet = begun(subject, csv_of(HEADS[subject], rows))
    whole = begun(subject, csv_of(HEADS[subject], corrected))
    by_hand = Sheet(sheet.filename, sheet.headings, sheet.heading_line, sheet.rows, sheet.digest, whole.mapping, mended)
    assert reading(subject, by_hand) == reading(subject, whole)


@settings(deadline=None, max_examples=120)
@given(lists())
def test_leaving_rows_out_reads_as_the_file_without_them_does(
    made: tuple[Subject, list[list[str]], dict[tuple[int, int], str], set[int]],
) -> None:
    subject, rows, _, out = made
    sheet = begun(subject, csv_of(HEADS[subject], rows))
    fewer = Sheet(
        sheet.filename, sheet.headings, sheet.heading_line, sheet.rows, sheet.digest, sheet.mapping, {}, frozenset(out)
    )
    without = Sheet(
        sheet.filename, sheet.headings, sheet.heading_line,
        tuple(row for row in sheet.rows if row.line not in out), sheet.digest, sheet.mapping,
    )  # fmt: skip
    assert reading(subject, fewer) == reading(subject, without)


@settings(deadline=None, max_examples=120)
@given(lists())
def test_a_sheet_comes_out_of_a_draft_as_it_went_in(
    made: tuple[Subject, list[list[str]], dict[tuple[int, int], str], set[int]],
) -> None:
    import json

    subject, rows, mended, out = made
    sheet = begun(subject, csv_of(HEADS[subject], rows))
    worked = Sheet(
        sheet.filename, sheet.headings, sheet.heading_line, sheet.rows, "d", sheet.mapping, mended, frozenset(out)
    )
    assert Sheet.unpack(json.loads(dumps(worked.pack()))) == worked
    assert "Kiosken" not in repr(worked)
