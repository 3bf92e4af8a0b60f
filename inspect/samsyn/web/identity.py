"""Who calls: a bearer token or the session's cookie, looked up once per request and only when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import g, request, session
from sqlalchemy.exc import SQLAlchemyError

from samsyn.access.queries import Credential, acting_by, identify, myself
from samsyn.access.rules import LISTED, Colours, Purpose, Setting
from samsyn.access.service import note_use, sign_out
from samsyn.authorities.queries import office_of
from samsyn.authorities.rules import Field
from samsyn.calendars.queries import count_unread
from samsyn.calendars.rules import chosen
from samsyn.core.errors import NotFoundError, NotKnownError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import goes_to
from samsyn.operations.queries.held_actions import HeldLine, held_by_me
from samsyn.texts import LANGUAGES

SECRET: Final = "secret"  # noqa: S105 - the name of a field
PERSON: Final = "person"
LANGUAGE_COOKIE: Final = "samsyn-lang"
COLOURS_COOKIE: Final = "samsyn-colours"
"""So that the sign-in page and an error page have the colours that were chosen, without asking the database."""


@dataclass(frozen=True, slots=True)
class Identified:
    """A caller whose secret is known; ``by_bearer`` when it came in the Authorization header."""

    viewer: Viewer
    credential: Credential
    secret: str
    by_bearer: bool


@dataclass(frozen=True, slots=True)
class PersonCard:
    """The signed-in person as the page's head shows them."""

    name: str
    language: str
    authority: str
    field: Field | None
    roles: tuple[str, ...]
    settings: Mapping[str, str]
    held: tuple[HeldLine, ...] = ()
    unread: int = 0

    @property
    def shortcuts(self) -> bool:
        """Say whether single keys do something: as long as the person has not turned them off (WCAG 2.1.4)."""
        return self.settings.get(Setting.SHORTCUTS, "on") == "on"


def identified() -> Identified | None:
    """Return the caller, or nothing; an Authorization header is never helped out by a cookie."""
    if "identified" not in g:
        g.identified = by_bearer() if "Authorization" in request.headers else by_session()
    found: Identified | None = g.identified
    return found


def by_bearer() -> Identified | None:
    """Read ``Authorization: Bearer`` (RFC 6750, 2.1)."""
    scheme, _, secret = request.headers["Authorization"].partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return None
    return look_up(secret.strip(), frozenset({Purpose.API}), by_bearer=True)


def by_session() -> Identified | None:
    """Read the cookie; how long it lasts is said by the row in the database."""
    secret = session.get(SECRET)
    return look_up(secret, LISTED, by_bearer=False) if isinstance(secret, str) else None


def look_up(secret: str, purposes: frozenset[Purpose], *, by_bearer: bool) -> Identified | None:
    """Return whom a secret of these purposes stands for, or nothing; its use is noted once a minute at most.

    A field session is over as well when its operation is, or when its person does not go to it any more.
    """
    try:
        viewer, credential = identify(secret, purposes)
    except NotKnownError:
        return None
    if credential.operation_id is not None:
        with unit_of_work(viewer) as uow:
            if goes_to(uow, credential.operation_id) is None:
                return None
    if credential.use_is_due:
        note_use(viewer, credential.id)
    return Identified(viewer, credential, secret, by_bearer)


def begin_session(secret: str) -> None:
    """Put a new session into the cookie and end the one before; the form token survives only for the same person."""
    viewer, _ = identify(secret, LISTED)
    kept = session.get("csrf_token") if session.get(PERSON) == str(viewer.person_id) else None
    before = session.get(SECRET)
    if isinstance(before, str) and (old := look_up(before, LISTED, by_bearer=False)) is not None:
        with unit_of_work(old.viewer) as uow:
            sign_out(uow, before)
    session.clear()
    session.update({SECRET: secret, PERSON: str(viewer.person_id)})
    if kept:
        session["csrf_token"] = kept


def present(secret: str, *purposes: Purpose) -> Identified:
    """Act in this request as the bearer of an address's secret; unknown, ended and revoked are ``NotFoundError``.

    An address opens its one thing: the viewer is the person in the authority, without any of the person's roles.
    """
    try:
        viewer, credential = identify(secret, frozenset(purposes))
    except NotKnownError:
        raise NotFoundError("no such address") from None
    found = Identified(Viewer(viewer.authority_id, viewer.person_id), credential, secret, by_bearer=False)
    g.pop("card", None)  # of who is signed in: the page is the bearer's
    g.identified = found
    return found


@contextmanager
def presenting(secret: str, *purposes: Purpose) -> Iterator[tuple[UnitOfWork, Credential]]:
    """Act as ``present`` does, in one transaction with looking the secret up: for what programs fetch every minute."""
    try:
        with acting_by(secret, frozenset(purposes)) as (uow, credential):
            g.identified = Identified(uow.viewer, credential, secret, by_bearer=False)
            yield uow, credential
    except NotKnownError:
        raise NotFoundError("no such address") from None


def present_nobody() -> None:
    """Answer what is left of this request as to anybody: a refusal must not tell whose secret was presented."""
    g.pop("identified", None)
    g.pop("card", None)


def current_viewer() -> Viewer:
    """Return who looks; raise ``NotKnownError`` when nobody is signed in."""
    who = identified()
    if who is None:
        raise NotKnownError("sign in")
    return who.viewer


def in_field() -> UUID | None:
    """Return the one operation that this device is in a field session for, if it is in one."""
    who = identified()
    return who.credential.operation_id if who is not None else None


def current_card() -> PersonCard | None:
    """Return the signed-in person's name, authority and language, read once per request."""
    if "card" not in g:
        who = identified()
        g.card = read_card(who.viewer) if who is not None else None
    found: PersonCard | None = g.card
    return found


def read_card(viewer: Viewer) -> PersonCard:
    """Read a person's card in one unit of work."""
    with unit_of_work(viewer) as uow:
        mine = myself(uow)
        authority, field = office_of(uow, uow.me, mine.unit_id)
        return PersonCard(
            name=mine.name,
            language=str(mine.language),
            authority=authority,
            field=field,
            roles=tuple(sorted(viewer.roles)),
            settings=mine.settings,
            unread=count_unread(uow, chosen(mine.settings)),
            held=tuple(held_by_me(uow)) if "planner" in viewer.roles else (),
        )


def current_language() -> str:
    """Return ``sv`` or ``en``: asked for, chosen before, the person's own, the browser's, Swedish."""
    if "language" not in g:
        g.language = choose_language()
    found: str = g.language
    return found


def choose_language() -> str:
    """Go through the sources in order; a database that is away must not hide the error page."""
    for said in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if said in LANGUAGES:
            return said
    try:
        if (card := current_card()) is not None:
            return card.language
    except SQLAlchemyError:
        pass
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def current_colours() -> str:
    """Return ``auto``, ``light`` or ``dark``: the person's own choice, or the machine's.

    For nobody who is signed in: what this browser was told.
    """
    try:
        card = current_card()
    except SQLAlchemyError:  # a database that is away must not hide the error page
        card = None
    # What the browser keeps is the last person's choice: for the pages before the sign-in, not for the next person.
    found = card.settings.get(Setting.COLOURS, "") if card else request.cookies.get(COLOURS_COOKIE, "")
    return found if found in set(Colours) else Colours.AUTO.value
