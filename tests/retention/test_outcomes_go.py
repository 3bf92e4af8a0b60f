"""Outcomes and letters go by the authority's own decision (R19): each with its versions, and with what is of it."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from samsyn.core.errors import GateClosedError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.retention.queries import preview
from samsyn.retention.rules import DataClass, Missing
from samsyn.retention.service import Lift, Order, Place, lift_hold, order_run, place_hold
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Office, Town
from tests.findings.scene import colleague_of_another_unit
from tests.records.desk import Desk, make_desk
from tests.records.test_aftermath import leave_traces
from tests.retention import test_retention
from tests.retention.test_retention import LATER, Work, count, decide, decider, old, ordered, registrar

work = test_retention.work
OF_SECOND = {"outcome": "version = 2", "follow_up": "outcome_version = 2"}
THEN = "'2016-02-01 12:00+01'"
"""The last word came the year after the visit."""


@pytest.fixture
def desk(town: Town, folder: Path, cluster: Cluster, database: str) -> Desk:
    made = make_desk(town, folder)
    for office in (town.tobacco, town.environment):
        leave_traces(made, office)
    old(made, cluster, database)
    with as_owner(cluster, database) as db:
        for table in ("outcome", "result_letter", "follow_up"):
            db.execute(text(f"UPDATE {table} SET written_at = {THEN} WHERE visit_id = :v"), {"v": made.scene.visit})
        of_outcome = (
            "UPDATE follow_up f SET finding_id = NULL, finding_version = NULL, outcome_id = o.outcome_id,"
            " outcome_version = o.version FROM outcome o WHERE o.part_id = f.part_id AND o.version = 2"
            " AND f.visit_id = :v"
        )
        db.execute(text(of_outcome), {"v": made.scene.visit})
        db.commit()
    return made


def finish(cluster: Cluster, database: str, desk: Desk, at: str) -> None:
    done = text(f"UPDATE follow_up SET state = 'done', written_at = {at} WHERE visit_id = :v")
    with as_owner(cluster, database) as db:
        db.execute(done, {"v": desk.scene.visit})
        db.commit()


def bare(office: Office, table: str) -> int:
    """How many rows go whatever the code forgets."""
    with unit_of_work(Viewer.task_of_unit(office.id, office.unit)) as uow:
        return uow.session.execute(text(f"DELETE FROM {table}")).rowcount  # type: ignore[attr-defined, no-any-return]


def test_an_outcome_goes_with_all_its_versions_and_what_is_of_it_once_nobody_sees_to_it_any_more(
    town: Town, desk: Desk, work: Work, cluster: Cluster, database: str
) -> None:
    decide(town.tobacco, DataClass.OUTCOMES)
    with unit_of_work(registrar(town.tobacco), LATER) as uow:
        [card] = [one for one in preview(uow) if one.rule.data_class is DataClass.OUTCOMES]
    assert [(one.year, one.n) for one in card.years] == [(2016, 2)], "counted from the last word on it"
    assert (card.years[0].waits, card.due) == (2, 0), "its follow-up is open"
    with pytest.raises(GateClosedError) as gate:
        ordered(town.tobacco, DataClass.OUTCOMES)
    assert gate.value.missing == (Missing.NOTHING_DUE,)
    assert bare(town.tobacco, "outcome") == 0
    finish(cluster, database, desk, THEN)
    ordered(town.tobacco, DataClass.OUTCOMES)
    work(town.tobacco)
    for table in ("outcome", "outcome_finding", "follow_up"):
        assert count(town.tobacco, table) == 0, table
        assert count(town.environment, table) > 0, table
    assert count(town.tobacco, "finding") == 1, "what it rested on stands"
    assert count(town.tobacco, "result_letter") == 1


def test_an_outcome_stays_as_long_as_what_followed_it(
    town: Town, desk: Desk, work: Work, cluster: Cluster, database: str
) -> None:
    finish(cluster, database, desk, "now() - interval '1 day'")
    decide(town.tobacco, DataClass.OUTCOMES, years=9)
    with pytest.raises(GateClosedError) as gate:
        ordered(town.tobacco, DataClass.OUTCOMES)
    assert gate.value.missing == (Missing.NOTHING_DUE,)
    assert bare(town.tobacco, "outcome") == 0


def test_what_a_unit_keeps_to_itself_is_the_last_word_too(
    town: Town, desk: Desk, work: Work, cluster: Cluster, database: str
) -> None:
    """Who orders it sees the first version alone (R1), and the worker sees every version at once."""
    finish(cluster, database, desk, THEN)
    with as_owner(cluster, database) as db:
        for table in ("outcome", "follow_up"):
            db.execute(
                text(f"UPDATE {table} SET unit_only = true, unit_id = :u WHERE part_id = :p AND {OF_SECOND[table]}"),
                {"u": town.tobacco.unit, "p": desk.scene.part(town.tobacco)},
            )
        db.execute(
            text("UPDATE outcome SET written_at = now() - interval '1 day' WHERE unit_only AND visit_id = :v"),
            {"v": desk.scene.visit},
        )
        db.commit()
    decide(town.tobacco, DataClass.OUTCOMES, years=9)
    person = colleague_of_another_unit(town.tobacco, town.tobacco.field).person_id
    with unit_of_work(Viewer(town.tobacco.id, person, frozenset({"decider"})), LATER) as uow:
        order_run(uow, Order(uuid4(), DataClass.OUTCOMES))
    work(town.tobacco)
    with as_owner(cluster, database) as db:
        part = {"p": desk.scene.part(town.tobacco)}
        left = db.scalars(text("SELECT version FROM outcome WHERE part_id = :p ORDER BY version"), part)
        assert list(left) == [1, 2]


def test_a_finding_stays_until_nobody_sees_to_it_any_more(
    town: Town, desk: Desk, work: Work, cluster: Cluster, database: str
) -> None:
    with as_owner(cluster, database) as db:
        of_finding = (
            "UPDATE follow_up f SET outcome_id = NULL, outcome_version = NULL, finding_id = i.finding_id,"
            " finding_version = i.version FROM finding i WHERE i.part_id = f.part_id AND f.visit_id = :v"
        )
        db.execute(text(of_finding), {"v": desk.scene.visit})
        db.commit()
    for data_class in (DataClass.PICTURES, DataClass.FINDINGS):
        decide(town.tobacco, data_class)
    ordered(town.tobacco, DataClass.PICTURES)
    work(town.tobacco)
    with pytest.raises(GateClosedError) as gate:
        ordered(town.tobacco, DataClass.FINDINGS)
    assert gate.value.missing == (Missing.NOTHING_DUE,)
    assert bare(town.tobacco, "finding") == 0
    finish(cluster, database, desk, THEN)
    ordered(town.tobacco, DataClass.FINDINGS)
    work(town.tobacco)
    assert (count(town.tobacco, "finding"), count(town.tobacco, "follow_up")) == (0, 0)


def test_a_letter_goes_by_a_rule_of_its_own_and_under_no_hold(town: Town, desk: Desk, work: Work) -> None:
    decide(town.tobacco, DataClass.LETTERS)
    with unit_of_work(registrar(town.tobacco)) as uow:
        hold = place_hold(uow, Place("Överklagat", operation_id=desk.scene.operation))
    with pytest.raises(GateClosedError) as gate:
        ordered(town.tobacco, DataClass.LETTERS)
    assert gate.value.missing == (Missing.NOTHING_DUE,)
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        for table in ("outcome", "result_letter"):
            assert uow.session.execute(text(f"DELETE FROM {table}")).rowcount == 0  # type: ignore[attr-defined]
    with unit_of_work(decider(town.tobacco)) as uow:
        lift_hold(uow, Lift(hold, "Domen har vunnit laga kraft"))
    ordered(town.tobacco, DataClass.LETTERS)
    work(town.tobacco)
    assert (count(town.tobacco, "result_letter"), count(town.environment, "result_letter")) == (0, 1)
    assert count(town.tobacco, "outcome") == 2


def test_what_everybody_may_read_is_kept_by_the_database_too(
    town: Town, desk: Desk, cluster: Cluster, database: str
) -> None:
    """Whatever the code forgets: gone, it could be decided again with other numbers (R15)."""
    decide(town.tobacco, DataClass.DOCUMENTS)
    made = {"op": desk.scene.operation, "reader": town.tobacco.id, "person": town.tobacco.planner}
    with as_owner(cluster, database) as db:
        for basis in ("PUBLIC", "OWN"):
            row = made | {"id": uuid4(), "basis": basis}
            db.execute(
                text(
                    "INSERT INTO rendering (id, reader_id, operation_id, person_id, format, digest, recipient, basis,"
                    " body, at) VALUES (:id, :reader, :op, :person, 'pdf', 'x', '*', :basis, '', now() - interval '9y')"
                ),
                row,
            )
        db.commit()
    with unit_of_work(Viewer.task_of(town.tobacco.id), LATER + timedelta(days=1)) as uow:
        uow.session.execute(text("DELETE FROM rendering"))
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        assert list(uow.session.scalars(text("SELECT basis FROM rendering"))) == ["PUBLIC"]


def test_a_finding_goes_with_all_its_versions_when_its_last_word_is_old(
    town: Town, desk: Desk, work: Work, cluster: Cluster, database: str
) -> None:
    """Corrected a year later: its first version is older than the rule says, its last one is not yet."""
    office = town.tobacco
    with as_owner(cluster, database) as db:
        db.execute(
            text(
                "INSERT INTO finding SELECT (jsonb_populate_record(f, jsonb_build_object('version', 2,"
                " 'base_version', 1, 'text', 'rättat',"
                " 'written_at', now() - interval '10 years' + interval '10 days'))).*"
                " FROM finding f WHERE visit_id = :v AND authority_id = :a AND version = 1 LIMIT 1"
            ),
            {"v": desk.scene.visit, "a": office.id},
        )
        db.commit()
    decide(office, DataClass.PICTURES, 10)
    decide(office, DataClass.FINDINGS, 10)
    with unit_of_work(decider(office)) as uow:
        order_run(uow, Order(uuid4(), DataClass.PICTURES))
    work(office)
    with unit_of_work(decider(office)) as uow, contextlib.suppress(GateClosedError):  # nothing else is due
        order_run(uow, Order(uuid4(), DataClass.FINDINGS))
    work(office)
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        left = uow.session.execute(text("SELECT finding_id, version FROM finding ORDER BY finding_id, version")).all()
    corrected = {one.finding_id for one in left if one.version == 2}
    assert [one.version for one in left if one.finding_id in corrected] == [1, 2]
