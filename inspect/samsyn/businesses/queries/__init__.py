"""Every read of the registry, split by what is asked."""

from samsyn.businesses.queries.hours import OpenLine, opening_hours_of
from samsyn.businesses.queries.register import BusinessCard, PermitLine, get_business, list_businesses, permits_of

__all__ = [
    "BusinessCard",
    "OpenLine",
    "PermitLine",
    "get_business",
    "list_businesses",
    "opening_hours_of",
    "permits_of",
]
