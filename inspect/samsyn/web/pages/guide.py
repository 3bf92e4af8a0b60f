"""Help in place: one guide by task, in both languages, with a section that every page links to; the words; the keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import count, takewhile
from struct import unpack
from typing import Final

from samsyn.texts import catalogue, has, sort_key
from samsyn.web.guards import open_to_all
from samsyn.web.identity import current_language, identified
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import GO_KEYS, MENU, menu, page, t
from samsyn.web.statics import FOLDER

blueprint = page_blueprint("guide")
TASKS: Final = (
    *(
        "signin",
        "invited",
        "plan",
        "undo",
        "staff",
        "tonight",
        "handin",
        "letters",
        "dossier",
        "campaign",
        "hot_spots",
        "pledge",
        "evaluation",
        "statistics",
        "disclose",
        "records",
        "diary",
        "retention",
    ),
    *("subscribe", "calendar", "notices", "import", "approvals", "invite", "people", "log"),
)
ABOUT: Final = ("seen", "wrong", "settings")
PLACES: Final = {
    "plan": "/operations",
    "staff": "/staffing",
    "tonight": "/tonight",
    "dossier": "/dossiers",
    "statistics": "/statistics",
    "campaign": "/businesses",
    "hot_spots": "/businesses",
    "pledge": "/operations",
    "subscribe": "/subscribe",
    "calendar": "/settings/calendar",
    "import": "/businesses",
    "log": "/audit",
    "invite": "/settings",
    "people": "/settings",
    "settings": "/settings",
    "notices": "/notices",
    "approvals": "/approvals",
}
"""Where a section's task is done; shown to who is signed in, where the menu has it."""
EVERYBODYS: Final = frozenset({"/subscribe", "/settings", "/settings/calendar", "/notices", "/approvals"})
KEYS: Final = (
    ("?", "list"),
    ("/", "search"),
    ("n", "new"),
    ("j", "next"),
    ("k", "before"),
    ("t", "today"),
    ("p", "print"),
    ("z", "undo"),
)
"""Single keys with the same meaning wherever a page has them (``data-key``)."""
OWN_KEYS: Final = (("g p", "subscribe"), ("g o", "settings"), ("g h", "help"))


@dataclass(frozen=True, slots=True)
class Picture:
    """A file with its size in points, so that the text does not jump when it arrives."""

    file: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Section:
    """One task: what it is about, the steps in order, a picture where the tests have made one."""

    name: str
    steps: tuple[str, ...]
    note: str
    place: str
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class Key:
    """One key, or two after each other, and what it does."""

    press: str
    does: str


def section(name: str) -> Section:
    """Put a section together from its texts."""
    steps = tuple(t(key) for key in takewhile(has, (f"guide.{name}.s{n}" for n in count(1))))
    note = f"guide.{name}.note"
    return Section(name, steps, t(note) if has(note) else "", place_of(name), picture_of(name))


def place_of(name: str) -> str:
    """Return the page where the task is done, if the viewer has it."""
    path = PLACES.get(name, "")
    known = {item.path for item in menu()} | EVERYBODYS
    return path if path in known and identified() is not None else ""


def picture_of(name: str) -> Picture | None:
    """Return the section's picture in the reader's language, if one was taken."""
    file = f"guide/{name}-{current_language()}.png"
    return Picture(file, *size_of(file)) if (FOLDER / file).is_file() else None


@lru_cache(maxsize=100)
def size_of(file: str) -> tuple[int, int]:
    """Return width and height from a PNG's head (ISO 15948, 11.2.2)."""
    with (FOLDER / file).open("rb") as picture:
        width, height = unpack(">II", picture.read(24)[16:])
    return int(width), int(height)


def keys() -> list[Key]:
    """Return every key that the house knows; other pages' own ones say themselves on their page."""
    places = {item.name for item in MENU}
    going = [Key(f"g {key}", t(f"menu.{name}")) for name, key in GO_KEYS.items() if name in places]
    return [
        *(Key(press, t(f"guide.keyboard.{does}")) for press, does in KEYS),
        *going,
        *(Key(press, t(f"guide.keyboard.{does}")) for press, does in OWN_KEYS),
    ]


def words() -> list[tuple[str, str]]:
    """Return the product's words with what they mean, in the order of the reader's language."""
    said = catalogue(current_language())
    names = [key.removesuffix(".word") for key in said if key.startswith("glossary.") and key.endswith(".word")]
    return sorted(((said[f"{name}.word"], said[f"{name}.means"]) for name in names), key=lambda pair: sort_key(pair[0]))


@blueprint.get("/help")
@open_to_all
def get_help() -> str:
    """The guide: tasks step by step, who sees what, when something goes wrong, keys, words."""
    return page(
        "help.html.j2",
        tasks=[section(name) for name in TASKS],
        about=[section(name) for name in ABOUT],
        keys=keys(),
        words=words(),
    )
