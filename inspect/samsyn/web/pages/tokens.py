"""Tokens for programs: made with just the scopes they need, shown once, listed with their last use, ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from flask import Response, make_response
from pydantic import Field

from samsyn.access.queries import my_credentials
from samsyn.access.rules import Purpose, all_scopes
from samsyn.access.service import MakeToken, end_token, make_token
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.web.forms import Form, new_form, read_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import answer_once, once_then_go, request_key, what_is_asked
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body, Line
from samsyn.web.recent import ask_again
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("tokens")
HERE = "/settings/tokens"


class TokenForm(Body):
    """What the page asks."""

    name: Line
    days: Annotated[int, Field(ge=1, le=365)] = 90
    scopes: tuple[Line, ...] = ()


@blueprint.get("/settings/tokens")
@guarded()
def get_tokens() -> str:
    """The own tokens, without what opens them."""
    return show(new_form({"days": 90}))


@blueprint.post("/settings/tokens")
@guarded()
def post_tokens() -> Response:
    """Make a token and show it, this once: it is kept nowhere, so the answer is the page and no redirect."""
    if (again := ask_again(HERE)) is not None:
        return again
    form, made = read_form(TokenForm), list[str]()
    if (asked := form.value) is None or not known(asked):
        return make_response(show(form, none_chosen=form.value is not None), 422)

    def make(uow: UnitOfWork) -> str:
        life = timedelta(days=asked.days)
        made.append(make_token(uow, MakeToken(asked.name, frozenset(asked.scopes), life)))
        return HERE

    with unit_of_work(current_viewer()) as uow:
        answer_once(uow, request_key(), what_is_asked(), lambda: make(uow))
    return make_response(show(new_form({"days": 90}), *made, shown_before=not made))


def known(asked: TokenForm) -> bool:
    """Say whether at least one scope was chosen, and none that there is not."""
    return bool(asked.scopes) and set(asked.scopes) <= set(all_scopes())


@blueprint.post("/settings/tokens/<uuid:token_id>/end")
@guarded()
def post_end(token_id: UUID) -> Response:
    """End a token: its next call is refused."""

    def make(uow: UnitOfWork) -> str:
        end_token(uow, token_id)
        return HERE

    return once_then_go(make)


def show(form: Form[Any], secret: str = "", *, shown_before: bool = False, none_chosen: bool = False) -> str:
    """Render the page."""
    with unit_of_work(current_viewer()) as uow:
        tokens = my_credentials(uow, frozenset({Purpose.API}))
    said = {"secret": secret, "shown_before": shown_before, "none_chosen": none_chosen}
    return page("access/tokens.html.j2", form=form, tokens=tokens, scopes=all_scopes(), **said)
