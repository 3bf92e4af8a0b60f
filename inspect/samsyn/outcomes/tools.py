"""What an authority may do about what it found, as data with act and section (DOMAIN 1; ``config/tools.yaml``)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from functools import lru_cache
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Limits

from samsyn.authorities.rules import Field
from samsyn.core.migrate import config_folder
from samsyn.findings.rules import Verified


class Measure(StrEnum):
    """What a tool does; the words stand under ``outcomes.measure``."""

    ADVICE = "advice"
    REMARK = "remark"
    ORDER = "order"
    ORDER_PENALTY = "order_penalty"
    PROHIBITION = "prohibition"
    PROHIBITION_PENALTY = "prohibition_penalty"
    REMEDY = "remedy"
    REPRIMAND = "reprimand"
    WARNING = "warning"
    REVOCATION = "revocation"
    ENVIRONMENTAL_CHARGE = "environmental_charge"
    FINE = "fine"
    BUILDING_CHARGE = "building_charge"
    TAX_CONTROL_FEE = "tax_control_fee"
    PROSECUTION_REPORT = "prosecution_report"
    SEIZURE = "seizure"
    DETENTION = "detention"
    EVACUATION = "evacuation"
    REFERRAL = "referral"


PENALTIES: Final = frozenset({Measure.ORDER_PENALTY, Measure.PROHIBITION_PENALTY})
"""With vite."""
CHARGES: Final = frozenset(
    {Measure.ENVIRONMENTAL_CHARGE, Measure.FINE, Measure.BUILDING_CHARGE, Measure.TAX_CONTROL_FEE}
)
BANS: Final = frozenset({Measure.PROHIBITION, Measure.PROHIBITION_PENALTY})
SANCTIONS: Final = (
    PENALTIES | BANS | {Measure.ORDER, Measure.REMEDY, Measure.REPRIMAND, Measure.WARNING, Measure.REVOCATION}
)
"""What a test purchase may never be the ground of: order, prohibition, warning, revocation (LTLP 7:23)."""
BINDING: Final = SANCTIONS | CHARGES | {Measure.DETENTION, Measure.EVACUATION}
"""What binds somebody: it needs power to decide, a party that was heard, and reasons."""


class Tool(BaseModel):
    """One tool. No ``fields``: every authority has it. ``cap`` in kronor; ``max_months``: the longest a ban may run."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str = Limits(pattern=r"^[A-Z][A-Z0-9_]{1,39}$")
    fields: frozenset[Field]
    kind: Measure
    act: str = Limits(min_length=1)
    section: str = Limits(min_length=1)
    verified: Verified
    max_months: int | None = Limits(default=None, ge=1, le=24)
    charge: bool = False
    cap: int | None = None
    sv: str = ""
    en: str = ""

    @property
    def law(self) -> str:
        """Return act and section."""
        return f"{self.act} {self.section}".strip()

    @property
    def penalty(self) -> bool:
        """Say whether it carries vite."""
        return self.kind in PENALTIES

    @property
    def binds(self) -> bool:
        """Say whether it binds somebody."""
        return self.kind in BINDING

    def about(self, language: str) -> str:
        """Return what it is about, where the measure alone does not say."""
        return self.en if language == "en" else self.sv


class _Whole(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    tools: tuple[Tool, ...]


@lru_cache(maxsize=1)
def every_tool() -> dict[str, Tool]:
    """Return every tool by its code in the file's order; raise ``ValueError`` for a file that cannot be used."""
    whole = _Whole.model_validate(yaml.safe_load((config_folder() / "tools.yaml").read_text("utf-8")))
    found = {tool.code: tool for tool in whole.tools}
    if len(found) < len(whole.tools):
        raise ValueError("a tool stands twice")
    return found


def find_tool(code: str) -> Tool:
    """Return a tool by its code; of one that the file no longer has the code stands for act and section."""
    known = every_tool().get(code)
    return known or Tool.model_construct(
        code=code, fields=frozenset(), kind=Measure.REMARK, act=code, section="", verified=Verified.MEMORY
    )


def tools_of(fields: Collection[Field]) -> list[Tool]:
    """Return the tools of an authority that supervises some fields, in the file's order."""
    return [tool for tool in every_tool().values() if not tool.fields or tool.fields & set(fields)]
