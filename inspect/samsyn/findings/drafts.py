"""An authority's own checklist: begun from the house's, changed as a draft, published as a version that is frozen.

A unit administrator writes, as the tables' own policies say too. Visits that have begun keep their version (``using``).
Every refusal leaves the draft as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_unless

from samsyn.access.rules import Role
from samsyn.audit.service import record
from samsyn.authorities.queries import units_of
from samsyn.authorities.rules import Field
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.findings.models import Checklist, ChecklistDraft, ChecklistVersion, CheckPoint
from samsyn.findings.points import (
    MAX_POINTS,
    Point,
    PointText,
    Way,
    at,
    columns_of,
    digest_of,
    next_code,
    pack,
    placed,
    unpack,
    with_point,
)
from samsyn.findings.queries.own_lists import newest_points
from samsyn.texts.say import say

TEXTS: Final = ("sv", "en", "law", "note", "section", "help")


def demand_keeper(uow: UnitOfWork) -> None:
    """Refuse who is no unit administrator."""
    if Role.UNIT_ADMIN not in uow.viewer.roles:
        raise NotAllowedError("a unit administrator keeps the checklists")


def begin_draft(uow: UnitOfWork, field: Field) -> UUID:
    """Begin the next version of the own checklist of a field, from its newest or the house's; return its id.

    A draft that stands is gone on with. ``NotFoundError`` for a field in which the authority has no unit.
    """
    demand_keeper(uow)
    if field not in {unit.field for unit in units_of(uow, {uow.me})}:
        raise NotFoundError("no such field")
    own, house = (uow.session.scalar(_listed(field, who)) for who in (uow.me, None))
    if own is None:
        titles = {f"title_{word}": say(word, f"operations.field.{field}") for word in ("sv", "en")}
        if house is not None:
            titles = {"title_sv": house.title_sv, "title_en": house.title_en}
        row = insert_unless(Checklist).values(id=uuid4(), authority_id=uow.me, code=field.value, field=field, **titles)
        uow.session.execute(row.on_conflict_do_nothing())
        own = uow.session.scalars(_listed(field, uow.me)).one()
    points = newest_points(uow, own.id) or (newest_points(uow, house.id) if house is not None else [])
    draft = insert_unless(ChecklistDraft).values(
        checklist_id=own.id,
        authority_id=uow.me,
        version=1,
        content=pack(points),
        changed_by=uow.person,
        changed_at=uow.now,
    )
    if uow.session.scalar(draft.on_conflict_do_nothing().returning(ChecklistDraft.checklist_id)) is not None:
        record(uow, "checklist.begin", own.id)
    return own.id


def keep_point(uow: UnitOfWork, checklist_id: UUID, seen: int, code: str | None, said: PointText) -> str:
    """Change a point of the draft, or with ``code`` None add one last under a key of its own; return the key.

    Raises ``NotFoundError``, ``ChangedMeanwhileError`` where somebody else changed the draft meanwhile, and
    ``InvalidError`` for a personal identity number (R5) and more than ``MAX_POINTS`` points.
    """
    draft = _draft(uow, checklist_id, seen)
    points = unpack(draft.content)
    listed = uow.session.get_one(Checklist, checklist_id)
    if code is None:
        code = next_code(prefix_of(uow, listed), used_codes(uow, listed) | {point.code for point in points})
    else:
        at(points, code)
    point = checked(Point(code=code, **said.model_dump()), listed.field)
    _write(uow, draft, with_point(points, point))
    return code


def place_point(uow: UnitOfWork, checklist_id: UUID, seen: int, code: str, way: Way) -> None:
    """Move a point of the draft a step, or take it out of the coming version; errors as for ``keep_point``."""
    draft = _draft(uow, checklist_id, seen)
    _write(uow, draft, placed(unpack(draft.content), code, way))


def replace_points(uow: UnitOfWork, checklist_id: UUID, seen: int, points: Sequence[Point]) -> None:
    """Put the points of a file in place of all of the draft's; errors as for ``keep_point``."""
    draft = _draft(uow, checklist_id, seen)
    field = uow.session.get_one(Checklist, checklist_id).field
    if len(points) > MAX_POINTS or len({point.code for point in points}) < len(points):
        raise InvalidError("too many points, or a key twice", fields={"file": ("too_many_points",)})
    _write(uow, draft, [checked(point, field) for point in points])


def publish(uow: UnitOfWork, checklist_id: UUID, seen: int) -> int:
    """Freeze the draft as the next version and return its number; parts without an answer use it from now on.

    ``InvalidError`` for a list without points, ``ConflictError`` where nothing was changed.
    """
    draft = _draft(uow, checklist_id, seen)
    points = unpack(draft.content)
    if not points:
        raise InvalidError("a checklist without points", fields={"": ("no_points",)})
    v = ChecklistVersion
    newest = uow.session.scalars(select(v).where(v.checklist_id == checklist_id).order_by(v.n.desc()).limit(1)).first()
    if newest is not None and newest.digest == digest_of(points):
        raise ConflictError("nothing was changed since the version that stands")
    n = newest.n + 1 if newest else 1
    where = {"checklist_id": checklist_id, "n": n, "authority_id": uow.me}
    by = {"published_at": uow.now, "published_by": uow.person}
    uow.session.execute(insert(v).values(digest=digest_of(points), **where, **by))
    uow.session.execute(insert(CheckPoint), [{**where, **columns} for columns in columns_of(points)])
    _remove(uow, checklist_id)
    record(uow, "checklist.publish", checklist_id)
    return n


def discard(uow: UnitOfWork, checklist_id: UUID, seen: int) -> None:
    """Throw the draft away; what was published stands."""
    _draft(uow, checklist_id, seen)
    _remove(uow, checklist_id)
    record(uow, "checklist.discard", checklist_id)


def checked(point: Point, field: Field) -> Point:
    """Return a point as the field takes it; ``InvalidError`` for a personal identity number in a text (R5)."""
    for name in TEXTS:
        if has_personal_number(getattr(point, name) or ""):
            raise InvalidError("a personal identity number", fields={name: ("personal_number",)})
    if field is not Field.POLICE and point.role_required is not None:
        raise InvalidError("only the police act in roles", fields={"role_required": ("not_police",)})
    return point


def prefix_of(uow: UnitOfWork, listed: Checklist) -> str:
    """Return what the keys of a list begin with: as the house's list of the field, else as the field."""
    house = uow.session.scalar(_listed(listed.field, None))
    first = newest_points(uow, house.id)[:1] if house is not None else []
    return first[0].code[:3] if first else listed.field.value[:3].upper()


def keys_for(uow: UnitOfWork, checklist_id: UUID) -> tuple[str, set[str]]:
    """Return what the keys of a list begin with, and those that are taken; ``NotFoundError`` if hidden or absent."""
    listed = uow.session.get(Checklist, checklist_id)
    if listed is None or listed.authority_id != uow.me:
        raise NotFoundError("no such checklist")
    return prefix_of(uow, listed), used_codes(uow, listed)


def used_codes(uow: UnitOfWork, listed: Checklist) -> set[str]:
    """Return every key that any version of the list, or the house's of its field, has used."""
    p = CheckPoint
    codes = select(p.code).join(Checklist, Checklist.id == p.checklist_id).where(Checklist.field == listed.field)
    return set(uow.session.scalars(codes))


def _listed(field: Field, authority_id: UUID | None) -> Select[Checklist]:
    c = Checklist
    return select(c).where(c.field == field, c.code == field.value, c.authority_id.is_not_distinct_from(authority_id))


def _draft(uow: UnitOfWork, checklist_id: UUID, seen: int) -> ChecklistDraft:
    """Lock the draft; of two administrators the second waits here and is told."""
    demand_keeper(uow)
    d = ChecklistDraft
    draft = uow.session.scalar(select(d).where(d.checklist_id == checklist_id).with_for_update())
    if draft is None:
        raise NotFoundError("no such draft")
    if draft.version != seen:
        raise ChangedMeanwhileError(f"you saw version {seen}, it is now {draft.version}")
    return draft


def _write(uow: UnitOfWork, draft: ChecklistDraft, points: Sequence[Point]) -> None:
    draft.content, draft.version = pack(points), draft.version + 1
    draft.changed_by, draft.changed_at = uow.person, uow.now
    uow.session.flush()
    record(uow, "checklist.change", draft.checklist_id)


def _remove(uow: UnitOfWork, checklist_id: UUID) -> None:
    uow.session.execute(delete(ChecklistDraft).where(ChecklistDraft.checklist_id == checklist_id))
