"""A section of an act as people say it: ``LTLP 7:18`` becomes ``tobakslagen, 7 kapitlet 18 §``."""

from __future__ import annotations

import re
from typing import Final

from samsyn.texts import say
from samsyn.texts.say import has

SECTION: Final = re.compile(r"(?P<act>[A-Za-zÅÄÖåäö]+)\s+(?:(?P<chapter>\d+):)?(?P<section>\d+(?: [a-z])?)(?: ?§)?")


def plain_law(basis: str, language: str) -> str:
    """Return a legal basis in plain words; what is not of the known form stays as it was written."""
    found = SECTION.fullmatch(basis.strip())
    if found is None or not has(f"letters.act.{found['act'].lower()}"):
        return basis.strip()
    act = say(language, f"letters.act.{found['act'].lower()}")
    if found["chapter"]:
        return say(language, "letters.chapter", act=act, chapter=found["chapter"], section=found["section"])
    return say(language, "letters.section", act=act, section=found["section"])
