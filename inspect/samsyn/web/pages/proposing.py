"""A new operation that begins with businesses: one visit after the other, and who is asked at each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import request
from pydantic import Field

from samsyn.authorities.queries import AuthorityLine, members_of, units_of
from samsyn.businesses.queries import BusinessCard, businesses_by_id
from samsyn.core.errors import InvalidError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.service import AddVisit, AskPart, ProposeOperation, add_visit
from samsyn.web.forms import Form
from samsyn.web.localtime import from_local, show_clock
from samsyn.web.parsing import Body, Line, Moment
from samsyn.web.shell import t

EACH: Final = timedelta(minutes=45)
MOST: Final = 20
"""Visits of one evening and night."""


class OperationForm(Body):
    """A new operation; ``business``: visits in this order, at each of which the authorities ``asks`` are asked."""

    collaboration_id: UUID
    starts_at: Moment
    ends_at: Moment
    meets_at: Moment | None = None
    meeting_place: Line | None = None
    business: tuple[UUID, ...] = Field(default=(), max_length=MOST)
    asks: tuple[UUID, ...] = Field(default=(), max_length=200)

    def command(self) -> ProposeOperation:
        """Return the operation without its visits."""
        return ProposeOperation(self.collaboration_id, self.starts_at, self.ends_at, self.meets_at, self.meeting_place)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The businesses that an operation begins with, and who may be asked; both empty for one that begins empty."""

    businesses: tuple[BusinessCard, ...] = ()
    members: tuple[AuthorityLine, ...] = ()


def chosen_for(uow: UnitOfWork, form: Form[Any] | None) -> Chosen:
    """Return what the address, or the form that came back, names; what is hidden or absent is left out."""
    typed = form.typed.get("business", ()) if form is not None else request.args.getlist("business")
    wanted: dict[UUID, None] = {}
    for one in typed[:MOST]:
        try:
            wanted[UUID(one)] = None
        except ValueError:
            continue
    if not wanted:
        return Chosen()
    known = businesses_by_id(uow, set(wanted))
    cards = tuple(known[one] for one in wanted if one in known)
    members = tuple(members_of(uow, cards[0].collaboration_id)) if cards else ()
    return Chosen(cards, members)


def add_chosen_visits(uow: UnitOfWork, operation_id: UUID, asked: OperationForm) -> None:
    """Add the visits one after another; ``InvalidError`` at the end's field where they do not fit in."""
    chosen = dict.fromkeys(asked.business)
    until = asked.starts_at + EACH * len(chosen)
    if until > asked.ends_at:
        too_short = t("candidates.too_short", n=len(chosen), until=show_clock(until))
        raise InvalidError("the visits do not fit in", fields={"ends_at": [too_short]})
    units = units_of(uow, set(asked.asks))
    parts = []
    for authority in dict.fromkeys(asked.asks):
        own = [unit.id for unit in units if unit.authority_id == authority]
        parts.append(AskPart(authority, own[0] if len(own) == 1 else None))
    for n, business_id in enumerate(chosen):
        starts_at = asked.starts_at + EACH * n
        add_visit(uow, AddVisit(operation_id, business_id, starts_at, starts_at + EACH, parts=tuple(parts)))


def times_asked() -> dict[str, object]:
    """Return the times that the address proposes, on Sweden's clock; what cannot be read is left out."""
    found: dict[str, object] = {}
    for name, field in (("starts", "starts_at"), ("ends", "ends_at")):
        try:
            typed = datetime.fromisoformat(request.args.get(name, "")[:16])
            found[field] = from_local(typed.date(), typed.time())
        except (ValueError, OverflowError):
            continue
    return found
