"""Where a long Swedish compound may be broken: browsers have no Swedish dictionary, narrow columns cut anywhere."""

from __future__ import annotations

import re
from typing import Final

SOFT: Final = "\u00ad"
LONG: Final = 11
"""Shorter words fit in the narrowest column."""
LAST: Final = (
    "avdelning", "besök", "butik", "central", "centrum", "demontering", "enhet", "förbund", "förvaltning", "grupp",
    "handel", "inspektion", "kampanj", "kontroll", "kontor", "myndighet", "nämnd", "område", "planering", "plats",
    "polis", "samordning", "samverkan", "skydd", "sköterska", "station", "tillsyn", "tillstånd", "tjänst", "utveckling",
    "verk", "verksamhet", "verkstad", "öppen", "öppet",
)  # fmt: skip
ENDING: Final = r"(?:s|en|et|erna|arna|na|n|t|r|er|ar)?"
JOINT: Final = re.compile(
    rf"(?<=[a-zåäö]{{4}})(?=(?:{'|'.join(LAST)}){ENDING}(?:[^a-zåäö]|$|s?[a-zåäö]{{4}}))|(?<=verksam)(?=het)",
    re.IGNORECASE,
)
WORD: Final = re.compile(rf"[^\W\d_]{{{LONG},}}")


def soften(text: str) -> str:
    """Return the text with soft hyphens before the last parts of long compounds; nothing else is changed."""
    return WORD.sub(lambda word: JOINT.sub(SOFT, word[0]), text)
