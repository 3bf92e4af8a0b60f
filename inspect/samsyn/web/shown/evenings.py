"""How an evening is packed for a phone: all that its pages show, in one answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from samsyn.web.parsing import Shown
from samsyn.web.shown.assistance import HelpOut, LawOut, RefusalOut
from samsyn.web.shown.findings import FactOut, FindingOut, PartChecklistOut, PointOut
from samsyn.web.shown.operations import OperationOut, PartOut, VisitOut
from samsyn.web.shown.presence import PresenceOut


class FieldSessionOut(Shown):
    """Who this device stands for, and what its forms carry (``X-CSRFToken``); ``operation_id``: its field session's."""

    person_id: UUID
    authority_id: UUID
    name: str
    operation_id: UUID | None
    csrf_token: str


class OrderOut(Shown):
    """The operation order, where its rule lets this person read it."""

    title: str | None
    briefing_at: datetime | None
    stop_word: str | None
    safety_note: str | None


class GoerOut(Shown):
    """Somebody who goes; ``phone`` is what they gave for the evening, ``dialled`` as a phone takes it."""

    person_id: UUID
    authority_id: UUID
    shown_name: str
    accepted: bool
    lead: bool
    phone: str | None
    dialled: str | None


class OfficeOut(Shown):
    """An authority that comes to a visit, with the letter and colour of its square."""

    authority_id: UUID
    letter: str
    colour: str


class EveningPointOut(PointOut):
    """A question; ``key`` is the finding under which its next answer goes, the same on every phone.

    ``rivals``: texts that stand against the newest one and that somebody must choose between.
    """

    key: UUID
    rivals: list[FindingOut]


class EveningChecklistOut(PartChecklistOut):
    """A part's checklist as a phone keeps it; ``free_rivals`` by finding."""

    points: list[EveningPointOut]  # type: ignore[assignment]
    free_rivals: dict[UUID, list[FindingOut]]


class EveningPartOut(PartOut):
    """An own part with its checklist; null for who reads no findings. ``closed``: why nothing may be written now.

    ``laws``: the sections by which it may ask the police for help.
    """

    of_police: bool
    letter: str
    colour: str
    closed: list[str]
    laws: list[LawOut]
    checklist: EveningChecklistOut | None


class EveningVisitOut(VisitOut):
    """A visit in its order."""

    opens_at: datetime
    now: bool
    present: list[OfficeOut]
    mine: list[EveningPartOut]
    facts: list[FactOut]
    presence: list[PresenceOut]
    refusals: list[RefusalOut]
    help: list[HelpOut]


class EveningOut(Shown):
    """An operation's evening as one of those who go reads it; to be wiped at ``keep_until``."""

    operation: OperationOut
    person_id: UUID
    authority_id: UUID
    order: OrderOut | None
    people: list[GoerOut]
    names: dict[UUID, str]
    writers: dict[UUID, str]
    visits: list[EveningVisitOut]
    leads: bool
    language: str
    fetched_at: datetime
    keep_until: datetime
