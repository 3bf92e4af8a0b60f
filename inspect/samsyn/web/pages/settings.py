"""A person's own choices: language, colours, single-key shortcuts; other rooms hang sections of their own below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from flask import Response, request

from samsyn.access.rules import Colours, Language, Setting
from samsyn.access.service import KeepSettings, keep_settings
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.headers import YEAR
from samsyn.web.house import house
from samsyn.web.identity import COLOURS_COOKIE, LANGUAGE_COOKIE, current_card, current_colours, current_viewer
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("settings")
SAVED: Final = "saved"


class SettingsForm(Body):
    """What the page asks; a box that is not ticked is not sent."""

    language: Language
    colours: Colours
    shortcuts: Literal["on"] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section below: a template with a form that posts to its own address, and what it shows for a viewer."""

    template: str
    read: Callable[[UnitOfWork], Mapping[str, Any]]


SECTIONS: Final[list[Section]] = []
"""Appended to by the pages of other rooms when they are imported (notices); shown in this order."""


@blueprint.get("/settings")
@guarded()
def get_settings() -> str:
    """The choices as they stand."""
    card = current_card()
    asked = {
        "language": card.language if card else Language.SV.value,
        "colours": current_colours(),
        "shortcuts": "on" if card and card.shortcuts else "",
    }
    return show(new_form(asked))


@blueprint.post("/settings")
@guarded()
def post_settings() -> Response:
    """Keep the choices; they count from the next page on, in this browser and in every other."""

    def make(uow: UnitOfWork, asked: SettingsForm) -> str:
        choices = {Setting.COLOURS.value: asked.colours.value, Setting.SHORTCUTS.value: asked.shortcuts or "off"}
        keep_settings(uow, KeepSettings(choices, asked.language))
        return f"/settings?{SAVED}=1"

    response = answer_form(SettingsForm, make, show)
    if response.status_code == 303:  # noqa: PLR2004 - taken
        remember(response)
    return response


def remember(response: Response) -> None:
    """Tell this browser what was chosen, for the pages that come before the sign-in."""
    for cookie, name in ((COLOURS_COOKIE, "colours"), (LANGUAGE_COOKIE, "language")):
        response.set_cookie(
            cookie, request.form[name], max_age=YEAR, secure=house().secure, httponly=True, samesite="Lax", path="/"
        )


def show(form: Form[Any]) -> str:
    """Render the page with the sections of other rooms."""
    with unit_of_work(current_viewer()) as uow:
        sections = [(section.template, dict(section.read(uow))) for section in SECTIONS]
    return page("settings.html.j2", form=form, sections=sections, saved=SAVED in request.args)
