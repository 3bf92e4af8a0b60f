"""Copies, refusals and withdrawals: who may decide, who reads, and that nothing but what was chosen leaves."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text

from samsyn.core.errors import GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.disclosures.models import Disclosure
from samsyn.disclosures.queries import (
    Direction,
    Wanted,
    copies_of_business,
    count_copies,
    get_request,
    list_disclosures,
    open_requests,
)
from samsyn.disclosures.rules import Decision, Missing, NotTakenError, Refusal, digest_of
from samsyn.operations.models import Recusal
from samsyn.operations.rules import OperationState, VisitState
from tests.disclosures.scenes import Case, make_case, read
from tests.dossiers.scenes import find, set_state, visited
from tests.factories import START, Office, Town

PERSONAL = "811218-9876"


@pytest.fixture
def case(town: Town) -> Case:
    return make_case(town)


def trail(viewer: Viewer) -> list[tuple[str, UUID]]:
    with unit_of_work(viewer) as uow:
        return [(r.action, r.object_id) for r in uow.session.execute(text("SELECT action, object_id FROM audit"))]


def test_the_receiver_reads_just_the_chosen_copy_and_a_third_party_nothing(town: Town, case: Case) -> None:
    given_ = case.give(town.police)
    for viewer in (town.planner(town.police), town.inspector(town.police), case.giver):
        found = read(viewer, given_)
        assert [one.copy["text"] for one in found.items] == ["Pärmen saknas."]
        assert found.items[0].copy["giver"] == town.tobacco.name
        assert found.items[0].copy["marking"] == "OSL 30 kap. 20 §"
        assert found.handed.digest == digest_of([one.copy for one in found.items])
    for office in (town.environment, town.health, town.outsider):
        with pytest.raises(NotFoundError):
            read(town.planner(office), given_)
    with pytest.raises(NotAllowedError):
        read(Viewer(town.police.id, uuid4(), frozenset({"unit_admin"})), given_)


def test_what_the_giver_wrote_of_its_balancing_stays_with_the_giver(town: Town, case: Case) -> None:
    given_ = case.give(town.police, balancing="Askkoppen behövs inte.")
    assert read(case.giver, given_).balancing == "Askkoppen behövs inte."
    assert read(town.planner(town.police), given_).balancing == ""


def test_only_who_decides_hands_over_refuses_or_withdraws(town: Town, case: Case) -> None:
    asked = case.ask(town.inspector(town.police), town.tobacco)
    given_ = case.give(town.police)
    inspector = town.inspector(town.tobacco)
    with pytest.raises(NotAllowedError):
        case.give(town.police, by=inspector)
    with pytest.raises(NotAllowedError):
        case.refuse(asked, by=inspector)
    with pytest.raises(NotAllowedError):
        case.withdraw(given_, by=inspector)
    with pytest.raises(NotFoundError):
        case.withdraw(given_, by=town.planner(town.police))
    with pytest.raises(NotFoundError):
        case.give(town.tobacco, by=town.planner(town.police))  # another's finding is absent


def test_withdrawn_is_read_by_the_giver_alone_and_the_receiver_keeps_that_it_came(town: Town, case: Case) -> None:
    given_ = case.give(town.police)
    police = town.planner(town.police)
    case.withdraw(given_)
    with pytest.raises(NotFoundError):
        read(police, given_)
    assert read(case.giver, given_).withdrawal_reason == "Fel iakttagelse."
    with unit_of_work(police) as uow:
        [line] = list_disclosures(uow, Seek(), Wanted(Direction.RECEIVED)).items
        assert (line.id, line.readable, line.business_id, line.place, line.items) == (given_, False, None, None, 0)
        assert line.withdrawn_at is not None
        assert copies_of_business(uow, town.businesses[0]) == []
        assert count_copies(uow) == {}
    with pytest.raises(GateClosedError) as again:
        case.withdraw(given_)
    assert again.value.missing == (Missing.WITHDRAWN,)


def test_public_is_read_by_everybody_in_the_collaboration_and_nobody_else(town: Town, case: Case) -> None:
    given_ = case.give(None)
    for office in (town.police, town.environment, town.health):
        found = read(town.inspector(office), given_)
        assert found.handed.to_id is None
        assert found.items[0].copy["marking"] == ""
    with pytest.raises(NotFoundError):
        read(town.planner(town.outsider), given_)
    case.withdraw(given_)
    with pytest.raises(NotFoundError):
        read(town.planner(town.health), given_)


def test_a_person_with_a_conflict_of_interest_reads_no_copy_on_either_side(town: Town, case: Case) -> None:
    given_ = case.give(town.police)
    for office in (town.police, town.tobacco):
        who = town.inspector(office, 1)
        read(who, given_)
        with unit_of_work(town.planner(office)) as uow:
            about = {"visit_id": case.scene.visit, "operation_id": case.scene.operation, "authority_id": office.id}
            uow.session.execute(insert(Recusal).values(**about, person_id=who.person_id, reason="släkt", at=START))
        with pytest.raises(NotFoundError):
            read(who, given_)
        with unit_of_work(who) as uow:
            assert list_disclosures(uow, Seek()).items == []
        read(town.inspector(office), given_)


def test_a_request_waits_until_it_is_answered_and_is_answered_once(town: Town, case: Case) -> None:
    asked = case.ask(town.inspector(town.police), town.tobacco)
    with unit_of_work(case.giver) as uow:
        assert [one.id for one in open_requests(uow)] == [asked]
        assert get_request(uow, asked).question == "Vad såg ni?"
    with unit_of_work(town.planner(town.health)) as uow, pytest.raises(NotFoundError):
        get_request(uow, asked)
    given_ = case.give(town.police, request_id=asked)
    for viewer in (case.giver, town.planner(town.police)):
        with unit_of_work(viewer) as uow:
            assert open_requests(uow) == []
            assert (get_request(uow, asked).decision, get_request(uow, asked).disclosure_id) == (
                Decision.GRANTED,
                given_,
            )
    with pytest.raises(GateClosedError) as again:
        case.refuse(asked)
    assert again.value.missing == (Missing.ANSWERED,)


def test_a_refusal_is_a_record_that_who_asked_reads(town: Town, case: Case) -> None:
    asked = case.ask(town.inspector(town.police), town.tobacco)
    no = case.refuse(asked, "Uppgiften behövs inte.")
    found = read(town.planner(town.police), no)
    assert (found.handed.decision, found.handed.reason, found.items) == (Decision.REFUSED, "Uppgiften behövs inte.", ())
    with pytest.raises(NotFoundError):
        read(town.planner(town.health), no)


def test_an_authority_is_asked_only_for_visits_that_one_knows_of(town: Town, case: Case) -> None:
    with pytest.raises(NotFoundError):
        case.ask(town.planner(town.health), town.tobacco)  # no trace of it was written
    with pytest.raises(NotFoundError):
        case.ask(town.planner(town.police), town.health)  # was not there


@pytest.mark.parametrize(
    ("more", "field", "refusal"),
    [
        ({"basis": "LTLP_7_21"}, "basis", Refusal.NO_FIT),
        ({"basis": "NONE"}, "basis", Refusal.NO_BASIS),
        ({"balancing": ""}, "balancing", Refusal.BALANCING_NEEDED),
        ({"balancing": f"Gäller {PERSONAL}."}, "balancing", Refusal.PERSONAL_NUMBER),
    ],
)
def test_what_cannot_be_taken_is_named(
    town: Town, case: Case, more: dict[str, Any], field: str, refusal: Refusal
) -> None:
    with pytest.raises(NotTakenError) as found:
        case.give(town.police, **more)
    assert found.value.fields == {field: (refusal,)}


def test_a_personal_number_is_masked_or_confirmed(town: Town, case: Case) -> None:
    masked = case.give(town.police, balancing=f"Ärende {PERSONAL}.", mask=True)
    kept = case.give(town.police, balancing=f"Ärende {PERSONAL}.", confirmed=True)
    assert read(case.giver, masked).balancing == "Ärende ******-****."
    assert read(case.giver, kept).balancing == f"Ärende {PERSONAL}."


def test_nothing_leaves_before_the_visit_is_over_nor_to_others_before_it_is_done(town: Town) -> None:
    scene = visited(town, town.police, town.tobacco, state=OperationState.ONGOING, visit_state=VisitState.PLANNED)
    case = Case(town, scene)
    find(town, scene, town.tobacco, "Tidigt.", finding=case.first)
    with pytest.raises(GateClosedError) as early:
        case.give(town.police)
    assert early.value.missing == (Missing.VISIT_OVER,)
    later = Case(town, visited(town, town.police, town.tobacco, state=OperationState.ONGOING))
    find(town, later.scene, town.tobacco, "På plats.", finding=later.first)
    later.give(town.police)
    with pytest.raises(GateClosedError) as others:
        later.give(town.health)
    assert others.value.missing == (Missing.OPERATION_DONE,)
    set_state(town, later.scene, OperationState.DONE)
    later.give(town.health)


def test_every_decision_and_reading_is_in_the_trail_of_both(town: Town, case: Case) -> None:
    given_ = case.give(town.police)
    read(town.inspector(town.police), given_)
    case.withdraw(given_)
    for viewer in (case.giver, town.planner(town.police)):
        done = [action for action, about in trail(viewer) if about == given_]
        assert sorted(done) == ["disclosure.give", "disclosure.read", "disclosure.withdraw"]
    assert ("finding.disclose", case.first) in trail(case.giver)
    assert ("finding.disclose", case.first) not in trail(town.planner(town.police))


def test_the_unit_rule_holds_inside_the_giver_and_not_for_the_receiver(town: Town, case: Case) -> None:
    kept = find(town, case.scene, town.tobacco, "Bara enheten.", unit_only=True)
    given_ = case.give(town.police, kept)
    read(town.inspector(town.police), given_)
    other = Viewer(town.tobacco.id, uuid4(), frozenset({"inspector", "decider"}))
    with pytest.raises(NotFoundError):
        read(other, given_)


@pytest.mark.parametrize("office", ["police", "health", "outsider"])
def test_nobody_writes_a_decision_in_anothers_name(town: Town, case: Case, office: str) -> None:
    forger: Office = getattr(town, office)
    viewer = town.planner(forger)
    row = {
        "id": uuid4(), "from_id": town.tobacco.id, "to_id": forger.id, "collaboration_id": town.collaboration,
        "operation_id": case.scene.operation, "visit_id": case.scene.visit, "business_id": town.businesses[0],
        "unit_only": False, "decision": Decision.GRANTED, "legal_basis": "OSL_10_27", "reason": "", "digest": "",
        "decider_id": viewer.person_id, "decider": "", "at": START,
    }  # fmt: skip
    with pytest.raises(NotFoundError), unit_of_work(viewer) as uow:
        uow.session.execute(insert(Disclosure).values(**row))


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(words, min_size=1, max_size=4), later=words, data=st.data())
def test_only_what_was_chosen_leaves_and_it_never_changes(
    town: Town, said: list[str], later: str, data: st.DataObject
) -> None:
    case = Case(town, visited(town, town.police, town.tobacco))
    marks = {find(town, case.scene, town.tobacco, f"{n} {one}"): f"{n} {one}" for n, one in enumerate(said)}
    chosen = data.draw(st.sets(st.sampled_from(sorted(marks)), min_size=1))
    given_ = case.give(town.police, *chosen)
    before = read(town.planner(town.police), given_)
    for one in marks:
        find(town, case.scene, town.tobacco, f"ändrad {later}", finding=one, version=2)
    after = read(town.planner(town.police), given_)
    assert after == before
    assert sorted(one.copy["text"] for one in after.items) == sorted(marks[one] for one in chosen)
    with unit_of_work(town.planner(town.police)) as uow:
        seen = " ".join(uow.session.scalars(text("SELECT disclosed_item::text FROM disclosed_item")))
        assert all(str(one) not in seen for one in marks)  # no key to a finding crosses
