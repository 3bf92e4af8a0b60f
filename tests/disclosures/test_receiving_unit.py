"""A copy to an authority of many units is one unit's (R1): chosen by the giver, kept by the database."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text

from samsyn.access.rules import Role
from samsyn.authorities.rules import Field
from samsyn.calendars.rules import NoticeKind
from samsyn.core.errors import NotFoundError
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.disclosures.models import Disclosure
from samsyn.disclosures.queries import copies_of_business, count_copies, get_request, list_disclosures
from samsyn.disclosures.rules import Decision, NotTakenError, Refusal
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.disclosures.scenes import Case, make_case, read
from tests.factories import START, Town, make_person
from tests.findings.scene import colleague_of_another_unit
from tests.lifecycle.telling import kinds


@pytest.fixture
def case(town: Town, cluster: Cluster, database: str) -> Case:
    """The police have two units, which read their own rows alone."""
    case = make_case(town)
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE authority SET spanning = true WHERE id = :a"), {"a": town.police.id})
        db.commit()
    return case


@pytest.fixture
def elsewhere(town: Town, case: Case) -> Viewer:
    """Somebody of the police in the other unit."""
    return colleague_of_another_unit(town.police, Field.POLICE)


def unit_of(viewer: Viewer) -> UUID:
    with unit_of_work(viewer) as uow:
        mine = text("SELECT unit_id FROM staff WHERE person_id = :p AND authority_id = :a")
        found: UUID = uow.session.scalar(mine, {"p": viewer.person_id, "a": viewer.authority_id})
        return found


def sees(viewer: Viewer, town: Town, disclosure: UUID) -> tuple[int, int, int]:
    """How much of what was handed over a viewer is shown: in the list, at the business, counted."""
    with unit_of_work(viewer) as uow:
        listed = [one for one in list_disclosures(uow, Seek()).items if one.id == disclosure]
        copies = [one for one in copies_of_business(uow, town.businesses[0]) if one.handed.id == disclosure]
        return len(listed), len(copies), count_copies(uow).get(town.businesses[0], 0)


def test_the_unit_that_was_chosen_reads_it_and_the_other_is_told_of_nothing(
    town: Town, case: Case, elsewhere: Viewer
) -> None:
    given = case.give(town.police, to_unit=town.police.unit)
    for viewer in (town.planner(town.police), town.inspector(town.police), case.giver):
        assert read(viewer, given).handed.to_unit_id == town.police.unit
    assert sees(town.inspector(town.police), town, given) == (1, 1, 1)
    with pytest.raises(NotFoundError):
        read(elsewhere, given)
    assert sees(elsewhere, town, given) == (0, 0, 0)
    with unit_of_work(elsewhere) as uow:
        for table in ("disclosure", "disclosed_item", "disclosed_picture", "disclosure_receipt"):
            assert uow.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table
    other = case.give(town.police, case.second, to_unit=unit_of(elsewhere))
    read(elsewhere, other)
    with pytest.raises(NotFoundError):
        read(town.planner(town.police), other)


def test_a_worker_without_a_unit_reads_none_and_one_of_the_unit_its_own(
    town: Town, case: Case, elsewhere: Viewer
) -> None:
    case.give(town.police, to_unit=town.police.unit)
    for task, n in (
        (Viewer.task_of(town.police.id), 0),
        (Viewer.task_of_unit(town.police.id, unit_of(elsewhere)), 0),
        (Viewer.task_of_unit(town.police.id, town.police.unit), 1),
    ):
        with unit_of_work(task) as uow:
            assert uow.session.scalar(text("SELECT count(*) FROM disclosed_item")) == n


def test_one_of_the_receivers_units_has_to_be_chosen_where_it_follows_from_nothing(
    town: Town, case: Case, elsewhere: Viewer
) -> None:
    for wrong in (None, town.health.unit, uuid4()):
        with pytest.raises(NotTakenError) as refused:
            case.give(town.police, to_unit=wrong)
        assert refused.value.fields == {"unit": (Refusal.NO_UNIT,)}


def test_it_goes_to_the_unit_that_asked_and_so_do_the_question_and_a_no(
    town: Town, case: Case, elsewhere: Viewer
) -> None:
    for answered in (True, False):
        asked = case.ask(elsewhere, town.tobacco)
        with unit_of_work(elsewhere) as uow:
            assert get_request(uow, asked).question == "Vad såg ni?"
        with pytest.raises(NotFoundError), unit_of_work(town.inspector(town.police)) as uow:
            get_request(uow, asked)
        done = case.give(town.police, request_id=asked) if answered else case.refuse(asked)
        assert read(elsewhere, done).handed.to_unit_id == unit_of(elsewhere)
        with pytest.raises(NotFoundError):
            read(town.planner(town.police), done)


def test_a_unit_alone_needs_no_choice_and_an_authority_of_one_silo_none_either(town: Town, case: Case) -> None:
    assert read(town.inspector(town.police), case.give(town.police)).handed.to_unit_id == town.police.unit
    given = case.give(town.environment)
    assert read(town.planner(town.environment), given).handed.to_unit_id is None


def test_only_the_unit_hears_of_it_and_of_its_end(town: Town, case: Case, elsewhere: Viewer) -> None:
    person = make_person(town.police.id, unit_of(elsewhere), "Beslutsfattare", {Role.DECIDER})
    decider = Viewer(town.police.id, person, frozenset({"decider"}))
    given = case.give(town.police, to_unit=town.police.unit)
    case.withdraw(given)
    assert set(kinds(town.planner(town.police))) >= {NoticeKind.COPY_RECEIVED, NoticeKind.COPY_WITHDRAWN}
    assert kinds(decider) == kinds(elsewhere) == []
    with unit_of_work(elsewhere) as uow:  # nor that something came and was taken back
        assert list_disclosures(uow, Seek()).items == []
    with unit_of_work(town.planner(town.police)) as uow:
        assert [one.readable for one in list_disclosures(uow, Seek()).items] == [False]


def test_the_database_takes_no_copy_to_nobodys_unit_and_none_to_anothers(
    town: Town, case: Case, elsewhere: Viewer
) -> None:
    mine = {"from_id": town.tobacco.id, "to_id": town.police.id, "collaboration_id": town.collaboration}
    about = {"operation_id": case.scene.operation, "visit_id": case.scene.visit, "business_id": town.businesses[0]}
    said = {"decision": Decision.GRANTED, "legal_basis": "OSL_10_27", "reason": "", "digest": "", "decider": "X"}
    row = {"id": uuid4(), "unit_id": None, "unit_only": False, "decider_id": case.giver.person_id, "at": START}
    for unit in (None, town.health.unit):
        bare = insert(Disclosure).values(**mine, **about, **said, **row, to_unit_id=unit)
        with pytest.raises(NotFoundError), unit_of_work(case.giver) as uow:
            uow.session.execute(bare)
