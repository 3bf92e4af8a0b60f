"""Every write of the registry, split by use case."""

from samsyn.businesses.service.adding import AddBusiness, add_business
from samsyn.businesses.service.editing import ChangeOperator, EditBusiness, change_operator, edit_business
from samsyn.businesses.service.hours import (
    OpenSpell,
    SetOpeningHours,
    SetPermit,
    end_business,
    set_opening_hours,
    set_permit,
)
from samsyn.businesses.service.importing import (
    ImportBusinesses,
    ImportReport,
    WriteBusinesses,
    import_businesses,
    write_businesses,
)

__all__ = [
    "AddBusiness",
    "ChangeOperator",
    "EditBusiness",
    "ImportBusinesses",
    "ImportReport",
    "OpenSpell",
    "SetOpeningHours",
    "SetPermit",
    "WriteBusinesses",
    "add_business",
    "change_operator",
    "edit_business",
    "end_business",
    "import_businesses",
    "set_opening_hours",
    "set_permit",
    "write_businesses",
]
