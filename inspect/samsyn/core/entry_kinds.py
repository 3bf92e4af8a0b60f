"""The kinds of what lets a person in: an offered place, and that it was taken."""

from __future__ import annotations

from typing import Final

from samsyn.core.kinds import ME, PERSON, Rule, read_write, role

OFFERED: Final = (
    "i.hash = (SELECT presented()) AND i.authority_id = {t}.authority_id"
    " AND i.revoked_at IS NULL AND i.expires_at > now()"
)
"""Of an ``invitation i``: the viewer holds its link, and it stands."""
MINE: Final = f"{{t}}.authority_id = {ME}"
# In an authority of many units (R1) who administers one offers places in that one: else it would open the others' rows.
OWN_UNIT: Final = (
    "(NOT EXISTS (SELECT 1 FROM authority a WHERE a.id = {t}.authority_id AND a.spanning) OR EXISTS (SELECT 1"
    f" FROM staff s WHERE s.authority_id = {{t}}.authority_id AND s.person_id = {PERSON}"
    " AND s.unit_id = {t}.unit_id))"
)
# Somebody who left is let back in by a colleague's yes to just this person and just this address (POLICIES, reference):
# the invitation takes the question's id, so that a yes opens one.
RETURNS: Final = (
    "({t}.person_id IS NULL OR EXISTS (SELECT 1 FROM approval a JOIN approval_decision d ON d.approval_id = a.id"
    f" JOIN approval_use u ON u.approval_id = a.id WHERE a.id = {{t}}.id AND a.authority_id = {ME}"
    " AND a.matter = 'return' AND d.approved AND a.person_id = {t}.person_id"
    " AND a.digest = encode(sha256(convert_to({t}.address, 'UTF8')), 'hex')))"
)
OFFER: Final = f"{MINE} AND {role('unit_admin')} AND {OWN_UNIT} AND {RETURNS}"
INVITATION: Final = read_write(
    "invitation",
    # Whoever holds the link reads the one row; the worker writes the letter.
    f"{{t}}.hash = (SELECT presented()) OR ({MINE} AND {role('unit_admin', 'task')})",
    f"{OFFER} AND {{t}}.invited_by_id = {PERSON}",
    f"{MINE} AND {role('unit_admin', 'task')}",
    f"({OFFER}) OR ({MINE} AND {role('task')})",
)
ACCEPTANCE: Final = read_write(
    "invitation",
    f"({MINE} AND {role('unit_admin', 'task')}) OR EXISTS (SELECT 1 FROM invitation i"
    " WHERE i.id = {t}.invitation_id AND i.hash = (SELECT presented()))",
    f"{MINE} AND {{t}}.person_id = {PERSON} AND EXISTS (SELECT 1 FROM invitation i"
    f" WHERE i.id = {{t}}.invitation_id AND {OFFERED} AND (i.person_id IS NULL OR i.person_id = {{t}}.person_id))",
)
PERSONS: Final = f"{{t}}.person_id = {PERSON}"
# Before anybody is known the one key is read whose name on the device is presented; who signs with it is then known.
PASSKEY: Final = read_write("personal", f"{{t}}.hash = (SELECT presented()) OR {PERSONS}", PERSONS, PERSONS).and_rules(
    Rule("DELETE", PERSONS)
)
