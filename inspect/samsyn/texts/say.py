"""Look up a text by its key, in Swedish or English; a key exists in both or a test fails."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("sv", "en")
FOLDER: Final = Path(__file__).parent


def flatten(table: dict[str, Any], before: str) -> dict[str, str]:
    """Return nested tables as dotted keys."""
    flat: dict[str, str] = {}
    for key, value in table.items():
        name = f"{before}.{key}"
        flat.update(flatten(value, name) if isinstance(value, dict) else {name: str(value)})
    return flat


@lru_cache(maxsize=2)
def catalogue(language: str) -> dict[str, str]:
    """Return every text of a language by dotted key: the file's name, its tables, the key."""
    texts: dict[str, str] = {}
    for file in sorted((FOLDER / language).glob("*.toml")):
        texts.update(flatten(tomllib.loads(file.read_text("utf-8")), file.stem))
    return texts


def say(language: str, key: str, **fields: object) -> str:
    """Return the text, its ``{fields}`` filled in; raise ``KeyError`` for a key that does not exist."""
    return catalogue(language)[key].format(**fields)


def has(key: str) -> bool:
    """Say whether the key exists."""
    return key in catalogue("sv")
