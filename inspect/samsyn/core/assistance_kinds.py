"""Kinds of what an authority asks of the police, and of what would tell it: of the own silo, and of those two alone."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import MINE, SHARED_LOG
from samsyn.core.kinds import ME, PERSON, Rule, jav, part, read_write, role

ANSWERS: Final = f"{{t}}.answers_id = {ME}"


def unit(owner: str, column: str) -> str:
    """Return R1 for one side of a row: of an authority that has many units, only the unit that it names reads it."""
    return (
        f"({{t}}.{owner} = {ME} AND ({{t}}.{column} IS NULL"
        f" OR NOT EXISTS (SELECT 1 FROM authority a WHERE a.id = {{t}}.{owner} AND a.spanning)"
        f" OR EXISTS (SELECT 1 FROM staff s WHERE s.authority_id = {{t}}.{owner} AND s.person_id = {PERSON}"
        f" AND s.unit_id = {{t}}.{column}) OR ({role('task')} AND has_role('unit:' || {{t}}.{column}))))"
    )


# Who asks and who is asked; no other authority that takes part, the lead neither.
HELP_REQUEST: Final = read_write("asked", f"{MINE} OR {ANSWERS}", f"{MINE} AND {part()}").and_rules(
    Rule("SELECT", f"{unit('authority_id', 'unit_id')} OR {unit('answers_id', 'answers_unit_id')}", restrictive="unit"),
    jav(),
)
# An answer is read by whoever reads the question, whose own policies decide that.
OF_REQUEST: Final = "EXISTS (SELECT 1 FROM help_request h WHERE h.id = {t}.request_id)"
HELP_ANSWER: Final = read_write("asked", OF_REQUEST, f"{MINE} AND {OF_REQUEST}").and_rules(jav())
# Who was there is read by all who take part; that the police went over to helping says that somebody asked, and is read
# by the police and by whoever reads the answer that it came of. So does the way back, which no answer names. It is
# marked when it is written: a policy that looked at the rows before it would read itself (42P17).
PRESENCE: Final = SHARED_LOG.and_rules(
    Rule(
        "SELECT",
        f"({{t}}.police_role IS DISTINCT FROM 'assistance' AND NOT {{t}}.after_help) OR {MINE}"
        " OR EXISTS (SELECT 1 FROM help_answer h WHERE h.presence_id = {t}.id)",
        restrictive="help",
    )
)
