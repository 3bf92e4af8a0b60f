"""A browser without a script: reads a page's forms as they stand, fills them in and sends them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from samsyn.access.service import set_password
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.web.conftest import sign_in


@dataclass
class Form:
    """A form of a page, with what its fields hold."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class Forms(HTMLParser):
    """Collects forms, ids and links; a select without a chosen option holds its first one, as in a browser."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.ids: list[str] = []
        self.select = ""
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        if "id" in have:
            self.ids.append(have["id"])
        if tag == "form":
            self.found.append(Form(have.get("action", ""), have.get("method", "get")))
        if self.found:
            self.take(tag, have)

    def take(self, tag: str, have: dict[str, str]) -> None:
        """Put a field's value where the form holds it."""
        fields, name = self.found[-1].fields, have.get("name", "")
        unticked = have.get("type") in {"checkbox", "radio"} and "checked" not in have
        if tag == "input" and name and have.get("type") != "file" and not unticked:
            fields.setdefault(name, []).append(have.get("value", ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in have or self.select not in fields):
            fields[self.select] = [have.get("value", "")]
        elif tag == "textarea":
            self.area = name
            fields[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            fields = self.found[-1].fields
            fields[self.area] = [fields[self.area][0] + data.removeprefix("\n")]


def read(text: str) -> Forms:
    """Read a page."""
    forms = Forms()
    forms.feed(text)
    return forms


@dataclass
class Browser:
    """One signed-in person."""

    client: FlaskClient

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (answer.status_code, answer.text[-3000:])
        return answer.text

    def form(self, path: str, action: str = "", wanted: str = "") -> Form:
        """The one form of a page with that action, and with that value in one of its hidden fields."""
        action = action or path.partition("?")[0]
        forms = [f for f in read(self.get(path)).found if f.action == action and f.method == "post"]
        forms = [f for f in forms if not wanted or [wanted] in f.fields.values()]
        assert len(forms) == 1, (action, [f.action for f in read(self.get(path)).found])
        return forms[0]

    def send(self, path: str, action: str = "", wanted: str = "", **typed: Any) -> TestResponse:
        """Fill in a form of a page and send it."""
        form = self.form(path, action, wanted)
        data: dict[str, Any] = {**form.fields, **typed}
        return self.client.post(form.action, data={name: value for name, value in data.items() if value is not None})

    def do(self, path: str, action: str = "", wanted: str = "", **typed: Any) -> str:
        """Send a form that is to be taken; return where it leads, which is a place that takes the focus."""
        answer = self.send(path, action, wanted, **typed)
        assert answer.status_code == 303, (answer.status_code, problem_of(answer.text))
        where, _, place = answer.headers["Location"].partition("#")
        takes_focus(self.get(where), place)
        return where if place == "content" else answer.headers["Location"]

    def upload(self, path: str, name: str, data: bytes, **typed: str) -> TestResponse:
        form = self.form(path)
        return self.client.post(
            form.action,
            data={**{k: v[0] for k, v in form.fields.items()}, **typed, "file": (BytesIO(data), name)},
            content_type="multipart/form-data",
        )


def takes_focus(text: str, place: str) -> None:
    """Fail for a page on which the keyboard would stand nowhere after a form was sent."""
    wanted = rf'<\w+[^>]*\bid="{re.escape(place)}"[^>]*' if place else r"<p\b[^>]*\bautofocus"
    found = re.search(wanted, text)
    assert found, f"no place #{place} on the page" if place else "no receipt that takes the focus"
    assert re.match(r"<(?:a|button|input|select|textarea|summary)\b", found[0]) or "tabindex=" in found[0], found[0]


def problem_of(text: str) -> str:
    """The part of a page that says what is wrong."""
    return text[text.find('id="faults"') : text.find('id="faults"') + 800] if 'id="faults"' in text else text[-2500:]


def open_browser(client: FlaskClient, viewer: Viewer) -> Browser:
    """Sign somebody in."""
    address = f"{uuid4().hex}@demo.example"
    with unit_of_work(Viewer(viewer.authority_id, viewer.person_id, frozenset({"unit_admin"}))) as uow:
        assert viewer.person_id is not None
        set_password(uow, viewer.person_id, address, "åtta hästar i regn")
    answer = sign_in(client, address)
    assert answer.status_code == 303, answer.text
    return Browser(client)
