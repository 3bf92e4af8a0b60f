"""Pledges with their numbers, and hot spots, as JSON; a number is what the reader's page says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from samsyn.authorities.rules import Field
from samsyn.businesses.rules import PermitKind
from samsyn.places.queries import HotSpotCard, HotSpotEventLine
from samsyn.places.rules import HotSpotChange, HotSpotState
from samsyn.pledges.counting import Numbers
from samsyn.pledges.queries import AreaLine, CommitmentLine, PledgeLine
from samsyn.pledges.rules import ActivityKind, CommitmentForm, Pace, PledgeState
from samsyn.web.parsing import Shown


class SignedOut(Shown):
    """Who signed for which party."""

    authority_id: UUID
    title: str
    name: str


class PledgeOut(Shown):
    """The pledge of a year."""

    id: UUID
    collaboration_id: UUID
    agreement_id: UUID | None
    year: int
    name: str
    state: PledgeState
    removed: bool
    signed_on: date | None
    place: str
    parties: list[UUID]
    signatories: list[SignedOut]
    version: int


class PledgeList(Shown):
    """Some of them."""

    items: list[PledgeOut]
    next_cursor: str | None


class NumbersOut(Shown):
    """What is promised, planned, done and left; per cent of a share. ``…_by``: in each quarter."""

    promised: int
    planned: int
    done: int
    remaining: int
    promised_by: list[int]
    planned_by: list[int]
    done_by: list[int]
    late: int
    overdue: int
    soon: int
    pace: Pace

    @classmethod
    def of(cls, n: Numbers) -> NumbersOut:
        """Return the numbers of a commitment."""
        return cls(
            promised=n.promised,
            planned=n.planned,
            done=n.done,
            remaining=n.remaining,
            promised_by=list(n.promised_by),
            planned_by=list(n.planned_by),
            done_by=list(n.quarters),
            late=n.late,
            overdue=n.overdue,
            soon=n.soon,
            pace=n.pace,
        )


class CommitmentOut(Shown):
    """A promise: what it counts, how it stands, and what people said of it. Its own version is for a change of that."""

    id: UUID
    form: CommitmentForm
    text: str
    target: int | None
    counts: ActivityKind
    fields: list[Field]
    least: int
    not_led_by: UUID | None
    permit_kind: PermitKind | None
    hot_spot_id: UUID | None
    whole: bool
    within_days: int | None
    serious: bool
    by_on: date | None
    done_on: date | None
    not_done_reason: str | None
    carried_to_id: UUID | None
    version: int
    numbers: NumbersOut

    @classmethod
    def of(cls, one: CommitmentLine, numbers: Numbers) -> CommitmentOut:
        """Return one with its numbers."""
        names = set(cls.model_fields) - {"numbers", "fields"}
        return cls(
            **{name: getattr(one, name) for name in names}, fields=sorted(one.fields), numbers=NumbersOut.of(numbers)
        )


class AreaOut(Shown):
    """A focus area, the picture that justifies it, and what is promised in it."""

    id: UUID
    name: str
    picture: str
    commitments: list[CommitmentOut]


class PledgeDetailOut(PledgeOut):
    """A pledge whole, counted now."""

    areas: list[AreaOut]

    @classmethod
    def whole(
        cls, pledge: PledgeLine, areas: Sequence[AreaLine], counted: Sequence[tuple[CommitmentLine, Numbers]]
    ) -> PledgeDetailOut:
        """Return a pledge with its areas in their order."""
        return cls(
            **PledgeOut.model_validate(pledge).model_dump(),
            areas=[
                AreaOut(
                    id=area.id,
                    name=area.name,
                    picture=area.picture,
                    commitments=[CommitmentOut.of(one, n) for one, n in counted if one.focus_area_id == area.id],
                )
                for area in areas
            ],
        )


class HotSpotOut(Shown):
    """A named place; ``outline``: latitude and longitude of its corners."""

    id: UUID
    collaboration_id: UUID
    name: str
    state: HotSpotState
    outline: list[list[Any]]

    @classmethod
    def of(cls, one: HotSpotCard) -> HotSpotOut:
        """Return one as it is listed."""
        outline = [list(corner) for corner in one.outline]
        return cls(id=one.id, collaboration_id=one.collaboration_id, name=one.name, state=one.state, outline=outline)


class HotSpotList(Shown):
    """Some of them."""

    items: list[HotSpotOut]
    next_cursor: str | None


class EventOut(Shown):
    """A line of a hot spot's history."""

    on_date: date
    change: HotSpotChange
    text: str


class HotSpotDetailOut(HotSpotOut):
    """A hot spot with its history, newest first, and the premises that lie in it now."""

    history: list[EventOut]
    premises: list[UUID]

    @classmethod
    def whole(
        cls, one: HotSpotCard, history: Sequence[HotSpotEventLine], premises: frozenset[UUID]
    ) -> HotSpotDetailOut:
        """Return a hot spot whole."""
        return cls(
            **HotSpotOut.of(one).model_dump(),
            history=[EventOut.model_validate(line) for line in history],
            premises=sorted(premises),
        )
