"""The kinds of campaigns: what several authorities are to visit in a period, and what the lead planned of it."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import LEAD, MINE
from samsyn.core.kinds import ME, MEMBER, Rule, jav, own, read_write, role

PLANS: Final = f"{LEAD} AND {role('planner')}"
NAMED: Final = (
    "EXISTS (SELECT 1 FROM campaign_member m WHERE m.campaign_id = {of}"
    f" AND m.authority_id = {ME} AND m.left_at IS NULL)"
)
CAMPAIGN: Final = read_write("campaign", f"{LEAD} OR {NAMED.replace('{of}', '{t}.id')}", f"{PLANS} AND {MEMBER}", PLANS)
# Knows only itself, as a participation does: the campaign's own rule reads it.
CAMPAIGN_MEMBER: Final = read_write("campaign", f"{MINE} OR {LEAD}", PLANS, PLANS)
# Where it will go, unannounced: for planners, as a target (OSL 17:1). Once it is a visit, jäv closes it (R13).
CAMPAIGN_ITEM: Final = read_write(
    "campaign", f"{LEAD} OR {NAMED.replace('{of}', '{t}.campaign_id')}", PLANS, PLANS
).and_rules(Rule("SELECT", role("planner", "decider", "task"), restrictive="need"), jav())
# What the lead makes of it, with everybody's time in it: the reader's planners and the worker that plans.
_WHO_PLANS: Final = Rule("ALL", role("planner", "task"), restrictive="need")
PLAN_JOB: Final = own("dossier", "reader_id").and_rules(_WHO_PLANS)
PLAN_RESULT: Final = own("dossier", "reader_id", update=False).and_rules(_WHO_PLANS)
# Insert only: what somebody changed is a version of its own.
WEIGHTS: Final = read_write("pledge", MEMBER, f"{MEMBER} AND {MINE} AND {role('planner')}")
