"""What waits for somebody, as sentences, each with one way to the place where it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from samsyn.access.rules import Role
from samsyn.lifecycle.waiting.rules import Item, Urgency, Waits
from samsyn.pledges.evaluation.queries.waits import Promised, PromisedWait
from samsyn.pledges.evaluation.telling import period_name
from samsyn.web.identity import current_language
from samsyn.web.pages.missing import competences
from samsyn.web.shell import t

LOOK: Final = {
    Waits.DANGER: ("danger", "warn"),
    Waits.READY: ("success", "check"),
    Waits.STAFF: ("warning", "people"),
    Waits.UNANSWERED: ("warning", "mail"),
    Waits.ANSWER: ("warning", "clock"),
    Waits.POLL: ("warning", "clock"),
    Waits.REPLY: ("warning", "mail"),
    Waits.HAND_IN: ("info", "file"),
    Waits.CHECKLIST: ("info", "file"),
    Waits.INFORMATION: ("info", "share"),
    Waits.TELL_TRADER: ("warning", "clock"),
    Waits.FOLLOW_UP: ("info", "clock"),
    Waits.HELP: ("danger", "warn"),
    Waits.QUARANTINE: ("warning", "clock"),
}
EMPTY_FOR: Final = (Role.PLANNER, Role.INSPECTOR, Role.DECIDER, Role.LOG_REVIEWER, Role.UNIT_ADMIN, Role.OBSERVER)
"""Whose words an empty page says, for a person of several roles."""


@dataclass(frozen=True, slots=True)
class Todo:
    """An item as the page shows it."""

    item: Item
    text: str
    href: str
    look: tuple[str, str]


def todos(items: Sequence[Item], now: datetime) -> list[tuple[Urgency, list[Todo]]]:
    """Return the items under their urgency, in their order; invitations are shown where they are answered."""
    shown = [item for item in items if item.waits is not Waits.INVITATION]
    grouped = [(urgency, [todo(item) for item in shown if item.urgency(now) is urgency]) for urgency in Urgency]
    return [(urgency, rows) for urgency, rows in grouped if rows]


def todo(item: Item) -> Todo:
    """Return an item with its sentence and its way."""
    return Todo(item, sentence(item), way(item), LOOK.get(item.waits, ("neutral", "cal")))


def sentence(item: Item) -> str:
    """Say what is waited for."""
    key = f"waiting.sentence.{item.waits}_{'one' if item.count == 1 else 'n'}"
    if item.waits is Waits.STAFF:
        able = t("waiting.sentence.able", what=competences(item.what)) if item.what else ""
        return t(key, n=item.count, able=able)
    if item.waits is Waits.READY:
        return t(key, what=t(f"operations.state.{item.what[0]}").lower())
    what = ", ".join(t(f"waiting.what.{name}") for name in item.what)
    return t(key, n=item.count, what=what, names=", ".join(item.names))


WAYS: Final = {
    Waits.ANSWER: "/parts/{subject}/answer",
    Waits.POLL: "/operations/{operation}/poll",
    Waits.REPLY: "/replies#reply-{subject}",
    Waits.STAFF: "/staffing/{operation}",
    Waits.UNANSWERED: "/staffing/{operation}#place-{subject}",
    Waits.COMMON: "/operations/{operation}/common",
    Waits.CLOSE: "/operations/{operation}#after",
    Waits.HAND_IN: "/operations/{operation}#part-{subject}",
    Waits.CHECKLIST: "/parts/{subject}/checklist",
    Waits.INFORMATION: "/information-requests/{subject}",
    Waits.TELL_TRADER: "/parts/{subject}/purchases",
    Waits.FOLLOW_UP: "/follow-ups/{subject}",
    Waits.HELP: "/help-requests/{subject}",
    Waits.QUARANTINE: "/quarantine/{subject}",
}
GATE: Final = "/operations/{operation}#gate"
SEVERAL: Final = {
    Waits.CHECKLIST: "/tonight?operation={operation}",
    Waits.FOLLOW_UP: "/follow-ups",
    Waits.HELP: "/help-requests",
    Waits.QUARANTINE: "/quarantine",
}
"""The place where several of one kind are done."""


def way(item: Item) -> str:
    """Return the place where it is done."""
    many = SEVERAL.get(item.waits) if item.count > 1 else None
    pattern = many or WAYS.get(item.waits, GATE)
    return pattern.format(operation=item.operation.id, subject=item.subject)


PROMISED_WAYS: Final = {
    Promised.ACTIVITY: "/activities/{subject}",
    Promised.APPROVE: "/evaluations/{subject}",
    Promised.COMPILE: "/pledges/{subject}/evaluations",
    Promised.ELSEWHERE: "/operations/{subject}/focus",
    Promised.REMARK: "/remarks/{subject}",
}


def promised_todos(waits: Sequence[PromisedWait]) -> list[tuple[str, str, str]]:
    """Return what a pledge waits for: its sentence, the place where it is done, and the words of the way there."""
    found = []
    for one in waits:
        of_period = one.waits in {Promised.APPROVE, Promised.COMPILE}
        name = period_name(one.name, current_language()) if of_period else one.name
        says = t(f"waiting.promised.{one.waits}", name=name, year=one.year)
        found.append(
            (says, PROMISED_WAYS[one.waits].format(subject=one.subject), t(f"waiting.promised.open_{one.waits}"))
        )
    return found


def empty_words(roles: Sequence[str]) -> str:
    """Return the role whose words say that nothing waits."""
    return next((role.value for role in EMPTY_FOR if role in roles), Role.OBSERVER.value)
