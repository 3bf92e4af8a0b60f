"""Decide on things that fall under a request, one by one or many at once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.records.models import RecordsItem
from samsyn.records.queries import ItemLine, get_request
from samsyn.records.rules import (
    MOST_REASON,
    MOST_SECTION,
    MOST_WORDS,
    NO,
    Choice,
    Fault,
    ItemKind,
    NotTakenError,
    checked,
    masked,
)


@dataclass(frozen=True, slots=True)
class Decide:
    """One choice for some things; ``fields`` and ``words`` are what ``Choice.MASK`` hides."""

    request_id: UUID
    items: frozenset[UUID]
    choice: Choice
    section: str = ""
    reason: str = ""
    fields: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()


def decide_items(uow: UnitOfWork, command: Decide) -> int:
    """Write the choice down; return for how many things. It may be changed until the request is settled.

    A no, whole or partial, needs a section and a reason (OSL 6:3). Raises ``NotTakenError`` naming a field,
    ``NotFoundError`` for what is not the viewer's to see, ``ConflictError`` once it is settled.
    """
    card = get_request(uow, command.request_id)
    if not card.line.open:
        raise ConflictError("the request is settled")
    chosen = [one for one in card.items if one.id in command.items]
    if not chosen:
        raise NotTakenError("items", Fault.NOTHING_CHOSEN)
    if len(chosen) < len(command.items):
        raise NotFoundError("no such thing")
    section, reason = said(command)
    hides = command.choice is Choice.MASK
    if hides:
        demand_hidden(chosen, command)
    done = update(RecordsItem).where(RecordsItem.id.in_(command.items), RecordsItem.request_id == command.request_id)
    decided = command.choice is not Choice.UNDECIDED
    uow.session.execute(
        done.values(
            choice=command.choice,
            section=section,
            reason=reason,
            masked_fields=sorted(command.fields) if hides else [],
            masked_words=list(command.words) if hides else [],
            decided_by=uow.person if decided else None,
            decided_at=uow.now if decided else None,
        )
    )
    record(uow, "records.decide", command.request_id, reason=f"{command.choice} {len(chosen)}")
    return len(chosen)


def said(command: Decide) -> tuple[str, str]:
    """Return section and reason as they may be kept; both are asked of a no, and kept of nothing else."""
    if command.choice not in NO:
        return "", ""
    section = checked("section", command.section, MOST_SECTION)
    reason = checked("reason", command.reason, MOST_REASON)
    if not section:
        raise NotTakenError("section", Fault.SECTION_NEEDED)
    if not reason:
        raise NotTakenError("reason", Fault.REASON_NEEDED)
    return section, reason


def demand_hidden(chosen: list[ItemLine], command: Decide) -> None:
    """Raise where a mask would hide nothing: a picture, or a word that does not stand there."""
    if sum(map(len, command.words)) > MOST_WORDS:
        raise NotTakenError("words", Fault.TOO_LONG)
    for one in chosen:
        if one.kind is ItemKind.PICTURE:
            raise NotTakenError("choice", Fault.NO_PICTURE_MASK)
        if masked(one.content, command.fields, command.words) == one.content:
            raise NotTakenError("words", Fault.NOTHING_MASKED)
