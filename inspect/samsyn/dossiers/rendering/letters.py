"""What people wrote, reduced to letters that the document's fonts can show.

PDF/UA-1 demands a glyph for every character (ISO 14289-1, 7.21.8), and typst refuses the whole document for one that is
missing. Direction overrides are taken out, since they can make a text read otherwise than it was written.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from typing import Final

MISSING: Final = "□"
LONGEST_WORD: Final = 60
"""Longer runs without a space get places to break, or they would run off the page."""

# First and last code points that the fonts inside typst 0.15.2 cover, found by rendering each; only runs that people
# may write in Sweden. A test renders every one of them.
COVERED: Final = (
    (0x0020, 0x007E),
    (0x00A0, 0x00AC),
    (0x00AE, 0x02FF),
    (0x038E, 0x03A1),
    (0x03A3, 0x0482),
    (0x048A, 0x04FF),
    (0x05D0, 0x05EA),
    (0x0621, 0x063A),
    (0x0640, 0x064A),
    (0x0660, 0x066D),
    (0x06F0, 0x06F9),
    (0x10D0, 0x10FF),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x202F, 0x2040),
    (0x2074, 0x208E),
    (0x20A0, 0x20C0),
    (0x2100, 0x211E),
    (0x2153, 0x2184),
    (0x2190, 0x23FF),
    (0x2460, 0x262F),
)
_FIRST: Final = [first for first, _ in COVERED]
_LONG: Final = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
_SOFT_HYPHEN: Final = "\u00ad"


def printable(text: str) -> str:
    """Return the text in NFC without control and format characters; what no font covers is ``□``.

    Line breaks stay. The result is always shown as text: it is data to the document, never markup.
    """
    lines = re.split(r"\r\n|[\n\r\u2028\u2029]", unicodedata.normalize("NFC", text))
    return "\n".join(_breakable("".join(map(_letter, line))) for line in lines)


def _letter(letter: str) -> str:
    match unicodedata.category(letter):
        case "Cf":
            return ""
        case "Cc":
            return " "
    at = bisect_right(_FIRST, ord(letter)) - 1
    return letter if at >= 0 and ord(letter) <= COVERED[at][1] else MISSING


def _breakable(line: str) -> str:
    """Put a soft hyphen into every run of letters that is longer than a line."""
    return _LONG.sub(
        lambda run: _SOFT_HYPHEN.join(run[0][i : i + LONGEST_WORD] for i in range(0, len(run[0]), LONGEST_WORD)),
        line,
    )
