"""Files that want to break the reader: each is refused with a reason, and nothing is left running."""

from __future__ import annotations

import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import psutil
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.businesses.reading import file, text_file
from samsyn.businesses.reading.file import read_table
from samsyn.businesses.reading.table import MAX_BYTES, Refusal, UnreadableFileError

BOOK = (Path(__file__).parent / "files" / "businesses.xlsx").read_bytes()
SHEET = "xl/worksheets/sheet1.xml"
SPREADSHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


BOUNDS = """
import resource
from samsyn.businesses.reading.sheet import limit_myself
limit_myself()
print(resource.getrlimit(resource.RLIMIT_CPU)[0], resource.getrlimit(resource.RLIMIT_AS)[0])
try:
    bytearray(600_000_000)
except MemoryError:
    print("full")
"""


def refusal_of(data: bytes, name: str = "lista.csv") -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as refused:
        read_table(data, name)
    return refused.value


def rebuilt(replaced: Mapping[str, bytes], *, more: Mapping[str, bytes] | None = None) -> bytes:
    """The good spreadsheet with some of its parts replaced, and more parts added."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(BOOK)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, replaced.get(name, old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return buffer.getvalue()


def part(name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(BOOK)) as package:
        return package.read(name)


def book_of(rows: int, columns: int, text: str = "x") -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "constant_memory": False}) as book:
        sheet = book.add_worksheet()
        for row in range(rows):
            sheet.write_row(row, 0, [text] * columns)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b" \r\n ;;\r\n", Refusal.EMPTY),
        (b"Namn;Orgnr\n" * (MAX_BYTES // 11 + 1), Refusal.TOO_BIG),
        (b"Namn;Orgnr\n" + b"a;b\n" * 20_001, Refusal.TOO_MANY_ROWS),
        (b"Namn;Orgnr\n" + b"a;b\n" * 30_000, Refusal.TOO_MANY_ROWS),
        (b"Namn;Orgnr" + b";x" * 200 + b"\n", Refusal.TOO_MANY_COLUMNS),
        (b"Namn;Orgnr\n" + b"a" * 20_001 + b";b\n", Refusal.CELL_TOO_LONG),
        (b"Namn;Orgnr\na\0;b\n", Refusal.WRONG_ENCODING),
        ("Namn;Orgnr\na;b\n".encode("utf-16"), Refusal.WRONG_ENCODING),
        (b"Namn;Orgnr\n\x81\x8d;b\n", Refusal.WRONG_ENCODING),
        (b"\xef\xbb\xbfNamn;Orgnr\n\xe5;b\n", Refusal.WRONG_ENCODING),
        (b'Namn;Orgnr\n"a;b\nc;d\n', Refusal.BROKEN_QUOTES),
        (b'Namn;Orgnr\n"a" b;c\n', Refusal.BROKEN_QUOTES),
        (b'Namn;Orgnr\n"' + b"a\n" * 200_000, Refusal.BROKEN_QUOTES),
        (b"<html><table><tr><td>Namn</td></tr></table>", Refusal.NOT_A_TABLE),
        (b"%PDF-1.7\n", Refusal.NOT_A_TABLE),
        (b"\x89PNG\r\n\x1a\n", Refusal.NOT_A_TABLE),
        (b"PK\x03\x04 and then nothing", Refusal.BROKEN_SPREADSHEET),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), Refusal.OLD_FORMAT),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le"),
            Refusal.PASSWORD,
        ),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_reason(data: bytes, reason: Refusal) -> None:
    refused = refusal_of(data)
    assert refused.refusal is reason
    assert refused.fields == {"file": (reason,)}


def test_a_text_under_a_spreadsheets_name_is_refused() -> None:
    assert refusal_of(b"Namn;Orgnr\na;b\n", "Lista.XLSX").refusal is Refusal.NOT_A_TABLE


def test_a_long_cell_is_told_by_its_line() -> None:
    assert refusal_of(b"Namn;Orgnr\na;b\n" + b"a" * 20_001 + b";b\n").line == 3


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    if data.startswith(b"PK"):
        return
    try:
        text_file.read_text(data)
        read_table(data, "x")
    except UnreadableFileError:
        return


def test_a_spreadsheet_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked() -> None:
    began = time.monotonic()
    zeros = rebuilt({}, more={"xl/media/image1.bin": bytes(60_000_000)})
    assert refusal_of(zeros).refusal is Refusal.UNPACKS_TOO_BIG
    assert refusal_of(rebuilt({}, more={f"xl/p{n}": b"" for n in range(600)})).refusal is Refusal.UNPACKS_TOO_BIG
    assert time.monotonic() - began < 10


def test_a_package_that_lies_about_its_size_is_refused() -> None:
    bomb = (
        f"<worksheet {SPREADSHEET}><sheetData>".encode()
        + b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"A" * 90_000_000 + b"</t></is></c></row>"
        + b"</sheetData></worksheet>"
    )  # fmt: skip
    data = bytearray(rebuilt({SHEET: bomb}))
    real, small = struct.pack("<I", len(bomb)), struct.pack("<I", 900_000)
    while (at := data.find(real)) >= 0:
        data[at : at + 4] = small
    assert refusal_of(bytes(data)).refusal in {
        Refusal.UNPACKS_TOO_BIG,
        Refusal.BROKEN_SPREADSHEET,
        Refusal.CELL_TOO_LONG,
    }


def test_a_sheet_with_two_far_corners_does_not_fill_the_memory() -> None:
    corners = (
        f'<worksheet {SPREADSHEET}><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="{column}1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    for column in ("GR", "XFD"):  # the last column that is allowed, and the last that there is
        refused = refusal_of(rebuilt({SHEET: corners.replace("{column}", column).encode()}))
        assert refused.refusal in {Refusal.UNPACKS_TOO_BIG, Refusal.TOO_MANY_COLUMNS}


def test_too_many_rows_columns_and_characters_of_a_sheet_are_refused() -> None:
    assert refusal_of(book_of(20_102, 1)).refusal is Refusal.TOO_MANY_ROWS
    assert refusal_of(book_of(1, 201)).refusal is Refusal.TOO_MANY_COLUMNS
    long = refusal_of(book_of(3, 1, "x" * 20_001))
    assert (long.refusal, long.line) == (Refusal.CELL_TOO_LONG, 1)


def test_entities_in_a_sheet_are_refused() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    outside = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for trick in (laughs, outside):
        assert refusal_of(rebuilt({SHEET: trick + part(SHEET)})).refusal is Refusal.XML_ENTITIES
    hidden = b"<!--" + b"-" * 5_000 + b">" + laughs[21:] + part(SHEET).replace(b"Summa", b"&b;")
    with pytest.raises(UnreadableFileError):
        read_table(rebuilt({SHEET: hidden}), "lista.xlsx")


def test_other_packages_and_broken_ones_are_refused() -> None:
    document = BytesIO()
    with zipfile.ZipFile(document, "w") as package:
        package.writestr("word/document.xml", "<document/>")
    assert refusal_of(document.getvalue(), "brev.docx").refusal is Refusal.NOT_A_TABLE
    assert refusal_of(BOOK[: len(BOOK) // 2]).refusal is Refusal.BROKEN_SPREADSHEET
    assert refusal_of(rebuilt({SHEET: b"<worksheet><sheetData><row"})).refusal is not None
    assert refusal_of(rebuilt({"xl/workbook.xml": b"no xml"})).refusal is not None


def test_a_reader_that_takes_too_long_is_ended_and_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "WALL_SECONDS", 0.001)
    assert refusal_of(BOOK).refusal is Refusal.TOOK_TOO_LONG
    assert [child for child in psutil.Process().children() if "reading.sheet" in " ".join(child.cmdline())] == []


def test_the_reader_gets_no_secrets_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere/start.py")
    assert len(read_table(BOOK, "lista.xlsx").rows) == 35


def test_the_reader_bounds_its_own_time_and_memory() -> None:
    said = subprocess.run([sys.executable, "-I", "-c", BOUNDS], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["10", str(512 * 1024 * 1024), "full"]
