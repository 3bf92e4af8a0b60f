"""Read what was promised, what was done for it, and the counts that silos handed in."""

from samsyn.pledges.queries.agreements import AgreementLine, FileLine, agreements_of, files_of, get_agreement
from samsyn.pledges.queries.promises import (
    AreaLine,
    CommitmentLine,
    PledgeLine,
    areas_of,
    commitment_line,
    commitments_of,
    focus_of,
    get_area,
    get_commitment,
    get_pledge,
    list_pledges,
    removed_of,
)
from samsyn.pledges.queries.tallies import TallyLine, list_tallies

__all__ = [
    "AgreementLine",
    "AreaLine",
    "CommitmentLine",
    "FileLine",
    "PledgeLine",
    "TallyLine",
    "agreements_of",
    "areas_of",
    "commitment_line",
    "commitments_of",
    "files_of",
    "focus_of",
    "get_agreement",
    "get_area",
    "get_commitment",
    "get_pledge",
    "list_pledges",
    "list_tallies",
    "removed_of",
]
