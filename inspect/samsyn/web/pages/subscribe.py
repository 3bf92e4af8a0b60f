"""Subscribing to the own operations in a calendar: how much it tells, the secret address, how to add it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import segno
from flask import Response, make_response

from samsyn.calendars.queries import list_feeds
from samsyn.calendars.rules import FeedLevel
from samsyn.calendars.service import create_feed, revoke_feed, rotate_feed
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.web.forms import Form, new_form, read_form
from samsyn.web.guards import guarded
from samsyn.web.house import house
from samsyn.web.idempotency import answer_once, once_then_go, request_key, what_is_asked
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("subscribe")


class SubscribeForm(Body):
    """How much the feed tells."""

    level: FeedLevel


@blueprint.get("/subscribe")
@guarded()
def get_subscribe() -> str:
    """The levels with what each shows, how to add an address, and the own addresses without their secrets."""
    return show(new_form({"level": FeedLevel.FULL}))


@blueprint.post("/subscribe")
@guarded()
def post_subscribe() -> Response:
    """Make a feed and show its address, this once: it is kept nowhere, so the answer is the page and no redirect."""
    form = read_form(SubscribeForm)
    if (asked := form.value) is None:
        return make_response(show(form), 422)
    return show_secret(form, lambda uow: create_feed(uow, asked.level))


@blueprint.post("/subscribe/<uuid:feed_id>/rotate")
@guarded()
def post_rotate(feed_id: UUID) -> Response:
    """End a feed's address and show a new one for the same feed, this once."""
    return show_secret(new_form({"level": FeedLevel.FULL}), lambda uow: rotate_feed(uow, feed_id))


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
    with unit_of_work(current_viewer()) as uow:
        feeds = [feed for feed in list_feeds(uow) if feed.revoked_at is None]
    return page(
        "subscribe.html.j2",
        form=form,
        levels=[level.value for level in (FeedLevel.BUSY, FeedLevel.AUTHORITY, FeedLevel.FULL)],
        feeds=feeds,
        address=address,
        made=made,
        webcal=f"webcal://{address.partition('://')[2]}" if address else "",
        picture=segno.make(address, error="m").svg_data_uri(border=2, light="#fff") if address else "",
        free_busy=address.replace("/cal/", "/fb/").replace(".ics", ".ifb"),
        shown_before=shown_before,
    )
