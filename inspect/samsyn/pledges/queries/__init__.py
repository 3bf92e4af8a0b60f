"""Read what was promised, what was done for it, and the counts that silos handed in."""

from samsyn.pledges.queries.activities import OwnActivity, get_activity
from samsyn.pledges.queries.promises import (
    AgreementLine,
    AreaLine,
    CommitmentLine,
    PledgeLine,
    agreements_of,
    areas_of,
    commitments_of,
    focus_of,
    get_area,
    get_commitment,
    get_pledge,
    list_pledges,
)
from samsyn.pledges.queries.tallies import TallyLine, list_tallies

__all__ = [
    "AgreementLine",
    "AreaLine",
    "CommitmentLine",
    "OwnActivity",
    "PledgeLine",
    "TallyLine",
    "agreements_of",
    "areas_of",
    "commitments_of",
    "focus_of",
    "get_activity",
    "get_area",
    "get_commitment",
    "get_pledge",
    "list_pledges",
    "list_tallies",
]
