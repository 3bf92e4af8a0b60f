"""What the municipality reports under lag 2023:196, filled from the pledge and its evaluation, by the act's sections.

Picture (4 §), plan (5 §), agreements (9 §) and the yearly report to the council (13 §), with the national tobacco
fields of the own units for the same year. Words are the pledge's and its parties'; numbers are the frozen ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from samsyn.authorities.queries import authority_names, list_units
from samsyn.authorities.rules import Field
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.evaluation.queries import EvaluationCard
from samsyn.pledges.evaluation.telling import Cell, Section, Teller
from samsyn.pledges.queries import AgreementLine, agreements_of
from samsyn.pledges.yearly.fields import CONDITIONS, NATIONAL
from samsyn.pledges.yearly.queries import READERS, Year, year_of
from samsyn.texts import say

MOST_UNITS: Final = 10


def law_sections(uow: UnitOfWork, card: EvaluationCard, language: str) -> list[Section]:
    """Return the report's sections; the tobacco fields only for who may read where the own visits went."""
    teller = Teller(card, language)
    agreements = [one for one in agreements_of(uow) if one.collaboration_id == card.line.collaboration_id]
    valid = [one for one in agreements if holds(one, card.pledge.year)]
    names = authority_names(uow, {party for one in valid for party in one.parties})
    found = [picture(teller), plan(teller), agreed(teller, valid, names)]
    found += [result(teller), *(one for one in teller.sections() if one.key in {"kinds", "authorities"})]
    if uow.viewer.roles & READERS:
        mine = [one for one in list_units(uow) if one.authority_id == uow.me and one.field is Field.TOBACCO]
        found += [tobacco(teller, one.name, year_of(uow, one.id, card.pledge.year)) for one in mine[:MOST_UNITS]]
    return found


def holds(one: AgreementLine, year: int) -> bool:
    """Say whether an agreement was signed by a year, and holds in it."""
    return one.signed_on is not None and one.signed_on.year <= year <= one.until_on.year


def picture(teller: Teller) -> Section:
    """Return the picture of the situation (4 §)."""
    rows: list[tuple[Cell, ...]] = [(one["name"], one["picture"]) for one in teller.content["areas"]]
    return table(teller, "picture", ("area", "picture"), rows)


def plan(teller: Teller) -> Section:
    """Return the plan of measures (5 §)."""
    areas = {one["id"]: one["name"] for one in teller.content["areas"]}
    rows: list[tuple[Cell, ...]] = [
        (areas.get(one["area_id"], ""), one["text"]) for one in teller.content["commitments"]
    ]
    return table(teller, "plan", ("area", "commitment"), rows)


def agreed(teller: Teller, agreements: Sequence[AgreementLine], names: Mapping[UUID, str]) -> Section:
    """Return the agreements that hold in the year (9 §)."""
    rows: list[tuple[Cell, ...]] = [
        (
            one.name,
            ", ".join(sorted(names.get(party, "") for party in one.parties)),
            one.signed_on.isoformat() if one.signed_on else "",
            one.until_on.isoformat(),
        )
        for one in agreements
    ]
    return table(teller, "agreements", ("agreement", "parties", "signed_on", "until_on"), rows)


def result(teller: Teller) -> Section:
    """Return what came of it, with the parties' words (13 §)."""
    rows: list[tuple[Cell, ...]] = []
    said: list[tuple[str, str]] = [(teller.title(), teller.whole())]
    for one in teller.sections():
        if one.key == "promises":
            rows += [(one.heading, row[0], row[1], row[6], row[7]) for row in one.rows]
            said += one.said
    heads = ("area", "commitment", "promised", "done", "pace")
    found = table(teller, "report", heads, rows)
    words = tuple(pair for pair in said if pair[1])
    return Section(found.key, found.heading, found.columns, (False, False, True, True, False), found.rows, said=words)


def tobacco(teller: Teller, unit: str, year: Year) -> Section:
    """Return the national tobacco fields of a unit; one without a source in the house is told to have none."""
    rows: list[tuple[Cell, ...]] = []
    for what in NATIONAL:
        n: Cell = year.numbers[what] if what in CONDITIONS else teller.say("law.no_source")
        rows.append((say(teller.language, f"statistics.what.{what}"), n))
    heading = teller.say("law.tobacco", unit=unit)
    heads = (teller.say("column.kind"), teller.say("column.n"))
    return Section("tobacco", heading, heads, (False, True), tuple(rows))


def table(teller: Teller, key: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Section:
    """Return a table of words."""
    columns = tuple(teller.say(f"column.{head}") for head in heads)
    return Section(key, teller.say(f"law.{key}"), columns, (False,) * len(heads), tuple(rows))


def sections_json(sections: Sequence[Section]) -> list[dict[str, object]]:
    """Return sections as data."""
    return list(_as_data(sections))


def _as_data(sections: Sequence[Section]) -> Iterator[dict[str, object]]:
    for one in sections:
        yield {
            "section": one.key,
            "heading": one.heading,
            "columns": list(one.columns),
            "rows": [list(row) for row in one.rows],
            "texts": [{"about": of, "text": words} for of, words in one.said],
        }
