"""Words of findings, and the refusals that people read."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from samsyn.access.rules import Role
from samsyn.core.errors import InvalidError
from samsyn.core.viewer import TASK
from samsyn.operations.rules import OperationState
from samsyn.texts.say import say

MAX_TEXT: Final = 10_000  # characters; the table's own check says the same
MAX_FACT: Final = 2_000
MAX_MARKING: Final = 200

WRITERS: Final = frozenset({Role.INSPECTOR, Role.PLANNER, Role.DECIDER})
READERS: Final = frozenset({*WRITERS, TASK})
"""An observer reads no findings, and administration is no reason to."""

WRITABLE: Final = frozenset({OperationState.ONGOING, OperationState.DONE})


class Answer(StrEnum):
    """An answer to a check point; "not checked" is the absence of one at hand-in."""

    OK = "ok"
    DEFICIENCY = "deficiency"
    NOT_APPLICABLE = "not_applicable"
    OBSERVATION = "observation"


class Question(StrEnum):
    """Common questions, answered once for all authorities at a visit."""

    WHO_WAS_MET = "who_was_met"
    IDENTITY_SHOWN = "identity_shown"
    OPENING_HOURS = "opening_hours"
    OPERATOR_CONFIRMED = "operator_confirmed"


class Verified(StrEnum):
    """How far the section behind a check point was read; ``memory`` is guidance, never advice."""

    STATUTE = "statute"
    PAGE = "page"
    MEMORY = "memory"


class SuggestedOutcome(StrEnum):
    """What a deficiency at a check point may lead to; a suggestion, no decision."""

    ADVICE = "advice"
    REMARK = "remark"
    ORDER = "order"
    ORDER_PENALTY = "order_penalty"
    PROHIBITION = "prohibition"
    PROHIBITION_PENALTY = "prohibition_penalty"
    REPRIMAND = "reprimand"
    WARNING = "warning"
    REVOCATION = "revocation"
    ENVIRONMENTAL_CHARGE = "environmental_charge"
    FINE = "fine"
    BUILDING_CHARGE = "building_charge"
    TAX_CONTROL_FEE = "tax_control_fee"
    PROSECUTION_REPORT = "prosecution_report"
    CRIME_REPORT = "crime_report"
    SEIZURE = "seizure"
    DETENTION = "detention"
    EVACUATION = "evacuation"
    REFERRAL = "referral"
    FOLLOW_UP = "follow_up"


class LateKind(StrEnum):
    """What a phone sends; the words of its queue."""

    FINDING = "finding"
    PHOTO = "photo"
    FACT = "fact"
    PRESENCE = "presence"
    END = "end"
    HAND_IN = "hand_in"
    REFUSAL = "refusal"
    HELP = "help"
    HELP_ANSWER = "help_answer"


class Settled(StrEnum):
    """What became of something that came too late."""

    TAKEN = "taken"
    DISCARDED = "discarded"


class Missing(StrEnum):
    """What a part lacks before something may be written at it; the texts stand under ``findings.missing``."""

    PART_WITHDRAWN = "part_withdrawn"
    ONGOING = "ongoing"
    NOT_HANDED_IN = "not_handed_in"
    ACCEPTED = "accepted"
    LEGAL_BASIS = "legal_basis"
    POLICE_ROLE = "police_role"
    OTHER_POLICE_ROLE = "other_police_role"


class Refusal(StrEnum):
    """Why something that was sent is not taken; the texts stand under ``findings.refusal``."""

    PERSONAL_NUMBER = "personal_number"
    TOO_LONG = "too_long"
    TEXT_NEEDED = "text_needed"
    NO_SUCH_POINT = "no_such_point"
    NOT_FOR_A_POINT = "not_for_a_point"
    NOT_FOR_FREE = "not_for_free"
    SERIOUS_WITHOUT_DEFICIENCY = "serious_without_deficiency"
    NO_SUCH_VERSION = "no_such_version"
    ANOTHER_POINT = "another_point"
    NO_TIME_ZONE = "no_time_zone"
    NOT_A_PICTURE = "not_a_picture"
    BROKEN_PICTURE = "broken_picture"
    TOO_BIG = "too_big"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOOK_TOO_LONG = "took_too_long"


class RefusedError(InvalidError):
    """Something sent cannot be taken: ``fields`` carries the refusal's word, the message its English sentence.

    Never quotes what was sent.
    """

    def __init__(self, field: str, refusal: Refusal) -> None:
        super().__init__(say("en", f"findings.refusal.{refusal}"), fields={field: (refusal,)})
        self.refusal = refusal
