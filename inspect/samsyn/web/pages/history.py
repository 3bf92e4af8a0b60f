"""What happened last, as sentences: from rows that the viewer may read anyway, never from the reviewers' trail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from samsyn.calendars.queries import Sending
from samsyn.operations.rules import AssignmentState, VisitState
from samsyn.web.pages.operation_view import OperationView
from samsyn.web.shell import t

MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Happening:
    """Who did what, and when."""

    at: datetime
    who: str
    what: str


def history_of(view: OperationView) -> list[Happening]:
    """Return what happened, newest first."""
    parts = (*parts_answered(view), *handed_in(view), *ended(view))
    found = [*told(view), *answered(view), *said(view), *asked(view), *parts, *reminded(view)]
    op = view.seen.operation
    state = t("operation.happened.state", state=t(f"operations.state.{op.state}"))
    found.append(Happening(op.changed_at, view.name(op.lead_id), state))
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def told(view: OperationView) -> Iterator[Happening]:
    """Invitations and cancellations: what was written in one moment is one line."""

    def moment(line: Sending) -> tuple[datetime, str]:
        return line.at, line.method

    for (at, method), lines in groupby(sorted(view.seen.sent, key=moment), key=moment):
        rows = list(lines)
        first = rows[0]
        kind = f"{method}_{'again' if method == 'request' and again(view, first) else 'first'}"
        names = [view.person_name(row.person_id) for row in rows]
        to = names[0] if len(rows) == 1 and names[0] else t("operation.people", n=len(rows))
        yield Happening(at, view.name(first.from_id), t(f"operation.happened.{kind}", to=to))


def again(view: OperationView, line: Sending) -> bool:
    """Say whether the same person was written to before."""
    return any(one.person_id == line.person_id and one.sequence < line.sequence for one in view.seen.sent)


def answered(view: OperationView) -> Iterator[Happening]:
    """Answers of people, with the comment where the viewer may read it."""
    for reply in view.seen.replies:
        key = "answered_because" if reply.comment else "answered"
        words = {"said": t(f"operations.said.{reply.said}").lower(), "via": t(f"operations.via.{reply.way}")}
        what = t(f"operation.happened.{key}", comment=reply.comment or "", **words)
        yield Happening(reply.at, person(view, reply.person_id), what)


def asked(view: OperationView) -> Iterator[Happening]:
    """People who were asked and have not answered, and people who were taken away."""
    for place in view.seen.people:
        name = place.shown_name or t("operations.page.hidden_name")
        if place.state in {AssignmentState.ASKED, AssignmentState.WITHDRAWN}:
            what = t(f"operation.happened.{place.state}", name=name)
            yield Happening(place.changed_at, view.name(place.lead_id), what)


def said(view: OperationView) -> Iterator[Happening]:
    """Messages about the plan: that one was written, not what it says."""
    for message in view.messages:
        who = message.shown_name or view.name(message.authority_id)
        yield Happening(message.at, who, t("operation.happened.message"))


def parts_answered(view: OperationView) -> Iterator[Happening]:
    """Authorities that answered their part."""
    for part in view.seen.parts:
        if part.answered_at is not None and part.accepted is not None:
            key = "part_yes" if part.accepted else "part_no"
            what = t(f"operation.happened.{key}", n=view.number(part.visit_id))
            yield Happening(part.answered_at, view.name(part.authority_id), what)


def handed_in(view: OperationView) -> Iterator[Happening]:
    """Parts that were handed in."""
    for part in view.seen.parts:
        if part.handed_in_at is not None:
            what = t("operation.happened.handed_in", n=view.number(part.visit_id))
            yield Happening(part.handed_in_at, view.name(part.authority_id), what)


def ended(view: OperationView) -> Iterator[Happening]:
    """Visits that ended, and how."""
    for visit in view.seen.visits:
        if visit.ended_at is not None and visit.state is not VisitState.PLANNED:
            how = t(f"operations.visit_state.{visit.state}").lower()
            what = t("operation.happened.ended", n=view.number(visit.id), how=how)
            yield Happening(visit.ended_at, view.name(view.seen.operation.lead_id), what)


def reminded(view: OperationView) -> Iterator[Happening]:
    """Reminders that the viewer's own authority sent or got."""
    for person_id, at in view.reminded.items():
        name = view.person_name(person_id) or t("operations.page.hidden_name")
        yield Happening(at, "Samsyn", t("operation.happened.reminded", name=name))


def person(view: OperationView, person_id: UUID) -> str:
    """Return a person's name with their authority, as far as the viewer may know."""
    place = next((one for one in view.seen.people if one.person_id == person_id), None)
    name = view.person_name(person_id) or t("operations.page.hidden_name")
    return f"{name}, {view.name(place.authority_id)}" if place else name
