"""Read the own authority's outcomes and follow-ups; each reading is in the trail."""

from samsyn.outcomes.queries.follow_ups import (
    FollowUpFilter,
    FollowUpLine,
    due_by,
    follow_ups_of_part,
    follow_ups_of_visits,
    history_of_follow_up,
    list_follow_ups,
    open_of_operation,
    to_do,
    unfinished_one,
)
from samsyn.outcomes.queries.outcomes import (
    OutcomeLine,
    history_of_outcome,
    latest_outcomes,
    outcomes_of_part,
    outcomes_of_visits,
    standing_of_operator,
)
from samsyn.outcomes.queries.records import follow_ups_for_records, outcomes_for_records

__all__ = [
    "FollowUpFilter",
    "FollowUpLine",
    "OutcomeLine",
    "due_by",
    "follow_ups_for_records",
    "follow_ups_of_part",
    "follow_ups_of_visits",
    "history_of_follow_up",
    "history_of_outcome",
    "latest_outcomes",
    "list_follow_ups",
    "open_of_operation",
    "outcomes_for_records",
    "outcomes_of_part",
    "outcomes_of_visits",
    "standing_of_operator",
    "to_do",
    "unfinished_one",
]
