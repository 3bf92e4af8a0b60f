"""The kinds of what crosses from one silo to another (POLICIES, "handover")."""

from __future__ import annotations

from typing import Final

from samsyn.core.kinds import ME, MEMBER, PERSON, Rule, jav, part, read_write, role

# What crosses, crosses as a copy: read by who gave it and who received it, public ones by everybody who works together;
# withdrawn, by the giver alone. The jäv rule holds on both sides, the unit rule inside the giver (R1).
GIVER: Final = f"{{t}}.from_id = {ME}"
DECIDES: Final = f"{GIVER} AND {role('decider')}"
SPANS: Final = "EXISTS (SELECT 1 FROM authority a WHERE a.id = {t}.to_id AND a.spanning)"
# In a receiving authority of many units the copy is one unit's, as what that unit writes itself is (R1).
RECEIVING_UNIT: Final = Rule(
    "SELECT",
    f"{{t}}.to_id IS DISTINCT FROM {ME} OR NOT {SPANS} OR EXISTS (SELECT 1 FROM staff s"
    f" WHERE s.authority_id = {{t}}.to_id AND s.person_id = {PERSON} AND s.unit_id = {{t}}.to_unit_id)"
    f" OR ({role('task')} AND has_role('unit:' || {{t}}.to_unit_id))",
    restrictive="to_unit",
)
TO_A_UNIT: Final = f"({{t}}.to_id IS NULL OR {{t}}.to_unit_id IS NOT NULL OR NOT {SPANS})"
# What a unit asks is that unit's likewise.
ASKING_UNIT: Final = Rule(
    "SELECT",
    f"{{t}}.from_id <> {ME} OR NOT EXISTS (SELECT 1 FROM authority a WHERE a.id = {{t}}.from_id AND a.spanning)"
    " OR EXISTS (SELECT 1 FROM staff s JOIN staff m ON m.authority_id = s.authority_id AND m.unit_id = s.unit_id"
    f" WHERE s.authority_id = {{t}}.from_id AND s.person_id = {{t}}.asked_by AND m.person_id = {PERSON})",
    restrictive="unit",
)
_HANDOVER: Final = read_write(
    "handover",
    f"{GIVER} OR ({{t}}.withdrawn_at IS NULL AND ({{t}}.to_id = {ME}"
    f" OR ({{t}}.to_id IS NULL AND ({MEMBER} OR {part()}))))",
    f"{DECIDES} AND {{t}}.decider_id = {PERSON} AND {TO_A_UNIT}",
    DECIDES,
)
HANDOVER: Final = _HANDOVER.and_rules(
    Rule(
        "SELECT",
        f"{{t}}.from_id <> {ME} OR {{t}}.unit_id IS NULL OR (NOT {{t}}.unit_only"
        " AND NOT EXISTS (SELECT 1 FROM authority a WHERE a.id = {t}.from_id AND a.spanning))"
        " OR EXISTS (SELECT 1 FROM staff s WHERE s.authority_id = {t}.from_id"
        f" AND s.person_id = {PERSON} AND s.unit_id = {{t}}.unit_id)",
        restrictive="unit",
    ),
    RECEIVING_UNIT,
    jav(),
)
# Through the decision's own rule, so that one update closes everything that was handed over with it.
OF_DISCLOSURE: Final = "EXISTS (SELECT 1 FROM disclosure d WHERE d.id = {t}.disclosure_id)"
HANDED_OVER: Final = read_write("handover", OF_DISCLOSURE, f"{DECIDES} AND {OF_DISCLOSURE}")
GIVERS_WORDS: Final = read_write(
    "handover", f"{GIVER} AND {OF_DISCLOSURE}", f"{DECIDES} AND {OF_DISCLOSURE}", f"{DECIDES} AND {OF_DISCLOSURE}"
)
BOTH: Final = f"{GIVER} OR {{t}}.to_id = {ME}"
RECEIPT: Final = read_write("handover", BOTH, f"{DECIDES} AND {TO_A_UNIT}", DECIDES).and_rules(RECEIVING_UNIT, jav())
ASKED_FOR: Final = read_write(
    "handover", BOTH, f"{GIVER} AND {{t}}.asked_by = {PERSON} AND {role('inspector', 'planner', 'decider')}"
).and_rules(ASKING_UNIT, jav())
