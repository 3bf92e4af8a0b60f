"""From a table to typed rows and to every fault in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from samsyn.businesses.identity import Identity
from samsyn.businesses.reading.columns import map_columns
from samsyn.businesses.reading.faults import Fault, FaultCode
from samsyn.businesses.reading.headings import Field
from samsyn.businesses.reading.row import RowReading
from samsyn.businesses.reading.table import Table
from samsyn.businesses.reading.values import (
    as_area,
    as_date,
    as_end,
    as_identity,
    as_latitude,
    as_longitude,
    as_postcode,
    as_postcode_and_town,
    as_sni,
    as_trades,
    as_words,
    as_yes,
    is_open_end,
)
from samsyn.businesses.rules import OperatorForm, PermitKind, Trade, form_of, trade_of

_KEY_FIELDS: Final = (Field.PLACE, Field.OPERATOR, Field.NUMBER, Field.ADDRESS, Field.POSTCODE, Field.POSTCODE_AND_TOWN)


@dataclass(frozen=True, slots=True)
class PermitRow:
    """A permit that the list states; no last day means until further notice."""

    kind: PermitKind
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class BusinessRow:
    """One faultless row: an operator at a place.

    ``identity`` is None when the operator is not known: two such rows at different places are different operators.
    ``operator_name`` is the place's name where the list names no operator. Latitude and longitude are WGS 84 degrees,
    both or neither. ``decided_on`` and ``valid_until`` come from lists that do not say which decision they mean.
    """

    line: int
    place_name: str
    operator_name: str
    identity: Identity | None
    form: OperatorForm
    address: str
    postcode: str
    town: str
    sni: tuple[str, ...]
    trades: tuple[Trade, ...]
    permits: tuple[PermitRow, ...]
    decided_on: date | None
    valid_until: date | None
    area_m2: float | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Interpreted:
    """The good rows, all faults of the file by line and column, and the headings of columns that were not read."""

    rows: tuple[BusinessRow, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]


def interpret(table: Table, today: date) -> Interpreted:
    """Read every row; a row with any fault is not among the good ones. ``today`` decides centuries of birth."""
    columns = map_columns(table)
    if columns.faults:
        return Interpreted((), columns.faults, columns.ignored)
    rows: list[BusinessRow] = []
    faults: list[Fault] = []
    first_lines: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        reading = RowReading(row, columns)
        if not reading.faulty:
            business = _read(reading, today)
            if not reading.blamed(*_KEY_FIELDS):
                first = first_lines.setdefault(_key(business), row.line)
                if first != row.line:
                    reading.blame_row(FaultCode.DUPLICATE_ROW, first)
            if not reading.faulty:
                rows.append(business)
        faults += reading.sorted_faults()
    return Interpreted(tuple(rows), tuple(faults), columns.ignored)


def _read(reading: RowReading, today: date) -> BusinessRow:
    """Read all cells of a row; what is faulty is noted in the reading and left empty here."""

    def words(field: Field, missing: FaultCode | None = None) -> str:
        return reading.take(field, lambda cell: as_words(cell, today), "", missing)

    place = words(Field.PLACE, FaultCode.PLACE_MISSING)
    identity = reading.take(Field.NUMBER, lambda cell: as_identity(cell, today), None)
    postcode, town = _postcode_and_town(reading, words)
    sni: tuple[str, ...] = reading.take(Field.SNI, as_sni, ())
    latitude = reading.take(Field.LATITUDE, as_latitude, None)
    longitude = reading.take(Field.LONGITUDE, as_longitude, None)
    if (latitude is None) != (longitude is None) and not reading.blamed(Field.LATITUDE, Field.LONGITUDE):
        reading.blame(Field.LATITUDE if latitude is None else Field.LONGITUDE, FaultCode.COORDINATE_MISSING)
    decided_on, valid_until = _spell(reading, Field.DECIDED, Field.VALID_UNTIL)
    return BusinessRow(
        line=reading.line,
        place_name=place,
        operator_name=words(Field.OPERATOR) or place,
        identity=identity,
        form=form_of(identity),
        address=words(Field.ADDRESS, FaultCode.ADDRESS_MISSING),
        postcode=postcode,
        town=town,
        sni=sni,
        trades=reading.take(Field.TRADE, as_trades, ()) or tuple(dict.fromkeys(map(trade_of, sni))),
        permits=tuple(_permits(reading)),
        decided_on=decided_on,
        valid_until=valid_until,
        area_m2=reading.take(Field.AREA, as_area, None),
        latitude=latitude,
        longitude=longitude,
    )


def _postcode_and_town(reading: RowReading, words: Callable[[Field, FaultCode | None], str]) -> tuple[str, str]:
    if reading.has(Field.POSTCODE):
        postcode = reading.take(Field.POSTCODE, as_postcode, "", FaultCode.POSTCODE_MISSING)
        return postcode, words(Field.TOWN, FaultCode.TOWN_MISSING)
    both = words(Field.POSTCODE_AND_TOWN, FaultCode.POSTCODE_MISSING)
    if not both:
        return "", ""
    return reading.take(Field.POSTCODE_AND_TOWN, as_postcode_and_town, ("", ""))


def _spell(reading: RowReading, first: Field, last: Field) -> tuple[date | None, date | None]:
    start = reading.take(first, as_date, None)
    end = reading.take(last, as_end, None)
    if start is not None and end is not None and end < start:
        reading.blame(last, FaultCode.ENDS_BEFORE_START)
    return start, end


def _permits(reading: RowReading) -> Iterator[PermitRow]:
    start, end = _spell(reading, Field.TOBACCO_FROM, Field.TOBACCO_UNTIL)
    if start or end or is_open_end(reading.cell(Field.TOBACCO_UNTIL)):
        yield PermitRow(PermitKind.TOBACCO, start, end)
    if reading.take(Field.SERVING, as_yes, empty=False):
        yield PermitRow(PermitKind.SERVING, None, None)


def _key(row: BusinessRow) -> tuple[str, ...]:
    """What makes two rows the same: operator (its number, else its name), place and address."""
    operator = row.identity.normal if row.identity else row.operator_name
    return (operator.casefold(), row.place_name.casefold(), row.address.casefold(), row.postcode)
