"""A comment as plain text: short, no unseen signs, no personal identity numbers (SECRECY R5)."""

from __future__ import annotations

import re
from typing import Final

from samsyn.calendars.rendering.addresses import UNSEEN

LONGEST: Final = 1000
MASK: Final = "******-****"
NUMBER: Final = re.compile(
    r"(?<![\d-])(?P<century>18|19|20)?(?P<date>\d{6})(?P<sign>\s?[-+–]\s?|\s)?(?P<last>\d{4})(?![\d-])"
)
COORDINATION: Final = 60
"""A coordination number adds 60 to the day of birth (folkbokföringslagen, samordningsnummer)."""


def plain_comment(text: str) -> str:
    """Return at most 1,000 characters of plain text, its lines kept, identity numbers masked."""
    lines = (" ".join(UNSEEN.sub(" ", line).split()) for line in text[: LONGEST * 4].splitlines())
    kept = "\n".join(line for line in lines if line)
    return NUMBER.sub(lambda found: MASK if personal(found) else found[0], kept)[:LONGEST]


def personal(found: re.Match[str]) -> bool:
    """Say whether the digits are a date of birth and a number; without a sign the check digit must agree."""
    month, day = int(found["date"][2:4]), int(found["date"][4:6])
    dated = 1 <= month <= 12 and 1 <= (day - COORDINATION if day > COORDINATION else day) <= 31  # noqa: PLR2004
    written_so = found["century"] or (found["sign"] or "").strip()
    return dated and bool(written_so or luhn(found["date"] + found["last"]))


def luhn(digits: str) -> bool:
    """Say whether the check digit agrees (modulus 10)."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0
