"""Kinds of what needs two people: who asked, who decided, and that the yes was used; each row has one writer."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import ADMIN, KNOWN, MINE
from samsyn.core.kinds import ME, MEMBER, PERSON, read_write, role

DECIDES: Final = role("decider", "unit_admin")
ASKER: Final = f"{{t}}.asked_by_id = {PERSON}"
# Never updated: what was asked for is what is approved. A new member is asked for by a unit administrator.
APPROVAL: Final = read_write(
    "approval",
    f"{MINE} AND ({ASKER} OR {DECIDES})",
    f"{MINE} AND {ASKER} AND ({{t}}.matter = 'export' OR {role('unit_admin')})",
)
OF_APPROVAL: Final = "EXISTS (SELECT 1 FROM approval a WHERE a.id = {t}.approval_id)"
# Nobody approves what they asked for themselves, nor what is over; the primary key lets it be decided once.
DECISION: Final = read_write(
    "approval",
    f"{MINE} AND {OF_APPROVAL}",
    f"{MINE} AND {{t}}.decided_by_id = {PERSON} AND EXISTS (SELECT 1 FROM approval a WHERE a.id = {{t}}.approval_id"
    f" AND a.asked_by_id <> {PERSON} AND a.expires_at > now() AND {DECIDES})",
)
# By who asked, after another's yes, for a day; the primary key lets it be used once.
USE: Final = read_write(
    "approval",
    f"{MINE} AND {OF_APPROVAL}",
    f"{MINE} AND {{t}}.used_by_id = {PERSON} AND EXISTS (SELECT 1 FROM approval a JOIN approval_decision d"
    f" ON d.approval_id = a.id WHERE a.id = {{t}}.approval_id AND a.asked_by_id = {PERSON}"
    " AND d.approved AND d.decided_at > now() - interval '24 hours')",
)
# Two people of the member that invites; alone only who founds it, as long as nobody else has joined.
TWO_SAID_YES: Final = (
    "EXISTS (SELECT 1 FROM approval a JOIN approval_decision d ON d.approval_id = a.id JOIN approval_use u"
    f" ON u.approval_id = a.id WHERE a.authority_id = {ME} AND a.matter = 'member' AND d.approved"
    f" AND u.used_by_id = {PERSON} AND a.collaboration_id = {{t}}.collaboration_id"
    " AND a.member_id = {t}.authority_id)"
)
ALONE_IN_IT: Final = (
    "(EXISTS (SELECT 1 FROM collaboration c WHERE c.id = {t}.collaboration_id"
    f" AND c.founded_by_id = {ME}) AND NOT EXISTS (SELECT 1 FROM collaboration_member o"
    f" WHERE o.collaboration_id = {{t}}.collaboration_id AND o.authority_id <> {ME}))"
)
INVITED_MEMBER: Final = read_write(
    "reference",
    KNOWN,
    f"{{t}}.invited_by_id = {ME} AND {ADMIN} AND {MEMBER} AND ({TWO_SAID_YES} OR {ALONE_IN_IT})",
)
