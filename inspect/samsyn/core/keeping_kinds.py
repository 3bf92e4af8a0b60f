"""Kinds of what an authority keeps of its records: requests and their items, packages, case numbers."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import MINE, UNIT_RULE
from samsyn.core.kinds import PERSON, Rule, jav, own, read_write

# Frozen by the database once it is settled: nothing of what was decided changes afterwards.
REGISTER: Final = read_write("silo", MINE, MINE, f"{MINE} AND {{t}}.settled_at IS NULL", MINE)
_OPEN: Final = "EXISTS (SELECT 1 FROM records_request q WHERE q.id = {t}.request_id AND q.settled_at IS NULL)"
# Jäv closes what is of a visit, and what is of the whole operation that the visit belongs to (R13).
_JAV: Final = Rule(
    "ALL",
    f"NOT EXISTS (SELECT 1 FROM recusal r WHERE r.person_id = {PERSON} AND (r.visit_id = {{t}}.visit_id"
    " OR ({t}.visit_id IS NULL AND r.operation_id = {t}.operation_id)))",
    restrictive="jav",
)
ITEM: Final = read_write("silo", MINE, f"{MINE} AND {_OPEN}", f"{MINE} AND {_OPEN}", MINE).and_rules(_JAV, UNIT_RULE)
PACKAGE: Final = own("silo", update=False).and_rules(
    Rule(
        "ALL",
        f"NOT EXISTS (SELECT 1 FROM recusal r WHERE r.person_id = {PERSON}"
        " AND {t}.operations @> to_jsonb(CAST(r.operation_id AS text)))",
        restrictive="jav",
    ),
    UNIT_RULE,
)
CASE_NUMBER: Final = own("silo").and_rules(jav())
