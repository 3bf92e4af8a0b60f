"""Every write of the registry, split by use case."""

from samsyn.businesses.service.hours import (
    OpenSpell,
    SetOpeningHours,
    SetPermit,
    end_business,
    set_opening_hours,
    set_permit,
)
from samsyn.businesses.service.importing import ImportBusinesses, ImportReport, import_businesses

__all__ = [
    "ImportBusinesses",
    "ImportReport",
    "OpenSpell",
    "SetOpeningHours",
    "SetPermit",
    "end_business",
    "import_businesses",
    "set_opening_hours",
    "set_permit",
]
