"""The bar that goes along through a practice service: the step to do now, on every page, and how to go there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import Response, g, make_response, redirect, request
from sqlalchemy.exc import SQLAlchemyError

from samsyn.access.rules import LISTED
from samsyn.core.practice import Practice, read_practice
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import targets_of
from samsyn.web.forms import read_form
from samsyn.web.guards import open_to_all
from samsyn.web.house import house
from samsyn.web.idempotency import landing
from samsyn.web.identity import identified
from samsyn.web.pages.access import local_path
from samsyn.web.pages.walk import STEPS, actor, words
from samsyn.web.pages.walk_progress import COOKIE, READ, STEPS_ON, Progress, chosen, over, progress
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint

blueprint = page_blueprint("tour")
ON: Final = "on"
LAST: Final = (len(STEPS), STEPS[-1])
INSIDE: Final = ("/operations/", "/parts/", "/visits/", "/bookings/")
DAY: Final = 86_400
MAKES: Final = frozenset({"/operations/new"})
"""Where an operation is made; besides, an earlier one is repeated, or a template used."""
SELF: Final = frozenset({"/walk", "/walk/reset"})


@dataclass(frozen=True, slots=True)
class Bar:
    """The step to do now, or ``over``; ``me``: the reader is who does it, ``here``: on the page where it is done.

    ``inside``: on one of the pages that a step of the operation's page goes on to.

    ``do``: the key of the text that says what to do now; ``of``: which of how many things the step has, if several;
    ``goes_on``: what to do now is the press of the operation's own button to its next state, and else not.

    ``words``: the people that the step's text names; ``other``: as whom the last page is worth a second look.
    """

    n: int
    name: str
    actor: Mapping[str, Any]
    path: str
    me: bool
    here: bool
    inside: bool
    words: Mapping[str, str]
    do: str
    of: tuple[int, int]
    goes_on: bool
    operation: UUID | None = None
    other: Mapping[str, Any] | None = None

    @property
    def back(self) -> str:
        """Return the key of the text that says what page the step begins on."""
        at = self.path.partition("#")[0].partition("?")[0]
        known = (("/visits/new", "visit"), ("/operations/new", "propose"), ("/tonight", "tonight"))
        found = next((word for end, word in known if at.endswith(end)), "")
        return found or ("start" if at == "/" else "business" if at.startswith("/businesses") else "operation")

    def holds(self, operation: UUID) -> bool:
        """Say whether something else comes before the next state of this operation, as the bar has it."""
        return self.me and self.operation == operation and not self.goes_on


class LeaveForm(Body):
    """Where the reader was."""

    next: str = "/"


@blueprint.app_template_global("tour")
def tour() -> Bar | None:
    """Return the bar, read once a page."""
    if "tour_bar" not in g:
        g.tour_bar = read_bar()
    found: Bar | None = g.tour_bar
    return found


def read_bar() -> Bar | None:
    """Return the bar; nothing outside a tour, on the tour's own pages, and while the database is away.

    Nor on a page that a mail's link opened: it is its bearer's, and the tour is that of who is signed in.
    """
    if not house().settings.demo or COOKIE not in request.cookies or request.path in SELF:
        return None
    try:
        who, town = identified(), read_practice(house().settings.data_dir)
        if who is None or who.credential.purpose not in LISTED or town is None:
            return None
        with unit_of_work(who.viewer) as uow:
            at = progress(uow)
            read = where_to_read(uow, at)
    except SQLAlchemyError:  # a database that is away must not hide the error page
        return None
    if chosen() not in {None, at.operation}:  # somebody who does not see the operation: the tour's own page leads back
        return None
    return bar(town, at, str(who.viewer.person_id), read)


def where_to_read(uow: UnitOfWork, at: Progress) -> str:
    """Return the page of the business that was visited, once its dossiers are built."""
    if at.operation is None or "report" not in at.done:
        return ""
    return next((f"/businesses/{one.business_id}" for one in targets_of(uow, at.operation).values()), "")


def bar(town: Practice, at: Progress, me: str, read: str) -> Bar:
    """Return the bar for the first step that is not done, and remember what the tour is about."""
    n, (name, unit, role) = next(((n, one) for n, one in enumerate(STEPS, 1) if one[0] not in at.done), LAST)
    person, path = actor(town, unit, role), read if name == "read" and read else at.path(name)
    mine = person["person_id"] == me
    here = mine and request.path == path.partition("?")[0]
    inside = mine and not here and "/visits/" not in path and request.path.startswith(INSIDE)
    ended = name == "read" and (here or over())
    if at.operation is not None:
        g.tour = f"{at.operation}{READ if ended else ''}"
    police = actor(town, "police", "planner")
    other = police if ended and read and police["person_id"] != me else None
    nth, errand = (0, "") if ended else at.errand(name)
    do = "walk.read.see" if ended and other else "walk.bar.over_here" if ended else f"walk.{name}.{errand or 'do'}"
    return Bar(
        n, "over" if ended else name, person, path, mine, here, inside, words(town, at), do,
        (nth, len(at.errands.get(name, {}))), errand in STEPS_ON, at.operation, other,
    )  # fmt: skip


@blueprint.after_app_request
def remember(response: Response) -> Response:
    """Keep for a day that the tour goes on, and what it is about; begun by opening its page."""
    begun = request.path == "/walk" and request.method == "GET" and COOKIE not in request.cookies
    said = made_here(response) or g.get("tour", ON if begun and house().settings.demo else None)
    if said is not None and said != request.cookies.get(COOKIE) and response.status_code < 400:  # noqa: PLR2004
        response.set_cookie(COOKIE, said, max_age=DAY, secure=house().secure, httponly=True, samesite="Lax", path="/")
    return response


def made_here(response: Response) -> str | None:
    """Return the operation that was made just now, where a tour waits for its own or is over."""
    kept = request.cookies.get(COOKIE, "")
    makes = request.method == "POST" and (request.path in MAKES or request.path.endswith(("/repeat", "/use")))
    if not makes or response.status_code != 303 or not (kept == ON or kept.endswith(READ)):  # noqa: PLR2004
        return None
    made = re.match(r"/operations/([0-9a-f-]{36})", response.headers["Location"])
    return made[1] if made else None


@blueprint.post("/walk/leave")
@open_to_all
def post_leave() -> Response:
    """Take the bar away; the tour's page stays where it is, and opening it begins anew."""
    asked = read_form(LeaveForm).value
    response = make_response(redirect(landing(local_path(asked.next if asked else "/")), 303))
    response.delete_cookie(COOKIE, secure=house().secure, httponly=True, samesite="Lax", path="/")
    return response
