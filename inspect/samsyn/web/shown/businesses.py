"""How businesses and imports are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from samsyn.businesses.queries import BusinessCard, PermitLine
from samsyn.businesses.reading.faults import FaultCode
from samsyn.web.parsing import Shown


class BusinessOut(Shown):
    """An operator at a premises; ``number`` is null for a sole trader."""

    id: UUID
    collaboration_id: UUID
    premises_id: UUID
    operator_id: UUID
    name: str
    address: str
    postcode: str
    town: str
    operator: str
    form: str
    number: str | None
    trades: list[str]
    sni: list[str]
    latitude: float | None
    longitude: float | None


class PermitOut(Shown):
    """A public permit."""

    kind: str
    valid_from: date | None
    valid_until: date | None


class BusinessDetailOut(BusinessOut):
    """A business with its permits."""

    permits: list[PermitOut]

    @classmethod
    def of(cls, card: BusinessCard, permits: Sequence[PermitLine]) -> BusinessDetailOut:
        """Join a business and its permits."""
        shown = BusinessOut.model_validate(card)
        return cls(**shown.model_dump(), permits=[PermitOut.model_validate(p) for p in permits])


class BusinessPage(Shown):
    """Some businesses."""

    items: list[BusinessOut]
    next_cursor: str | None


class FaultOut(Shown):
    """What is wrong where in a list."""

    line: int
    column: str | None
    value: str | None
    code: FaultCode
    text: str


class ImportOut(Shown):
    """What an import did, or would do."""

    rows: int
    created: int
    changed: int
    unchanged: int
    written: bool
    ignored: list[str]
    faults: list[FaultOut]
