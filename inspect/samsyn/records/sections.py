"""Sections that a refusal may rest on, as data: help for who examines, each marked as read or from memory."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from samsyn.core.migrate import config_folder


class Section(BaseModel):
    """A section and what it protects; ``memory``: nobody has held it against the act."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    section: str = Field(min_length=1, max_length=80)
    source: Literal["read", "memory"]
    sv: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def says(self, language: str) -> str:
        """Return what it protects, in a language."""
        return self.en if language == "en" else self.sv


class _Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sections: tuple[Section, ...]


@lru_cache(maxsize=1)
def all_sections() -> tuple[Section, ...]:
    """Return every section of the file, in its order."""
    said = yaml.safe_load((config_folder() / "secrecy_sections.yaml").read_text("utf-8"))
    return _Whole.model_validate(said).sections
