"""Kinds of the review of the trail: what a log reviewer draws, writes and handles stays with the log reviewers."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import MINE
from samsyn.core.kinds import ME, PERSON, part, read_write, role

REVIEWER: Final = f"{MINE} AND {role('log_reviewer')}"
REVIEW: Final = read_write("review", REVIEWER, REVIEWER, REVIEWER)
DRAWN: Final = read_write("review", REVIEWER, REVIEWER)
"""What was drawn, and with which seed, stands."""

# Read by the person it is for (or the worker that mails it) and by who sent it; not by others who take part.
# A notice to the own log reviewers is about no operation: that person's alone, and never from another authority.
ANY_NOTICE: Final = read_write(
    "told",
    f"({{t}}.from_id = {ME} AND {{t}}.operation_id IS NOT NULL)"
    f" OR ({{t}}.to_id = {ME} AND ({{t}}.person_id = {PERSON} OR {role('task')}))",
    f"{{t}}.from_id = {ME} AND ({part()} OR ({{t}}.operation_id IS NULL AND {{t}}.to_id = {ME}))",
)
