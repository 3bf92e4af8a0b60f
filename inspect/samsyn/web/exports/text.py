"""Text in cells: what a file cannot carry is replaced, and what a spreadsheet would run stays text."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 32_767
"""UTF-16 units of a cell in Excel; a longer text is cut, and its last sign says so."""
UNTAKABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
RISKY: Final = re.compile("[\\s'\ufeff\u200b-\u200f\u2060]*[=+\\-@＝＋－＠\t\r\n]")
"""What a spreadsheet may take for a formula, also behind blanks and apostrophes of its own, and in East Asian width."""


def carried(text: str) -> str:
    """Return the text without signs that XML and spreadsheets refuse, and no longer than a cell."""
    clean = UNTAKABLE.sub("\ufffd", text)
    return clean if units(clean) <= LONGEST else f"{cut(clean, LONGEST - 1)}…"


def units(text: str) -> int:
    """Return how long Excel finds a text: a sign outside the first plane counts as two."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, longest: int) -> str:
    """Return the beginning of a text, whole signs only."""
    return text.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", "ignore")


def neutral(text: str) -> str:
    """Return the text with an apostrophe before anything that could be run (OWASP: CSV injection).

    It can be undone: ``literal(neutral(text)) == text`` for every text.
    """
    return f"'{text}" if RISKY.match(text) else text


def literal(cell: str) -> str:
    """Return the text that ``neutral`` was given."""
    return cell[1:] if cell.startswith("'") and RISKY.match(cell) else cell
