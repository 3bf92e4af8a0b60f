"""By which section an authority asks the police for help, and on which ground (DOMAIN 0.7)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from samsyn.authorities.rules import Field
from samsyn.operations.rules import OperationState

MOST_ROLE: Final = 200
MOST_TEXT: Final = 2000
WRITERS: Final = frozenset({"planner", "inspector", "decider"})
READERS: Final = WRITERS | {"task"}
OPEN: Final = frozenset({OperationState.ONGOING, OperationState.DONE})
URGENT_FOR: Final = timedelta(hours=4)
"""So long somebody waits at the door. What was asked before that comes late, from a phone whose session was ended."""
TELL_HELP_ASKED: Final = "samsyn.lifecycle.tell_help_asked"
TELL_HELP_ANSWERED: Final = "samsyn.lifecycle.tell_help_answered"


class HelpLaw(StrEnum):
    """A section that gives help of the police."""

    LTLP_7_19 = "ltlp_7_19"
    LTN_34 = "ltn_34"
    ALKL_9_9 = "alkl_9_9"
    LIVSL_27 = "livsl_27"
    MB_28_8 = "mb_28_8"
    LSO_5_3 = "lso_5_3"
    LBE_24 = "lbe_24"
    AML_7_5 = "aml_7_5"
    PBL_11_9 = "pbl_11_9"


class HelpGround(StrEnum):
    """What the conditional sections ask for: a fear that powers (polislagen 10 §) are needed, or special reasons."""

    POWERS = "powers"
    EXCEPTIONAL = "exceptional"


class Helped(StrEnum):
    """What came of a request."""

    COMING = "coming"
    CANNOT = "cannot"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Law:
    """A section as it is written, whose it is, and whether it asks for a ground."""

    law: HelpLaw
    section: str
    fields: frozenset[Field]
    conditional: bool


LAWS: Final = (
    Law(HelpLaw.LTLP_7_19, "LTLP 7 kap. 19 §", frozenset({Field.TOBACCO}), conditional=True),
    Law(HelpLaw.LTN_34, "LTN 34 §", frozenset({Field.TOBACCO}), conditional=True),
    Law(HelpLaw.ALKL_9_9, "AlkL 9 kap. 9 §", frozenset({Field.ALCOHOL}), conditional=True),
    Law(HelpLaw.LIVSL_27, "LivsL 27 §", frozenset({Field.FOOD}), conditional=True),
    Law(HelpLaw.MB_28_8, "MB 28 kap. 8 §", frozenset({Field.ENVIRONMENT, Field.HEALTH}), conditional=False),
    Law(HelpLaw.LSO_5_3, "LSO 5 kap. 3 §", frozenset({Field.FIRE}), conditional=False),
    Law(HelpLaw.LBE_24, "LBE 24 §", frozenset({Field.FIRE}), conditional=False),
    Law(HelpLaw.AML_7_5, "AML 7 kap. 5 §", frozenset({Field.WORK_ENVIRONMENT}), conditional=False),
    Law(HelpLaw.PBL_11_9, "PBL 11 kap. 9 §", frozenset({Field.BUILDING}), conditional=False),
)
"""Read in the acts (DOMAIN 0.7 and 1); whose help is unconditional is given as it is needed."""
BY_LAW: Final = {one.law: one for one in LAWS}


def is_urgent(state: OperationState, at: datetime, heard_at: datetime) -> bool:
    """Say whether somebody waits for what was asked or answered: the evening goes on, and it was heard of soon."""
    return state is OperationState.ONGOING and heard_at - at <= URGENT_FOR


def laws_of(fields: Collection[Field]) -> list[Law]:
    """Return the sections by which an authority of some fields may ask."""
    return [one for one in LAWS if one.fields & set(fields)]
