"""Words of retention: what may be weeded, by which rule, when it is due, and why a run stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field

from samsyn.core.errors import InvalidError
from samsyn.core.migrate import config_folder

WEED: Final = "samsyn.retention.weed"
"""Subject: a run. Remove the next chunk of what is due, and go on until nothing is."""
CHUNK: Final = 500
"""Rows per transaction: a second of work."""
MOST_YEARS: Final = 100
MOST_REFERENCE: Final = 120
MOST_REASON: Final = 500


class DataClass(StrEnum):
    """What has a rule: counted from the visit, outcomes and letters from the last word on them, documents from the day.

    An outcome goes with all its versions, with what it rests on and what followed it; a letter with all its versions.
    """

    FINDINGS = "findings"
    PICTURES = "pictures"
    PURCHASES = "purchases"
    DOCUMENTS = "documents"
    OUTCOMES = "outcomes"
    LETTERS = "letters"


class Fault(StrEnum):
    """Why something that was sent is not taken; the words stand under ``web.fault``."""

    YEARS_NEEDED = "retention_years_needed"
    REFERENCE_NEEDED = "retention_reference_needed"
    FUTURE = "records_future"
    REASON_NEEDED = "records_reason_needed"
    TOO_LONG = "too_long_text"
    PERSONAL_NUMBER = "personal_number_found"


class Missing(StrEnum):
    """What keeps a run from being ordered; the words stand under ``retention.missing``."""

    NO_RULE = "no_rule"
    NOTHING_DUE = "nothing_due"
    RUNNING = "running"


class NotTakenError(InvalidError):
    """Something sent cannot be taken; ``fields`` carries the refusal's word."""

    def __init__(self, field: str, fault: Fault) -> None:
        super().__init__(f"{field}: {fault}", fields={field: (fault,)})


@dataclass(frozen=True, slots=True)
class Rule:
    """What an authority decided for a class. No ``decision_ref``: a proposal, by which nothing is removed."""

    data_class: DataClass
    version: int
    preserve: bool
    years: int
    decision_ref: str
    decided_on: date | None

    @property
    def removes(self) -> bool:
        """Say whether anything may be removed by it."""
        return not self.preserve and self.decision_ref != ""


def last_year(rule: Rule, today: date) -> int:
    """Return the last year whose things may go: ``years`` whole calendar years have passed since its end."""
    return today.year - rule.years - 1


class _Default(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    data_class: DataClass
    preserve: bool
    years: int = Field(ge=0, le=MOST_YEARS)


class Technical(BaseModel):
    """A table of no records, whose rows go some days after something."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: str
    days: int = Field(ge=0)
    after: str


class Cleared(BaseModel):
    """Columns that are emptied some days after something, of a table whose rows stay."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: str
    columns: tuple[str, ...] = Field(min_length=1)
    days: int = Field(ge=0)
    after: str


class Preserved(BaseModel):
    """Tables from which nothing is removed, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    why: str = Field(min_length=10)
    tables: tuple[str, ...]


class Periods(BaseModel):
    """The file: the classes' proposals, and what becomes of every other table (R19)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    rules: tuple[_Default, ...]
    technical: tuple[Technical, ...]
    personal: tuple[str, ...]
    cleared: tuple[Cleared, ...]
    preserved: tuple[Preserved, ...]


@lru_cache(maxsize=1)
def periods() -> Periods:
    """Return the file as it is read."""
    return Periods.model_validate(yaml.safe_load((config_folder() / "retention.yaml").read_text("utf-8")))


@lru_cache(maxsize=1)
def defaults() -> dict[DataClass, Rule]:
    """Return the proposals of the file: without a decision, so that nothing is removed by them."""
    said = periods().rules
    return {one.data_class: Rule(one.data_class, 0, one.preserve, one.years, "", None) for one in said}
