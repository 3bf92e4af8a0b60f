"""Lists of people: who works where, under which work address, and as what. Never an identity number (R5)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from samsyn.access.rules import Language, Role
from samsyn.businesses.reading.headings import fold
from samsyn.businesses.reading.table import Cell
from samsyn.businesses.reading.values import as_text
from samsyn.imports.reading.cells import Cells, FaultyError
from samsyn.imports.reading.sheet import Sheet
from samsyn.imports.rules import Fault

_BETWEEN: Final = re.compile(r"[,;/\n]+")
_CODE: Final = re.compile(r"[a-z0-9åäö][a-z0-9åäö_ .&+-]{0,59}")
_ADDRESS: Final = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~åäö-]{1,64}@[a-z0-9åäö-]+(?:\.[a-z0-9åäö-]+)+")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()/-]{4,24}")
_TWELVE: Final = re.compile(r"(?:18|19|20)?[0-9]{6}[-+][0-9]{4}|(?:18|19|20)[0-9]{10}")
_ROLES: Final = {
    fold(word): role
    for role, words in {
        Role.PLANNER: "planerare, planner, samordnare, planner/samordnare",
        Role.INSPECTOR: "inspektör, inspector, handläggare, polis",
        Role.DECIDER: "beslutsfattare, beslutande, chef, decider",
        Role.LOG_REVIEWER: "logggranskare, loggranskare, logg, log reviewer, log_reviewer",
        Role.UNIT_ADMIN: "enhetsadministratör, administratör, unit admin, unit_admin, unit administrator",
        Role.OBSERVER: "observatör, observer",
    }.items()
    for word in words.split(",")
}
_LANGUAGES: Final = {
    "sv": Language.SV, "svenska": Language.SV, "swedish": Language.SV,
    "en": Language.EN, "engelska": Language.EN, "english": Language.EN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One faultless row. Without a role a person is an inspector; without a language Swedish."""

    line: int
    name: str
    address: str
    phone: str | None
    unit_id: UUID
    unit: str
    roles: frozenset[Role]
    competences: frozenset[str]
    service_number: str | None
    language: Language


def read_people(sheet: Sheet, units: Mapping[UUID, str]) -> tuple[list[PersonRow], list[Fault]]:
    """Read every row; ``units`` are those of the own authority. A row with any fault is not among the good ones."""
    rows: list[PersonRow] = []
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for row in sheet.standing():
        cells = Cells(row, sheet)
        person = read_person(cells, units)
        if person.address and first.setdefault(person.address, row.line) != row.line:
            cells.blame("address", "address_twice", first_line=first[person.address])
        if not cells.faults:
            rows.append(person)
        faults += cells.faults
    return rows, faults


def read_person(cells: Cells, units: Mapping[UUID, str]) -> PersonRow:
    """Read the cells of a row; what is faulty is noted and left empty."""
    name = cells.text("name")
    if not name and not cells.faults:
        cells.blame("name", "name_missing")
    unit_id = unit_of(cells, units)
    return PersonRow(
        line=cells.line,
        name=name,
        address=cells.read("address", as_address, "", "address_missing"),
        phone=cells.read("phone", as_phone, None),
        unit_id=unit_id,
        unit=units.get(unit_id, ""),
        roles=cells.read("roles", as_roles, frozenset({Role.INSPECTOR})),
        competences=cells.read("competences", as_competences, frozenset()),
        service_number=cells.text("service_number") or None,
        language=cells.read("language", as_language, Language.SV),
    )


def unit_of(cells: Cells, units: Mapping[UUID, str]) -> UUID:
    """Return the unit that is named; without a name the only one there is."""
    said = cells.text("unit")
    known = {fold(name): unit_id for unit_id, name in units.items()}
    if said and fold(said) in known:
        return known[fold(said)]
    if not said and len(units) == 1:
        return next(iter(units))
    names = ", ".join(sorted(units.values()))
    cells.blame("unit", "unit_unknown" if said else "unit_missing", units=names)
    return UUID(int=0)


def as_address(cell: Cell) -> str:
    """Return a work address in small letters."""
    text = as_text(cell).strip("<> ").lower().removeprefix("mailto:")
    if len(text) > 200 or not _ADDRESS.fullmatch(text):  # noqa: PLR2004
        raise FaultyError("address_wrong")
    return text


def as_phone(cell: Cell) -> str:
    """Return a phone number; one that a spreadsheet took for a number gets its first zero back."""
    text = as_text(cell)
    if isinstance(cell, float | int):
        text = f"0{text}"
    if _TWELVE.fullmatch(text.replace(" ", "")):
        raise FaultyError("personal_number")
    if not _PHONE.fullmatch(text):
        raise FaultyError("phone_wrong")
    return text


def as_roles(cell: Cell) -> frozenset[Role]:
    """Return the roles of a cell with commas between them, in Swedish or English."""
    words = [word.strip() for word in _BETWEEN.split(as_text(cell)) if word.strip()]
    unknown = [word for word in words if fold(word) not in _ROLES]
    if unknown:
        raise FaultyError("role_unknown", role=unknown[0][:40])
    return frozenset(_ROLES[fold(word)] for word in words)


def as_competences(cell: Cell) -> frozenset[str]:
    """Return the competences of a cell: short words, in small letters."""
    words = [word.strip().lower() for word in _BETWEEN.split(as_text(cell)) if word.strip()]
    if any(not _CODE.fullmatch(word) for word in words):
        raise FaultyError("competence_wrong")
    return frozenset(words)


def as_language(cell: Cell) -> Language:
    """Return Swedish or English."""
    found = _LANGUAGES.get(as_text(cell).lower())
    if found is None:
        raise FaultyError("language_unknown")
    return found


def holds_identity(heading: str, cells: Sequence[Cell]) -> bool:
    """Whether a column is one of identity numbers by its heading, and not empty."""
    return fold(heading) in IDENTITY_HEADINGS and any(cell != "" for cell in cells)


IDENTITY_HEADINGS: Final = frozenset(
    fold(word)
    for word in (
        *("personnummer", "personnr", "persnr", "pnr", "pers.nr", "person nr", "födelsenummer", "samordningsnummer"),
        *("identitetsnummer", "personal identity number", "personal number", "social security number", "ssn"),
    )
)
