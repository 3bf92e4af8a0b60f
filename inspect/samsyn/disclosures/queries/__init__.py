"""Read decisions, copies and what was asked; each reading of a copy is in the trail of both sides."""

from samsyn.disclosures.queries.asked import RequestLine, askable, get_request, list_requests, open_requests
from samsyn.disclosures.queries.copies import (
    CopyLine,
    Handed,
    PictureLine,
    ReadCopy,
    copies_of_business,
    copies_of_visits,
    count_copies,
    get_disclosure,
    latest_copies,
)
from samsyn.disclosures.queries.records import asked_for_records, handed_for_records
from samsyn.disclosures.queries.register import Direction, DisclosureLine, Wanted, list_disclosures

__all__ = [
    "CopyLine",
    "Direction",
    "DisclosureLine",
    "Handed",
    "PictureLine",
    "ReadCopy",
    "RequestLine",
    "Wanted",
    "askable",
    "asked_for_records",
    "copies_of_business",
    "copies_of_visits",
    "count_copies",
    "get_disclosure",
    "get_request",
    "handed_for_records",
    "latest_copies",
    "list_disclosures",
    "list_requests",
    "open_requests",
]
