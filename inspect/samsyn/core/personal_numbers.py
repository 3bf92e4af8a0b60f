"""Personal identity numbers in free text: found by pattern, date and check digit, and masked (R5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

MASK: Final = "*"
_GAP: Final = r"[\s.,/+_‐-―−-]{0,3}"  # people write dashes, dots, slashes and blanks of every kind
_SHORT: Final = rf"\d\d{_GAP}\d\d{_GAP}\d\d{_GAP}\d{{4}}"
# Looked ahead, so that a false candidate never hides a true one that begins inside it.
_CANDIDATES: Final = tuple(
    re.compile(rf"(?<!\d)(?=({pattern})(?!\d))") for pattern in (_SHORT, rf"(?:18|19|20){_GAP}{_SHORT}")
)
_COORDINATION: Final = 60  # added to the day in a samordningsnummer (folkbokföringslagen 18 a §)
_LEAP_CENTURY: Final = 2000


def find_personal_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each personnummer or samordningsnummer, of ten or twelve digits, however it is written.

    A number counts when its date exists (the day less 60 for a samordningsnummer) and its check digit is right.
    """
    plain = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)  # digits of other scripts count
    for pattern in _CANDIDATES:
        for found in pattern.finditer(plain):
            if _is_personal("".join(filter(str.isdecimal, found[1]))):
                yield found.span(1)


def has_personal_number(text: str) -> bool:
    """Say whether the text holds one."""
    return next(find_personal_numbers(text), None) is not None


def mask_personal_numbers(text: str) -> str:
    """Return the text with every digit of every personal number replaced by an asterisk; the rest stands."""
    signs = list(text)
    for start, end in find_personal_numbers(text):
        signs[start:end] = [MASK if sign.isdecimal() else sign for sign in text[start:end]]
    return "".join(signs)


def _is_personal(digits: str) -> bool:
    values = [int(sign) for sign in digits[-10:]]
    doubled = sum(sum(divmod(value * (2 - n % 2), 10)) for n, value in enumerate(values))
    return doubled % 10 == 0 and _is_date(digits[:-4])


def _is_date(digits: str) -> bool:
    year, month, day = int(digits[:-4]), int(digits[-4:-2]), int(digits[-2:])
    # Two digits name a year of some century: 2000 has every date that 1900 or 2000 could have.
    year = year if len(digits) > len("yymmdd") else _LEAP_CENTURY + year
    try:
        date(year, month, day - _COORDINATION if day > _COORDINATION else day)
    except ValueError:
        return False
    return True
