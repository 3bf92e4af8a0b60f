"""Read requests, what falls under them, packages and case numbers: the own authority's alone."""

from samsyn.records.queries.case_numbers import NumberLine, numbers_of_operation, numbers_of_requests
from samsyn.records.queries.packages import PackageLine, get_package, list_packages
from samsyn.records.queries.requests import (
    ItemLine,
    RegisterFilter,
    RequestCard,
    RequestLine,
    demand_keeper,
    get_item,
    get_request,
    list_requests,
)

__all__ = [
    "ItemLine",
    "NumberLine",
    "PackageLine",
    "RegisterFilter",
    "RequestCard",
    "RequestLine",
    "demand_keeper",
    "get_item",
    "get_package",
    "get_request",
    "list_packages",
    "list_requests",
    "numbers_of_operation",
    "numbers_of_requests",
]
