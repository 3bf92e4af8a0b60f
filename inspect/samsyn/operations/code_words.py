"""Code words: a random plant's name, so that an operation's name tells nothing, not even how many there are."""

from __future__ import annotations

import secrets
from functools import lru_cache

from samsyn.core.migrate import config_folder


@lru_cache(maxsize=1)
def words() -> tuple[str, ...]:
    """Return the list, larger than a year's use (``config/code_words.txt``)."""
    return tuple(line for line in (config_folder() / "code_words.txt").read_text("utf-8").splitlines() if line)


def draw(parts: int = 1) -> str:
    """Return a random word, or a pair where single words have become rare."""
    return " ".join(secrets.choice(words()) for _ in range(parts))
