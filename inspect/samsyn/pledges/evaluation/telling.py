"""A compilation in words and numbers, as its page, its document and its workbook all show it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from samsyn.core.home import local_day
from samsyn.pledges.evaluation.public import PublicEvaluation
from samsyn.pledges.evaluation.queries import EvaluationCard
from samsyn.pledges.evaluation.rules import is_year
from samsyn.pledges.evaluation.shape import BeforeEntry, CommitmentEntry, EvaluationContent
from samsyn.pledges.rules import QUARTERS, CommitmentForm
from samsyn.texts import has, say

Cell = int | str
PROMISES: Final = "promises"
FIRST_SHOWN: Final = ("operation",)


@dataclass(frozen=True, slots=True)
class Section:
    """A table in words. ``ids``: what each row is of; ``numeric``: which columns are numbers; ``said``: people's words
    beside it, as pairs of what they are of and the words; ``subject``: the focus area that it is of.
    """

    key: str
    heading: str
    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]
    ids: tuple[str, ...] = ()
    lede: str = ""
    said: tuple[tuple[str, str], ...] = ()
    subject: str = ""


class Teller:
    """Says one compilation in one language."""

    def __init__(self, card: EvaluationCard, language: str) -> None:
        self.card, self.language = card, language
        self.content: EvaluationContent = card.content

    def say(self, key: str, **fields: object) -> str:
        """Return a text of ``evaluations.toml``."""
        return say(self.language, f"evaluations.{key}", **fields)

    def title(self) -> str:
        """Return what it is of."""
        return f"{self.content['name']}: {period_name(self.content['period'], self.language)}"

    def text_of(self, subject: UUID | str) -> str:
        """Return what people say of a subject, or nothing."""
        one = self.card.texts.get(UUID(str(subject)))
        return one.text if one else ""

    def sections(self, unsaid: Collection[str] = ()) -> Iterator[Section]:
        """Yield the promises of each focus area, what was done of each kind, and what each authority handed in.

        ``unsaid``: promises of which it is not told why they were not kept.
        """
        for area in self.content["areas"]:
            mine = [one for one in self.content["commitments"] if one["area_id"] == area["id"]]
            said = [(area["name"], self.text_of(area["id"]))]
            said += [(one["text"], self.text_of(one["id"])) for one in mine]
            said += [
                (one["text"], self.reason(one)) for one in mine if one["not_done_reason"] and one["id"] not in unsaid
            ]
            yield Section(
                PROMISES,
                area["name"],
                (self.say("column.commitment"), self.say("column.promised"), *self.quarters(), *self.ending()),
                (False, *(True,) * 6, False, False),
                tuple(self.promise(one) for one in mine),
                tuple(one["id"] for one in mine),
                area["picture"],
                tuple((of, words) for of, words in said if words),
                area["id"],
            )
        yield self.kinds()
        yield self.authorities()
        yield self.treatment()

    def quarters(self) -> tuple[str, ...]:
        """Return the quarters' headings."""
        return tuple(say(self.language, "pledges.quarter", n=n) for n in QUARTERS)

    def ending(self) -> tuple[str, ...]:
        """Return the last headings of a table of promises."""
        return tuple(self.say(f"column.{name}") for name in ("done", "pace", "before"))

    def promise(self, one: CommitmentEntry) -> tuple[Cell, ...]:
        """Return a promise as cells; per cent are words."""
        numbers = [one["promised"], *one["quarters"], one["done"]]
        cells: list[Cell] = [*numbers]
        if one["form"] == CommitmentForm.SHARE:
            cells = [f"{n} %" for n in numbers]
        stands = say(self.language, f"pledges.paces.{one['pace']}")
        return one["text"], *cells, stands, self.before(one["before"], one["form"])

    def before(self, before: BeforeEntry | None, form: str) -> str:
        """Say what was promised and done a year before, and what is counted otherwise since."""
        if before is None:
            return self.say("no_before")
        unit = " %" if form == CommitmentForm.SHARE else ""
        words = self.say("before", done=f"{before['done']}{unit}", promised=f"{before['promised']}{unit}")
        if not before["differs"]:
            return words
        names = ", ".join(self.say(f"differs.{name}") for name in before["differs"])
        return f"{words} {self.say('counted_otherwise', what=names)}"

    def reason(self, one: CommitmentEntry) -> str:
        """Say why a promise was not kept."""
        words = f"{say(self.language, 'pledges.not_done')} {one['not_done_reason']}"
        return f"{words} {say(self.language, 'pledges.carried')}" if one["carried_on"] else words

    def kinds(self) -> Section:
        """Return what was done of each kind by quarter: of operations also those of several authorities, and none that
        was called off, as those are not counted.
        """
        rows: list[tuple[Cell, ...]] = []
        for one in self.content["kinds"]:
            first = one["kind"] in FIRST_SHOWN
            if not any(one["done"]) and not one["cancelled"] and not first:
                continue
            name = say(self.language, f"pledges.kinds.{one['kind']}").capitalize()
            off: Cell = self.say("not_counted") if first or one["cancelled"] is None else one["cancelled"]
            rows.append((name, *one["done"], sum(one["done"]), off))
            if first:
                rows.append((self.say("joint_operations"), *one["joint"], sum(one["joint"]), off))
        heads = (self.say("column.kind"), *self.quarters(), self.say("column.done"), self.say("column.cancelled"))
        return Section("kinds", self.say("heading.kinds"), heads, (False, *(True,) * 6), tuple(rows))

    def authorities(self) -> Section:
        """Return what each authority handed in: its visits, and those with another authority beside it."""
        rows: list[tuple[Cell, ...]] = [
            (one["name"], *one["visits"], sum(one["visits"]), sum(one["joint"])) for one in self.content["authorities"]
        ]
        heads = (self.say("column.authority"), *self.quarters(), self.say("column.visits"), self.say("column.joint"))
        return Section(
            *("authorities", self.say("heading.authorities"), heads, (False, *(True,) * 6), tuple(rows)),
            lede=self.say("authorities_say"),
        )

    def treatment(self) -> Section:
        """Return how often places of the same trade were visited."""
        rows: list[tuple[Cell, ...]] = []
        for one in self.content["treatment"]:
            key = f"businesses.trade.{one['trade']}"
            name = say(self.language, key) if has(key) else one["trade"]
            rows.append((name, one["places"], *one["visited"]))
        heads = tuple(self.say(f"column.{name}") for name in ("trade", "places", "never", "once", "twice", "often"))
        ids = tuple(one["trade"] for one in self.content["treatment"])
        return Section(
            *("treatment", self.say("heading.treatment"), heads, (False, *(True,) * 5), tuple(rows), ids),
            lede=self.say("treatment_say"),
        )

    def whole(self) -> str:
        """Return what people say of all of it."""
        return self.text_of(self.content["pledge_id"])

    def approvals(self, names: Mapping[UUID, str]) -> tuple[tuple[str, str], ...]:
        """Return each party, as it was called when this was compiled, and the day in Sweden that it approved it."""
        at = {one.authority_id: local_day(one.at) for one in self.card.approvals if one.digest == self.card.looked_at}
        called = {**names, **{UUID(key): name for key, name in self.content.get("party_names", {}).items()}}

        def said(party: UUID) -> str:
            if party in at:
                return at[party].isoformat()
            return self.say("not_approved" if party in self.card.awaited else "left")

        parties = sorted(self.card.pledge.parties, key=lambda one: (called.get(one, ""), one))
        return tuple((called.get(party, ""), said(party)) for party in parties)

    def standing(self) -> str:
        """Say which version it is, and whether it is a draft."""
        key = "state.approved" if self.card.approved else "state.draft"
        if self.card.approved and not self.card.approved_by >= set(self.card.pledge.parties):
            key = "state.approved_left"
        return self.say("standing", version=self.card.line.version, state=self.say(key))


def period_name(period: str, language: str) -> str:
    """Return a quarter or year in words."""
    if is_year(period):
        return say(language, "evaluations.period.year", year=period)
    return say(language, "evaluations.period.quarter", year=period[:4], n=period[-1])


def public_sections(content: PublicEvaluation, language: str, texts: Sequence[Sequence[str]] = ()) -> list[Section]:
    """Return the tables of a public version; ``texts``: people's words beside them, as pairs of what they are of and
    the words: of one commitment both what is said of it and why it was not kept.
    """

    def told(key: str) -> str:
        return say(language, f"evaluations.{key}")

    def number(n: int | None, unit: str = "") -> Cell:
        return told("public.hidden") if n is None else f"{n}{unit}" if unit else n

    rows: list[tuple[Cell, ...]] = []
    for one in content["commitments"]:
        unit = " %" if one["form"] == CommitmentForm.SHARE else ""
        kept = told("public.hidden") if one["kept"] is None else told(f"public.kept.{str(one['kept']).lower()}")
        dated = one["form"] == CommitmentForm.DATE
        numbers = (
            ("–", "–", "–") if dated else (number(n, unit) for n in (one["promised"], one["done"], one.get("before")))
        )
        cells = list(numbers)
        if "before" not in one:
            cells[-1] = told("no_before")
        rows.append((one["area"], one["text"], *cells, kept))
    names = ("area", "commitment", "promised", "done", "before", "pace")
    heads = tuple(told(f"column.{name}") for name in names)
    said = tuple((of, words) for of, words in texts if words)
    wide = (False, False, True, True, True, False)
    ids = tuple(one["id"] for one in content["commitments"])
    found = [Section("public", told("heading.promises"), heads, wide, tuple(rows), ids, told("public.rule"), said)]
    kinds: list[tuple[Cell, ...]] = []
    for kind, table in content["kinds"].items():
        shown = table["kinds"] or {}
        name = say(language, f"pledges.kinds.{kind}").capitalize()
        kinds.append((name, *(number(shown.get(str(n))) for n in QUARTERS), number(table["total"])))
    quarters = tuple(say(language, "pledges.quarter", n=n) for n in QUARTERS)
    heads = (told("column.kind"), *quarters, told("column.done"))
    found.append(Section("kinds", told("heading.kinds"), heads, (False, *(True,) * 5), tuple(kinds)))
    table = content["authorities"]
    who: list[tuple[Cell, ...]] = [(name, number(n)) for name, n in (table["kinds"] or {}).items()]
    who.append((told("public.all"), number(table["total"])))
    heads = (told("column.authority"), told("column.visits"))
    return [*found, Section("authorities", told("heading.authorities"), heads, (False, True), tuple(who))]
