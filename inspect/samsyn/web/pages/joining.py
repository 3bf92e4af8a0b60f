"""The link of an invitation: who invites to which unit, and the way in. Opening it takes nothing; the button does."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from flask import Response, make_response, redirect, request

from samsyn.access.queries import Offer, OfferState, find_offer, signs_in_already
from samsyn.access.rules import SHORTEST_PASSWORD, Language, Way
from samsyn.access.service import JoinAs, come_back, hash_password, join, open_session, take_place
from samsyn.authorities.queries import authority_names, units_of
from samsyn.core.errors import ConflictError, NotFoundError
from samsyn.core.keys import fingerprint
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.web.devices import this_client
from samsyn.web.forms import Form, new_form, read_form
from samsyn.web.guards import open_to_all
from samsyn.web.idempotency import landing
from samsyn.web.identity import Identified, begin_session, current_card, current_language, identified
from samsyn.web.pages.invitations import role_words
from samsyn.web.pages.ways_in import HERE, JOINED
from samsyn.web.parsing import Line
from samsyn.web.passwords import NewPassword
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page
from samsyn.web.throttle import SIGN_INS

blueprint = page_blueprint("joining")
GONE: Final = 410
NEXT: Final = f"{HERE}?{JOINED}=1"
"""Where the person chooses how to sign in from now on."""
New = JoinAs | str | None
"""A new person; what is kept of the new password of one who comes back; nothing for who is signed in."""


class JoinForm(NewPassword):
    """What a new person chooses."""

    name: Line


def at_the_door(token: str, viewer: Viewer) -> Viewer:
    """Return somebody with the link in hand, as a person of the authority that invites and without any role."""
    return Viewer(viewer.authority_id, viewer.person_id, frozenset(), fingerprint(token))


def session_here() -> Identified | None:
    """Return who is signed in with this browser."""
    who = identified()
    return who if who is not None and not who.by_bearer else None


def show(token: str, offer: Offer, form: Form[Any], status: int = 200, fault: str = "") -> Response:
    """Render the page: the form, what to do for who has an account, or why the link is over."""
    with unit_of_work(at_the_door(token, Viewer(offer.authority_id))) as uow:
        authority = authority_names(uow, {offer.authority_id}).get(offer.authority_id, "")
        unit = next((unit.name for unit in units_of(uow, {offer.authority_id}) if unit.id == offer.unit_id), "")
    who, card = session_here(), current_card()
    return make_response(
        page(
            "invitations/open.html.j2",
            offer=offer,
            token=token,
            form=form,
            fault=fault,
            authority=authority,
            unit=unit,
            roles=role_words(offer),
            me=card.name if who is not None and card is not None else "",
            known=offer.open and offer.person_id is None and signs_in_already(offer.address),
            back=offer.person_id is not None,
            shortest=SHORTEST_PASSWORD,
        ),
        status if offer.open else GONE,
    )


@blueprint.get("/inbjudan/<token>")
@open_to_all
def get_offer(token: str) -> Response:
    """The invitation, or why its link opens nothing any more; an unknown link is 404."""
    return taken_by_me(find_offer(token)) or show(token, find_offer(token), new_form())


def taken_by_me(offer: Offer) -> Response | None:
    """Return the way on for who has taken this place and is signed in: the form sent twice is no fault."""
    who = session_here()
    mine = offer.state is OfferState.ACCEPTED and who is not None and who.viewer.person_id == offer.accepted_by
    return make_response(redirect(landing(NEXT), 303)) if mine else None


@blueprint.post("/inbjudan/<token>")
@open_to_all
def post_offer(token: str) -> Response:
    """Become a new person with the place, and be signed in."""
    offer = find_offer(token)
    if (mine := taken_by_me(offer)) is not None:
        return mine
    if offer.person_id is not None:
        return post_return(token, offer, offer.person_id)
    form = read_form(JoinForm)
    if (asked := form.value) is None or not offer.open or signs_in_already(offer.address):
        return show(token, offer, form, 422)
    with SIGN_INS.turn(offer.address, request.remote_addr or ""):
        hashed = hash_password(asked.password.get_secret_value())
    new = JoinAs(asked.name, Language(current_language()), hashed)
    return take(token, offer, Viewer(offer.authority_id, uuid4()), new)


def post_return(token: str, offer: Offer, person_id: UUID) -> Response:
    """Take one's own place again with a new password, and be signed in."""
    form = read_form(NewPassword)
    if (asked := form.value) is None or not offer.open:
        return show(token, offer, form, 422)
    with SIGN_INS.turn(offer.address, request.remote_addr or ""):
        hashed = hash_password(asked.password.get_secret_value())
    return take(token, offer, Viewer(offer.authority_id, person_id), hashed)


@blueprint.post("/inbjudan/<token>/me")
@open_to_all
def post_as_me(token: str) -> Response:
    """Take the place as the person who is signed in with this browser."""
    offer, who = find_offer(token), session_here()
    if (mine := taken_by_me(offer)) is not None:
        return mine
    if who is None or not offer.open:
        return show(token, offer, new_form(), 401)
    return take(token, offer, Viewer(offer.authority_id, who.viewer.person_id), None, who)


def take(token: str, offer: Offer, viewer: Viewer, new: New, who: Identified | None = None) -> Response:
    """Take the place and sign in; who was signed in stays as long signed in as before, now for this authority."""
    card = current_card()
    try:
        with unit_of_work(at_the_door(token, viewer)) as uow:
            if isinstance(new, JoinAs):
                join(uow, offer, new)
            elif offer.person_id is not None:
                come_back(uow, offer, new)
            else:
                take_place(uow, offer, card.name if card else "", Language(current_language()))
            since = who.credential.created_at if who is not None else None
            secret = open_session(uow, Way.INVITATION, this_client(), since=since)
    except ConflictError:  # taken meanwhile, or the person or the address has a place there
        return show(token, find_offer(token), new_form(), 409, fault="back" if offer.person_id else "taken")
    except NotFoundError:  # taken back or run out between reading and writing
        return show(token, find_offer(token), new_form(), 409, fault="over")
    begin_session(secret)
    return make_response(redirect(landing(NEXT), 303))
