"""Read the own authority's templates, each in its newest version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import Template
from samsyn.planning.rules import TemplateKind
from samsyn.planning.templates import AnswerContent, Content, OperationContent, from_json


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A template of the own authority in one version."""

    id: UUID
    kind: TemplateKind
    name: str
    version: int
    content: Content
    changed_at: datetime

    @property
    def plan(self) -> OperationContent:
        """Return what it holds of an operation; ``NotFoundError`` for a template of answers."""
        if not isinstance(self.content, OperationContent):
            raise NotFoundError("no such template of operations")
        return self.content

    @property
    def answer(self) -> AnswerContent:
        """Return what it holds of an answer; ``NotFoundError`` for a template of operations."""
        if not isinstance(self.content, AnswerContent):
            raise NotFoundError("no such template of answers")
        return self.content


def line(row: Template) -> TemplateLine | None:
    """Copy a mapped row into the public type; none for a content that nobody can read."""
    content = from_json(row.template_kind, row.content)
    if content is None:
        return None
    return TemplateLine(row.id, row.template_kind, row.name, row.version, content, row.changed_at)


def list_templates(uow: UnitOfWork, kind: TemplateKind, limit: int = 200) -> list[TemplateLine]:
    """Return the newest version of each that is not withdrawn, by name."""
    t = Template
    newest = (
        select(t)
        .where(t.template_kind == kind, t.authority_id == uow.me)
        .order_by(t.name, t.version.desc())
        .ext(distinct_on(t.name))
        .limit(limit)
    )
    rows = [line(row) for row in uow.session.scalars(newest) if row.withdrawn_at is None]
    return sorted((row for row in rows if row is not None), key=lambda row: row.name.casefold())


def get_template(uow: UnitOfWork, template_id: UUID, *, overtaken: bool = False) -> TemplateLine:
    """Return one version; ``NotFoundError`` where it is hidden, absent, withdrawn or overtaken by a newer one.

    With ``overtaken`` an older version is returned too: who changes it is told so when it is saved.
    """
    row = uow.session.get(Template, template_id)
    if row is None or row.withdrawn_at is not None:
        raise NotFoundError("no such template")
    newer = select(Template.id).where(
        Template.authority_id == row.authority_id,
        Template.template_kind == row.template_kind,
        Template.name == row.name,
        Template.version > row.version,
    )
    found = line(row)
    if found is None or (not overtaken and uow.session.scalar(newer.limit(1)) is not None):
        raise NotFoundError("no such template")
    return found
