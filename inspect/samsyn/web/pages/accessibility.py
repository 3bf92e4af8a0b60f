"""The accessibility statement (DOS-lagen): eleven fields, which the owner of the installation fills in a file.

What nobody has filled in says so on the page: a statement with invented answers would be worse than none.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Final, Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from samsyn.web.guards import open_to_all
from samsyn.web.house import house
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("accessibility")
log = structlog.get_logger()
LARGEST: Final = 64 * 1024
"""Bytes of the file; a statement is a page of text."""


class Words(BaseModel):
    """A text in both languages; where the English is missing the Swedish stands."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)
    sv: str = Field(default="", max_length=4000)
    en: str = Field(default="", max_length=4000)

    def said(self, language: str) -> str:
        """Return the text in a language, or the other one."""
        return (self.en or self.sv) if language == "en" else (self.sv or self.en)


class Gap(BaseModel):
    """Something that is not accessible, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    what: Words
    reason: Words = Words()


class Statement(BaseModel):
    """The eleven fields; every one may be missing."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)
    owner: str = Field(default="", max_length=200)
    service: str = Field(default="", max_length=200)
    level: Literal["", "full", "partial", "none"] = ""
    gaps: tuple[Gap, ...] = Field(default=(), max_length=100)
    assessed_on: date | None = None
    updated_on: date | None = None
    method: Words = Words()
    report_to: Words = Words()
    complaint: Words = Words()
    burden: Words = Words()
    outside: Words = Words()


def read_statement(file: Path | None) -> Statement:
    """Read the owner's file; none, an unreadable or a wrong one is a statement with nothing filled in."""
    if file is None:
        return Statement()
    try:
        return Statement.model_validate(tomllib.loads(file.read_bytes()[:LARGEST].decode("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        log.warning("accessibility_statement_unreadable", kind=type(error).__name__)
        return Statement()


@blueprint.get("/accessibility")
@open_to_all
def get_accessibility() -> str:
    """The statement, in the reader's language, as far as the owner has filled it in."""
    return page("accessibility.html.j2", said=read_statement(house().settings.accessibility_file))
