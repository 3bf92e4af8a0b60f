"""The registry: a list to search."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import StringConstraints

from samsyn.businesses.queries import BusinessCard, BusinessFilter, list_businesses
from samsyn.businesses.rules import PermitKind, Trade
from samsyn.core.paging import Page, Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import last_visits
from samsyn.places.queries import list_hot_spots, premises_in_hot_spot
from samsyn.texts import has, sort_key
from samsyn.web.forms import new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.pages.squares import squares_of
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("businesses")
FILTERS: Final = ("begins_with", "trade", "hot_spot", "permit", "ended")


class ListQuery(PageQuery):
    """What is looked for: the beginning of a name or a street, a trade, a hot spot, a permit; also what has ended."""

    begins_with: Annotated[str, StringConstraints(max_length=100)] = ""
    trade: Trade | Literal[""] = ""
    hot_spot: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")] | Literal[""] = ""
    permit: PermitKind | Literal["expired", ""] = ""
    ended: bool = False


def word(kind: str, code: str) -> str:
    """Return the word of a trade or a company's form; an unknown code is shown as it is."""
    key = f"businesses.{kind}.{code}"
    return t(key) if has(key) else code


def read_businesses(uow: UnitOfWork, query: ListQuery, seek: Seek) -> Page[BusinessCard]:
    """Return the businesses that the list shows, in Swedish order of the place's name; two statements at most."""
    try:
        premises = premises_in_hot_spot(uow, UUID(query.hot_spot)) if query.hot_spot else None
    except ValueError:
        premises = frozenset()
    return list_businesses(
        uow,
        seek,
        wanted=BusinessFilter(
            query.begins_with, query.trade, query.permit, premises, running=not query.ended, day=uow.today
        ),
    )


@blueprint.get("/businesses")
@guarded()
@blueprint.input(ListQuery, location="query", arg_name="query")
def get_businesses(query: ListQuery) -> str:
    """Businesses of the own collaborations with the last visit of anybody; a constant number of statements."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        found = read_businesses(uow, query, query.seek())
        last = last_visits(uow, {one.premises_id for one in found.items})
        squares = squares_of(uow, {a for one in last.values() for a in one.authorities})
        spots = [(str(one.id), one.name) for one in list_hot_spots(uow)]
    asked = {name: getattr(query, name) for name in FILTERS}
    return page(
        "businesses/list.html.j2",
        businesses=found.items,
        cursor=found.next_cursor,
        form=new_form({**asked, "ended": "true" if query.ended else ""}),
        filters={k: str(v).lower() if v is True else str(v) for k, v in asked.items() if v},
        last=last,
        squares_in=lambda who: [squares[one] for one in who if one in squares],
        keeps="planner" in viewer.roles,
        spots=spots,
        trades=in_words("trade", Trade),
        permits=[("expired", t("registry.expired")), *in_words("permit", PermitKind)],
        word=word,
    )


def in_words(kind: str, codes: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Return codes with their words, in Swedish order of the words."""
    return sorted(((one.value, word(kind, one)) for one in codes), key=lambda pair: sort_key(pair[1]))
