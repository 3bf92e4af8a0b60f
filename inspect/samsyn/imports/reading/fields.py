"""What a column of each list can mean: the words over it, whether a list can do without it, and a first guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from samsyn.businesses.identity import IdentityKind, classify
from samsyn.businesses.reading.headings import BUSINESS_WORDS, Field, Words, meaning_of, words_of
from samsyn.businesses.reading.table import Cell, Table
from samsyn.imports.rules import Subject

_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LOOK: Final = 20  # rows by which a column without a known heading is guessed
PEOPLE: Final = words_of(
    {
        "name": "namn, för- och efternamn, fullständigt namn, person, medarbetare, handläggare, inspektör, name, "
        "full name",
        "address": "e-post, e-postadress, epost, mejl, mejladress, mail, mailadress, arbetsadress, e-post arbete, "
        "email, e-mail, work address, email address, address",
        "phone": "telefon, telefonnummer, telefonnr, tel, tel.nr, mobil, mobilnummer, mobilnr, mobiltelefon, "
        "tjänstetelefon, phone, mobile, phone number",
        "unit": "enhet, avdelning, grupp, team, unit, department",
        "roles": "roll, roller, uppdrag, behörighetsroll, role, roles",
        "competences": "behörighet, behörigheter, kompetens, kompetenser, competence, competences, qualifications",
        "service_number": "tjänstenummer, tjänstenr, anställningsnummer, anst.nr, anstnr, service number, "
        "employee number",
        "language": "språk, language",
    }
)
SHIFTS: Final = words_of(
    {
        "person": "person, e-post, e-postadress, epost, mejl, mail, arbetsadress, tjänstenummer, tjänstenr, anst.nr, "
        "medarbetare, handläggare, email, e-mail, service number, work address, address",
        "date": "datum, dag, date, day",
        "starts": "från, fr.o.m., start, börjar, starttid, kl. från, from, starts, start time",
        "ends": "till, t.o.m., slut, slutar, sluttid, kl. till, to, until, ends, end time",
        "kind": "slag, typ, pass, frånvaro, orsak, kind, type, absence",
    }
)
SIGNALS: Final = words_of(
    {
        "year": "år, iso-år, isoår, year, iso year",
        "week": "vecka, v, v., iso-vecka, isovecka, veckonummer, veckonr, week, iso week, week number",
        "place": "plats, hot spot, hotspot, verksamhet, nyckel, område, place, business, key, area",
        "source": "källa, källklass, källtyp, slag av källa, source, source class",
        "n": "antal, signaler, antal signaler, n, number, count, signals",
    }
)


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a list in the order of its template, those that must be there, and the words of its headings."""

    names: tuple[str, ...]
    wanted: frozenset[str]
    words: Words


FIELDS: Final[Mapping[Subject, Fields]] = {
    Subject.BUSINESSES: Fields(
        tuple(field.name for field in Field), frozenset({"PLACE", "NUMBER", "ADDRESS"}), BUSINESS_WORDS
    ),
    Subject.PEOPLE: Fields(
        ("name", "address", "phone", "unit", "roles", "competences", "service_number", "language"),
        frozenset({"name", "address"}),
        PEOPLE,
    ),
    Subject.SHIFTS: Fields(("person", "date", "starts", "ends", "kind"), frozenset({"person", "date"}), SHIFTS),
    Subject.SIGNALS: Fields(
        ("year", "week", "place", "source", "n"), frozenset({"year", "week", "place", "n"}), SIGNALS
    ),
}


def guess(table: Table, subject: Subject, today: date) -> dict[int, str]:
    """Return what the columns seem to mean: by their headings, and where none is known by what stands in them."""
    fields = FIELDS[subject]
    found: dict[int, str] = {}
    for column, heading in enumerate(table.headings):
        name = meaning_of(heading, fields.words)
        if name is not None and name not in found.values():
            found[column] = name
    for column in range(len(table.headings)):
        name = by_values([row.cells[column] for row in table.rows[:_LOOK] if column < len(row.cells)], subject, today)
        if column not in found and name is not None and name not in found.values():
            found[column] = name
    return found


def by_values(cells: Sequence[Cell], subject: Subject, today: date) -> str | None:
    """Return what a column is whose cells all have one form that nothing else has."""
    texts = [cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()]
    if not texts or len(texts) < len([cell for cell in cells if cell != ""]):
        return None
    if subject is Subject.BUSINESSES:
        numbers = all(classify(text, today).kind is IdentityKind.ORGANISATION for text in texts)
        return "NUMBER" if numbers else None
    if subject is Subject.SIGNALS:
        return None
    if all(_ADDRESS.fullmatch(text) for text in texts):
        return "address" if subject is Subject.PEOPLE else "person"
    return None


def missing(subject: Subject, mapping: Mapping[int, str]) -> list[str]:
    """Return the fields that a list cannot do without and does not have."""
    named = set(mapping.values())
    lacking = [name for name in FIELDS[subject].names if name in FIELDS[subject].wanted - named]
    if subject is Subject.BUSINESSES:
        if not ("POSTCODE_AND_TOWN" in named and "POSTCODE" not in named):
            lacking += [name for name in ("POSTCODE", "TOWN") if name not in named]
        if named & {"LATITUDE", "LONGITUDE"}:
            lacking += [name for name in ("LATITUDE", "LONGITUDE") if name not in named]
    if subject is Subject.SHIFTS and "kind" not in named:
        lacking += [name for name in ("starts", "ends") if name not in named]
    return lacking


def doubled(mapping: Mapping[int, str]) -> list[int]:
    """Return the columns whose field an earlier one has taken."""
    seen: set[str] = set()
    twice = []
    for column, name in sorted(mapping.items()):
        if name in seen:
            twice.append(column)
        seen.add(name)
    return twice
