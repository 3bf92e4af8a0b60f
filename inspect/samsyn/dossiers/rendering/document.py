"""What the document says, as plain data in the reader's language: the template only lays it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from babel.dates import format_date, format_time

from samsyn.core.home import HOME
from samsyn.disclosures.rules import Copy
from samsyn.dossiers.queries import DossierCard
from samsyn.dossiers.rendering import measures
from samsyn.dossiers.rendering.letters import printable
from samsyn.dossiers.rules import (
    BusinessEntry,
    FactEntry,
    FindingEntry,
    OpenDeficiency,
    PartEntry,
    ReceivedEntry,
    VisitEntry,
)
from samsyn.texts import say

NAMELESS: Final = "–"
"""A heading must not be empty (PDF/UA-1)."""
HEADER: Final = 90
"""Letters of a name on every page."""
Data = dict[str, "Data"] | list["Data"] | str | int | bool | None
LABELS: Final = ("document.kind", "document.page", "document.of", "document.none_open", "document.none_visited")
HEADINGS: Final = ("open", "received", "history", "parts", "facts", "common", "findings", "outcomes", "follow_ups")
COLUMNS: Final = ("day", "how", "authorities", "findings", "deficiencies", "authority", "state")


class Writer:
    """Writes one dossier in one language; every text of people passes ``printable``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = {"sv": "sv_SE", "en": "en_GB"}[language]

    def say(self, key: str, **fields: object) -> str:
        """Return a text of ``dossiers.toml``."""
        return printable(say(self.language, f"dossiers.{key}", **fields))

    def figure(self, n: int, of: str) -> list[Data]:
        """Return a count and its words, in the singular for one."""
        return [str(n), self.say(f"count_one.{of}" if n == 1 else f"count.{of}")]

    def day(self, at: datetime) -> str:
        """Return the day in Sweden in words, with its ISO week."""
        local = at.astimezone(HOME)
        words = format_date(local.date(), "EEEE d MMMM y", locale=self.locale)
        return self.say("document.date_and_week", date=words, week=local.isocalendar().week)

    def moment(self, at: datetime) -> str:
        """Return day and time in Sweden."""
        return self.say("document.at", date=format_date(_home(at), "d MMMM y", locale=self.locale), time=self.time(at))

    def date(self, day: date) -> str:
        """Return a day in words."""
        return format_date(day, "d MMMM y", locale=self.locale)

    def time(self, at: datetime) -> str:
        """Return the time of day in Sweden."""
        return format_time(_home(at).timetz(), "HH:mm", locale=self.locale)

    def document(self, card: DossierCard, reader: str, made: datetime) -> Data:
        """Return all that the template shows."""
        content, business = card.content, card.content["business"]
        counts = content["counts"]
        labels: dict[str, Data] = {key.partition(".")[2]: self.say(key) for key in LABELS}
        labels |= {f"h_{key}": self.say(f"heading.{key}") for key in HEADINGS}
        labels |= {f"c_{key}": self.say(f"column.{key}") for key in COLUMNS}
        name = printable(business["name"]).strip() or NAMELESS
        days = {one["visit_id"]: self.day(datetime.fromisoformat(one["starts_at"])) for one in content["visits"]}
        return {
            "language": self.language,
            "label": labels,
            "title": self.say("document.title", business=name),
            "business": name,
            "header": [cut(name), cut(self.say("document.compiled_for", reader=reader))],
            "about": self.about(business),
            "compiled_for": self.say("document.compiled_for", reader=reader),
            "box": self.say(
                "document.compiled_box",
                reader=reader,
                compiled=self.moment(card.compiled_at),
                made=self.moment(made),
            ),
            "counts": [
                self.figure(counts["open"], "open"),
                self.figure(counts["visits"], "visits"),
                self.figure(counts["joint_visits"], "joint_visits"),
                self.figure(counts["findings"], "findings"),
            ],
            "open": [self.open(entry) for entry in content["open_deficiencies"]],
            "received": [self.received(entry) for entry in content["received"]],
            "outcomes": [measures.outcome(self, entry, days) for entry in content["outcomes"]],
            "follow_ups": [measures.follow_up(self, entry, days) for entry in content["follow_ups"]],
            "visits": [self.visit(entry) for entry in content["visits"]],
            "footer": self.say("document.footer", digest=" ".join(groups(card.digest[:32]))),
        }

    def about(self, business: BusinessEntry) -> str:
        """Return who runs it and where it is; a sole trader's number is never said (R11)."""
        where = " ".join(filter(None, (business["postcode"], business["town"])))
        words = [", ".join(filter(None, (business["operator"], business["address"], where))) + "."]
        if business["form"] == "sole_trader":
            words.append(self.say("document.sole_trader"))
        elif business["number"]:
            words.append(self.say("document.number", number=_dashed(business["number"])))
        return printable(" ".join(words))

    def open(self, entry: OpenDeficiency) -> Data:
        """Return an open deficiency, with the day of its visit."""
        return {**self.finding(entry["finding"]), "day": self.day(datetime.fromisoformat(entry["visited_at"]))}

    def received(self, entry: ReceivedEntry) -> Data:
        """Return what another authority handed over, with whose it is, and what may make it secret here."""
        items = [self.copy(copy) for copy in entry["items"]]
        first, marks = entry["items"][0], sorted({c["marking"] for c in entry["items"] if c["marking"]})
        visited = datetime.fromisoformat(first["observed_at"])
        at = self.moment(datetime.fromisoformat(entry["decided_at"]))
        words = [self.say("received.decided", decider=entry["decider"], at=at, digest=entry["digest"][:16])]
        words.append(self.say("received.marked", section=", ".join(marks)) if marks else self.say("received.unmarked"))
        title = self.say("received.heading", giver=entry["giver"], date=self.day(visited))
        return {"heading": title, "meta": printable(" ".join(words)), "items": items}

    def copy(self, copy: Copy) -> Data:
        """Return one frozen copy in the shape of a finding."""
        entry: FindingEntry = {
            "finding_id": "",
            "version": 1,
            "point": copy["point"],
            "point_sv": copy["point_sv"],
            "point_en": copy["point_en"],
            "law": copy["law"],
            "answer": copy["answer"],
            "serious": copy["serious"],
            "text": copy["text"],
            "observed_at": copy["observed_at"],
            "evidence": len(copy["pictures"]),
        }
        return self.finding(entry)

    def visit(self, entry: VisitEntry) -> dict[str, Data]:
        """Return a visit: the common part, then the own findings."""
        starts, ends = datetime.fromisoformat(entry["starts_at"]), datetime.fromisoformat(entry["ends_at"])
        rows: list[Data] = [
            [self.say("column.insats"), printable(entry["code_word"])],
            [self.say("column.place"), printable(f"{entry['place']}, {entry['address']}")],
            [self.say("column.period"), f"{self.time(starts)}–{self.time(ends)}"],
            [self.say("column.how"), self.say(f"visit_state.{entry['state']}")],
            [self.say("column.notice"), self.say(f"notice.{'announced' if entry['announced'] else 'unannounced'}")],
        ]
        if entry["ended_at"]:
            rows.append([self.say("column.ended"), self.time(datetime.fromisoformat(entry["ended_at"]))])
        return {
            "heading": self.say("heading.visit", date=self.day(starts)),
            "day": format_date(_home(starts), "d MMM y", locale=self.locale),
            "how": self.say(f"visit_state.{entry['state']}"),
            "authorities": printable(", ".join(dict.fromkeys(part["authority"] for part in entry["parts"]))),
            "n_findings": str(len(entry["findings"])),
            "n_deficiencies": str(sum(f["answer"] == "deficiency" for f in entry["findings"])),
            "rows": rows,
            "parts": [self.part(part) for part in entry["parts"]],
            "facts": [self.fact(fact) for fact in entry["facts"]],
            "common": printable(entry["common_text"] or ""),
            "findings": [self.finding(finding) for finding in entry["findings"]],
        }

    def part(self, entry: PartEntry) -> Data:
        """Return an authority's part as all others may read it (R2)."""
        state = "waiting" if not entry["handed_in"] else "nothing" if entry["nothing_to_report"] else entry["summary"]
        names = [entry["authority"], entry["unit"], self.say("part.mine") if entry["mine"] else None]
        return {"name": printable(", ".join(filter(None, names))), "state": self.say(f"part.{state}")}

    def fact(self, entry: FactEntry) -> Data:
        """Return a common fact and whose word it is."""
        said = self.say("finding.said_by", answer=entry["answer"], authority=entry["authority"])
        return [self.say(f"question.{entry['question']}"), said]

    def finding(self, entry: FindingEntry) -> dict[str, Data]:
        """Return a finding with its question, answer, text and what it rests on."""
        question = entry["point_sv"] if self.language == "sv" else entry["point_en"]
        title = f"{entry['point']} {question}" if entry["point"] else self.say("finding.free")
        rests_on = [self.say("finding.observed", at=self.moment(datetime.fromisoformat(entry["observed_at"])))]
        if entry["law"]:
            rests_on.append(self.say("finding.law", law=entry["law"].rstrip(".")))
        if entry["evidence"]:
            rests_on.append(self.say("finding.evidence", n=entry["evidence"]))
        return {
            "title": printable(title),
            "answer": self.say(f"answer.{'serious' if entry['serious'] else entry['answer']}"),
            "bad": entry["answer"] == "deficiency",
            "text": printable(entry["text"]),
            "meta": " ".join(rests_on),
        }


def _home(at: datetime) -> datetime:
    return at.astimezone(HOME)


def cut(name: str) -> str:
    """Return a name as every page can carry it."""
    return name if len(name) <= HEADER else name[:HEADER] + "…"


def groups(digest: str) -> Iterator[str]:
    """Yield a checksum in groups that people can compare."""
    return (digest[i : i + 4] for i in range(0, len(digest), 4))


def _dashed(number: str) -> str:
    """Return an organisation number as people write it: 559999-0006."""
    return f"{number[:6]}-{number[6:]}" if len(number) == 10 and number.isdecimal() else number  # noqa: PLR2004
