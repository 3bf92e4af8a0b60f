"""Every write of an import: the draft, step by step, and at the end what it is of."""

from samsyn.imports.service.drafts import BeginImport, Mend, begin_import, drop_draft, keep_columns, mend
from samsyn.imports.service.finishing import ImportFaultyError, finish_import, write_people, write_readings

__all__ = [
    "BeginImport",
    "ImportFaultyError",
    "Mend",
    "begin_import",
    "drop_draft",
    "finish_import",
    "keep_columns",
    "mend",
    "write_people",
    "write_readings",
]
