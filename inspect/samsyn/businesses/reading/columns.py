"""Which columns a file has, which are wanted and missing, and which are left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from samsyn.businesses.reading.faults import Fault, FaultCode, presentable
from samsyn.businesses.reading.headings import Field, recognise
from samsyn.businesses.reading.table import Table

_WANTED: Final = (Field.PLACE, Field.NUMBER, Field.ADDRESS)
_DEGREES: Final = (Field.LATITUDE, Field.LONGITUDE)
_WANTED_APART: Final = (Field.POSTCODE, Field.TOWN)


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of the known fields, headings as they may be shown, those that are ignored, and their faults."""

    position: Mapping[Field, int]
    shown: tuple[str, ...]
    ignored: tuple[str, ...]
    faults: tuple[Fault, ...]

    def heading(self, field: Field) -> str:
        """Return the heading as it stands in the file."""
        return self.shown[self.position[field]]


def map_columns(table: Table) -> Columns:
    """Map the headings of a table to fields; a field that stands twice or is wanted and missing is a fault."""
    position: dict[Field, int] = {}
    shown = tuple(presentable(heading) for heading in table.headings)
    ignored: list[str] = []
    faults: list[Fault] = []
    for at, heading in enumerate(table.headings):
        known = recognise(heading)
        if known is None:
            if shown[at]:
                ignored.append(shown[at])
        elif known in position:
            faults.append(Fault(table.heading_line, shown[at], None, FaultCode.COLUMN_TWICE))
        else:
            position[known] = at
    faults += [
        Fault(table.heading_line, wish.value, None, FaultCode.COLUMN_MISSING)
        for wish in _wanted(position)
        if wish not in position
    ]
    if not table.rows:
        faults.append(Fault(table.heading_line, None, None, FaultCode.NO_ROWS))
    return Columns(position, shown, tuple(ignored), tuple(faults))


def _wanted(position: Mapping[Field, int]) -> tuple[Field, ...]:
    """Return what the file must have; a coordinate without the other one is no place."""
    postal = () if Field.POSTCODE_AND_TOWN in position and Field.POSTCODE not in position else _WANTED_APART
    degrees = _DEGREES if any(axis in position for axis in _DEGREES) else ()
    return (*_WANTED, *postal, *degrees)
