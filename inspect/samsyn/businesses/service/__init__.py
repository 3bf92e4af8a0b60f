"""Every write of the registry, split by use case."""

from samsyn.businesses.service.importing import ImportBusinesses, ImportReport, import_businesses

__all__ = ["ImportBusinesses", "ImportReport", "import_businesses"]
