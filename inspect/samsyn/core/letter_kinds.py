"""Kinds of letters to a business: before a visit the lead's, after it each authority's own."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import LEAD
from samsyn.core.keeping_kinds import KEPT_LETTER
from samsyn.core.kinds import Rule, part, read_write

# It says where the visit goes: read by those alone who may read the target, whose own policy decides (OSL 17:1, R13).
NOTICE_LETTER: Final = read_write("target", part(), LEAD).and_rules(
    Rule(
        "SELECT",
        "EXISTS (SELECT 1 FROM visit_target g WHERE g.visit_id = {t}.visit_id)",
        restrictive="need",
    )
)
# It says what the own authority saw: a finding's rule, jäv and units included; it goes by the authority's decision.
RESULT_LETTER: Final = KEPT_LETTER
