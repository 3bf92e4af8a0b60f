"""Swedish identity numbers, told apart by our own rules (DOMAIN.md 4.1).

A sole trader's registration number *is* the owner's personal identity number, and common libraries take any of those
for an organisation number. Here a personal number is never shown: not by ``shown``, ``str`` or ``repr`` (SECRECY.md
R11).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

SOLE_TRADER: Final = "enskild firma"
HIDDEN: Final = "•••"

_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_PLAIN: Final = re.compile(r"(?:[0-9]{2})?[0-9]{6}([-+]?)[0-9]{4}")
_VAT: Final = re.compile(r"SE([0-9]{10})01")
_SCIENTIFIC: Final = re.compile(r"([0-9](?:[.,][0-9]+)?)E\+?([0-9]{1,3})", re.IGNORECASE)
_DIGIT_RUN: Final = re.compile(r"\d(?:(?:[^\w;]|_){0,3}\d){8,}")
_PERSONAL_IN_TEXT: Final = re.compile(r"(?<![0-9])(?:[0-9]{2})?[0-9]{2}[01][0-9]{3}\s?[-+‑–]?\s?[0-9]{4}(?![0-9])")
_CENTURIES: Final = (20, 19, 18)
_BIRTH_CENTURIES: Final = ("18", "19", "20")
_SHORT, _LONG = 10, 12
_LEGAL_PREFIX: Final = "16"  # how registers write a legal person's number in twelve digits
_COORDINATION_DAY: Final = 60  # added to the day of birth in a coordination number
_FIRST_LEGAL_THIRD: Final = "2"  # from here on the third digit cannot begin a month


class IdentityKind(StrEnum):
    """What a number turned out to be."""

    ORGANISATION = "organisation"
    PERSONAL = "personal"
    COORDINATION = "coordination"
    INVALID = "invalid"


class IdentityFlaw(StrEnum):
    """Why a number is none."""

    WRONG_FORM = "wrong_form"
    CHECK_DIGIT = "check_digit"
    IMPOSSIBLE_DATE = "impossible_date"
    EXCEL_SCIENTIFIC = "excel_scientific"
    EXCEL_LOST_ZERO = "excel_lost_zero"


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """A classified number.

    ``normal`` has 10 digits for an organisation, 12 for a person, none when invalid; it is for matching and sealing.
    ``flaw`` is set exactly when the kind is invalid.
    """

    kind: IdentityKind
    normal: str = field(default="", repr=False)
    flaw: IdentityFlaw | None = None

    @property
    def is_personal(self) -> bool:
        """Whether the number points at a human being (a coordination number does)."""
        return self.kind in {IdentityKind.PERSONAL, IdentityKind.COORDINATION}

    @property
    def shown(self) -> str:
        """Return what may be shown: NNNNNN-NNNN for an organisation, words for a person, dots when invalid."""
        if self.kind is IdentityKind.ORGANISATION:
            return f"{self.normal[:6]}-{self.normal[6:]}"
        return SOLE_TRADER if self.is_personal else HIDDEN

    def __str__(self) -> str:
        return self.shown

    def __repr__(self) -> str:
        return f"Identity({self.kind}, {self.flaw or self.shown})"


def classify(text: str, today: date) -> Identity:
    """Say what a written number is; never raises. ``today`` decides the century of a ten-digit personal number.

    Read: NNNNNN-NNNN, with or without separator; twelve digits (prefix 16 for a legal person); SE...01. ``+`` means a
    hundred years or more (folkbokföringslagen 1991:481, 18 §).
    """
    written = "".join(text.split()).translate(_DASHES)
    if vat := _VAT.fullmatch(written.upper()):
        written = vat[1]
    plain = _PLAIN.fullmatch(written)
    if plain is None:
        return _unreadable(written, today)
    digits = written.replace("-", "").replace("+", "")
    if len(digits) == _LONG and digits.startswith(_LEGAL_PREFIX):
        digits = digits[2:]
    if not _luhn(digits[-_SHORT:]):
        return _invalid(IdentityFlaw.CHECK_DIGIT)
    if len(digits) == _SHORT and digits[2] >= _FIRST_LEGAL_THIRD:
        return Identity(IdentityKind.ORGANISATION, digits)
    return _personal(digits, old=plain[1] == "+", today=today)


def shown_as_typed(text: str) -> str:
    """Return a faulty number for a message: as typed only when it cannot be a person's, else dots.

    A mistyped personal number is nearly the number; only what has an organisation's third digit is echoed.
    """
    written = "".join(text.split()).translate(_DASHES)
    if scientific := _SCIENTIFIC.fullmatch(written):
        digits = re.sub(r"[.,]", "", scientific[1])
        length = int(scientific[2]) + 1
    elif _PLAIN.fullmatch(written):
        digits = written.replace("-", "").replace("+", "")
        length = len(digits)
    else:
        return HIDDEN if any(sign.isdigit() for sign in text) else conceal(text)
    if length == _LONG and digits.startswith(_LEGAL_PREFIX):
        digits, length = digits[2:], _SHORT
    cut_birth = digits.startswith(_BIRTH_CENTURIES)  # twelve digits that lost two: a public body's is hidden with them
    legal = length == _SHORT and not cut_birth and digits[2:3] >= _FIRST_LEGAL_THIRD
    return text.strip() if legal else HIDDEN


def conceal(text: str) -> str:
    """Hide every run of nine digits or more, also with a few signs between them: for words that are shown to people."""
    return _DIGIT_RUN.sub(HIDDEN, text)


def holds_personal_number(text: str, today: date) -> bool:
    """Whether a valid personal identity or coordination number stands in a free text (SECRECY.md R5)."""
    return any(classify(found[0], today).is_personal for found in _PERSONAL_IN_TEXT.finditer(text))


def _invalid(flaw: IdentityFlaw) -> Identity:
    return Identity(IdentityKind.INVALID, flaw=flaw)


def _unreadable(written: str, today: date) -> Identity:
    """Name the damage that Excel does: exponents, and leading zeros that are gone (years of birth 00 to 09)."""
    if _SCIENTIFIC.fullmatch(written):
        return _invalid(IdentityFlaw.EXCEL_SCIENTIFIC)
    if re.fullmatch(r"[0-9]{7,9}", written):
        whole = written.zfill(_SHORT)
        fits = _luhn(whole) and _personal(whole, old=False, today=today).is_personal
        if fits or len(written) == _SHORT - 1:
            return _invalid(IdentityFlaw.EXCEL_LOST_ZERO)
    return _invalid(IdentityFlaw.WRONG_FORM)


def _luhn(digits: str) -> bool:
    """Check the control digit of ten digits (modulus 10 with weights 2, 1)."""
    total = 0
    for place, sign in enumerate(digits):
        value = int(sign) * (2 - place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004  the sum of the digits of 10 to 18
    return total % 10 == 0


def _personal(digits: str, *, old: bool, today: date) -> Identity:
    """Read ten or twelve digits as a person's; the day of a coordination number is raised by 60."""
    tail = digits[-_SHORT:]
    month, day = int(tail[2:4]), int(tail[4:6])
    coordination = day > _COORDINATION_DAY
    kind = IdentityKind.COORDINATION if coordination else IdentityKind.PERSONAL
    centuries = (int(digits[:2]),) if len(digits) == _LONG else _CENTURIES
    for century in centuries:
        if century not in _CENTURIES:
            break
        year = century * 100 + int(tail[:2])
        try:
            born = date(year, month, day - _COORDINATION_DAY if coordination else day)
        except ValueError:
            continue
        if born > today or (old and year > today.year - 100):
            continue
        return Identity(kind, f"{century}{tail}")
    return _invalid(IdentityFlaw.IMPOSSIBLE_DATE)
