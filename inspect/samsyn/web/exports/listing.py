"""A list as its page and its files share it: address, columns, who may, and how its rows are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from apiflask import APIBlueprint
from flask import Response, make_response, request
from pydantic import BaseModel

from samsyn.access.rules import Role
from samsyn.audit.service import record
from samsyn.core.errors import SecondPersonError, TooMuchError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.web.exports.book import write_xlsx
from samsyn.web.exports.columns import Column
from samsyn.web.exports.second_person import ASK, answer_ask, demand_second_person, show_needed
from samsyn.web.exports.writers import Table, write_csv, write_json
from samsyn.web.forms import new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.problems import wants_json
from samsyn.web.refusals import note_refusal
from samsyn.web.shell import t

Q = TypeVar("Q", bound=BaseModel)
R = TypeVar("R")
MOST_ROWS: Final = 10_000
WRITERS: Final[dict[str, tuple[str, Callable[..., bytes]]]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "csv": ("text/csv; charset=utf-8", write_csv),
    "json": ("application/json", write_json),
}


@dataclass(frozen=True, slots=True)
class Listing(Generic[Q, R]):
    """A list of a page. ``read`` returns what the page shows to this viewer under the same query, in one go.

    ``name`` is the last part of ``tables.list.<name>`` (the sheet) and ``tables.file.<name>`` (the file's name, which
    holds nothing of what is listed). ``read`` is asked for one row more than ``MOST_ROWS``. ``own``: what the viewer
    brought or was sent; however long, it needs no second person.
    """

    name: str
    path: str
    query: type[Q]
    columns: Sequence[Column[R]]
    read: Callable[..., Sequence[R]]
    roles: tuple[Role | str, ...] = ()
    own: bool = False


LISTINGS: Final[dict[str, Listing[Any, Any]]] = {}
"""Every list with its files, by name; a test walks it."""


def export_routes(blueprint: APIBlueprint, listing: Listing[Any, Any]) -> None:
    """Give a list its three files, at its own address with ``.xlsx``, ``.csv`` or ``.json`` after it."""
    LISTINGS[listing.name] = listing
    for ending in WRITERS:
        route = blueprint.get(f"{listing.path}.{ending}", endpoint=f"export_{listing.name}_{ending}")
        takes = blueprint.input(listing.query, location="query", arg_name="query")
        route(guarded(*listing.roles)(takes(answer_with(listing, ending))))
    if not listing.own:
        route = blueprint.post(f"{listing.path}{ASK}", endpoint=f"ask_{listing.name}")
        takes = blueprint.input(listing.query, location="query", arg_name="query")
        route(guarded(*listing.roles)(takes(ask_for(listing))))


def answer_with(listing: Listing[Any, Any], ending: str) -> Callable[..., Response]:
    """Return the view of one file."""

    def view(query: BaseModel, **keys: Any) -> Response:
        try:
            with unit_of_work(current_viewer()) as uow:
                rows = listing.read(uow, query, **keys)
                table = table_of(listing, rows)
                if not listing.own:
                    demand_second_person(uow, listing.name, query, keys, len(rows))
                note(uow, listing, ending, len(rows))
                day = uow.today.isoformat()
        except SecondPersonError as error:
            if wants_json():
                raise
            note_refusal(error)
            return make_response(show_needed(listing.name, query, new_form()), 403)
        return as_file(table, ending, f"samsyn-{t(f'tables.file.{listing.name}')}-{day}")

    view.__name__ = f"export_{listing.name}_{ending}"
    return view


def ask_for(listing: Listing[Any, Any]) -> Callable[..., Response]:
    """Return the view that asks a second person for a list's file."""

    def view(query: BaseModel, **keys: Any) -> Response:
        return answer_ask(listing.name, query, keys, lambda uow: len(listing.read(uow, query, **keys)))

    view.__name__ = f"ask_{listing.name}"
    return view


def table_of(listing: Listing[Any, R], rows: Sequence[R]) -> Table:
    """Return the rows with their words; ``TooMuchError`` for more than a file takes."""
    if len(rows) > MOST_ROWS:
        said = t("tables.too_many", n=f"{MOST_ROWS:,}".replace(",", "\N{NO-BREAK SPACE}"))
        raise TooMuchError("too many rows", fields={t("tables.rows"): [said]})
    columns = listing.columns
    return Table(
        t(f"tables.list.{listing.name}"),
        columns,
        [t(column.heading) for column in columns],
        [[column.value(row) for column in columns] for row in rows],
    )


def note(uow: UnitOfWork, listing: Listing[Any, Any], ending: str, count: int) -> None:
    """Say in the trail that a list left as a file (R12): which list, which form, how many rows; no content."""
    keys = list((request.view_args or {}).values())
    record(uow, "list.export", keys[0] if keys else uow.me, reason=f"{listing.name}.{ending} {count}")


def as_file(table: Table, ending: str, name: str, *more: Table) -> Response:
    """Answer with a download that is kept nowhere on the way; a workbook may have more sheets."""
    mimetype, write = WRITERS[ending]
    response = Response(write(table, *more), content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response
