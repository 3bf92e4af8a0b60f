"""What the sealer chains, in which order, beside whom; and that whoever owns the database cannot bend it unseen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from samsyn.audit.canonical import Act, digest_of
from samsyn.audit.heads import SealKeyError, load_seal_keys, rotate_seal_keys
from samsyn.audit.sealing import seal
from samsyn.audit.verifying import Fault
from samsyn_workers import sealer
from tests.audit.chain import ACT, Chain, acts, chain_in
from tests.cluster import Cluster
from tests.core.owner import as_owner

ACTS = 30
Bent = tuple[str, str, Fault]


@pytest.fixture
def chain(cluster: Cluster, tmp_path: Path) -> Iterator[Chain]:
    name = cluster.create()
    cluster.migrate(name)
    with chain_in(cluster, name, tmp_path) as made:
        yield made


@pytest.fixture
def owner(chain: Chain) -> Iterator[Connection]:
    with as_owner(chain.cluster, chain.database) as db:
        yield db


def act(db: Connection, count: int = ACTS, at: str = "2026-05-05 12:00Z") -> None:
    db.execute(ACT, acts(count, at))
    db.commit()


def test_the_database_and_we_hash_the_same_bytes(chain: Chain, owner: Connection) -> None:
    act(owner, 7)
    rows = owner.execute(
        text(
            "SELECT xid, at, id, actor_authority_id, actor_person_id, object_authority_id, object_id, action, reason,"
            " digest FROM audit"
        )
    )
    for row in rows:
        assert bytes(row.digest) == digest_of(Act(*row[:-1]))


def test_all_that_is_committed_is_chained_once_and_found_good(chain: Chain, owner: Connection) -> None:
    act(owner)
    assert (chain.seal(), chain.seal()) == (ACTS, 0)
    act(owner, 5)
    assert chain.seal() == 5
    verdict = chain.verify()
    assert verdict.wrong == []
    assert (verdict.links, verdict.heads, verdict.copies, verdict.unsealed) == (ACTS + 5, 2, 2, 0)


def test_a_transaction_that_commits_late_is_waited_for_and_never_passed_over(chain: Chain, owner: Connection) -> None:
    with as_owner(chain.cluster, chain.database) as late:
        late.execute(ACT, acts(2))  # takes its id first
        act(owner, 3)
        assert chain.seal() == 0, "nothing above a transaction that is still open"
        with chain.engine.connect() as db:
            assert db.scalar(text("SELECT waiting_since FROM seal_state")) is not None
        late.commit()
    assert chain.seal() == 5
    with chain.engine.connect() as db:
        xids = list(db.scalars(text("SELECT a.xid FROM sealed s JOIN audit a ON a.id = s.audit_id ORDER BY s.n")))
        assert xids == sorted(xids)
        assert db.scalar(text("SELECT waiting_since FROM seal_state")) is None
    assert chain.verify().good


def test_a_batch_that_ends_inside_a_transaction_leaves_nothing_behind(chain: Chain, owner: Connection) -> None:
    act(owner, 10)
    assert sealer.pass_once(chain.engine, datetime.now(UTC), most=3) == 10
    assert chain.verify(outside=False).good


def test_acts_of_one_moment_and_of_two_years_are_chained(chain: Chain, owner: Connection) -> None:
    act(owner, 4, "2026-12-31 23:59:58Z")
    owner.execute(text("UPDATE audit SET at = '2026-12-31 23:59:59.5Z' WHERE at < '2027-01-01Z'"))
    owner.commit()
    act(owner, 2, "1999-01-01 00:00Z")
    assert chain.seal() == 6
    assert chain.verify().good


def test_two_sealers_at_once_make_one_chain(chain: Chain, owner: Connection) -> None:
    done: list[int] = []
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            done.append(sealer.pass_once(chain.engine, datetime.now(UTC), most=4))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        act(owner, 5)
    stop.set()
    for thread in threads:
        thread.join()
    assert sum(done) + chain.seal() == 100
    assert chain.verify().good


def test_a_sealer_killed_in_the_middle_of_a_pass_leaves_a_whole_chain(chain: Chain, owner: Connection) -> None:
    act(owner, 10)
    with chain.engine.connect() as db:
        assert seal(db, 6) is not None
        db.invalidate()  # the connection is gone, and with it the transaction and the lock
    assert chain.seal() == 10
    assert chain.verify().good


def test_after_a_restore_that_counts_transactions_anew_the_chain_goes_on(chain: Chain, owner: Connection) -> None:
    act(owner, 5)
    chain.seal()
    owner.execute(text("UPDATE sealed SET horizon = horizon + 1000000"))  # as if the database had been older
    owner.commit()
    act(owner, 3)
    assert chain.seal() == 3


def test_a_new_key_signs_and_the_old_heads_stay_good(chain: Chain, owner: Connection) -> None:
    act(owner, 3)
    chain.seal()
    rotate_seal_keys(chain.settings.seal_keys())
    act(owner, 3)
    chain.seal()
    verdict = chain.verify()
    assert (verdict.good, verdict.heads) == (True, 2)
    with chain.engine.connect() as db:
        assert db.scalar(text("SELECT count(DISTINCT key_name) FROM seal_head")) == 2


def test_a_key_file_that_others_read_is_refused(chain: Chain) -> None:
    chain.settings.seal_keys().chmod(0o644)
    with pytest.raises(SealKeyError, match="readable by others"):
        load_seal_keys(chain.settings.seal_keys())


def test_the_nightly_check_says_what_it_found(chain: Chain, owner: Connection) -> None:
    act(owner)
    chain.seal()
    assert sealer.check_due(chain.engine, chain.settings, datetime.now(UTC))
    assert sealer.check(chain.engine, chain.settings, datetime.now(UTC)).good
    assert not sealer.check_due(chain.engine, chain.settings, datetime.now(UTC))
    owner.execute(text("UPDATE audit SET action = 'x' WHERE id = :id"), {"id": chain.ids()[3]})
    owner.commit()
    sealer.check(chain.engine, chain.settings, datetime.now(UTC))
    with chain.engine.connect() as db:
        assert db.scalar(text("SELECT check_fault FROM seal_state")) == "edited"


def columns(draw: st.DrawFn) -> str:
    return draw(
        st.sampled_from(
            [
                "action = action || '.'",
                "reason = 'other'",
                "reason = CASE WHEN reason IS NULL THEN '' END",
                "object_id = gen_random_uuid()",
                "object_authority_id = gen_random_uuid()",
                "actor_person_id = NULL",
                "actor_authority_id = gen_random_uuid()",
                "xid = xid - 1",
            ]
        )
    )


@st.composite
def bends(draw: st.DrawFn) -> tuple[str, int, str]:
    """How the owner bends it, at which link, and which field."""
    how = draw(st.sampled_from(["edit", "delete", "insert", "swap", "delete both", "unlink", "cut", "rewrite", "at"]))
    return how, draw(st.integers(2, ACTS - 1)), columns(draw)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bend=bends())
def test_whatever_the_owner_bends_is_found_at_its_row(bent_chain: Chain, bend: tuple[str, int, str]) -> None:
    chain, (how, n, field) = bent_chain, bend
    ids = chain.ids()
    at = {"n": n, "id": ids[n - 1], "other": ids[n]}
    sql = {
        "edit": f"UPDATE audit SET {field} WHERE id = :id",
        "at": "UPDATE audit SET at = at + interval '1 day' WHERE id = :id",
        "delete": "DELETE FROM audit WHERE id = :id",
        "insert": "INSERT INTO audit (id, at, xid, actor_authority_id, action, object_authority_id, object_id)"
        " SELECT gen_random_uuid(), at, xid, actor_authority_id, action, object_authority_id, object_id"
        " FROM audit WHERE id = :id",
        "swap": "UPDATE sealed SET n = CASE n WHEN :n THEN -1 ELSE :n END WHERE n IN (:n, :n + 1)",
        "delete both": "WITH gone AS (DELETE FROM sealed WHERE n = :n) DELETE FROM audit WHERE id = :id",
        "unlink": "DELETE FROM sealed WHERE n = :n",
        "cut": "WITH gone AS (DELETE FROM sealed WHERE n > :n RETURNING audit_id), heads AS (DELETE FROM seal_head)"
        " DELETE FROM audit WHERE id IN (SELECT audit_id FROM gone)",
        "rewrite": "UPDATE sealed SET digest = sha256(digest), hash = sha256(hash) WHERE n = :n",
    }[how]
    found = {
        "edit": Fault.EDITED,
        "at": Fault.REMOVED,
        "delete": Fault.REMOVED,
        "insert": Fault.INSERTED,
        "swap": Fault.LINK_REMOVED,
        "delete both": Fault.LINK_REMOVED,
        "unlink": Fault.LINK_REMOVED,
        "cut": Fault.CUT_OFF,
        "rewrite": Fault.LINK_BROKEN,
    }[how]
    with as_owner(chain.cluster, chain.database) as db:
        save(db)
        try:
            if how == "swap":
                db.execute(text("UPDATE sealed SET n = -n WHERE n IN (:n, :n + 1)"), at)
                db.execute(text("UPDATE sealed SET n = CASE -n WHEN :n THEN :n + 1 ELSE :n END WHERE n < 0"), at)
                found = Fault.LINK_BROKEN
            else:
                changed = db.execute(text(sql), at).rowcount
                assert changed > 0
            db.commit()
            wrong = chain.verify().wrong
            first = next((one for one in wrong if how == "cut" and one.fault is Fault.CUT_OFF), wrong[0])
            assert first.fault is found, (bend, first)
            if how == "cut":
                assert first.since == n
            elif how == "insert":
                assert first.audit_id not in ids
            else:
                assert first.n == n
                assert first.audit_id in {None, at["id"], at["other"]}
        finally:
            restore(db)
    assert chain.verify().good


TABLES = ("audit", "sealed", "seal_head")
AUDIT = "id, at, xid, actor_authority_id, actor_person_id, action, object_authority_id, object_id, reason"


def save(db: Connection) -> None:
    for table in TABLES:
        what = AUDIT if table == "audit" else "*"
        db.execute(text(f"CREATE TEMP TABLE kept_{table} AS SELECT {what} FROM {table}"))
    db.commit()


def restore(db: Connection) -> None:
    db.rollback()
    for table in TABLES:
        into = f"{table} ({AUDIT})" if table == "audit" else table
        db.execute(text(f"DELETE FROM {table}"))
        db.execute(text(f"INSERT INTO {into} SELECT * FROM kept_{table}"))
    db.commit()


@pytest.fixture(scope="module")
def bent_chain(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    name = cluster.create()
    cluster.migrate(name)
    with chain_in(cluster, name, tmp_path_factory.mktemp("bent")) as made, as_owner(cluster, name) as db:
        for count in (10, 10, 10):
            act(db, count)
            made.seal()
        yield made


def test_a_chain_built_anew_from_the_middle_is_found_by_the_signed_ends(chain: Chain, owner: Connection) -> None:
    for _ in range(3):
        act(owner, 10)
        chain.seal()
    owner.execute(text("UPDATE audit SET action = 'x' WHERE id = :id"), {"id": chain.ids()[14]})
    owner.execute(text("DELETE FROM sealed WHERE n > 14"))
    owner.commit()
    # Rows above the horizon of what is left are chained again by whoever calls the sealer: the ends tell.
    owner.execute(text("UPDATE sealed SET horizon = 0"))
    owner.commit()
    assert chain.seal(sign=False) == 16
    [first, *_] = chain.verify().wrong
    assert (first.fault, first.n, first.since) == (Fault.REWRITTEN, 20, 10)
    assert {one.fault for one in chain.verify(outside=False).wrong} == {Fault.REWRITTEN}


def test_a_formula_that_hashes_something_else_is_found(chain: Chain, owner: Connection) -> None:
    act(owner)
    chain.seal()
    owner.execute(text("ALTER TABLE audit ALTER COLUMN digest SET EXPRESSION AS (sha256(uuid_send(id)))"))
    owner.commit()
    assert chain.verify().wrong[0].fault is Fault.DIGEST_CHANGED


def test_a_forged_head_and_a_file_that_is_none_are_found(chain: Chain, owner: Connection) -> None:
    act(owner)
    chain.seal()
    owner.execute(text("UPDATE seal_head SET at = at - interval '1 day'"))
    owner.commit()
    assert chain.settings.seal_copy is not None
    (chain.settings.seal_copy / "head-x.json").write_text("{}")
    assert {one.fault for one in chain.verify().wrong} == {Fault.HEAD_FORGED, Fault.UNREADABLE}


@pytest.mark.long
def test_a_million_acts_are_checked_within_a_minute(chain: Chain, owner: Connection) -> None:
    import resource
    import time

    began = time.monotonic()
    for _ in range(200):  # as in a house at work: a backlog of a million is sorted anew for every batch
        act(owner, 5000)
        assert chain.seal() == 5000
    sealed = time.monotonic() - began
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    verdict = chain.verify(piece=20_000)
    took = time.monotonic() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"written and sealed in {sealed:.1f} s, checked in {took:.1f} s, memory +{grown} KiB")  # noqa: T201
    assert (verdict.good, verdict.links) == (True, 1_000_000)
    assert took < 60
    assert grown < 50_000
