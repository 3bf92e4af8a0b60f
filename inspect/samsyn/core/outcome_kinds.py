"""Kinds of outcomes: what one rests on is a finding of the same part that its writer may read."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import MINE, UNIT_RULE
from samsyn.core.kinds import jav, read_write

# Asked of the finding under its own policies: never another part's, another unit's, or anything that is no finding.
GROUND: Final = read_write(
    "silo",
    MINE,
    f"{MINE} AND EXISTS (SELECT 1 FROM finding f WHERE f.finding_id = {{t}}.finding_id"
    " AND f.version = {t}.finding_version AND f.part_id = {t}.part_id AND f.authority_id = {t}.authority_id)",
).and_rules(jav())
FOLLOW_UP: Final = read_write(
    "silo",
    MINE,
    f"{MINE} AND ({{t}}.finding_id IS NULL OR EXISTS (SELECT 1 FROM finding f WHERE f.finding_id = {{t}}.finding_id"
    " AND f.version = {t}.finding_version AND f.part_id = {t}.part_id AND f.authority_id = {t}.authority_id))",
).and_rules(jav(), UNIT_RULE)
