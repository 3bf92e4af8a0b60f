"""Words of persons, roles and credentials."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person may do in an authority."""

    PLANNER = "planner"
    INSPECTOR = "inspector"
    DECIDER = "decider"
    LOG_REVIEWER = "log_reviewer"
    UNIT_ADMIN = "unit_admin"
    OBSERVER = "observer"


class Purpose(StrEnum):
    """What a credential opens; each opens only its own."""

    SIGN_IN = "sign_in"
    SESSION = "session"
    API = "api"
    FEED = "feed"
    ANSWER = "answer"
    REPLY = "reply"
    BOUNCE = "bounce"


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
