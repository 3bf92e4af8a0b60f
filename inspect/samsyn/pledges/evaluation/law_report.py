"""What the municipality reports under lag 2023:196, filled from the pledge and its evaluation, by the act's sections.

Picture (4 §: the areas' words, and what was noted of them), plan (5 §), agreements (9 §) and the yearly report to the
council (13 §), with the national tobacco fields of the own units for the same year. What a council gets is public:
words and numbers are those of the public version that was decided, and of the tobacco fields none that is below five
or tells of one. Of the picture it holds what the pledge's parties had noted when that was decided, and nothing of who
is just a member. The agreements and the fields are as they are when it is made, so that it bears its own digest and
time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from samsyn.authorities.queries import authority_names, units_of
from samsyn.authorities.rules import Field
from samsyn.core.errors import GateClosedError, NotAllowedError
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.report.small import LEAST
from samsyn.places.queries.pictures import PictureLine, decided_entries
from samsyn.pledges.evaluation.preview import read_public
from samsyn.pledges.evaluation.public import PublicEvaluation, called
from samsyn.pledges.evaluation.queries import EvaluationCard
from samsyn.pledges.evaluation.telling import Cell, Section, Teller, public_sections
from samsyn.pledges.evaluation.visits import few
from samsyn.pledges.queries import AgreementLine, agreements_of
from samsyn.pledges.yearly.fields import CONDITIONS, NATIONAL, What
from samsyn.pledges.yearly.queries import READERS, Year, year_of
from samsyn.texts import say

MOST_UNITS: Final = 10
OF_SALES: Final = frozenset(one for one in NATIONAL if CONDITIONS.get(one, "").startswith("done AND sale AND"))
"""What is counted of the visits to places of sale: what is left of those must not be few either."""
HELD_BY: Final[Mapping[What, What]] = {
    What.SALE_SELF_CHECK: What.SALE_PROTOCOL,
    What.SALE_STAFF: What.SALE_PROTOCOL,
    What.SALE_CORRECTION: What.SALE_PROTOCOL,
}
"""What is counted of those that another counts: an answer to the checklist is a protocol too."""
DONE: Final = frozenset({one for one in NATIONAL if CONDITIONS.get(one, "").startswith("done AND")})
"""What is counted of the done visits, whose sums are published beside them."""


@dataclass(frozen=True, slots=True)
class LawReport:
    """The report of a year as it is when it is made; ``digest``: of its sections."""

    year: int
    title: str
    standing: str
    parties: Sequence[str]
    sections: Sequence[Section]
    made_at: datetime
    digest: str


def law_report(uow: UnitOfWork, evaluation_id: UUID, language: str) -> LawReport:
    """Return the report; the tobacco fields only for who may read where the own visits went.

    ``NotFoundError`` for a quarter, ``NotAllowedError`` for who is of no party, ``GateClosedError`` before the public
    version is decided: of two versions the difference would be a small number.
    """
    found = read_public(uow, evaluation_id)
    if uow.me not in found.card.pledge.parties:
        raise NotAllowedError("a party reports")
    if found.decided_at is None:
        raise GateClosedError("the public version is not decided", ("published",))
    card, content = found.card, found.content
    teller = Teller(card, language)
    agreements = [one for one in agreements_of(uow) if one.collaboration_id == card.line.collaboration_id]
    valid = [one for one in agreements if holds(one, card.pledge.year)]
    names = authority_names(uow, {party for one in valid for party in one.parties})
    promises, *others = public_sections(content, language, content.get("said", ()))
    words = ((teller.title(), content.get("whole", "")), *promises.said)
    told = replace(promises, key="report", heading=teller.say("law.report"), said=tuple(w for w in words if w[1]))
    entries = entries_of(uow, card, found.decided_at)
    sections = [picture(teller, entries), plan(teller), agreed(teller, valid, names), told, *others]
    if uow.viewer.roles & READERS:
        mine = [one for one in units_of(uow, {uow.me}) if one.field is Field.TOBACCO][:MOST_UNITS]
        years = [(one.name, year_of(uow, one.id, card.pledge.year)) for one in mine]
        sections += tobacco_tables(teller, years, told_visits(content, card, uow.me))
    said = json.dumps(sections_json(sections), ensure_ascii=False, sort_keys=True)
    return LawReport(
        card.pledge.year,
        say(language, "evaluations.law.title", year=card.pledge.year),
        f"{teller.title()}. {teller.standing()}",
        card.content["parties"],
        sections,
        uow.now,
        hashlib.sha256(said.encode()).hexdigest(),
    )


def holds(one: AgreementLine, year: int) -> bool:
    """Say whether an agreement was signed by a year, and holds in it."""
    signed = one.signed_on is not None and one.signed_on.year <= year
    return signed and one.from_on.year <= year <= one.until_on.year


def entries_of(uow: UnitOfWork, card: EvaluationCard, decided_at: datetime) -> dict[str, list[PictureLine]]:
    """Return what the parties had noted of each focus area, till the year's end and the decision, oldest first."""
    after, parties = date(card.pledge.year + 1, 1, 1), card.pledge.parties
    areas = [one["id"] for one in card.content["areas"]]
    return {one: decided_entries(uow, UUID(one), after, decided_at, parties) for one in areas}


def picture(teller: Teller, entries: Mapping[str, Sequence[PictureLine]]) -> Section:
    """Return the picture of the situation (4 §): each area's words, then its dated entries with source and place."""
    rows: list[tuple[Cell, ...]] = []
    for area in teller.content["areas"]:
        rows.append((area["name"], "", "", "", area["picture"]))
        for one in entries.get(area["id"], ()):
            source = say(teller.language, f"signals.sources.{one.source}")
            rows.append((area["name"], one.on_date.isoformat(), source, one.place, one.text))
    return table(teller, "picture", ("area", "on_date", "source", "place", "picture"), rows)


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


def told_visits(content: PublicEvaluation, card: EvaluationCard, authority_id: UUID) -> list[int]:
    """Return what is published that an authority's visits of the year are part of: its own number, and everybody's."""
    table = content["authorities"]
    mine = called(card.content["authorities"]).get(str(authority_id), "")
    return [n for n in ((table["kinds"] or {}).get(mine), table["total"]) if n is not None]


def tobacco_tables(teller: Teller, years: Sequence[tuple[str, Year]], told: Sequence[int]) -> list[Section]:
    """Return the units' national fields; ``told``: what is published that all of their visits are part of."""
    sums = {what: sum(of.numbers[what] for _, of in years) for what in DONE}
    beside = {what for what, n in sums.items() if any(few(all_of - n) for all_of in told)}
    return [tobacco(teller, unit, year, beside) for unit, year in years]


def tobacco(teller: Teller, unit: str, year: Year, hidden: AbstractSet[What]) -> Section:
    """Return the national tobacco fields of a unit; one without a source in the house is told to have none, and one
    that is few, or leaves few of the visits that it is counted of, is hidden; ``hidden``: those that leave few of all.
    """
    rows: list[tuple[Cell, ...]] = []
    for what in NATIONAL:
        n: Cell = teller.say("law.no_source")
        if what in CONDITIONS:
            told = tells(what, year.numbers) and what not in hidden
            n = year.numbers[what] if told else teller.say("public.hidden")
        rows.append((say(teller.language, f"statistics.what.{what}"), n))
    heading = teller.say("law.tobacco", unit=unit)
    heads = (teller.say("column.kind"), teller.say("column.n"))
    return Section("tobacco", heading, heads, (False, True), tuple(rows))


def tells(what: What, numbers: Mapping[What, int]) -> bool:
    """Say whether a field may be told: neither it nor what it leaves of the visits, or of a field that is told and
    holds it, is few.
    """
    holds = HELD_BY.get(what)
    if holds is not None and tells(holds, numbers) and few(numbers[holds] - numbers[what]):
        return False
    left = numbers[What.SALE_VISITS] - numbers[what] if what in OF_SALES else LEAST
    return numbers[what] >= LEAST and left >= LEAST


def table(teller: Teller, key: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Section:
    """Return a table of words."""
    columns = tuple(teller.say(f"column.{head}") for head in heads)
    return Section(key, teller.say(f"law.{key}"), columns, (False,) * len(heads), tuple(rows))


def report_json(report: LawReport) -> dict[str, object]:
    """Return the report as data."""
    return {
        "title": report.title,
        "standing": report.standing,
        "made_at": report.made_at.isoformat(),
        "digest": report.digest,
        "sections": sections_json(report.sections),
    }


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
