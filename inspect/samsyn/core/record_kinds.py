"""Kinds of records: test purchases, which an authority keeps for itself; when an operation came to a state."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import LEAD, SILO_STATE
from samsyn.core.kinds import PERSON, Rule, part, read_write, role

# The lead reads it as such: it is written before the first participation.
REACHED: Final = read_write("plan", f"{LEAD} OR {part()}", LEAD, LEAD)

# Of an authority that has many units, only the unit that made it reads a test purchase (R1).
PURCHASE: Final = SILO_STATE.and_rules(
    Rule(
        "SELECT",
        "{t}.unit_id IS NULL"
        " OR NOT EXISTS (SELECT 1 FROM authority a WHERE a.id = {t}.authority_id AND a.spanning)"
        f" OR EXISTS (SELECT 1 FROM staff s WHERE s.authority_id = {{t}}.authority_id AND s.person_id = {PERSON}"
        f" AND s.unit_id = {{t}}.unit_id) OR ({role('task')} AND has_role('unit:' || {{t}}.unit_id))",
        restrictive="unit",
    )
)
