"""A big silo, written in bulk by the superuser: 2,000 businesses, 20,000 visits, 200,000 findings of one authority."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Engine, text

BUSINESSES = 2_000
VISITS = 10  # per business
POINTS = 10  # findings per visit
FILL = Path(__file__).with_suffix(".sql")


def fill(engine: Engine) -> UUID:
    """Write the town and return the authority whose silo it is; two others take part in everything."""
    mine = uuid4()
    values: dict[str, str | int] = {
        "me": f"'{mine}'",
        "others": f"'{{{uuid4()},{uuid4()}}}'",
        "c": f"'{uuid4()}'",
        "mark": f"'{mine}'",
        "businesses": BUSINESSES,
        "visits": VISITS,
        "points": POINTS,
    }
    whole = re.sub(r"(?<![:\w]):([a-z]+)", lambda found: str(values[found[1]]), FILL.read_text("utf-8")).replace(
        "%", "%%"
    )
    with engine.begin() as db:
        for statement in whole.split(";\n"):
            db.exec_driver_sql(statement)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(text("VACUUM ANALYZE"))
    return mine
