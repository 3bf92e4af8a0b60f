"""The own password: changed by who knows the one that stands; every other session ends with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from flask import Response, make_response, redirect, request
from pydantic import SecretStr

from samsyn.access.rules import SHORTEST_PASSWORD
from samsyn.access.service import change_password, has_password, hash_password, is_own_password
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.web.forms import Form, new_form, read_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import landing
from samsyn.web.identity import current_viewer, identified
from samsyn.web.pages.settings import SECTIONS, Section
from samsyn.web.passwords import NewPassword
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t
from samsyn.web.throttle import SIGN_INS

blueprint = page_blueprint("passwords")
HERE: Final = "/settings/password"


class PasswordForm(NewPassword):
    """The password that stands, and the new one."""

    current: SecretStr


def read_password(uow: UnitOfWork) -> dict[str, Any]:
    """Return what the section of the settings shows."""
    return {"password": has_password(uow)}


SECTIONS.append(Section("access/_password.html.j2", read_password))


@blueprint.get("/settings/password")
@guarded()
def get_password() -> str:
    """The form; who signs in another way is told so."""
    return show(new_form())


@blueprint.post("/settings/password")
@guarded()
def post_password() -> Response:
    """Change it; wrong ones count with the wrong sign-ins, so that a machine left open is no way to guess."""
    viewer, form = current_viewer(), read_form(PasswordForm)
    if (asked := form.value) is None:
        return make_response(show(form), 422)
    if (hashed := new_hash(viewer, asked)) is None:
        faults = {"current": [t("password.wrong")]}
        return make_response(show(replace(form, value=None, faults=faults)), 422)
    who = identified()
    with unit_of_work(viewer) as uow:
        change_password(uow, hashed, who.credential.id if who is not None else None)
    return make_response(redirect(landing(f"{HERE}?saved=1"), 303))


def new_hash(viewer: Viewer, asked: PasswordForm) -> str | None:
    """Return what is kept of the new password, or nothing where the old one is wrong."""
    name, caller = f"password:{viewer.person_id}", request.remote_addr or ""
    with SIGN_INS.turn(name, caller):
        if is_own_password(viewer, asked.current.get_secret_value()):
            return hash_password(asked.password.get_secret_value())
    SIGN_INS.failed(name, caller)
    return None


def show(form: Form[Any]) -> str:
    """Render the page."""
    with unit_of_work(current_viewer()) as uow:
        has = has_password(uow)
    saved = "saved" in request.args
    return page("access/password.html.j2", form=form, has=has, saved=saved, shortest=SHORTEST_PASSWORD)
