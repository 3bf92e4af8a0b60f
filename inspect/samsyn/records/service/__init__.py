"""Write requests, decisions on what falls under them, case numbers and packages."""

from samsyn.records.service.case_numbers import Number, write_number
from samsyn.records.service.deciding import Decide, decide_items
from samsyn.records.service.entering import Enter, enter_request, gather_again
from samsyn.records.service.packages import Pack, make_package, read_package
from samsyn.records.service.settling import Settle, missing_of, settle_request

__all__ = [
    "Decide",
    "Enter",
    "Number",
    "Pack",
    "Settle",
    "decide_items",
    "enter_request",
    "gather_again",
    "make_package",
    "missing_of",
    "read_package",
    "settle_request",
    "write_number",
]
