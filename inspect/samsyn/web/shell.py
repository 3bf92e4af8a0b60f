"""What every page has: menu, the signed-in person, words, dates, and the fields that forms carry unseen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Flask, render_template, request
from jinja2 import StrictUndefined
from sqlalchemy.exc import SQLAlchemyError

from samsyn.access.rules import Role
from samsyn.authorities.rules import Field
from samsyn.texts import has, say, soften
from samsyn.web import localtime
from samsyn.web.house import house
from samsyn.web.identity import current_card, current_colours, current_language, identified, in_field


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the main menu: its words are ``web.menu.<name>``; shown to these roles, or to all when none."""

    name: str
    path: str
    roles: frozenset[Role] = frozenset()


MENU: Final[list[MenuItem]] = [
    MenuItem("start", "/"),
    MenuItem("week", "/week"),
    MenuItem("operations", "/operations"),
    MenuItem("staffing", "/staffing", frozenset({Role.PLANNER})),
    MenuItem("businesses", "/businesses"),
    MenuItem("tonight", "/tonight"),
    MenuItem("dossiers", "/dossiers", frozenset({Role.INSPECTOR, Role.PLANNER, Role.DECIDER})),
    MenuItem("audit", "/audit", frozenset({Role.LOG_REVIEWER})),
]
"""Add an entry when its page exists, in the order of ``GO_KEYS``; what is the person's own is in the corner."""

GO_KEYS: Final = {
    "start": "a",
    "week": "v",
    "operations": "i",
    "staffing": "b",
    "businesses": "f",
    "tonight": "k",
    "dossiers": "s",
    "audit": "l",
}
"""The key after G that opens an entry; one set for both languages, listed on the help page. The order is the menu's."""

LOOK: Final[dict[Field | None, tuple[str, str]]] = {
    Field.POLICE: ("P", "polis"),
    Field.TOBACCO: ("T", "tobak"),
    Field.ENVIRONMENT: ("M", "miljo"),
    Field.HEALTH: ("H", "halsa"),
    Field.ALCOHOL: ("A", "alkohol"),
    Field.FOOD: ("L", "livsmedel"),
    Field.FIRE: ("R", "raddning"),
    Field.TAX: ("S", "skatt"),
    Field.WORK_ENVIRONMENT: ("V", "arbetsmiljo"),
    Field.BUILDING: ("B", "bygg"),
    Field.OTHER: ("K", "samordning"),
}
"""A unit's square: a letter and the theme's colour; never the colour alone."""


def menu() -> list[MenuItem]:
    """Return the entries that the viewer's roles open."""
    who = identified()
    if who is None:
        return []
    if who.credential.operation_id is not None:
        return [item for item in MENU if item.path == "/tonight"]
    order = list(GO_KEYS)
    open_to = [item for item in MENU if not item.roles or item.roles & who.viewer.roles]
    return sorted(open_to, key=lambda item: order.index(item.name) if item.name in order else len(order))


def go_key(name: str) -> str:
    """Return the letter that opens a menu entry after G, or nothing."""
    return GO_KEYS.get(name, "")


def shown_field() -> UUID | None:
    """Return the operation of a field session; a database that is away must not hide the error page."""
    try:
        return in_field()
    except SQLAlchemyError:
        return None


def help_of(block: str) -> str:
    """Return the help page's address at the section that a page's block ``help_at`` names."""
    return f"/help#{block.strip()}" if block.strip() else "/help"


def look(field: Field | None) -> tuple[str, str]:
    """Return letter and colour of a unit's field."""
    return LOOK.get(field, ("Ö", "neutral"))


def t(key: str, **fields: object) -> str:
    """Return a text in the reader's language; ``web.`` may be left out; a missing key raises ``KeyError``."""
    return say(current_language(), key if has(key) else f"web.{key}", **fields)


def other_language() -> tuple[str, str] | None:
    """Return the other language and the address that switches to it; nothing on a page that came by POST."""
    if request.method not in {"GET", "HEAD"}:
        return None
    other = "en" if current_language() == "sv" else "sv"
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return other, "?" + urlencode([*kept, ("lang", other)])


def register_shell(app: Flask) -> None:
    """Give templates the words and filters; an undefined name is an error, never an empty place."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(
        t=t,
        menu=menu,
        look=look,
        card=current_card,
        language=current_language,
        colours=current_colours,
        go_key=go_key,
        help_of=help_of,
        other_language=other_language,
        new_key=lambda: uuid4().hex,
        house=house,
        in_field=shown_field,
    )
    env.filters.update(
        day=lambda when: localtime.show_day(when, current_language()),
        short_day=lambda when: localtime.show_short_day(when, current_language()),
        moment=lambda when: localtime.show_moment(when, current_language()),
        clock=localtime.show_clock,
        local_day=localtime.day_of,
        week=week,
        iso=iso,
        soft=soften,
    )
    env.globals["span"] = lambda starts, ends: localtime.show_span(starts, ends, current_language())


def week(when: date | datetime) -> str:
    """Return the ISO week in the reader's language."""
    return localtime.show_week(when, current_language())


def iso(when: date | datetime) -> str:
    """Return what a ``<time datetime>`` takes: local, with its zone."""
    return localtime.to_local(when).isoformat() if isinstance(when, datetime) else when.isoformat()


def page(template: str, **context: Any) -> str:
    """Render a page in the reader's language."""
    return render_template(template, **context)
