"""Authorities and units, open to every signed-in person, and the own collaborations."""

from __future__ import annotations

from uuid import UUID

from samsyn.authorities.queries import list_authorities, list_units, my_collaborations
from samsyn.authorities.rules import AuthorityKind, Field
from samsyn.core.uow import unit_of_work
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import ALL, PageQuery, cut_here
from samsyn.web.parsing import Shown
from samsyn.web.routing import api_blueprint

blueprint = api_blueprint("authorities")


class AuthorityOut(Shown):
    """An authority: the boundary of secrecy."""

    id: UUID
    name: str
    kind: AuthorityKind


class AuthorityPage(Shown):
    """Some authorities."""

    items: list[AuthorityOut]
    next_cursor: str | None


class UnitOut(Shown):
    """A unit and what it supervises."""

    id: UUID
    authority_id: UUID
    field: Field
    name: str


class UnitPage(Shown):
    """Some units."""

    items: list[UnitOut]
    next_cursor: str | None


class CollaborationOut(Shown):
    """A collaboration that the caller's authority is a member of."""

    id: UUID
    name: str
    municipality: str


class CollaborationPage(Shown):
    """Some collaborations."""

    items: list[CollaborationOut]
    next_cursor: str | None


@blueprint.get("/authorities")
@guarded()
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(AuthorityPage)
def get_authorities(query: PageQuery) -> dict[str, object]:
    """Every authority, by name."""
    with unit_of_work(current_viewer()) as uow:
        lines = list_authorities(uow, ALL)
    return cut_here(lines, query, lambda line: (line.name, str(line.id)))


@blueprint.get("/units")
@guarded()
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(UnitPage)
def get_units(query: PageQuery) -> dict[str, object]:
    """Every unit, by name."""
    with unit_of_work(current_viewer()) as uow:
        lines = list_units(uow, ALL)
    return cut_here(lines, query, lambda line: (line.name, str(line.id)))


@blueprint.get("/collaborations")
@guarded()
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(CollaborationPage)
def get_collaborations(query: PageQuery) -> dict[str, object]:
    """The collaborations that the own authority is a member of."""
    with unit_of_work(current_viewer()) as uow:
        lines = my_collaborations(uow)
    return cut_here(lines, query, lambda line: (line.name, str(line.id)))
