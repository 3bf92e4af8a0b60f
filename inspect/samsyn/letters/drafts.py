"""The words that a letter begins with, from what is known of the visit; a person reads and changes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from babel.dates import format_date

from samsyn.authorities.rules import Field
from samsyn.core.home import HOME
from samsyn.findings.queries import FindingLine
from samsyn.findings.rules import Answer
from samsyn.letters.plain import plain_law
from samsyn.texts import say

LOCALES: Final = {"sv": "sv_SE", "en": "en_GB"}


@dataclass(frozen=True, slots=True)
class Going:
    """An authority that comes: its name, what it supervises, and on which law, as it answered itself."""

    name: str
    fields: frozenset[Field]
    law: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a letter is about; ``sender`` is the authority that writes it."""

    language: str
    sender: str
    place: str
    address: str
    starts_at: datetime
    going: tuple[Going, ...]


def draft_before(facts: Facts) -> dict[str, str]:
    """Return the sections of a letter before the visit: who, why, which law, what to have at hand, whom to call."""
    laws = [
        _say(facts, "before.one_law", name=one.name, law=plain_law(one.law, facts.language))
        for one in facts.going
        if one.law
    ]
    fields = {field for one in facts.going for field in one.fields}
    ready = [_say(facts, f"ready.{field}") for field in Field if field in fields]
    return {
        "who": _say(facts, "before.who", place=facts.place, address=facts.address, who=_names(facts), **_when(facts)),
        "why": _say(facts, "before.why"),
        "law": "\n".join([_say(facts, "before.law"), *laws]),
        "ready": "\n".join([_say(facts, "before.ready"), *(ready or [_say(facts, "ready.other")])]),
        "contact": _say(facts, "before.contact", sender=facts.sender),
    }


def draft_after(facts: Facts, findings: Sequence[FindingLine]) -> dict[str, str]:
    """Return the sections of a letter after the visit: who was there, what the sender saw, what next, how to be heard.

    ``findings`` are the sender's own; what stays with a unit (R1) is left out.
    """
    open_ = [one for one in findings if one.answer is Answer.DEFICIENCY and not one.unit_only]
    lines = [" ".join(filter(None, ("•", one.question.rstrip(".") + "." if one.question else "", one.text)))
             for one in open_]  # fmt: skip
    some = "some" if open_ else "none"
    return {
        "was": _say(facts, "after.was", place=facts.place, address=facts.address, who=_names(facts), **_when(facts)),
        "seen": "\n".join([_say(facts, f"after.seen_{some}"), *lines]),
        "next": _say(facts, f"after.next_{some}"),
        "say": _say(facts, "after.say"),
        "contact": _say(facts, "after.contact", sender=facts.sender),
    }


def _say(facts: Facts, key: str, **more: object) -> str:
    return say(facts.language, f"letters.{key}", **more)


def _when(facts: Facts) -> dict[str, str]:
    local = facts.starts_at.astimezone(HOME)
    return {
        "day": format_date(local.date(), "EEEE d MMMM y", locale=LOCALES[facts.language]),
        "time": local.strftime("%H.%M" if facts.language == "sv" else "%H:%M"),
    }


def _names(facts: Facts) -> str:
    return ", ".join(dict.fromkeys(one.name for one in facts.going)) or facts.sender
