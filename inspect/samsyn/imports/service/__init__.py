"""Every write of an import: the draft, step by step, and at the end what it is of."""

from samsyn.imports.service.drafts import BeginImport, Mend, begin_import, drop_draft, keep_columns, mend
from samsyn.imports.service.finishing import ImportFaultyError, finish_import, write_people, write_readings
from samsyn.imports.service.running import Started, open_job, run_list, write_or_start

__all__ = [
    "BeginImport",
    "ImportFaultyError",
    "Mend",
    "Started",
    "begin_import",
    "drop_draft",
    "finish_import",
    "keep_columns",
    "mend",
    "open_job",
    "run_list",
    "write_or_start",
    "write_people",
    "write_readings",
]
