"""Who I am, and the colleagues that I may see."""

from __future__ import annotations

from uuid import UUID

from samsyn.access.queries import list_staff
from samsyn.core.errors import NotKnownError
from samsyn.core.uow import unit_of_work
from samsyn.web.guards import guarded
from samsyn.web.identity import current_card, current_viewer
from samsyn.web.listing import ALL, PageQuery, cut_here
from samsyn.web.parsing import Shown
from samsyn.web.routing import api_blueprint

blueprint = api_blueprint("access")


class MeOut(Shown):
    """The caller: one person acting for one authority."""

    person_id: UUID
    authority_id: UUID
    name: str
    authority: str
    roles: list[str]
    language: str


class StaffOut(Shown):
    """A colleague; the shown name is a service number where the person chose so."""

    person_id: UUID
    authority_id: UUID
    unit_id: UUID
    shown_name: str
    roles: list[str]
    competences: list[str]


class StaffPage(Shown):
    """Some colleagues."""

    items: list[StaffOut]
    next_cursor: str | None


@blueprint.get("/me")
@guarded()
@blueprint.output(MeOut)
def get_me() -> MeOut:
    """Who the caller is."""
    viewer, card = current_viewer(), current_card()
    if card is None or viewer.person_id is None or viewer.authority_id is None:
        raise NotKnownError("no person")
    return MeOut(
        person_id=viewer.person_id,
        authority_id=viewer.authority_id,
        name=card.name,
        authority=card.authority,
        roles=sorted(viewer.roles),
        language=card.language,
    )


@blueprint.get("/staff")
@guarded()
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(StaffPage)
def get_staff(query: PageQuery) -> dict[str, object]:
    """Colleagues of the own authority and of the collaborations that it shares."""
    with unit_of_work(current_viewer()) as uow:
        lines = list_staff(uow, limit=ALL)
    return cut_here(lines, query, lambda line: (line.shown_name, f"{line.person_id}{line.authority_id}"))
