"""The own authority's templates as a file: what each is for, and when it was changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from samsyn.core.uow import UnitOfWork
from samsyn.planning.queries import TemplateLine, list_templates
from samsyn.planning.rules import TemplateKind
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import Listing
from samsyn.web.listing import PageQuery
from samsyn.web.pages.templates import KEEPERS
from samsyn.web.shell import t


def read(uow: UnitOfWork, _query: PageQuery) -> Sequence[TemplateLine]:
    """Both kinds, in the page's order."""
    return [*list_templates(uow, TemplateKind.OPERATION), *list_templates(uow, TemplateKind.ANSWER)]


def kind_of(row: TemplateLine) -> str:
    """Return what a template begins."""
    return t("templates.page.plans" if row.kind is TemplateKind.OPERATION else "templates.page.answers")


TEMPLATES: Final[Listing[PageQuery, TemplateLine]] = Listing(
    name="templates",
    path="/templates",
    query=PageQuery,
    read=read,
    roles=KEEPERS,
    columns=(
        Column("kind", "tables.column.kind", Kind.TEXT, kind_of),
        Column("name", "templates.field.name", Kind.TEXT, lambda row: row.name),
        Column(
            "legal_basis",
            "templates.answer_field.legal_basis",
            Kind.TEXT,
            lambda row: row.answer.legal_basis if row.kind is TemplateKind.ANSWER else "",
        ),
        Column("version", "tables.column.version", Kind.NUMBER, lambda row: row.version),
        Column("changed_at", "templates.page.changed", Kind.DATETIME, lambda row: row.changed_at),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.id, machine=True),
    ),
)
