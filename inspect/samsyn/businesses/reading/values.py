"""What a cell says: text, dates, numbers, codes, in the forms that Swedish offices write (DOMAIN.md 4.2, 4.4)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

from samsyn.businesses.identity import Identity, IdentityKind, classify, holds_personal_number, shown_as_typed
from samsyn.businesses.reading.faults import CellFaultError, FaultCode, presentable
from samsyn.businesses.reading.table import Cell
from samsyn.businesses.rules import TRADE_WORDS, Trade

_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]00:00(?::00)?)?")
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SLASHED: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})[-/ ]([0-9]{4}|[0-9]{2})")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_POSTCODE: Final = re.compile(r"(?:SE?-?)?([1-9][0-9]{2}) ?([0-9]{2})", re.IGNORECASE)
_POSTCODE_TOWN: Final = re.compile(r"(?:SE?-?)?([1-9][0-9]{2}) ?([0-9]{2})(?: (.*))?", re.IGNORECASE)
_SNI_BETWEEN: Final = re.compile(r"[;|/\s]+|,\s+|(?<=[0-9]{3}),(?=[0-9]{2})")
_SNI_WHOLE: Final = re.compile(r"([0-9]{2})[.,]?([0-9]{3})")
_SNI_CUT: Final = re.compile(r"([0-9]{1,2})[.,]([0-9]{1,3})")
_OPEN_END: Final = frozenset({"tills vidare", "tillsvidare", "until further notice", "tv", "t.v.", "t v"})
_YES: Final = frozenset({"ja", "yes", "j", "y", "x", "1", "sant", "true"})
_NO: Final = frozenset({"", "nej", "no", "n", "0", "-", "falskt", "false", "saknas"})
_LONGEST: Final = 200  # characters of a name or an address
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_SWEDEN: Final = {"latitude": (55.0, 69.2), "longitude": (10.5, 24.3)}  # degrees, WGS 84
_MAX_AREA: Final = 10_000_000  # square metres
_WHOLE_UP_TO: Final = 1e15  # floats are exact below it


def as_text(cell: Cell) -> str:
    """Return a cell as one clean line: spaces of all kinds made one, invisible signs dropped; numbers without ".0".

    Raises CellFaultError for control characters.
    """
    if isinstance(cell, float | int):
        whole = abs(cell) < _WHOLE_UP_TO and cell == int(cell)
        return str(int(cell)) if whole else repr(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    text = " ".join(cell.split())
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
        if not text.isprintable():
            visible = "".join(sign if sign.isprintable() else "�" for sign in text)
            raise CellFaultError(FaultCode.CONTROL_CHARACTER, presentable(visible))
    return text


def as_words(cell: Cell, today: date) -> str:
    """Return a text for the registry; refused with over 200 characters or a personal number (SECRECY.md R5, R11)."""
    text = as_text(cell)
    if len(text) > _LONGEST:
        raise CellFaultError(FaultCode.TEXT_TOO_LONG)
    if holds_personal_number(text, today):
        raise CellFaultError(FaultCode.PERSONAL_NUMBER)
    return text


def as_date(cell: Cell) -> date | None:
    """Read 2026-11-17, 20261117, 17/11/2026, 17/11-26, 17/11-2026 or a real date; None when empty."""
    if isinstance(cell, date):
        return _in_range(cell)
    text = as_text(cell)
    if not text:
        return None
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
    elif found := _SLASHED.fullmatch(text):
        day, month, year = found[1], found[2], found[3]
    else:
        raise CellFaultError(FaultCode.DATE_UNREADABLE)
    return _date_of(int(year) if len(year) > 2 else 2000 + int(year), int(month), int(day))  # noqa: PLR2004


def as_end(cell: Cell) -> date | None:
    """Read the last day of a permit; "tills vidare" and an empty cell are an open end (None)."""
    return None if isinstance(cell, str) and is_open_end(cell) else as_date(cell)


def is_open_end(cell: Cell) -> bool:
    """Whether a cell says that there is no last day."""
    return isinstance(cell, str) and " ".join(cell.split()).casefold() in _OPEN_END


def as_area(cell: Cell) -> float | None:
    """Read square metres; None when empty."""
    number = _as_number(cell, FaultCode.AREA_UNREADABLE)
    if number is not None and not 0 <= number <= _MAX_AREA:
        raise CellFaultError(FaultCode.AREA_UNREADABLE)
    return number


def as_latitude(cell: Cell) -> float | None:
    """Read degrees north (WGS 84), inside Sweden; None when empty."""
    return _degrees(cell, "latitude", FaultCode.LATITUDE_OUTSIDE)


def as_longitude(cell: Cell) -> float | None:
    """Read degrees east (WGS 84), inside Sweden; None when empty."""
    return _degrees(cell, "longitude", FaultCode.LONGITUDE_OUTSIDE)


def as_postcode(cell: Cell) -> str:
    """Return a postcode as "NNN NN"."""
    text = as_text(cell)
    if not text:
        raise CellFaultError(FaultCode.POSTCODE_MISSING)
    found = _POSTCODE.fullmatch(text)
    if found is None:
        raise CellFaultError(FaultCode.POSTCODE_WRONG)
    return f"{found[1]} {found[2]}"


def as_postcode_and_town(cell: Cell) -> tuple[str, str]:
    """Read "732 31 Arboga" as postcode and town."""
    text = as_text(cell)
    found = _POSTCODE_TOWN.fullmatch(text)
    if found is None:
        has_digits = any(sign.isdigit() for sign in text)
        raise CellFaultError(FaultCode.POSTCODE_WRONG if has_digits else FaultCode.POSTCODE_MISSING)
    if not found[3]:
        raise CellFaultError(FaultCode.TOWN_MISSING)
    return f"{found[1]} {found[2]}", found[3]


def as_sni(cell: Cell) -> tuple[str, ...]:
    """Return the codes of a cell as NN.NNN, each once, in order; zeros that a spreadsheet ate are put back."""
    if isinstance(cell, float | int) and 1 <= cell < 100 and cell == round(cell, 3):  # noqa: PLR2004
        return (f"{cell:06.3f}",)  # 56.1 and 92 were 56.100 and 92.000
    pieces = [piece for piece in _SNI_BETWEEN.split(as_text(cell)) if piece]
    return tuple(dict.fromkeys(_sni_code(piece) for piece in pieces))


def as_trades(cell: Cell) -> tuple[Trade, ...]:
    """Return the trades that a list names; empty when any word is unknown, so that SNI decides. Never a fault."""
    words = [word.strip().casefold() for word in re.split(r"[,;]", as_text(cell)) if word.strip()]
    trades = [TRADE_WORDS.get(word) for word in words]
    known = tuple(dict.fromkeys(trade for trade in trades if trade is not None))
    return () if None in trades else known


def as_yes(cell: Cell) -> bool:
    """Read ja or nej; an empty cell is no."""
    word = as_text(cell).casefold()
    if word not in _YES | _NO:
        raise CellFaultError(FaultCode.YES_OR_NO)
    return word in _YES


def as_identity(cell: Cell, today: date) -> Identity | None:
    """Classify the number; None when empty (the operator is not known). A faulty one is echoed only if nobody's."""
    text = as_text(cell)
    if not text:
        return None
    identity = classify(text, today)
    if identity.kind is IdentityKind.INVALID and identity.flaw is not None:
        raise CellFaultError(FaultCode(f"number_{identity.flaw}"), shown_as_typed(text))
    return identity


def _date_of(year: int, month: int, day: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise CellFaultError(FaultCode.DATE_OUT_OF_RANGE)
    if not 1 <= month <= 12:  # noqa: PLR2004  months
        raise CellFaultError(FaultCode.DATE_NO_SUCH_MONTH)
    try:
        return date(year, month, day)
    except ValueError:
        raise CellFaultError(FaultCode.DATE_NO_SUCH_DAY) from None


def _in_range(day: date) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise CellFaultError(FaultCode.DATE_OUT_OF_RANGE)
    return day


def _as_number(cell: Cell, code: FaultCode) -> float | None:
    """Read a number with decimal comma or point, spaces between thousands and any minus; None when empty."""
    if isinstance(cell, float | int):
        return float(cell)
    text = as_text(cell).replace(" ", "").replace("−", "-")
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise CellFaultError(code)
    return float(text.replace(",", "."))


def _degrees(cell: Cell, axis: str, outside: FaultCode) -> float | None:
    number = _as_number(cell, FaultCode.COORDINATE_UNREADABLE)
    lowest, highest = _SWEDEN[axis]
    if number is not None and not lowest <= number <= highest:
        raise CellFaultError(outside)
    return number


def _sni_code(piece: str) -> str:
    if whole := _SNI_WHOLE.fullmatch(piece):
        return f"{whole[1]}.{whole[2]}"
    if cut := _SNI_CUT.fullmatch(piece):
        return f"{cut[1]:0>2}.{cut[2]:0<3}"
    raise CellFaultError(FaultCode.SNI_WRONG_FORM)
