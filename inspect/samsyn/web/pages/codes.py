"""Codes of a phone app beside the password: asked for at the sign-in, turned on and off on a page of their own."""

from __future__ import annotations

import secrets
from base64 import b32encode
from dataclasses import replace
from hmac import digest
from typing import Any

import segno
from flask import Response, make_response, redirect, request, session
from pyotp.totp import TOTP

from samsyn.access.queries import identify
from samsyn.access.rules import Purpose, Way
from samsyn.access.service import (
    enrol_totp,
    has_totp,
    open_session,
    refuse,
    remove_totp,
    sign_out,
    take_code,
    take_recovery_code,
)
from samsyn.core.errors import NotKnownError, SamsynError
from samsyn.core.keys import Keys, load_keys
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.web.devices import this_client
from samsyn.web.forms import Form, new_form, read_form
from samsyn.web.guards import guarded, open_to_all
from samsyn.web.house import house
from samsyn.web.idempotency import landing, once_then_go
from samsyn.web.identity import begin_session, current_card, current_viewer, identified
from samsyn.web.pages.access import HALFWAY, local_path
from samsyn.web.parsing import Body, Line
from samsyn.web.problems import STATUS
from samsyn.web.recent import ask_again
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t
from samsyn.web.throttle import SIGN_INS

blueprint = page_blueprint("codes")
HERE = "/settings/codes"


class CodeForm(Body):
    """The code, and where to go then."""

    code: Line
    next: str = "/"


class EnrolForm(Body):
    """The first code; ``mark`` names the secret that the page showed."""

    code: Line
    mark: Line


def keys() -> Keys:
    """Return the installation's keys."""
    settings = house().settings
    return load_keys(settings.key_file or settings.data_dir / "keys.json")


def waiting() -> Viewer | None:
    """Return whose password was right a moment ago in this browser."""
    secret = session.get(HALFWAY)
    try:
        return identify(secret, frozenset({Purpose.HALFWAY}))[0] if isinstance(secret, str) else None
    except NotKnownError:
        return None


@blueprint.get("/sign-in/code")
@open_to_all
def get_code() -> Response:
    """The form; who has not given the password goes to the sign-in page."""
    if waiting() is None:
        return make_response(redirect("/sign-in", 303))
    return make_response(show_code(new_form({"next": local_path(request.args.get("next", "/"))})))


@blueprint.post("/sign-in/code")
@open_to_all
def post_code() -> Response:
    """Begin the session; a code is good once, and wrong ones count with the wrong passwords."""
    who, form = waiting(), read_form(CodeForm)
    if who is None:
        return make_response(redirect("/sign-in", 303))
    if (asked := form.value) is None:
        return make_response(show_code(form), 422)
    name, caller = f"code:{who.person_id}", request.remote_addr or ""
    with SIGN_INS.turn(name, caller):
        secret = secret_for(who, asked.code)
    if secret is None:
        SIGN_INS.failed(name, caller)
        refuse(who, "code")
        return make_response(show_code(replace(form, value=None, message=t("access.wrong_code"))), 422)
    begin_session(secret)
    return make_response(redirect(landing(local_path(asked.next)), 303))


def secret_for(who: Viewer, code: str) -> str | None:
    """Return the secret of a new session where the code is right, and take code and half sign-in away with it."""
    with unit_of_work(who) as uow:
        way = Way.CODE if take_code(uow, keys(), code) else None
        if way is None and take_recovery_code(uow, code):
            way = Way.RECOVERY
        if way is None:
            return None
        sign_out(uow, session.pop(HALFWAY))
        return open_session(uow, way, this_client())


def show_code(form: Form[Any]) -> str:
    """Render the page."""
    return page("access/code.html.j2", form=form)


def secret_of(mark: str) -> str:
    """Return the secret that a mark stands for in this session: nothing is kept until the first code is right."""
    who = identified()
    assert who is not None  # noqa: S101 - the routes are guarded
    made = digest(keys().derive("totp_offer"), f"{who.credential.id}:{mark}".encode(), "sha256")
    return b32encode(made[:20]).decode()


@blueprint.get("/settings/codes")
@guarded()
def get_codes() -> Response:
    """What to point the phone at, or the button that turns it off."""
    return ask_again(HERE) or make_response(show(new_form({"mark": secrets.token_urlsafe(16)})))


@blueprint.post("/settings/codes")
@guarded()
def post_codes() -> Response:
    """Turn it on and show the recovery codes, this once."""
    if (again := ask_again(HERE)) is not None:
        return again
    form = read_form(EnrolForm)
    if (asked := form.value) is None:
        return make_response(show(form), 422)
    try:
        with unit_of_work(current_viewer()) as uow:
            codes = enrol_totp(uow, keys(), secret_of(asked.mark), asked.code)
    except SamsynError as error:
        return make_response(show(form.refused(error)), STATUS[error.code])
    return make_response(show(form, codes))


@blueprint.post("/settings/codes/remove")
@guarded()
def post_remove() -> Response:
    """Turn it off."""

    def make(uow: UnitOfWork) -> str:
        remove_totp(uow)
        return HERE

    return ask_again(HERE) or once_then_go(make)


def show(form: Form[Any], codes: list[str] | None = None) -> str:
    """Render the page; ``codes`` are those that are shown this once."""
    with unit_of_work(current_viewer()) as uow:
        on = has_totp(uow)
    card, secret = current_card(), secret_of(form.text("mark") or "none")
    named = {"name": card.name if card else "", "issuer_name": house().settings.service_name}
    address = TOTP(secret).provisioning_uri(**named)
    picture = "" if on else segno.make(address, error="m").svg_data_uri(border=2, light="#fff")
    return page("access/codes.html.j2", form=form, on=on, codes=codes, secret=secret, picture=picture)
