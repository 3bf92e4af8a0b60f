"""The checklists of the own authority's fields: the one in use, its versions whole, and what is being drafted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from samsyn.access.queries import staff_names
from samsyn.authorities.queries import units_of
from samsyn.authorities.rules import Field
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.findings.models import Checklist, ChecklistDraft, ChecklistVersion, CheckPoint
from samsyn.findings.points import Point, unpack
from samsyn.findings.rules import SuggestedOutcome, Verified
from samsyn.operations.rules import PoliceRole


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A published version; ``by`` is empty for the house's."""

    n: int
    published_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of the own authority and the list that a visit which begins now uses; ``id`` None: there is none.

    ``draft_id``: the own list that has a draft, for who may change it.
    """

    field: Field
    id: UUID | None
    own: bool
    title: str
    points: int
    newest: VersionLine | None
    draft_id: UUID | None


@dataclass(frozen=True, slots=True)
class VersionCard:
    """A version with its points. ``versions``: all of the list, newest first; ``draft``: whether one is begun."""

    id: UUID
    field: Field
    own: bool
    title: str
    n: int
    points: tuple[Point, ...]
    versions: tuple[VersionLine, ...]
    draft: bool

    @property
    def line(self) -> VersionLine:
        """Return the version that is shown."""
        return next(one for one in self.versions if one.n == self.n)


@dataclass(frozen=True, slots=True)
class DraftCard:
    """What is being drafted; ``published``: the points of the newest version, to compare with."""

    id: UUID
    field: Field
    title: str
    version: int
    points: tuple[Point, ...]
    published: tuple[Point, ...]
    published_n: int
    changed_by: str
    changed_at: datetime


def field_lists(uow: UnitOfWork, language: str = "sv") -> list[FieldLine]:
    """Return a line per field of the own authority's units; a few statements, however many there are."""
    fields = sorted({unit.field for unit in units_of(uow, {uow.me})}, key=list(Field).index)
    lists = uow.session.scalars(select(Checklist).where(Checklist.field.in_(fields)).limit(200)).all()
    versions = _versions(uow, [one.id for one in lists])
    drafts = set(uow.session.scalars(select(ChecklistDraft.checklist_id).limit(200)))
    p = CheckPoint
    counted = select(p.checklist_id, p.n, func.count()).where(p.checklist_id.in_(versions))
    points = {(key, n): count for key, n, count in uow.session.execute(counted.group_by(p.checklist_id, p.n))}
    found = []
    for field in fields:
        ours = [one for one in lists if one.field is field]
        ours.sort(key=lambda one: (one.authority_id is None, one.code))
        used = next((one for one in ours if one.id in versions), None)
        newest = versions[used.id][0] if used else None
        found.append(
            FieldLine(
                field,
                used.id if used else None,
                used is not None and used.authority_id is not None,
                _title(used, language) if used else "",
                points[used.id, newest.n] if used and newest else 0,
                newest,
                next((one.id for one in ours if one.id in drafts), None),
            )
        )
    return found


def read_version(uow: UnitOfWork, checklist_id: UUID, n: int | None = None, language: str = "sv") -> VersionCard:
    """Return a version of a list, the newest unless ``n`` says which; ``NotFoundError`` if hidden or absent."""
    listed = uow.session.get(Checklist, checklist_id)
    versions = _versions(uow, [checklist_id]).get(checklist_id, ())
    if listed is None or not versions or (n is not None and n not in {one.n for one in versions}):
        raise NotFoundError("no such checklist")
    n = n or versions[0].n
    drafted = select(ChecklistDraft.checklist_id).where(ChecklistDraft.checklist_id == checklist_id)
    return VersionCard(
        listed.id,
        listed.field,
        listed.authority_id is not None,
        _title(listed, language),
        n,
        tuple(_points(uow, checklist_id, n)),
        versions,
        uow.session.scalar(drafted) is not None,
    )


def read_draft(uow: UnitOfWork, checklist_id: UUID, language: str = "sv") -> DraftCard:
    """Return a draft of the own authority, for who may change it; ``NotFoundError`` if hidden or absent."""
    draft = uow.session.get(ChecklistDraft, checklist_id)
    if draft is None:
        raise NotFoundError("no such draft")
    listed = uow.session.get_one(Checklist, checklist_id)
    newest = _versions(uow, [checklist_id]).get(checklist_id, ())
    return DraftCard(
        checklist_id,
        listed.field,
        _title(listed, language),
        draft.version,
        tuple(unpack(draft.content)),
        tuple(_points(uow, checklist_id, newest[0].n)) if newest else (),
        newest[0].n if newest else 0,
        staff_names(uow, {draft.changed_by}).get((draft.changed_by, uow.me), ""),
        draft.changed_at,
    )


def newest_points(uow: UnitOfWork, checklist_id: UUID) -> list[Point]:
    """Return the points of the newest version; none where nothing is published."""
    n = uow.session.scalar(select(func.max(ChecklistVersion.n)).where(ChecklistVersion.checklist_id == checklist_id))
    return _points(uow, checklist_id, n) if n else []


def _points(uow: UnitOfWork, checklist_id: UUID, n: int) -> list[Point]:
    p = CheckPoint
    rows = uow.session.scalars(select(p).where(p.checklist_id == checklist_id, p.n == n).order_by(p.position))
    return [
        Point.model_construct(
            code=row.code,
            sv=row.text_sv,
            en=row.text_en,
            law=row.law,
            verified=Verified(row.verified),
            outcomes=[SuggestedOutcome(outcome) for outcome in row.outcomes],
            unit_only=row.unit_only,
            role_required=PoliceRole(row.role_required) if row.role_required else None,
            note=row.note,
            section=row.section,
            help=row.help_text,
        )
        for row in rows
    ]


def _versions(uow: UnitOfWork, ids: list[UUID]) -> dict[UUID, tuple[VersionLine, ...]]:
    v = ChecklistVersion
    rows = uow.session.scalars(select(v).where(v.checklist_id.in_(ids)).order_by(v.n.desc()).limit(2000)).all()
    names = staff_names(uow, {row.published_by for row in rows if row.published_by is not None})
    found: dict[UUID, tuple[VersionLine, ...]] = {}
    for row in rows:
        by = names.get((row.published_by, uow.me), "") if row.published_by else ""
        found[row.checklist_id] = (*found.get(row.checklist_id, ()), VersionLine(row.n, row.published_at, by))
    return found


def _title(listed: Checklist, language: str) -> str:
    return listed.title_en if language == "en" else listed.title_sv
