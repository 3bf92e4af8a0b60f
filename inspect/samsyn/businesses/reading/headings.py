"""Which column is which: the words that offices put over their columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeAlias

Words: TypeAlias = Mapping[str, str]
"""What headings mean, by folded heading: other lists than that of businesses bring words of their own."""


class Field(StrEnum):
    """What a column can mean; the value is the Swedish heading that is asked for when it is missing."""

    PLACE = "Verksamhetens namn"
    OPERATOR = "Verksamhetsutövare"
    NUMBER = "Org.nr"
    ADDRESS = "Besöksadress"
    POSTCODE = "Postnr"
    TOWN = "Ort"
    POSTCODE_AND_TOWN = "Postnummer och ort"
    TRADE = "Bransch"
    SNI = "SNI"
    TOBACCO_FROM = "Tobakstillstånd fr.o.m."
    TOBACCO_UNTIL = "Tobakstillstånd t.o.m."
    SERVING = "Serveringstillstånd"
    DECIDED = "Beslutsdatum"
    VALID_UNTIL = "Giltigt till"
    AREA = "Yta (m2)"
    LATITUDE = "Latitud"
    LONGITUDE = "Longitud"


_SYNONYMS: Final = {
    Field.PLACE: "verksamhetens namn, verksamhetsnamn, verksamhet, namn, anläggning, anläggningsnamn, "
    "anläggningens namn, objekt, objektnamn, butik, butiksnamn, försäljningsställe, serveringsställe, arbetsställe, "
    "place, place name, name, premises",
    Field.OPERATOR: "verksamhetsutövare, utövare, företag, företagsnamn, företagets namn, bolag, bolagsnamn, firma, "
    "firmanamn, operatör, näringsidkare, tillståndshavare, juridisk person, operator, company, company name",
    Field.NUMBER: "org.nr, orgnr, organisationsnummer, organisationsnr, org nummer, organisations-/personnummer, "
    "person-/organisationsnummer, org/persnr, pers/orgnr, orgnr/persnr, persnr/orgnr, identitetsnummer, "
    "organisation number, organization number, registration number",
    Field.ADDRESS: "besöksadress, gatuadress, adress, gata, anläggningsadress, street address, visiting address, "
    "address",
    Field.POSTCODE: "postnr, postnummer, post nr, postcode, postal code",
    Field.TOWN: "ort, postort, town, city",
    Field.POSTCODE_AND_TOWN: "postnummer och ort, postnr och ort, postnr/ort, postnummer/ort, postcode and town",
    Field.TRADE: "bransch, branscher, verksamhetstyp, trade, trades",
    Field.SNI: "sni, sni-kod, sni-koder, sni2007, sni 2007-kod, branschkod, sni code, sni codes",
    Field.TOBACCO_FROM: "tobakstillstånd fr.o.m., tobakstillstånd från, tobakstillstånd från och med, "
    "tobacco permit from",
    Field.TOBACCO_UNTIL: "tobakstillstånd t.o.m., tobakstillstånd till, tobakstillstånd till och med, "
    "tobacco permit until",
    Field.SERVING: "serveringstillstånd, alkoholtillstånd, serving permit",
    Field.DECIDED: "beslutsdatum, beslut, datum för beslut, decided on",
    Field.VALID_UNTIL: "giltigt till, giltig till, giltigt t.o.m., valid until",
    Field.AREA: "yta (m2), yta m², yta, area",
    Field.LATITUDE: "latitud, lat, latitude, n, nord",
    Field.LONGITUDE: "longitud, long, lon, lng, longitude, e, ost, öst",
}
_LOOK_FOR_HEADINGS: Final = 20  # rows; titles and dates of extraction stand above the headings
_ENOUGH: Final = 2  # a title may be one of the words by chance, two of them are headings


def fold(text: str) -> str:
    """Return what is left without case, space and punctuation."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def words_of(synonyms: Mapping[str, str]) -> Words:
    """Return meanings by folded heading, from words with commas between them by meaning."""
    return {fold(word): meaning for meaning, said in synonyms.items() for word in said.split(",")}


BUSINESS_WORDS: Final[Words] = words_of({field.name: words for field, words in _SYNONYMS.items()})


def meaning_of(heading: str, words: Words) -> str | None:
    """Return what a heading means, or None when it is no word of ours."""
    return words.get(fold(heading)) if len(heading) <= 100 else None  # noqa: PLR2004  no heading is that long


def recognise(heading: str) -> Field | None:
    """Return what a heading over a column of businesses means."""
    name = meaning_of(heading, BUSINESS_WORDS)
    return Field[name] if name else None


def find_headings(rows: Sequence[Sequence[object]], words: Words = BUSINESS_WORDS) -> int | None:
    """Return the index of the row, among the first twenty, with the most known headings; None without two of them."""
    counts = [
        len({meaning_of(cell, words) for cell in row[:200] if isinstance(cell, str) and cell} - {None})
        for row in rows[:_LOOK_FOR_HEADINGS]
    ]
    best = max(counts, default=0)
    return counts.index(best) if best >= _ENOUGH else None
