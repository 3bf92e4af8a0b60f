"""The kinds of what is compiled: the reader's authority's, and closed to who declared jäv for a visit that is in it."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import DOSSIER
from samsyn.core.keeping_kinds import KEPT_RENDERING
from samsyn.core.kinds import PERSON, Rule

# A dossier names its visits by their keys; only a person with a conflict of interest pays for looking (FL 17 §, R13).
_NAMES_IT: Final = (
    f"SELECT 1 FROM recusal r WHERE r.person_id = {PERSON}"
    " AND strpos(CAST({t}.content AS text), CAST(r.visit_id AS text)) > 0"
)
OF_VISITS: Final = DOSSIER.and_rules(Rule("ALL", f"NOT EXISTS ({_NAMES_IT})", restrictive="jav"))
# Of a document nobody can tell which visits are in it: it is closed with its dossier. The own one, made after the last
# declaration, holds none of them.
_OWN_SINCE: Final = (
    f"{{t}}.person_id = {PERSON} AND {{t}}.at > (SELECT max(r.at) FROM recusal r WHERE r.person_id = {PERSON})"
)
OF_DOSSIER: Final = KEPT_RENDERING.and_rules(
    Rule(
        "ALL",
        f"EXISTS (SELECT 1 FROM dossier d WHERE d.id = {{t}}.dossier_id) OR ({_OWN_SINCE})",
        restrictive="jav",
    )
)
