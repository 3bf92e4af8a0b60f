"""A list that has a look of its own stands on pages that bring it: without it its words are glued to each other."""

from __future__ import annotations

import re
from pathlib import Path

import samsyn.web

WEB = Path(samsyn.web.__file__).parent
PULLS = re.compile(r'{% (?:extends|include|import) "([^"]+)"')
STYLES = re.compile(r"static_url\('([^']+)'\)")


def whole(name: str) -> str:
    """A template with all that it takes in."""
    file = WEB / "templates" / name
    text = file.read_text("utf-8") if file.is_file() else ""  # some parts are of another folder of templates
    return text + "".join(whole(one) for one in PULLS.findall(text))


def test_every_page_with_the_list_of_who_is_asked_brings_its_look() -> None:
    names = [str(one.relative_to(WEB / "templates")) for one in (WEB / "templates").rglob("*.html.j2")]
    pages = {name: whole(name) for name in names if not Path(name).name.startswith("_")}
    users = {name: text for name, text in pages.items() if 'class="asks' in text}
    assert len(users) > 3
    for name, text in users.items():
        styles = [(WEB / "static" / one).read_text("utf-8") for one in STYLES.findall(text) if one.endswith(".css")]
        assert any(".asks small" in style for style in styles), name
