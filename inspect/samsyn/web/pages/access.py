"""Sign in and out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from flask import Response, make_response, redirect, request, session
from pydantic import SecretStr

from samsyn.access.rules import Way
from samsyn.access.service import check_password, halfway, has_totp, open_session, sign_out
from samsyn.core.errors import NotKnownError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.web.devices import this_client
from samsyn.web.forms import Form, new_form, read_form
from samsyn.web.guards import guarded, open_to_all
from samsyn.web.idempotency import landing
from samsyn.web.identity import begin_session, current_viewer, identified
from samsyn.web.parsing import Body, Line
from samsyn.web.providers import current_providers, refusal_to_show
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t
from samsyn.web.throttle import SIGN_INS

blueprint = page_blueprint("access")
HALFWAY: Final = "halfway"
PROVIDER: Final = "provider"
"""Whose word the session was begun on; after it, the page offers to sign out there too."""


class SignInForm(Body):
    """What the sign-in page asks; ``next`` is where to go then. The address is looked for, not kept."""

    saved: ClassVar[bool] = False
    address: Line
    password: SecretStr
    next: str = ""


def local_path(path: str) -> str:
    """Return the path if it is one of this site, else the start page: a link cannot send people elsewhere."""
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else "/"


@blueprint.get("/sign-in")
@open_to_all
def get_sign_in() -> str:
    """The form, and the authorities' own ways; after a refusal there or a sign-out, what to know of it."""
    return show(new_form({"next": local_path(request.args.get("next", "/"))}))


def show(form: Form[Any]) -> str:
    """Render the page."""
    left = current_providers().by_name.get(request.args.get("left", ""))
    return page("sign-in.html.j2", form=form, refused=refusal_to_show(), left=left.provider if left else None)


@blueprint.post("/sign-in")
@open_to_all
def post_sign_in() -> Response:
    """Begin a session; a wrong address and a wrong password answer the same, and too many of them wait (429)."""
    form = read_form(SignInForm)
    if (asked := form.value) is None:
        return make_response(show(form), 422)
    with SIGN_INS.turn(asked.address.strip().lower(), request.remote_addr or ""):
        try:
            who = check_password(asked.address, asked.password.get_secret_value())
        except NotKnownError:
            refused = replace(form, value=None, message=t("sign_in.wrong"))
            SIGN_INS.failed(asked.address.strip().lower(), request.remote_addr or "")
            return make_response(show(refused), 422)
    return go_on(who, local_path(asked.next))


def go_on(who: Viewer, path: str) -> Response:
    """Begin the session, or ask first for the code of the phone app where the person has one."""
    with unit_of_work(who) as uow:
        ask = has_totp(uow)
        secret = halfway(uow) if ask else open_session(uow, Way.PASSWORD, this_client())
    if ask:
        session[HALFWAY] = secret
        return make_response(redirect(f"/sign-in/code?{urlencode({'next': path})}#content", 303))
    begin_session(secret)
    return make_response(redirect(landing(path), 303))


@blueprint.post("/sign-out")
@guarded()
def post_sign_out() -> Response:
    """End the session at once, here and in the database."""
    who = identified()
    if who is not None and not who.by_bearer:
        with unit_of_work(current_viewer()) as uow:
            sign_out(uow, who.secret)
    provider = session.get(PROVIDER)
    session.clear()
    left = f"/sign-in?{urlencode({'left': provider})}" if isinstance(provider, str) else "/sign-in"
    return make_response(redirect(landing(left), 303))
