"""How refused entries and requests for help are shown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from samsyn.assistance.rules import Helped, HelpGround, HelpLaw, laws_of
from samsyn.authorities.rules import Field
from samsyn.web.parsing import Shown


class RefusalOut(Shown):
    """That entry was refused at a visit, as the own authority wrote it."""

    id: UUID
    at: datetime
    by_role: str
    said: str
    written_by: UUID
    written_at: datetime


class RefusalList(Shown):
    """The own refused entries at a visit, oldest first."""

    items: list[RefusalOut]
    next_cursor: str | None = None


class HelpAnswerOut(Shown):
    """What came of a request; ``presence_id``: the officer's change of role that went with it."""

    id: UUID
    authority_id: UUID
    what: Helped
    at: datetime
    text: str
    presence_id: UUID | None
    written_by: UUID
    written_at: datetime


class HelpOut(Shown):
    """A request for help as both sides read it; ``by_phone``: no police take part, who asked notes the answer."""

    id: UUID
    authority_id: UUID
    answers_id: UUID
    by_phone: bool
    law: HelpLaw
    section: str
    ground: HelpGround | None
    reason: str
    at: datetime
    written_by: UUID
    written_at: datetime
    answers: list[HelpAnswerOut]


class HelpList(Shown):
    """The requests at a visit of which the own authority is a side, oldest first."""

    items: list[HelpOut]
    next_cursor: str | None = None


class LawOut(Shown):
    """A section by which a part may ask for help; a conditional one needs a ground."""

    law: HelpLaw
    section: str
    conditional: bool


class WrittenOut(Shown):
    """The key; ``written`` is false where the same stood already."""

    id: UUID
    written: bool


def laws_out(fields: Collection[Field]) -> list[LawOut]:
    """Show the sections of some fields."""
    return [LawOut.model_validate(one) for one in laws_of(fields)]
