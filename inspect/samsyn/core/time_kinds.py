"""The kinds of people's time: what is held and taken of it, and the polls that ask for it."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import LEAD, MINE
from samsyn.core.kinds import ME, PERSON, Kind, Rule, part, read_write, role, shares_collaboration

# For an operation, or for a proposal of a time poll that is open.
ASKED_BY_ME: Final = (
    f"(EXISTS (SELECT 1 FROM assignment a WHERE a.booking_id = {{t}}.id AND a.lead_id = {ME})"
    f" OR EXISTS (SELECT 1 FROM poll_option o WHERE o.id = {{t}}.poll_option_id AND o.lead_id = {ME}))"
)
BOOKING: Final = Kind(
    "time",
    (
        Rule(
            "SELECT",
            f"{MINE} OR {ASKED_BY_ME} OR ({role('planner')} AND {shares_collaboration('{t}.authority_id')})",
        ),
        # First that the person is staff that I may see: an outsider hears the same whether the person is busy or free.
        Rule(
            "INSERT",
            check="EXISTS (SELECT 1 FROM staff s WHERE s.person_id = {t}.person_id"
            " AND s.authority_id = {t}.authority_id)"
            f" AND ({MINE} OR ({role('planner')} AND {{t}}.state = 'asked'))"
            # Through the proposal's own rule: nobody holds time for a poll that is hidden.
            " AND ({t}.poll_option_id IS NULL OR EXISTS"
            " (SELECT 1 FROM poll_option o WHERE o.id = {t}.poll_option_id))",
        ),
        # Who asked may ask again (another time) or release; only the own authority accepts.
        Rule(
            "UPDATE",
            f"{MINE} OR {ASKED_BY_ME}",
            f"{MINE} OR ({ASKED_BY_ME} AND {{t}}.state IN ('asked', 'released'))",
        ),
    ),
)
# That a person cannot, and never why: written by the own authority from leave, shifts and busy times, rewritten whole.
UNAVAILABLE: Final = Kind(
    "time",
    (
        Rule("SELECT", f"{MINE} OR ({role('planner')} AND {shares_collaboration('{t}.authority_id')})"),
        Rule("INSERT", check=MINE),
        Rule("DELETE", MINE),
    ),
)
# A time poll: the lead asks, each authority answers for itself and reads its own, the lead reads all.
EITHER: Final = f"({MINE} OR {LEAD})"
POLL_ASK: Final = read_write("plan", EITHER, LEAD)
# Nobody answers in another's name: for the authority, or for oneself.
POLL_VOTE: Final = read_write(
    "own",
    EITHER,
    f"{MINE} AND {{t}}.written_by_id = {PERSON} AND ({{t}}.person_id IS NULL OR {{t}}.person_id = {PERSON})"
    f" AND {part()}",
)
