"""What to think of before an outcome is kept and afterwards: a table with act and section (DOMAIN 0.9-0.10, 1).

Guidance with its mark, never advice and never a refusal; a row is shown where its condition holds. Pure.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from samsyn.findings.rules import Verified
from samsyn.outcomes.rules import DecidedBy, OutcomeState
from samsyn.outcomes.tools import BANS, SANCTIONS, Measure, Tool

S, P, M = Verified.STATUTE, Verified.PAGE, Verified.MEMORY
YEARS_OF_CHARGE: Final = 2  # 2012:259 1:3-4
YEARS_OF_FOOD: Final = 1  # 2006:813
YEARS_OF_TILL: Final = 1  # SFL 50
HEARD_WITHIN_FOOD: Final = 2  # LivsL 30 c
HEARD_WITHIN_BUILDING: Final = 5  # PBL 11:51-63
BEER_MONTHS: Final = frozenset({6, 12})  # AlkL 9:19
LAST_MONTH: Final = 12
LEAP_DAY: Final = (2, 29)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An own outcome of the same operator that stands: neither withdrawn nor the one that is looked at."""

    outcome_id: UUID
    tool: Tool
    state: OutcomeState
    decided_on: date | None
    points: frozenset[str]
    part_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is looked at. ``on``: the day of the decision, or today. ``first_seen``: when the oldest ground was seen."""

    tool: Tool
    state: OutcomeState
    on: date
    decided_by: DecidedBy | None = None
    delegation: str = ""
    text: str = ""
    points: frozenset[str] = frozenset()
    deficiencies: int = 0
    part_id: UUID | None = None
    amount: int | None = None
    heard_on: date | None = None
    until_on: date | None = None
    first_seen: date | None = None
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class Caution:
    """One row: its code (words under ``outcomes.caution``), its source, and when it is shown."""

    code: str
    source: str
    verified: Verified
    applies: Callable[[Facts], bool]


def shares_point(facts: Facts, earlier: Earlier) -> bool:
    """Say whether two outcomes are about the same point; free observations have none and never match."""
    return bool(facts.points & earlier.points)


def covered_by_penalty(facts: Facts) -> Iterator[Earlier]:
    """Yield the decided orders with vite that are about the same point of the same operator."""
    for one in facts.earlier:
        if one.state is OutcomeState.DECIDED and one.tool.penalty and shares_point(facts, one):
            yield one


def repeated(facts: Facts, years: int) -> Iterator[Earlier]:
    """Yield the decided charges of the same tool about the same point, at most some years before."""
    for one in facts.earlier:
        same = one.tool.code == facts.tool.code and shares_point(facts, one)
        day = one.decided_on if same and one.state is OutcomeState.DECIDED else None
        if day is not None and day <= facts.on <= years_after(day, years):
            yield one


def doubled(facts: Facts) -> int | None:
    """Return what a repeated miljösanktionsavgift becomes: twice the amount, at most the cap (2012:259 1:3-4)."""
    if facts.amount is None or not is_doubled(facts):
        return None
    twice = facts.amount * 2
    return twice if facts.tool.cap is None else min(twice, facts.tool.cap)


def is_doubled(facts: Facts) -> bool:
    """Say whether a miljösanktionsavgift is repeated within two years."""
    return facts.tool.kind is Measure.ENVIRONMENTAL_CHARGE and any(repeated(facts, YEARS_OF_CHARGE))


def years_after(day: date, years: int) -> date:
    """Return the same day some years later; the 29th of February becomes the 28th."""
    leap = (day.month, day.day) == LEAP_DAY
    return day.replace(year=day.year + years, day=28 if leap else day.day)


def months_after(day: date, months: int) -> date:
    """Return the same day some months later, or that month's last day."""
    years, month = divmod(day.month - 1 + months, LAST_MONTH)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def undecided(facts: Facts) -> bool:
    """Say whether nobody with the power has decided what binds somebody."""
    decided = facts.state is OutcomeState.DECIDED and facts.decided_by is not None and bool(facts.delegation)
    return facts.tool.binds and not decided


def heard_too_late(facts: Facts, years: int) -> bool:
    """Say whether the party was not heard, or later than the law lets."""
    if facts.heard_on is None:
        return True
    return facts.first_seen is not None and facts.heard_on > years_after(facts.first_seen, years)


def too_long(facts: Facts) -> bool:
    """Say whether a ban has no end, or one after the longest time."""
    longest = facts.tool.max_months
    if longest is None or facts.tool.kind not in BANS:
        return False
    return facts.until_on is None or facts.until_on > months_after(facts.on, longest)


def neither_six_nor_twelve(facts: Facts) -> bool:
    """Say whether a folköl ban ends on another day than six or twelve months later."""
    ends = {months_after(facts.on, months) for months in BEER_MONTHS}
    return of("AlkL", facts) and facts.tool.max_months is not None and facts.until_on not in ends


def of(act: str, facts: Facts) -> bool:
    """Say whether the tool is an act's."""
    return facts.tool.act == act


def from_purchase(act: str) -> Callable[[Facts], bool]:
    """Return the condition that a test purchase could be taken for its ground."""
    return lambda facts: of(act, facts) and facts.tool.kind in SANCTIONS


def may_not_be_delegated(tool: Tool) -> bool:
    """Say whether only the board itself decides: orders with vite, remedy at cost (LSO 3:13)."""
    return tool.act == "LSO" and (tool.penalty or tool.kind is Measure.REMEDY)


def decided(facts: Facts) -> bool:
    """Say whether it is decided."""
    return facts.state is OutcomeState.DECIDED


def should_report(facts: Facts) -> bool:
    """Say whether deficiencies under the environmental code stand without an own report of a suspected crime."""
    reported = any(
        one.tool.kind is Measure.PROSECUTION_REPORT and one.part_id == facts.part_id and facts.part_id is not None
        for one in facts.earlier
    )
    report = facts.tool.kind is Measure.PROSECUTION_REPORT
    return of("MB", facts) and facts.deficiencies > 0 and not report and not reported


def reports_crime(act: str, *kinds: Measure) -> Callable[[Facts], bool]:
    """Return the condition that an order with vite covers what a tool of an act and kind is about."""
    return lambda facts: of(act, facts) and facts.tool.kind in kinds and any(covered_by_penalty(facts))


K = Measure
CAUTIONS: Final = (
    Caution("not_delegable", "LSO 3 kap. 13 §", S, lambda f: may_not_be_delegated(f.tool)),
    Caution("no_power", "JO 3684-2007", P, undecided),
    Caution("purchase_tobacco", "LTLP 7 kap. 23 §", S, from_purchase("LTLP")),
    Caution("purchase_nicotine", "LTN 38 §", S, from_purchase("LTN")),
    Caution("purchase_alcohol", "AlkL 9 kap. 15 b §", S, from_purchase("AlkL")),
    Caution("covered_crime_tobacco", "LTLP 10 kap. 5 §", S, reports_crime("LTLP", K.PROSECUTION_REPORT)),
    Caution("covered_charge", "2012:259 1 kap. 5 §", S, reports_crime("MB", K.ENVIRONMENTAL_CHARGE)),
    Caution("covered_crime_food", "LivsL 30 §", S, reports_crime("LivsL", K.PROSECUTION_REPORT)),
    Caution("covered_fine_food", "LivsL 30 d §", S, reports_crime("LivsL", K.FINE)),
    Caution("covered_fee", "SFL 50 kap. 5 §", S, reports_crime("SFL", K.TAX_CONTROL_FEE)),
    Caution("charge_doubled", "2012:259 1 kap. 3-4 §§", S, is_doubled),
    Caution(
        "food_doubled",
        "2006:813 39 b-39 j §§",
        S,
        lambda f: of("LivsL", f) and f.tool.kind is K.FINE and any(repeated(f, YEARS_OF_FOOD)),
    ),
    Caution("fee_raised", "SFL 50 kap. 1-6 §§", S, lambda f: of("SFL", f) and any(repeated(f, YEARS_OF_TILL))),
    Caution("report_crime", "MB 26 kap. 2 §", S, should_report),
    Caution("charge_whose", "MB 30 kap. 3 §; MTF 2 kap. 24 §", S, lambda f: f.tool.kind is K.ENVIRONMENTAL_CHARGE),
    Caution(
        "building_heard",
        "PBL 11 kap. 51-63 §§",
        S,
        lambda f: of("PBL", f) and f.tool.kind is K.BUILDING_CHARGE and heard_too_late(f, HEARD_WITHIN_BUILDING),
    ),
    Caution("building_corrected", "PBL 11 kap. 51-63 §§", S, lambda f: f.tool.kind is K.BUILDING_CHARGE),
    Caution(
        "food_heard",
        "LivsL 30 c §",
        S,
        lambda f: of("LivsL", f) and f.tool.kind is K.FINE and heard_too_late(f, HEARD_WITHIN_FOOD),
    ),
    Caution("ban_ecig", "LTLP 7 kap. 13 §", S, lambda f: of("LTLP", f) and too_long(f)),
    Caution("ban_nicotine", "LTN 29 §", S, lambda f: of("LTN", f) and too_long(f)),
    Caution("ban_beer", "AlkL 9 kap. 19 §", S, neither_six_nor_twelve),
    Caution("communicate", "FL 25 §", S, lambda f: f.tool.binds and f.heard_on is None),
    Caution("reasons", "FL 32 §", S, lambda f: f.tool.binds and not f.text),
    Caution("copy_tobacco", "LTLP 7 kap. 20 §", S, lambda f: of("LTLP", f) and f.tool.binds and decided(f)),
    Caution("copy_nicotine", "LTN 35 §", S, lambda f: of("LTN", f) and f.tool.binds and decided(f)),
    Caution("copy_alcohol", "AlkL 9 kap. 7 §", S, lambda f: of("AlkL", f) and f.tool.binds and decided(f)),
)


def cautions_for(facts: Facts) -> list[Caution]:
    """Return the rows that hold, in the table's order."""
    return [row for row in CAUTIONS if facts.state is not OutcomeState.WITHDRAWN and row.applies(facts)]
