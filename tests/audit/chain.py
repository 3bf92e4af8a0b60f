"""A trail of its own to bend: acts, the sealer's way in, keys and a second place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from sqlalchemy import Engine, text

from samsyn.audit.heads import load_seal_keys, make_seal_keys
from samsyn.audit.verifying import Verdict, verify
from samsyn.core.settings import Settings
from samsyn_workers import sealer
from tests.cluster import Cluster

ACT = text("""
    INSERT INTO audit (id, at, actor_authority_id, actor_person_id, action, object_authority_id, object_id, reason)
    SELECT gen_random_uuid(), CAST(:at AS timestamptz) + n * interval '1 s', :who, gen_random_uuid(), 'finding.read',
           :who, gen_random_uuid(), CASE WHEN n % 3 = 0 THEN 'å\\' || n END
      FROM generate_series(1, :count) n""")


def settings_of(cluster: Cluster, database: str, folder: Path) -> Settings:
    make_seal_keys(folder / "seal-keys.json")
    return Settings(
        database_url=cluster.url("samsyn_app", database),
        sealer_database_url=cluster.url("samsyn_sealer", database),
        redis_url="redis://nowhere",
        smtp_url="smtp://nowhere",
        data_dir=folder,
        seal_copy=folder / "elsewhere",
        seal_head_seconds=0.001,
    )


class Chain:
    """The sealer's side of one database."""

    def __init__(self, cluster: Cluster, database: str, folder: Path) -> None:
        self.cluster, self.database = cluster, database
        self.settings = settings_of(cluster, database, folder)
        self.engine: Engine = sealer.sealer_engine(self.settings)

    def seal(self, *, sign: bool = True) -> int:
        keys, now = load_seal_keys(self.settings.seal_keys()), datetime.now(UTC)
        done = sealer.pass_once(self.engine, now)
        if sign:
            sealer.sign_if_due(self.engine, keys, self.settings, now)
            sealer.copy_out(self.engine, keys, self.settings, now)
        return done

    def verify(self, *, outside: bool = True, piece: int = 7) -> Verdict:
        keys = load_seal_keys(self.settings.seal_keys())
        copies = self.settings.seal_copy if outside else None
        with self.engine.connect().execution_options(isolation_level="REPEATABLE READ") as db:
            return verify(db, keys, copies, piece=piece)

    def ids(self) -> list[UUID]:
        with self.engine.connect() as db:
            return list(db.scalars(text("SELECT audit_id FROM sealed ORDER BY n")))


@contextmanager
def chain_in(cluster: Cluster, database: str, folder: Path) -> Iterator[Chain]:
    chain = Chain(cluster, database, folder)
    yield chain
    chain.engine.dispose()


def seal_all(cluster: Cluster, database: str) -> None:
    """Chain and sign what stands in a database."""
    with TemporaryDirectory() as folder, chain_in(cluster, database, Path(folder)) as chain:
        assert chain.seal() > 0


WHO = uuid4()


def acts(count: int, at: str = "2026-05-05 12:00Z") -> dict[str, object]:
    return {"count": count, "at": at, "who": WHO}
