"""The words of a mail, as plain text and as HTML without anything from outside; both say what the event says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from samsyn.calendars.rendering.event import short, together
from samsyn.calendars.rendering.letter import Letter
from samsyn.calendars.rendering.when import in_words
from samsyn.calendars.rules import Method
from samsyn.texts import say

SAYS: Final = {"yes": "accepted", "no": "declined"}


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says: a heading, facts as pairs of name and value, sentences, and for an invitation two links."""

    kind: str
    heading: str
    facts: tuple[tuple[str, str, str], ...]
    question: str
    links: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def words(letter: Letter) -> Words:
    """Return what the letter says, in the recipient's language."""
    return invitation(letter) if letter.method is Method.REQUEST else cancellation(letter)


def subject(letter: Letter) -> str:
    """Return the subject: the code word and nothing else (R7), also when the operation is moved or cancelled."""
    return say(letter.language, "calendars.event.summary", code_word=short(letter.code_word))


def invitation(letter: Letter) -> Words:
    """Return the words of an invitation or an update."""
    language, when = letter.language, in_words(letter.starts_at, letter.ends_at, letter.language)
    facts = [
        ("when", when.day, when.hours),
        ("place", short(letter.meeting_place), ""),
        ("role", short(letter.role), ""),
        ("asks", short(letter.asks), ""),
        ("authorities", together(letter.authorities), ""),
        ("contact", short(letter.contact), ""),
    ]
    keys = ["in_calendar", "order", "silence", *(["replaces"] if letter.sequence else [])]
    return Words(
        kind=say(language, "calendars.invitation.changed" if letter.sequence else "calendars.invitation.kind"),
        heading=heading(letter),
        facts=named(language, facts),
        question=say(language, "calendars.invitation.question"),
        links=tuple((say(language, f"calendars.invitation.{key}"), answer(letter, said)) for key, said in SAYS.items()),
        notes=tuple(say(language, f"calendars.invitation.{key}", url=letter.operation_url) for key in keys),
    )


def cancellation(letter: Letter) -> Words:
    """Return the words that take an invitation back: of the whole operation, or of this person alone."""
    language, when = letter.language, in_words(letter.starts_at, letter.ends_at, letter.language)
    facts = [("when", when.day, when.hours), ("asks", short(letter.asks), ""), ("contact", short(letter.contact), "")]
    reason = "cancelled" if letter.whole else "removed"
    return Words(
        kind=say(language, "calendars.cancellation.kind"),
        heading=heading(letter),
        facts=named(language, facts),
        question=say(language, f"calendars.cancellation.{reason}"),
        links=(),
        notes=(say(language, "calendars.cancellation.in_calendar"),),
    )


def heading(letter: Letter) -> str:
    """Return the operation's code word as a heading."""
    return say(letter.language, "calendars.invitation.heading", code_word=short(letter.code_word))


def named(language: str, facts: list[tuple[str, str, str]]) -> tuple[tuple[str, str, str], ...]:
    """Return the facts that have a value, each under its name."""
    return tuple((say(language, f"calendars.fact.{key}"), first, second) for key, first, second in facts if first)


def answer(letter: Letter, said: str) -> str:
    """Return the personal link with the answer that the page is to propose; opening it answers nothing."""
    return f"{letter.answer_url}{'&' if '?' in letter.answer_url else '?'}said={said}"


def plain(said: Words) -> str:
    """Return the text/plain part, lines ended by CRLF."""
    width = max((len(name) for name, _, _ in said.facts), default=0) + 2
    lines = [said.heading, said.kind, ""]
    for name, first, second in said.facts:
        lines.append(f"{name + ':':<{width}}{first}")
        lines += [" " * width + second] if second else []
    lines += ["", said.question, ""]
    lines += [f"{name}: {url}" for name, url in said.links]
    lines += [""] if said.links else []
    return "\r\n".join([*lines, *said.notes, ""])
