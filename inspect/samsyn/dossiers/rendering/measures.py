"""Outcomes and follow-ups as a document says them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from samsyn.dossiers.rendering.letters import printable
from samsyn.dossiers.rules import FollowUpEntry, OutcomeEntry
from samsyn.outcomes.tools import find_tool
from samsyn.texts import say

if TYPE_CHECKING:
    from samsyn.dossiers.rendering.document import Data, Writer


def outcome(writer: Writer, entry: OutcomeEntry, visits: Mapping[str, str]) -> Data:
    """Return an outcome with what it rests on and who decided it; ``visits``: the day of each visit in words."""
    tool = find_tool(entry["tool"])
    title = ", ".join(filter(None, (measure(writer, entry["measure"], tool.about(writer.language)), entry["law"])))
    return {
        "title": printable(title),
        "state": say(writer.language, f"outcomes.state.{entry['state']}"),
        "binds": tool.binds and entry["state"] != "withdrawn",
        "text": printable(entry["text"]),
        "meta": printable(" ".join(_about(writer, entry, visits))),
    }


def _about(writer: Writer, entry: OutcomeEntry, visits: Mapping[str, str]) -> Iterator[str]:
    if day := visits.get(entry["visit_id"]):
        yield writer.say("outcome.visit", date=day)
    if entry["points"]:
        yield writer.say("outcome.points", codes=", ".join(entry["points"]))
    if entry["decided_on"]:
        yield writer.say(
            "outcome.decided",
            decider=entry["decider"],
            date=short_day(writer, entry["decided_on"]),
            delegation=entry["delegation"],
            number=entry["case_number"],
        )
    if entry["amount"] is not None:
        yield writer.say("outcome.amount", n=entry["amount"])
    if entry["heard_on"]:
        yield writer.say("outcome.heard", date=short_day(writer, entry["heard_on"]))
    if entry["until_on"]:
        yield writer.say("outcome.until", date=short_day(writer, entry["until_on"]))
    if entry["reason"]:
        yield writer.say("outcome.reason", reason=entry["reason"].rstrip("."))


def follow_up(writer: Writer, entry: FollowUpEntry, visits: Mapping[str, str]) -> Data:
    """Return a follow-up with its day and its owner."""
    day = visits.get(entry["visit_id"])
    words = [writer.say("follow_up.due", date=short_day(writer, entry["due_on"]))]
    if entry["owner"]:
        words.append(writer.say("follow_up.owner", name=entry["owner"]))
    if day:
        words.append(writer.say("outcome.visit", date=day))
    if entry["reason"]:
        words.append(writer.say("outcome.reason", reason=entry["reason"].rstrip(".")))
    return {
        "title": printable(subject(writer.language, entry)),
        "state": say(writer.language, f"follow_ups.state.{entry['state']}"),
        "left": entry["state"] in {"open", "carried"},
        "text": printable(entry["text"]),
        "meta": printable(" ".join(words)),
    }


def subject(language: str, entry: FollowUpEntry) -> str:
    """Say what a follow-up is of, without a finding's words."""
    if entry["measure"]:
        return say(language, f"outcomes.measure.{entry['measure']}")
    if entry["point"]:
        return say(language, "follow_ups.point", code=entry["point"])
    return say(language, "dossiers.finding.free")


def measure(writer: Writer, kind: str, about: str) -> str:
    """Return a measure in words, with what about where that alone does not say."""
    words = say(writer.language, f"outcomes.measure.{kind}")
    return f"{words} ({about})" if about else words


def short_day(writer: Writer, day: str) -> str:
    """Return a day in words."""
    return writer.date(date.fromisoformat(day))
