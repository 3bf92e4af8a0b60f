"""What can be wrong in a list, cell by cell; no fault ever carries a personal number (SECRECY.md R11)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from samsyn.businesses.identity import conceal

_LONGEST_SHOWN: Final = 80
_LOOKED_AT: Final = 400  # characters; more than is shown, so that no cut leaves half a number


class FaultCode(StrEnum):
    """Why a cell or a row cannot be taken; the texts stand under ``businesses.fault``."""

    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    NO_ROWS = "no_rows"
    TOO_FEW_FIELDS = "too_few_fields"
    TOO_MANY_FIELDS = "too_many_fields"
    DUPLICATE_ROW = "duplicate_row"
    PLACE_MISSING = "place_missing"
    ADDRESS_MISSING = "address_missing"
    POSTCODE_MISSING = "postcode_missing"
    POSTCODE_WRONG = "postcode_wrong"
    TOWN_MISSING = "town_missing"
    TEXT_TOO_LONG = "text_too_long"
    CONTROL_CHARACTER = "control_character"
    PERSONAL_NUMBER = "personal_number"
    NUMBER_WRONG_FORM = "number_wrong_form"
    NUMBER_CHECK_DIGIT = "number_check_digit"
    NUMBER_IMPOSSIBLE_DATE = "number_impossible_date"
    NUMBER_EXCEL_SCIENTIFIC = "number_excel_scientific"
    NUMBER_EXCEL_LOST_ZERO = "number_excel_lost_zero"
    SNI_WRONG_FORM = "sni_wrong_form"
    DATE_UNREADABLE = "date_unreadable"
    DATE_NO_SUCH_MONTH = "date_no_such_month"
    DATE_NO_SUCH_DAY = "date_no_such_day"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    ENDS_BEFORE_START = "ends_before_start"
    YES_OR_NO = "yes_or_no"
    AREA_UNREADABLE = "area_unreadable"
    COORDINATE_UNREADABLE = "coordinate_unreadable"
    COORDINATE_MISSING = "coordinate_missing"
    LATITUDE_OUTSIDE = "latitude_outside"
    LONGITUDE_OUTSIDE = "longitude_outside"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to correct: line as in the sheet, heading as in the file, value as it may be shown.

    ``column`` and ``value`` are None for a whole row.
    """

    line: int
    column: str | None
    value: str | None
    code: FaultCode
    first_line: int | None = None  # of a duplicate: where the row stands first

    @property
    def words(self) -> dict[str, str | int]:
        """Return what the fault's text names in braces."""
        return {
            "line": self.line,
            "column": self.column or "",
            "value": self.value or "",
            "first_line": self.first_line or "",
        }


class CellFaultError(Exception):
    """A cell that cannot be read as what its column wants; ``shown`` replaces what was typed, where given."""

    def __init__(self, code: FaultCode, shown: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.shown = shown


def presentable(text: str) -> str:
    """Return a cell for a message: long runs of digits hidden, one line, cut."""
    shown = conceal(" ".join(text[:_LOOKED_AT].split()))
    return shown if len(shown) <= _LONGEST_SHOWN else shown[: _LONGEST_SHOWN - 1] + "…"
