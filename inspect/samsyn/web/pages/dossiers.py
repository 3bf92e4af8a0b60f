"""Dossiers for people: the list, a business for one reader's authority, and the progress of compiling all."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypedDict
from uuid import UUID

from flask import Response, request

from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.dossiers.news import News, read_news
from samsyn.dossiers.queries import list_dossiers, open_deficiencies
from samsyn.dossiers.service import start_compile_job
from samsyn.texts import has
from samsyn.web.api.dossiers import READERS, compile_one, reader_of
from samsyn.web.exports.dossier_sheets import basis_name
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.pages.business_view import read_view, visits_with_news
from samsyn.web.pages.opening import in_lines
from samsyn.web.pages.squares import square_of_part
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("dossiers")


class Wanted(TypedDict, total=False):
    """What narrows the list."""

    least_open: int
    least_serious: int
    news: bool


class DossierQuery(PageQuery):
    """Only those with open deficiencies, with serious ones, or with what the reader has not read."""

    only: Literal["", "open", "serious", "news"] = ""

    @property
    def wanted(self) -> Wanted:
        """Return what ``list_dossiers`` takes."""
        kinds: dict[str, Wanted] = {"open": {"least_open": 1}, "serious": {"least_serious": 1}, "news": {"news": True}}
        return kinds.get(self.only, {})


@blueprint.get("/dossiers")
@guarded(*READERS)
@blueprint.input(DossierQuery, location="query", arg_name="query")
def get_dossiers(query: DossierQuery) -> str:
    """The own authority's dossiers, newest compiled first."""
    with unit_of_work(current_viewer()) as uow:
        found = list_dossiers(uow, query.seek(), **query.wanted)
        counts = open_deficiencies(uow)
        reader = reader_of(uow)
    return page(
        "dossiers.html.j2",
        lines=found.items,
        cursor=found.next_cursor,
        only=query.only,
        reader=reader,
        with_open=len(counts),
        with_serious=sum(serious > 0 for _, serious in counts.values()),
        open=sum(n for n, _ in counts.values()),
    )


@blueprint.post("/dossiers/compile")
@guarded(*READERS)
def post_compile_all() -> Response:
    """Start compiling all that the authority has ever visited, and show how far it is."""
    return once_then_go(lambda uow: f"/jobs/{start_compile_job(uow)}")


@blueprint.get("/businesses/<uuid:business_id>")
@guarded()
def get_one(business_id: UUID) -> str:
    """A business and, for who reads findings, the dossier of the own authority (logged), with what is new marked."""
    viewer = current_viewer()
    reads = bool(viewer.roles & frozenset(READERS))
    with unit_of_work(viewer) as uow:
        view = read_view(uow, business_id, reads=reads)
        shown = {one.outcome_id: one.version for lines in view.outcomes.values() for one in lines}
        news = read_news(uow, view.dossier, shown) if view.dossier else News(None)
        reader = reader_of(uow)
        visits = view.content["visits"] if view.content else []
        field = square_of_part(uow, [part for visit in visits for part in visit["parts"]])
    return page(
        "business.html.j2",
        view=view,
        business=view.business,
        dossier=view.dossier,
        content=view.content,
        reads=reads,
        reader=reader,
        opening=in_lines(view.hours, current_language()),
        spots=view.spots,
        keeps="planner" in viewer.roles,
        compiled="compiled" in request.args,
        changed="changed" in request.args,
        decides="decider" in viewer.roles,
        when=datetime.fromisoformat,
        field=field,
        named=named,
        basis=basis_name,
        news=news,
        fresh_visits=visits_with_news(view, news) if view.content else [],
    )


@blueprint.post("/businesses/<uuid:business_id>/compile")
@guarded(*READERS)
def post_compile(business_id: UUID) -> Response:
    """Compile the business now and show it."""

    def make(uow: UnitOfWork) -> str:
        compile_one(uow, business_id)
        return f"/businesses/{business_id}?compiled"

    return once_then_go(make)


def named(table: str, code: str) -> str:
    """Return the words of a code, or the code where a list brought one that has none."""
    key = f"{table}.{code}"
    return t(key) if has(key) else code
