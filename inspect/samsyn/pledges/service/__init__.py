"""Write what is promised and done, and hand in counts."""

from samsyn.operations.service.plan import COUNT_OPERATION
from samsyn.pledges.service.activities import (
    AddActivity,
    ChangeActivity,
    add_activity,
    change_activity,
    choose_focus,
    count_operation,
)
from samsyn.pledges.service.commitments import AddCommitment, ChangeCommitment, add_commitment, change_commitment
from samsyn.pledges.service.promising import (
    AddFocusArea,
    MakeAgreement,
    MakePledge,
    Signatory,
    SignPledge,
    add_focus_area,
    make_agreement,
    make_pledge,
    sign_pledge,
)
from samsyn.pledges.service.returning import COUNT_RETURNS, count_returns
from samsyn.pledges.service.tallies import count_visit, recount

__all__ = [
    "COUNT_OPERATION",
    "COUNT_RETURNS",
    "AddActivity",
    "AddCommitment",
    "AddFocusArea",
    "ChangeActivity",
    "ChangeCommitment",
    "MakeAgreement",
    "MakePledge",
    "SignPledge",
    "Signatory",
    "add_activity",
    "add_commitment",
    "add_focus_area",
    "change_activity",
    "change_commitment",
    "choose_focus",
    "count_operation",
    "count_returns",
    "count_visit",
    "make_agreement",
    "make_pledge",
    "recount",
    "sign_pledge",
]
