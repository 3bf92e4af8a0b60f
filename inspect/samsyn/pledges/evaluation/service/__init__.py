"""Ask for compilations, make them, write beside them, approve them, and decide what everybody may read."""

from samsyn.pledges.evaluation.service.publishing import publish
from samsyn.pledges.evaluation.service.writing import (
    WriteText,
    approve,
    ask_evaluation,
    compile_evaluation,
    subjects_of,
    write_text,
)

__all__ = ["WriteText", "approve", "ask_evaluation", "compile_evaluation", "publish", "subjects_of", "write_text"]
