"""Colours of the committed theme: every unit has a scale of its own, and its letter can be read on it."""

from __future__ import annotations

import re

import pytest

from samsyn.authorities.rules import Field
from samsyn.web.shell import LOOK
from samsyn.web.statics import FOLDER

THEME = (FOLDER / "vendor" / "theme.css").read_text("utf-8")
LIGHT, DARK = (
    THEME[THEME.index(f"color-scheme.{mode} {{") :].partition("\n}")[0] for mode in ("light", "dark")
)  # up to the end of the first rule of the layer
READABLE = 4.5


def shade(block: str, name: str) -> tuple[int, int, int]:
    found = re.search(rf"--ds-color-{name}: #([0-9a-f]{{6}});", block)
    assert found, name
    return tuple(bytes.fromhex(found[1]))  # type: ignore[return-value]


def brightness(colour: tuple[int, int, int]) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    darker, lighter = sorted((brightness(one), brightness(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_every_field_has_a_letter_and_a_colour_of_its_own() -> None:
    assert LOOK.keys() == set(Field)
    assert len({letter for letter, _ in LOOK.values()}) == len({colour for _, colour in LOOK.values()}) == len(Field)


@pytest.mark.parametrize("colour", sorted(colour for _, colour in LOOK.values()))
@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
def test_a_units_letter_is_readable_on_its_square_and_its_words_on_its_tint(block: str, colour: str) -> None:
    """The letter on the square; a word in the unit's colour on the page (dashed squares); words on the tinted cell."""
    on = [("base-default", "base-contrast-default"), ("surface-tinted", "text-default")]
    for ground, text in on:
        assert contrast(shade(block, f"{colour}-{ground}"), shade(block, f"{colour}-{text}")) >= READABLE, (
            ground,
            text,
        )
    paper = shade(block, "neutral-background-tinted")
    assert contrast(paper, shade(block, f"{colour}-text-subtle")) >= READABLE


def test_white_letters_in_light() -> None:
    for _, colour in LOOK.values():
        assert shade(LIGHT, f"{colour}-base-contrast-default") == (255, 255, 255), colour
