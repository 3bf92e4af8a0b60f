"""Every read of the registry, split by what is asked."""

from samsyn.businesses.queries.hours import OpenLine, closes_at, opening_hours_of
from samsyn.businesses.queries.place import Beside, Spell, others_at, others_of, spell_of
from samsyn.businesses.queries.register import (
    EXPIRED,
    BusinessCard,
    BusinessFilter,
    PermitLine,
    businesses_by_id,
    get_business,
    list_businesses,
    permits_of,
)

__all__ = [
    "EXPIRED",
    "Beside",
    "BusinessCard",
    "BusinessFilter",
    "OpenLine",
    "PermitLine",
    "Spell",
    "businesses_by_id",
    "closes_at",
    "get_business",
    "list_businesses",
    "opening_hours_of",
    "others_at",
    "others_of",
    "permits_of",
    "spell_of",
]
