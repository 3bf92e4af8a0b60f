"""Tables of planning: people's time and polls, templates, campaigns and their plans."""

from samsyn.planning.models.campaigns import (
    Campaign,
    CampaignItem,
    CampaignMember,
    CandidateWeights,
    PlanJob,
    PlanResult,
)
from samsyn.planning.models.hours import (
    BusyReading,
    BusySource,
    BusyTime,
    Leave,
    Poll,
    PollAsk,
    PollOption,
    PollVote,
    Shift,
    Template,
    Unavailable,
)

__all__ = [
    "BusyReading",
    "BusySource",
    "BusyTime",
    "Campaign",
    "CampaignItem",
    "CampaignMember",
    "CandidateWeights",
    "Leave",
    "PlanJob",
    "PlanResult",
    "Poll",
    "PollAsk",
    "PollOption",
    "PollVote",
    "Shift",
    "Template",
    "Unavailable",
]
