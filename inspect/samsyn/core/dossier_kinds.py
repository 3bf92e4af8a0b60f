"""The kinds of what is compiled: the reader's authority's, and closed to who declared jäv for a visit that is in it."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import BEGUN, DOSSIER
from samsyn.core.keeping_kinds import KEPT_RENDERING
from samsyn.core.kinds import PERSON, Rule, read_write

# A dossier names its visits by their keys; only a person with a conflict of interest pays for looking (FL 17 §, R13).
_NAMES_IT: Final = (
    f"SELECT 1 FROM recusal r WHERE r.person_id = {PERSON}"
    " AND strpos(CAST({t}.content AS text), CAST(r.visit_id AS text)) > 0"
)
OF_VISITS: Final = DOSSIER.and_rules(Rule("ALL", f"NOT EXISTS ({_NAMES_IT})", restrictive="jav"))
# Of a document nobody can tell which visits are in it, and its dossier may be compiled anew without one of them: who
# declared a conflict of interest reads none of any dossier, and those of an operation only where it is another one.
# The own one, made after the last declaration, holds none of them.
_OWN_SINCE: Final = (
    f"{{t}}.person_id = {PERSON} AND {{t}}.at > (SELECT max(r.at) FROM recusal r WHERE r.person_id = {PERSON})"
)
OF_DOSSIER: Final = KEPT_RENDERING.and_rules(
    Rule(
        "ALL",
        f"({{t}}.dossier_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM recusal r WHERE r.person_id = {PERSON}))"
        " OR ({t}.operation_id IS NOT NULL"
        f" AND NOT EXISTS (SELECT 1 FROM recusal r WHERE r.operation_id = {{t}}.operation_id"
        f" AND r.person_id = {PERSON})) OR ({_OWN_SINCE})",
        restrictive="jav",
    )
)
# What a person has read: that person's, in that authority, and no colleague's, administrator's or worker's.
READING: Final = read_write("personal", BEGUN, BEGUN, BEGUN)
