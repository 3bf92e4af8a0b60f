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
from samsyn.pledges.service.agreements import (
    MOST_BYTES,
    AddFile,
    MakeAgreement,
    add_file,
    correct_agreement,
    make_agreement,
    put_back_agreement,
    read_file,
    remove_agreement,
)
from samsyn.pledges.service.commitments import AddCommitment, ChangeCommitment, add_commitment, change_commitment
from samsyn.pledges.service.drafts import (
    CorrectArea,
    CorrectPledge,
    carry_over,
    correct_area,
    correct_commitment,
    correct_pledge,
    put_back,
    remove,
)
from samsyn.pledges.service.promising import (
    AddFocusArea,
    MakePledge,
    Signatory,
    SignPledge,
    add_focus_area,
    make_pledge,
    sign_pledge,
)
from samsyn.pledges.service.returning import COUNT_RETURNS, count_returns
from samsyn.pledges.service.tallies import count_visit, recount

__all__ = [
    "COUNT_OPERATION",
    "COUNT_RETURNS",
    "MOST_BYTES",
    "AddActivity",
    "AddCommitment",
    "AddFile",
    "AddFocusArea",
    "ChangeActivity",
    "ChangeCommitment",
    "CorrectArea",
    "CorrectPledge",
    "MakeAgreement",
    "MakePledge",
    "SignPledge",
    "Signatory",
    "add_activity",
    "add_commitment",
    "add_file",
    "add_focus_area",
    "carry_over",
    "change_activity",
    "change_commitment",
    "choose_focus",
    "correct_agreement",
    "correct_area",
    "correct_commitment",
    "correct_pledge",
    "count_operation",
    "count_returns",
    "count_visit",
    "make_agreement",
    "make_pledge",
    "put_back",
    "put_back_agreement",
    "read_file",
    "recount",
    "remove",
    "remove_agreement",
    "sign_pledge",
]
