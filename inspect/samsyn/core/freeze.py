"""Write today's policies as frozen SQL for a migration: ``python -m samsyn.core.freeze 0002 table ...``.

A migration must not import the kinds: it would break on the columns of tomorrow.
"""

from __future__ import annotations

import sys
from pathlib import Path

from samsyn.core.tables import kinds


def frozen(tables: list[str]) -> str:
    """Return the statements of the tables (all, when none is named), one per line, in a stable order."""
    declared = kinds()
    lines = [s + ";" for name in sorted(tables or declared) for s in declared[name].statements(name)]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write ``migrations/policies/<revision>.sql``."""
    revision, *tables = sys.argv[1:]
    Path("migrations/policies").mkdir(exist_ok=True)
    Path(f"migrations/policies/{revision}.sql").write_text(frozen(tables), "utf-8")


if __name__ == "__main__":
    main()
