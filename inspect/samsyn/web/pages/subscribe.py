"""Subscribing in a calendar: to what, how much it tells, the secret address, how to add it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import segno
from flask import Response, make_response, request
from pydantic import Field

from samsyn.authorities.queries import my_collaborations, units_of
from samsyn.calendars.queries import FeedLine, list_feeds, naming_of, operations_to_follow, units_to_follow
from samsyn.calendars.rules import LEVELS_OF, MOST_CHOSEN, FeedLevel, FeedOf, FeedScope, usual_level
from samsyn.calendars.service import create_feed, revoke_feed, rotate_feed
from samsyn.core.errors import SamsynError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.texts import say
from samsyn.web.forms import SHOWN_IN_FORM, Form, new_form, read_form
from samsyn.web.guards import guarded
from samsyn.web.house import house
from samsyn.web.idempotency import answer_once, once_then_go, request_key, what_is_asked
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.localtime import show_moment
from samsyn.web.parsing import Body
from samsyn.web.problems import STATUS
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("subscribe")
Options = list[tuple[str, str]]
FIELD_OF: Final = {
    FeedScope.UNIT: "unit_id",
    FeedScope.OPERATIONS: "operations",
    FeedScope.COLLABORATION: "collaboration_id",
}
"""What is chosen beside the level."""


class SubscribeForm(Body):
    """What the feed is of, and how much it tells."""

    scope: FeedScope = FeedScope.OWN
    level: FeedLevel
    unit_id: UUID | None = None
    collaboration_id: UUID | None = None
    operations: tuple[UUID, ...] = Field(default=(), max_length=MOST_CHOSEN)

    def of(self) -> FeedOf:
        """Return what the feed is of."""
        return FeedOf(self.scope, self.unit_id, self.collaboration_id, frozenset(self.operations))


@blueprint.get("/subscribe")
@guarded()
def get_subscribe() -> str:
    """The levels with what each shows, how to add an address, and the own addresses without their secrets."""
    return show(empty_form(scope_of(request.args.get("of", ""))))


@blueprint.post("/subscribe")
@guarded()
def post_subscribe() -> Response:
    """Make a feed and show its address, this once: it is kept nowhere, so the answer is the page and no redirect."""
    form = read_form(SubscribeForm)
    if (asked := form.value) is None:
        return make_response(show(form), 422)
    try:
        return show_secret(form, lambda uow: create_feed(uow, asked.level, asked.of()))
    except SamsynError as error:
        if STATUS[error.code] not in SHOWN_IN_FORM:
            raise
        return make_response(show(form.refused(error)), STATUS[error.code])


@blueprint.post("/subscribe/<uuid:feed_id>/rotate")
@guarded()
def post_rotate(feed_id: UUID) -> Response:
    """End a feed's address and show a new one for the same feed, this once."""
    return show_secret(empty_form(FeedScope.OWN), lambda uow: rotate_feed(uow, feed_id))


def show_secret(form: Form[Any], make: Callable[[UnitOfWork], tuple[UUID, str]]) -> Response:
    """Make an address once per key and answer the page with it; a repetition says that it was shown before."""
    secrets: list[str] = []

    def made(uow: UnitOfWork) -> str:
        feed_id, secret = make(uow)
        secrets.append(secret)
        return str(feed_id)

    with unit_of_work(current_viewer()) as uow:
        feed = answer_once(uow, request_key(), what_is_asked(), lambda: made(uow))
    address = f"{house().settings.base_url}/cal/{secrets[0]}.ics" if secrets else ""
    return make_response(show(form, address, feed, shown_before=not secrets))


@blueprint.post("/subscribe/<uuid:feed_id>/end")
@guarded()
def post_end(feed_id: UUID) -> Response:
    """End a feed: its address answers 404 from the next request on."""

    def make(uow: UnitOfWork) -> str:
        revoke_feed(uow, feed_id)
        return "/subscribe"

    return once_then_go(make)


def show(form: Form[Any], address: str = "", made: str = "", *, shown_before: bool = False) -> str:
    """Render the page; ``address`` is that of the feed ``made``, ``shown_before`` when the same form came twice."""
    scope = scope_of(form.text("scope"))
    with unit_of_work(current_viewer()) as uow:
        feeds = [feed for feed in list_feeds(uow) if feed.revoked_at is None]
        options, words = to_choose(uow, scope), words_of(uow, feeds)
        named = naming_of(uow).allowed
    webcal = f"webcal://{address.partition('://')[2]}" if address else ""
    own = any(str(feed.id) == made and feed.scope is FeedScope.OWN for feed in feeds)
    return page(
        "subscribe.html.j2",
        form=form,
        scope=scope.value,
        scopes=[one.value for one in FeedScope],
        field=FIELD_OF.get(scope, ""),
        options=options,
        levels=[level.value for level in LEVELS_OF[scope]],
        feeds=feeds,
        words=words,
        named=named,
        address=address,
        made=made,
        webcal=webcal,
        # A phone that opens the file by https adds its events once, for good; by this name it subscribes.
        picture=segno.make(webcal, error="m").svg_data_uri(border=2, light="#fff") if address else "",
        free_busy=address.replace("/cal/", "/fb/").replace(".ics", ".ifb") if own else "",
        shown_before=shown_before,
    )


def scope_of(said: str) -> FeedScope:
    """Return what an address or a form asks for: the person's own where it is no word of ours."""
    return FeedScope(said) if said in set(FeedScope) else FeedScope.OWN


def empty_form(scope: FeedScope) -> Form[Any]:
    """Return the form for a scope with its usual level."""
    return new_form({"scope": scope.value, "level": usual_level(scope).value})


def to_choose(uow: UnitOfWork, scope: FeedScope) -> Options:
    """Return what there is to choose of a scope: units, collaborations, coming operations with their times."""
    match scope:
        case FeedScope.UNIT:
            return [(str(unit.id), unit.name) for unit in units_to_follow(uow)]
        case FeedScope.COLLABORATION:
            return [(str(one.id), one.name) for one in my_collaborations(uow)]
        case FeedScope.OPERATIONS:
            language = current_language()
            coming = operations_to_follow(uow)
            return [(str(one.id), f"{one.code_word}, {show_moment(one.begins_at, language)}") for one in coming]
        case _:
            return []


def words_of(uow: UnitOfWork, feeds: list[FeedLine]) -> dict[str, str]:
    """Return what each feed is of, in words, by its id."""
    language = current_language()
    units = {unit.id: unit.name for unit in units_of(uow, {uow.me})}
    known = {one.id: one.name for one in my_collaborations(uow)}
    said = {}
    for feed in feeds:
        of = say(language, f"subscribing.of.{feed.scope}")
        name = units.get(feed.unit_id or feed.id) or known.get(feed.collaboration_id or feed.id)
        chosen = say(language, "subscribing.chosen", n=feed.operations)
        said[str(feed.id)] = chosen if feed.scope is FeedScope.OPERATIONS else name or of
    return said
