"""The house's checklists: read from ``config/checklists`` and published as versions, by the owner, after migrations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

import yaml
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, create_engine, insert, pool, select, text, update

from samsyn.authorities import rules as authorities
from samsyn.core.migrate import config_folder
from samsyn.findings.models import Checklist, ChecklistVersion, CheckPoint
from samsyn.findings.points import Point, columns_of, digest_of

HOUSE: Final = UUID("5f0c7a52-6f0e-4c0e-9a34-3f6c1c1a7b1d")
"""The namespace of the house's checklists: their ids are the same in every installation."""

LOCK: Final = 7_268_780  # an arbitrary number: only one process publishes at a time


class ChecklistFile(BaseModel):
    """One file: a field's questions in the order in which they are asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    field: authorities.Field
    title_sv: str
    title_en: str
    points: list[Point] = Field(min_length=1)

    @property
    def id(self) -> UUID:
        """The checklist's key, the same everywhere."""
        return house_id(self.code)

    def digest(self) -> str:
        """Return a SHA-256 of everything that a version holds; titles may be corrected without a new one."""
        return digest_of(self.points)


def house_id(code: str) -> UUID:
    """Return the key of a house checklist."""
    return uuid5(HOUSE, code)


def read_house_checklists(folder: Path | None = None) -> list[ChecklistFile]:
    """Read every ``*.yaml`` of the folder (default: ``config/checklists``); raise ``ValueError`` for a bad one."""
    files = sorted((folder or config_folder() / "checklists").glob("*.yaml"))
    lists = [ChecklistFile.model_validate(yaml.safe_load(file.read_text("utf-8"))) for file in files]
    for each in lists:
        if len({point.code for point in each.points}) < len(each.points):
            raise ValueError(f"checklist {each.code}: a code stands twice")
    return lists


def publish_house_checklists(url: str, folder: Path | None = None, now: datetime | None = None) -> list[str]:
    """Load the files as the migrator acting as owner, in one transaction; return what ``load_house_checklists`` does.

    ``url`` is the migrator's. Safe to run at every start and by several processes at once.
    """
    lists = read_house_checklists(folder)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=pool.NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL ROLE samsyn_owner"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK})
            return load_house_checklists(connection, lists, now or datetime.now(UTC))
    finally:
        engine.dispose()


def load_house_checklists(connection: Connection, lists: Sequence[ChecklistFile], now: datetime) -> list[str]:
    """Publish version n + 1 of each list whose content changed and return their codes; a second run changes nothing.

    A published version is never touched. The connection must act as the owner: no other role may write house rows.
    """
    newest = select(ChecklistVersion.checklist_id, ChecklistVersion.n, ChecklistVersion.digest)
    known = {row.checklist_id: (row.n, row.digest) for row in connection.execute(newest.order_by(ChecklistVersion.n))}
    published = []
    for each in lists:
        n, digest = known.get(each.id, (0, ""))
        _write_title(connection, each)
        if digest != each.digest():
            _write_version(connection, each, n + 1, now)
            published.append(each.code)
    return published


def _write_title(connection: Connection, each: ChecklistFile) -> None:
    titles = {"title_sv": each.title_sv, "title_en": each.title_en}
    if not connection.execute(update(Checklist).where(Checklist.id == each.id).values(titles)).rowcount:
        connection.execute(insert(Checklist).values(id=each.id, code=each.code, field=each.field, **titles))


def _write_version(connection: Connection, each: ChecklistFile, n: int, now: datetime) -> None:
    connection.execute(
        insert(ChecklistVersion).values(checklist_id=each.id, n=n, digest=each.digest(), published_at=now)
    )
    connection.execute(
        insert(CheckPoint),
        [{"checklist_id": each.id, "n": n, **columns} for columns in columns_of(each.points)],
    )
