"""What the report of an operation says, as plain data in the reader's language: the template only lays it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from babel.dates import format_date

from samsyn.core.home import HOME
from samsyn.dossiers.rendering import measures
from samsyn.dossiers.rendering.document import HEADINGS, LABELS, NAMELESS, Data, Writer, cut, groups
from samsyn.dossiers.rendering.letters import printable
from samsyn.dossiers.report.queries import ReportCard
from samsyn.dossiers.report.shape import FieldLine, OperationEntry, ReportNumbers, ReportVisit
from samsyn.texts import say

OWN_HEADINGS: Final = ("plan", "numbers", "fields", "authorities", "visits", "entry")
COLUMNS: Final = (
    *("what", "n", "field", "parts", "handed_in", "with_deficiency", "own", "copied", "authority", "visits"),
    *("day", "business", "how", "findings", "deficiencies", "state"),
)


class ReportWriter(Writer):
    """Writes one report in one language; every text of people passes ``printable``."""

    def told(self, key: str, **fields: object) -> str:
        """Return a text of ``report.toml``."""
        return printable(say(self.language, f"report.{key}", **fields))

    def labels(self) -> dict[str, Data]:
        """Return the headings and columns."""
        labels: dict[str, Data] = {key.partition(".")[2]: self.say(key) for key in LABELS}
        labels |= {f"h_{key}": self.say(f"heading.{key}") for key in HEADINGS}
        labels |= {f"h_{key}": self.told(f"heading.{key}") for key in OWN_HEADINGS}
        labels |= {f"c_{key}": self.told(f"column.{key}") for key in COLUMNS}
        return labels | {"kind": self.told("kind"), "fields_say": self.told("fields_say")}

    def report(self, card: ReportCard, reader: str, made: datetime) -> Data:
        """Return all that the template shows."""
        content = card.content
        operation, numbers = content["operation"], content["numbers"]
        name = self.told("name", code_word=operation["code_word"]).strip() or NAMELESS
        compiled = self.moment(card.compiled_at) if card.compiled_at else self.told("never")
        missing = content["not_compiled"]
        return {
            "language": self.language,
            "label": self.labels(),
            "title": self.told("title", code_word=operation["code_word"]),
            "name": name,
            "header": [cut(name), cut(self.say("document.compiled_for", reader=reader))],
            "about": printable(operation["title"]),
            "compiled_for": self.say("document.compiled_for", reader=reader),
            "box": self.told("box", reader=reader, compiled=compiled, made=self.moment(made)),
            "counts": [
                [str(numbers["visits"]), self.told("count.visits")],
                [str(numbers["deficiencies"]), self.told("count.deficiencies")],
                [str(numbers["decided"]), self.told("count.decided")],
                [str(numbers["follow_ups"]), self.told("count.follow_ups")],
            ],
            "plan": list(self.plan(operation)),
            "common": printable(operation["common_text"] or ""),
            "numbers": list(self.numbers(numbers)),
            "fields": [self.field(line) for line in numbers["by_field"]],
            "authorities": [
                [printable(line["authority"]), str(line["visits"]), str(line["handed_in"])]
                for line in content["authorities"]
            ],
            "missing": self.told("not_compiled", n=missing) if missing else "",
            "visits": [self.visited(n, visit) for n, visit in enumerate(content["visits"], 1)],
            "footer": self.say("document.footer", digest=" ".join(groups(card.digest[:32]))),
        }

    def plan(self, operation: OperationEntry) -> Iterator[Data]:
        """Yield the plan in short."""
        if operation["title"]:
            yield [self.told("plan.purpose"), printable(operation["title"])]
        starts, ends = datetime.fromisoformat(operation["starts_at"]), datetime.fromisoformat(operation["ends_at"])
        span = {"date": self.day(starts), "start": self.time(starts), "end": self.time(ends)}
        yield [self.told("plan.when"), self.told("plan.span", **span)]
        yield [self.told("plan.lead"), printable(operation["lead"])]
        yield [self.told("plan.form"), self.told("plan.ad_hoc" if operation["ad_hoc"] else "plan.planned")]
        yield [self.told("plan.state"), printable(say(self.language, f"operations.state.{operation['state']}"))]

    def numbers(self, numbers: ReportNumbers) -> Iterator[Data]:
        """Yield the numbers with their words: how the visits ended first."""
        for state, n in numbers["states"].items():
            yield [self.told("amount.state", state=self.say(f"visit_state.{state}")), str(n)]
        for key, amount in amounts(numbers).items():
            yield [self.told(f"amount.{key}"), str(amount)]

    def field(self, line: FieldLine) -> Data:
        """Return the numbers of a field."""
        name = say(self.language, f"operations.field.{line['field']}") if line["field"] else self.told("many_fields")
        counts = (line["parts"], line["handed_in"], line["with_deficiency"], line["own"], line["received"])
        return [printable(name), *map(str, counts)]

    def visited(self, n: int, one: ReportVisit) -> Data:
        """Return a visit with what was received of it and what followed it."""
        entry = one["visit"]
        starts = datetime.fromisoformat(entry["starts_at"])
        days = {entry["visit_id"]: self.day(starts)}
        return {
            **self.visit(entry),
            "heading": self.told("visit", n=n, place=entry["place"]),
            "day": format_date(starts.astimezone(HOME), "d MMM y", locale=self.locale),
            "business": printable(one["business"] or entry["place"]),
            "received": [self.received(copy) for copy in one["received"]],
            "outcomes": [measures.outcome(self, outcome, days) for outcome in one["outcomes"]],
            "follow_ups": [measures.follow_up(self, line, days) for line in one["follow_ups"]],
            "entry": [printable(line) for line in entry_lines(one, self.language, self.moment)],
        }


def entry_lines(visit: ReportVisit, language: str, clock: Callable[[datetime], str]) -> Iterator[str]:
    """Yield who refused entry and what was asked of the police, a sentence each; ``clock`` says a moment."""

    def at(moment: str) -> str:
        return clock(datetime.fromisoformat(moment))

    for refusal in visit["refusals"]:
        said = say(language, "assistance.says.refused", by=refusal["by_role"], at=at(refusal["at"]))
        yield f"{said} {refusal['said']}".strip()
    for asked in visit["help"]:
        ground = [say(language, f"assistance.ground.{asked['ground']}")] if asked["ground"] else []
        head = say(language, "report.entry.asked", section=asked["section"], at=at(asked["at"]))
        came = [
            " ".join(filter(None, (say(language, f"assistance.says.{one['what']}", at=at(one["at"])), one["text"])))
            for one in asked["answers"]
        ]
        yield " ".join([head, *(f"{words}." for words in ground), asked["reason"], *came])


def amounts(numbers: ReportNumbers) -> dict[str, int]:
    """Return the numbers beside how the visits ended, by the key of their words under ``report.amount``."""
    return {
        "joint": numbers["joint"],
        "unannounced": numbers["unannounced"],
        "findings": numbers["findings"],
        "deficiencies": numbers["deficiencies"],
        "serious": numbers["serious"],
        "received": numbers["received"],
        "received_deficiencies": numbers["received_deficiencies"],
        "proposed": numbers["proposed"],
        "decided": numbers["decided"],
        "follow_ups": numbers["follow_ups"],
    }
