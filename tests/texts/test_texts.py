"""The words: the same keys and fields in both languages, every key that the code names exists, Swedes' order."""

from __future__ import annotations

import ast
import re
import string
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.texts import LANGUAGES, catalogue, has, say, sort_key

ROOT = Path(__file__).parents[2]
LETTERS = "abcdefghijklmnopqrstuvwxyzåäö"
ANY = "[a-z0-9_.]+"
IN_TEMPLATE = re.compile(r"""\bt\(\s*(["'])(?P<key>[^"']*)\1\s*(?P<then>[~,)])""")


def fields(words: str) -> set[str]:
    return {name.partition(".")[0] for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def test_both_languages_have_the_same_keys() -> None:
    assert set(catalogue("sv")) ^ set(catalogue("en")) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    assert [key for key, said in catalogue(language).items() if not said.strip()] == []


def test_a_text_has_the_same_fields_in_both_languages() -> None:
    english = catalogue("en")
    different = [key for key, words in catalogue("sv").items() if fields(words) != fields(english[key])]
    assert different == []


def test_no_field_is_a_bare_brace() -> None:
    bare = [key for language in LANGUAGES for key, words in catalogue(language).items() if "" in fields(words)]
    assert bare == []


def said_in_code() -> Iterator[tuple[str, re.Pattern[str], set[str] | None]]:
    """Every ``say(language, key, ...)``: where, what keys it may mean, the fields that it gives (None: not known)."""
    for root in ("inspect", "workers"):
        for file in sorted((ROOT / root).rglob("*.py")):
            for call in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "say" and len(call.args) > 1:
                    given_ = {word.arg for word in call.keywords}
                    names = None if None in given_ else {name for name in given_ if name}
                    for key in literals(call.args[1]):
                        yield f"{file.relative_to(ROOT)}:{call.lineno}", key, names


def literals(node: ast.expr) -> Iterator[re.Pattern[str]]:
    match node:
        case ast.Constant(value=str(key)):
            yield re.compile(re.escape(key))
        case ast.IfExp(body=yes, orelse=no):
            yield from literals(yes)
            yield from literals(no)
        case ast.JoinedStr(values=parts) if isinstance(parts[0], ast.Constant):
            yield re.compile("".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else ANY for p in parts))


def test_every_key_that_the_code_says_exists_with_the_fields_that_it_gives() -> None:
    swedish, wrong = catalogue("sv"), []
    for where, key, given_ in said_in_code():
        found = [name for name in swedish if key.fullmatch(name)]
        if not found:
            wrong.append(f"{where}: no text {key.pattern}")
        wrong += [
            f"{where}: {name} wants {fields(swedish[name])}, gets {given_}"
            for name in found
            # A key with a part that is not known may mean texts with other fields.
            if given_ is not None and len(found) == 1 and not fields(swedish[name]) <= given_
        ]
    assert wrong == []


def test_every_key_that_a_template_says_exists() -> None:
    wrong, looked = [], 0
    for file in sorted((ROOT / "inspect/samsyn/web/templates").rglob("*.j2")):
        for found in IN_TEMPLATE.finditer(file.read_text("utf-8")):
            looked += 1
            key, begins = found["key"], found["then"] == "~"
            names = [name for name in catalogue("sv") if name.startswith((key, f"web.{key}"))]
            if not (names if begins else has(key) or has(f"web.{key}")):
                wrong.append(f"{file.name}: {key}")
    assert wrong == []
    assert looked > 20


def test_a_key_that_does_not_exist_is_an_error_and_not_a_text() -> None:
    with pytest.raises(KeyError):
        say("sv", "web.no.such.text")
    assert not has("web.no.such.text")


words = st.text(st.sampled_from(LETTERS), max_size=8)


@settings(deadline=None)
@given(st.lists(words, max_size=12))
def test_texts_stand_in_swedes_order(names: list[str]) -> None:
    assert sorted(names, key=sort_key) == sorted(names, key=lambda name: [LETTERS.index(c) for c in name])


@settings(deadline=None)
@given(words, words)
def test_upper_case_spaces_around_and_composition_change_nothing(first: str, second: str) -> None:
    name = f"{first} {second}"
    for other in (name.upper(), f"  {name} ", unicodedata.normalize("NFD", name)):
        assert sort_key(other) == sort_key(name)


@settings(deadline=None)
@given(words, st.text(st.sampled_from(LETTERS + " 0123456789&.-"), max_size=6))
def test_what_begins_with_a_text_lies_between_its_key_and_the_next(begins: str, rest: str) -> None:
    if begins:
        assert sort_key(begins) <= sort_key(begins + rest) < sort_key(begins) + "~"


def test_accents_stand_beside_their_letter_and_our_neighbours_letters_beside_ours() -> None:
    assert sort_key("Café") == sort_key("cafe")
    assert sort_key("Ærø") == sort_key("äro".replace("o", "ö"))
    assert sorted(["Ö", "Z", "Ä", "Å", "É", "F", "E"], key=sort_key) == ["É", "E", "F", "Z", "Å", "Ä", "Ö"]
