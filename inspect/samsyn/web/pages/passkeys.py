"""Passkeys: added, named and removed by who has just signed in; and the way in with one, beside the others."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response, make_response, redirect, request, session
from pydantic import StringConstraints

from samsyn.access.passkeys import Ceremony, credential_id_in, registration_options, sign_in_options
from samsyn.access.queries import my_credential_ids, my_passkeys
from samsyn.access.service import (
    add_passkey,
    new_challenge,
    remove_passkey,
    rename_passkey,
    sign_in_with_passkey,
)
from samsyn.core.errors import InvalidError, NotAllowedError, NotFoundError, NotKnownError
from samsyn.core.keys import fingerprint
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.web.devices import this_client
from samsyn.web.forms import Form, answer_form, new_form, read_form
from samsyn.web.guards import guarded, open_to_all
from samsyn.web.house import house
from samsyn.web.idempotency import landing, once_then_go
from samsyn.web.identity import begin_session, current_card, current_viewer, identified
from samsyn.web.pages.access import local_path
from samsyn.web.pages.access import show as show_sign_in
from samsyn.web.pages.settings import SECTIONS, Section
from samsyn.web.parsing import Body, Line
from samsyn.web.recent import ask_again, signed_in_lately
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t
from samsyn.web.throttle import SIGN_INS

blueprint = page_blueprint("passkeys")
HERE: Final = "/settings/passkeys"
BROWSER: Final = "passkey"
"""In the session's cookie: what binds a sign-in's challenge to this browser before anybody is known."""
Said = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]


class AddForm(Body):
    """A new key as the browser gives it, and what to call it."""

    name: Line
    credential: Said


class NameForm(Body):
    """What to call a key."""

    name: Line


class EnterForm(Body):
    """What the key answered, and where to go then."""

    credential: Said
    next: str = "/"


def demand_offered() -> None:
    """Refuse where no browser would take a key."""
    if not house().takes_passkeys:
        raise NotFoundError("no passkeys at this address")


def bound_here() -> str:
    """Return what a sign-in's challenge is bound to in this browser, made when it is first asked for."""
    if not isinstance(session.get(BROWSER), str):
        session[BROWSER] = secrets.token_urlsafe(32)
    return str(session[BROWSER])


def bound_to_session() -> str:
    """Return what the challenge for a new key is bound to: the session that asks for it."""
    who = identified()
    if who is None or who.by_bearer or not signed_in_lately():
        raise NotAllowedError("sign in again first")
    return str(who.credential.id)


@blueprint.post("/sign-in/passkey/options")
@open_to_all
def post_sign_in_options() -> Response:
    """What the browser asks the device; the challenge is good here, once, for five minutes."""
    demand_offered()
    asked = sign_in_options(house().party, new_challenge(Ceremony.SIGN_IN, bound_here()))
    return Response(asked, content_type="application/json")


@blueprint.post("/sign-in/passkey")
@open_to_all
def post_sign_in() -> Response:
    """Begin a session; whatever was wrong with the key is one answer, and too much of it waits (429)."""
    demand_offered()
    form, caller = read_form(EnterForm), request.remote_addr or ""
    if (asked := form.value) is None:
        return refused(form)
    name = f"passkey:{named(asked.credential)}"
    with SIGN_INS.turn(name, caller):
        try:
            secret = sign_in_with_passkey(house().party, bound_here(), asked.credential, this_client())
        except (NotKnownError, InvalidError):
            SIGN_INS.failed(name, caller)
            return refused(form)
    begin_session(secret)
    return make_response(redirect(landing(local_path(asked.next)), 303))


def named(said: str) -> str:
    """Return the digest of the key that an answer says it is from, to count its failures by."""
    try:
        return fingerprint(credential_id_in(said))
    except InvalidError:
        return ""


def refused(form: Form[Any]) -> Response:
    """Return to the sign-in page, which has the other ways."""
    shown = replace(new_form({"next": local_path(form.text("next") or "/")}), message=t("passkeys.refused"))
    return make_response(show_sign_in(shown), 422)


@blueprint.get("/settings/passkeys")
@guarded()
def get_passkeys() -> Response:
    """The own keys, and the way to one more."""
    return ask_again(HERE) or make_response(show(new_form({"name": this_client().device})))


@blueprint.post("/settings/passkeys/options")
@guarded()
def post_options() -> Response:
    """What the browser asks the device for a new key."""
    demand_offered()
    challenge, card = new_challenge(Ceremony.REGISTER, bound_to_session()), current_card()
    with unit_of_work(current_viewer()) as uow:
        have, person = my_credential_ids(uow), uow.person
    name = card.name if card is not None and card.name else str(person)
    return Response(registration_options(house().party, person, name, challenge, have), content_type="application/json")


@blueprint.post("/settings/passkeys")
@guarded()
def post_passkeys() -> Response:
    """Keep a new key."""
    demand_offered()

    def make(uow: UnitOfWork, asked: AddForm) -> str:
        return f"{HERE}#passkey-{add_passkey(uow, house().party, bound_to_session(), asked.credential, asked.name)}"

    return ask_again(HERE) or answer_form(AddForm, make, show)


@blueprint.post("/settings/passkeys/<uuid:passkey_id>/rename")
@guarded()
def post_rename(passkey_id: UUID) -> Response:
    """Call it something else."""

    def make(uow: UnitOfWork, asked: NameForm) -> str:
        rename_passkey(uow, passkey_id, asked.name)
        return f"{HERE}#passkey-{passkey_id}"

    return ask_again(HERE) or answer_form(NameForm, make, lambda form: show(form, passkey_id))


@blueprint.post("/settings/passkeys/<uuid:passkey_id>/remove")
@guarded()
def post_remove(passkey_id: UUID) -> Response:
    """Take it away."""

    def make(uow: UnitOfWork) -> str:
        remove_passkey(uow, passkey_id)
        return f"{HERE}#have"

    return ask_again(HERE) or once_then_go(make)


def show(form: Form[Any], renamed: UUID | None = None) -> str:
    """Render the page; ``renamed``: the form that came back is that key's."""
    with unit_of_work(current_viewer()) as uow:
        keys = my_passkeys(uow)
    add = form if renamed is None else new_form({"name": this_client().device})
    said = {"form": form, "add": add, "keys": keys, "renamed": renamed}
    return page("access/passkeys.html.j2", **said, offered=house().takes_passkeys)


SECTIONS.append(Section("access/_passkeys.html.j2", lambda uow: {"passkeys": len(my_passkeys(uow))}))
