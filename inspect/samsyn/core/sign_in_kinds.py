"""Kinds of the ways in that an outside provider vouches for."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import ADMIN, MINE
from samsyn.core.kinds import PERSON, Rule, read_write

# Read before anybody is known, by the digest that one presents. Linked by the person alone, never by an administrator,
# who could otherwise sign in as a colleague; taken away by both.
IDENTITY: Final = read_write(
    "credential",
    f"{{t}}.hash = (SELECT presented()) OR {{t}}.person_id = {PERSON} OR ({MINE} AND {ADMIN})",
    f"{MINE} AND {{t}}.person_id = {PERSON}",
    f"{MINE} AND {{t}}.person_id = {PERSON}",
).and_rules(Rule("DELETE", f"{MINE} AND ({{t}}.person_id = {PERSON} OR {ADMIN})"))
