"""Lists as Swedish offices write them, from bytes to rows and faults."""

from __future__ import annotations

import tomllib
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import samsyn.texts
from samsyn.businesses.reading.faults import FaultCode
from samsyn.businesses.reading.file import read_table
from samsyn.businesses.reading.meaning import BusinessRow, Interpreted, PermitRow, interpret
from samsyn.businesses.reading.table import Refusal, Row, Table
from samsyn.businesses.rules import OperatorForm, PermitKind, Trade

FILES = Path(__file__).parent / "files"
TODAY = date(2026, 11, 23)
HEAD: str = "Namn;Företag;Orgnr;Adress;Postnr;Ort;SNI;Tobakstillstånd från;Tobakstillstånd till;Lat;Long"
GOOD: str = "Kiosken;Kiosken AB;559999-0016;Nygatan 118;732 31;Arboga;47.621;2025-01-02;tills vidare;59,39;15,83"


def read(name: str) -> tuple[Table, Interpreted]:
    table = read_table((FILES / name).read_bytes(), name)
    return table, interpret(table, TODAY)


def read_lines(*lines: str, head: str = HEAD) -> Interpreted:
    return interpret(read_table("\r\n".join((head, *lines)).encode(), "lista.csv"), TODAY)


def swapped(**cells: str) -> str:
    """A good row with some cells replaced, by heading."""
    names = HEAD.split(";")
    values = GOOD.split(";")
    for name, value in cells.items():
        values[names.index(name)] = value
    return ";".join(values)


def codes(found: Interpreted) -> list[tuple[int, str | None, FaultCode]]:
    return [(fault.line, fault.column, fault.code) for fault in found.faults]


def by_place(found: Interpreted) -> dict[str, BusinessRow]:
    return {row.place_name: row for row in found.rows}


def test_the_list_with_a_byte_order_mark_is_read_whole() -> None:
    table, found = read("businesses-utf8-bom.csv")
    assert (table.encoding, table.delimiter, len(found.rows)) == ("utf-8-sig", ";", 40)
    assert found.faults == ()
    assert found.ignored == ("Objekt-id", "Årsavgift (kr)", "Telefon", "E-post", "Anmärkning")
    kiosk = by_place(found)["Kiosk Hörnskåpet"]
    assert (kiosk.sni, kiosk.trades) == (("47.621", "92.000"), (Trade.KIOSK, Trade.GAMBLING))
    assert kiosk.permits == (PermitRow(PermitKind.TOBACCO, date(2024, 5, 30), None),)
    assert (kiosk.latitude, kiosk.longitude) == (59.39297, 15.83985)
    assert by_place(found)["Mälarsalen"].permits == (PermitRow(PermitKind.SERVING, None, None),)
    assert by_place(found)["Vinternatt"].line == 15  # the line break in the row before counts as no row
    assert by_place(found)["Bilvård Sturevik"].trades == (Trade.CAR_WASH, Trade.CAR_REPAIR)
    assert by_place(found)["Lotusrum massage"].identity is None
    assert by_place(found)["Brödkorgen"].form is OperatorForm.SOLE_TRADER


def test_the_list_in_cp1252_has_nineteen_good_rows_and_the_twelve_faults() -> None:
    table, found = read("businesses-cp1252.csv")
    expected = yaml.safe_load((FILES / "businesses-cp1252.errors.yaml").read_text(encoding="utf-8"))
    assert (table.encoding, table.delimiter) == ("cp1252", ";")
    assert (len(table.rows), len(found.rows)) == (expected["rows"], expected["good_rows"]) == (31, 19)
    assert [{"line": fault.line, "column": fault.column, "value": fault.value} for fault in found.faults] == [
        {name: error[name] for name in ("line", "column", "value")} for error in expected["errors"]
    ]
    assert found.faults[-1].words["first_line"] == 2
    assert by_place(found)["Skäggfabriken"].decided_on == date(2025, 8, 11)
    assert by_place(found)["Brödkorgen"].valid_until == date(2027, 6, 4)
    assert by_place(found)["Stjärnglans städ"].area_m2 == 118.4


def test_the_spreadsheet_is_read_under_its_title_and_without_its_sum() -> None:
    table, found = read("businesses.xlsx")
    assert (table.sheet, table.heading_line, len(table.rows), len(found.rows)) == ("Tillsynsobjekt", 4, 35, 35)
    assert found.faults == ()
    rows = by_place(found)
    assert rows["Blå Örnen"].sni == ("56.100",)
    assert rows["Nålspetsen"].sni == ("96.090",)
    assert (rows["Lagerkransen"].postcode, str(rows["Lagerkransen"].identity)) == ("732 31", "559999-0065")
    assert (rows["Lagerkransen"].decided_on, rows["Vinternatt"].decided_on) == (date(2026, 1, 19), date(2026, 1, 17))
    assert str(rows["Brödkorgen"].identity) == "enskild firma"
    assert rows["Rökdepån"].line == 39


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("say_so", [True, False])
def test_delimiter_and_encoding_are_found_out(delimiter: str, encoding: str, say_so: bool) -> None:
    rows = [row.replace(",", ".").replace(";", delimiter) for row in (HEAD, GOOD.replace("Kiosken;", "Åsens kiosk;"))]
    text = "\r\n".join(([f"sep={delimiter}"] if say_so else []) + rows)
    table = read_table(text.encode(encoding), "lista.csv")
    assert (table.delimiter, table.encoding) == (delimiter, encoding)
    assert table.rows[0].line == 2
    assert [row.place_name for row in interpret(table, TODAY).rows] == ["Åsens kiosk"]


def test_a_title_with_a_comma_does_not_choose_the_delimiter() -> None:
    found = interpret(read_table(f"Objekt, utdrag\n\n{HEAD}\n{GOOD}\nSumma;;;;;;;;;;".encode(), "l.csv"), TODAY)
    assert [row.line for row in found.rows] == [4]
    assert found.faults == ()


def test_every_fault_of_a_row_and_of_the_file_is_told_in_order() -> None:
    found = read_lines(swapped(Namn="", Lat="norr", SNI="4711"), swapped(Orgnr="559999-0017"), GOOD)
    assert codes(found) == [
        (2, "Namn", FaultCode.PLACE_MISSING),
        (2, "SNI", FaultCode.SNI_WRONG_FORM),
        (2, "Lat", FaultCode.COORDINATE_UNREADABLE),
        (3, "Orgnr", FaultCode.NUMBER_CHECK_DIGIT),
    ]
    assert [row.line for row in found.rows] == [4]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Adress": " "}, FaultCode.ADDRESS_MISSING),
        ({"Postnr": ""}, FaultCode.POSTCODE_MISSING),
        ({"Postnr": "7323"}, FaultCode.POSTCODE_WRONG),
        ({"Ort": ""}, FaultCode.TOWN_MISSING),
        ({"Namn": "x" * 201}, FaultCode.TEXT_TOO_LONG),
        ({"Namn": "Kio\x07sken"}, FaultCode.CONTROL_CHARACTER),
        ({"Namn": "Kiosken 811218-9876"}, FaultCode.PERSONAL_NUMBER),
        ({"Orgnr": "81121898"}, FaultCode.NUMBER_WRONG_FORM),
        ({"Orgnr": "559999001"}, FaultCode.NUMBER_EXCEL_LOST_ZERO),
        ({"Tobakstillstånd från": "i våras"}, FaultCode.DATE_UNREADABLE),
        ({"Tobakstillstånd från": "tills vidare"}, FaultCode.DATE_UNREADABLE),
        ({"Tobakstillstånd till": "1825-01-01"}, FaultCode.DATE_OUT_OF_RANGE),
        ({"Tobakstillstånd till": "31/12-24"}, FaultCode.ENDS_BEFORE_START),
        ({"Lat": ""}, FaultCode.COORDINATE_MISSING),
        ({"Long": "158,38"}, FaultCode.LONGITUDE_OUTSIDE),
        ({"Lat": "6583000"}, FaultCode.LATITUDE_OUTSIDE),
    ],
)
def test_a_wrong_cell_is_named(cells: dict[str, str], code: FaultCode) -> None:
    found = read_lines(swapped(**cells))
    assert codes(found) == [(2, next(iter(cells)), code)]
    assert found.rows == ()


@pytest.mark.parametrize(
    "written", ["2026-11-17", "20261117", "17/11/2026", "17/11-26", "17/11-2026", "2026-11-17 00:00"]
)
def test_a_date_is_read_in_every_form(written: str) -> None:
    (row,) = read_lines(swapped(**{"Tobakstillstånd till": written})).rows
    assert row.permits[0].valid_until == date(2026, 11, 17)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("47111", ("47.111",)),
        ("47.111", ("47.111",)),
        ("56,1", ("56.100",)),
        ("1.11", ("01.110",)),
        ("47.621, 92.000", ("47.621", "92.000")),
        ("47621,92000", ("47.621", "92.000")),
        ("47.621/92.000 47.621", ("47.621", "92.000")),
        ("", ()),
    ],
)
def test_sni_codes_are_read_in_every_form(written: str, expected: tuple[str, ...]) -> None:
    (row,) = read_lines(swapped(SNI=written)).rows
    assert row.sni == expected


def test_a_cell_that_looks_like_a_formula_is_a_text() -> None:
    (row,) = read_lines(swapped(Namn="=SUMMA(A1:A3)")).rows
    assert row.place_name == "=SUMMA(A1:A3)"


def test_a_row_that_stands_twice_is_a_fault_and_two_unknown_operators_are_not() -> None:
    found = read_lines(GOOD, GOOD.replace("559999-0016", "165599990016").replace("Nygatan", "NYGATAN"))
    assert codes(found) == [(3, None, FaultCode.DUPLICATE_ROW)]
    apart = read_lines(swapped(Orgnr=""), swapped(Orgnr="", Adress="Storgatan 104"))
    assert [row.identity for row in apart.rows] == [None, None]


def test_missing_and_doubled_columns_are_named() -> None:
    found = read_lines("a;b;c;d", head="Namn;Nummer;Namn;Latitud")
    assert [(fault.column, fault.code) for fault in found.faults] == [
        ("Namn", FaultCode.COLUMN_TWICE),
        *[(name, FaultCode.COLUMN_MISSING) for name in ("Org.nr", "Besöksadress", "Postnr", "Ort", "Longitud")],
    ]
    assert codes(read_lines()) == [(1, None, FaultCode.NO_ROWS)]
    assert codes(read_lines(GOOD + ";mer")) == [(2, None, FaultCode.TOO_MANY_FIELDS)]


def test_a_spreadsheet_with_numbers_ticks_and_remarks_beside_the_table_is_read() -> None:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("Omslag").write(0, 0, "Hej")
        sheet = book.add_worksheet("Lista")
        sheet.write_row(2, 1, ["Namn", "Orgnr", "Adress", "Postnr", "Ort", "SNI", "Serveringstillstånd"])
        sheet.write_row(4, 1, ["Baren", 5599990016, "Nygatan 1", 73231, "Arboga", 92, True])
        sheet.write(4, 12, "ring mig")
    table = read_table(buffer.getvalue(), "lista.xlsx")
    (row,) = interpret(table, TODAY).rows
    assert (table.sheet, row.line, row.sni, str(row.identity)) == ("Lista", 5, ("92.000",), "559999-0016")
    assert row.permits == (PermitRow(PermitKind.SERVING, None, None),)


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=30), min_size=11, max_size=12), min_size=1, max_size=4))
def test_any_cells_give_rows_or_faults_and_never_an_error(cells: list[list[str]]) -> None:
    rows = tuple(Row(line, tuple(row)) for line, row in enumerate(cells, start=2))
    found = interpret(Table(tuple(HEAD.split(";")), 1, rows), TODAY)
    assert {row.line for row in found.rows} | {fault.line for fault in found.faults} == {row.line for row in rows}


separators = st.sampled_from(["", "-", "+", " ", "–", " - ", "\u200b", "/", "\xa0"])


@settings(deadline=None)
@given(st.integers(0, 10), st.dates(date(1930, 1, 1), TODAY), st.integers(0, 9999), separators, st.booleans())
def test_a_personal_number_in_any_column_is_in_no_fault(
    column: int, born: date, tail: int, between: str, century: bool
) -> None:
    number = f"{born:%Y%m%d}"[0 if century else 2 :] + between + f"{tail:04}"
    values = GOOD.split(";")
    values[column] = number
    without_headings = read_table((";".join(values) + "\n" + GOOD).encode(), "lista.csv")
    for found in (read_lines(";".join(values)), interpret(without_headings, TODAY)):
        told = f"{found.faults!r} {found.ignored!r} {without_headings!r}"
        assert number not in told
        assert f"{born:%y%m%d}" not in told
        assert number not in repr([row.identity for row in found.rows])


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_code_has_its_words(language: str) -> None:
    path = Path(samsyn.texts.__file__).parent / language / "businesses.toml"
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    for table, enum in {
        "fault": FaultCode,
        "refusal": Refusal,
        "trade": Trade,
        "form": OperatorForm,
        "permit": PermitKind,
    }.items():
        assert set(words[table]) == {member.value for member in enum}
    assert "7" in words["fault"]["duplicate_row"].format(first_line=7)
