"""Words of persons, roles and credentials."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a person may do in an authority."""

    PLANNER = "planner"
    INSPECTOR = "inspector"
    DECIDER = "decider"
    LOG_REVIEWER = "log_reviewer"
    UNIT_ADMIN = "unit_admin"
    OBSERVER = "observer"


KEEPERS: Final = frozenset({Role.LOG_REVIEWER, Role.DECIDER})
"""Who examines requests to read the authority's records: the registrar, who also reviews the log, and who decides."""


class Purpose(StrEnum):
    """What a credential opens; each opens only its own."""

    SIGN_IN = "sign_in"
    SESSION = "session"
    API = "api"
    FEED = "feed"
    ANSWER = "answer"
    REPLY = "reply"
    BOUNCE = "bounce"
    HALFWAY = "halfway"  # the password was right, the code is asked for
    FIELD_SESSION = "field_session"  # one operation on one device
    POLL = "poll"  # one question of a time poll to one person
    EVENT = "event"  # the name of an invitation in calendars: says whose it is, and opens nothing


IDLE: Final = timedelta(minutes=30)
"""A session that nobody used for so long is over."""
SEEN_STEP: Final = timedelta(minutes=1)
"""A use is noted at most so often: reading a page is not a write."""
LIFE: Final = {
    Purpose.SESSION: timedelta(hours=10),
    Purpose.FIELD_SESSION: timedelta(hours=12),
    Purpose.HALFWAY: timedelta(minutes=5),
    Purpose.API: timedelta(days=365),
}
"""The longest that a credential of the purpose lasts, by the database's clock."""
POLL_LASTS: Final = timedelta(days=120)
"""How long the link of a time poll opens after it was asked: longer than any poll, so that a late one is told."""
OFFER_LASTS: Final = timedelta(hours=72)
"""How long the link of an invitation opens, by the database's clock; sending it again begins anew."""
SHORTEST_PASSWORD: Final = 12
RECENT: Final = timedelta(minutes=15)
"""How long ago a person may have signed in who changes the ways of signing in, or makes a token."""
LISTED: Final = frozenset({Purpose.SESSION, Purpose.FIELD_SESSION})
"""What a browser holds in its cookie, and what its person may end from another one."""
FIELD_BEFORE: Final = timedelta(hours=12)
"""How long before an operation starts a field session for it may begin; after its end none does."""


def field_roles(roles: frozenset[str]) -> frozenset[str]:
    """Return what of a person's roles counts in a field session: an inspector's rights, never a planner's."""
    if roles & {Role.INSPECTOR, Role.PLANNER, Role.DECIDER}:  # who may write findings at all
        return frozenset({Role.INSPECTOR})
    return roles & {Role.OBSERVER}


class Way(StrEnum):
    """How somebody signed in; stands in the trail."""

    PASSWORD = "password"  # noqa: S105 - a word
    CODE = "password_and_code"
    RECOVERY = "password_and_recovery_code"
    PASSKEY = "passkey"
    FIELD = "field"
    IDENTITY = "identity"  # vouched for by the authority's own provider
    INVITATION = "invitation"
    PLACE = "place"  # signed in already, and goes over to another authority


class ShownAs(StrEnum):
    """How a person is named to others (R18)."""

    NAME = "name"
    NUMBER = "number"


class Language(StrEnum):
    """The language that a person reads."""

    SV = "sv"
    EN = "en"


class Setting(StrEnum):
    """Names of a person's own choices that the pages know; other rooms keep choices under names of their own."""

    COLOURS = "colours"
    SHORTCUTS = "shortcuts"


class Colours(StrEnum):
    """Light or dark pages; ``AUTO`` follows the machine."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


GROUPS: Final = (
    *("access", "audit", "authorities", "bookings", "businesses", "campaigns", "checklists", "disclosures"),
    *("dossiers", "evidence", "feeds", "findings", "jobs", "operations", "outcomes", "pledges", "records", "visits"),
)
"""Groups of the API's routes that a token may be made for; each may be read, or read and written."""


def sign_in_name(address: str) -> str:
    """Return what a sign-in row is found by."""
    return f"sign_in:{address.strip().lower()}"


def all_scopes() -> list[str]:
    """Return every scope there is."""
    return [f"{group}:{act}" for group in GROUPS for act in ("read", "write")]


def unknown_scopes(said: frozenset[str]) -> frozenset[str]:
    """Return those that are no scopes of ours."""
    return said - frozenset(all_scopes())


def covers(scopes: frozenset[str] | None, group: str, *, write: bool) -> bool:
    """Say whether a token may use a route; a scope to write is one to read as well; no scopes at all cover all."""
    if scopes is None:
        return True
    return f"{group}:write" in scopes or (not write and f"{group}:read" in scopes)
