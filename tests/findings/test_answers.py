from threading import Thread
from uuid import uuid4

import pytest

from samsyn.core.errors import ConflictError, GateClosedError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.queries import ChecklistCard, PointLine, checklist_of_part, findings_of_visit, history_of_finding
from samsyn.findings.rules import Answer, Missing, Refusal
from samsyn.findings.service import Answered, AnswerPoint, answer_point
from samsyn.operations.rules import OperationState, PoliceRole
from tests.factories import START, Town
from tests.findings.scene import HOUR, Scene, make_scene


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


def test_a_changed_answer_is_a_new_version_and_the_old_one_stands(scene: Scene) -> None:
    who = scene.town.inspector(scene.town.tobacco)
    first = scene.answer(who, "TOB-05")
    assert (first.version, first.conflict, first.written) == (1, False, True)
    second = scene.answer(
        who, "TOB-05", Answer.DEFICIENCY, "Skylten saknas", finding=first.finding_id, base=1, serious=True
    )
    assert (second.version, second.conflict) == (2, False)
    with unit_of_work(who) as uow:
        assert [line.answer for line in history_of_finding(uow, first.finding_id)] == [Answer.OK, Answer.DEFICIENCY]
        [line] = findings_of_visit(uow, scene.visit)
        assert (line.version, line.text, line.serious, line.question) == (
            2,
            "Skylten saknas",
            True,
            "18-årsskylt tydlig och synlig",
        )


def test_the_same_key_with_the_same_content_again_writes_nothing(scene: Scene) -> None:
    who, key = scene.town.inspector(scene.town.tobacco), uuid4()
    said = [scene.answer(who, "TOB-05", text="Sitter i fönstret", finding=key) for _ in range(2)]
    assert [(a.version, a.written, a.conflict) for a in said] == [(1, True, False), (1, False, False)]
    scene.answer(who, "TOB-05", Answer.DEFICIENCY, finding=key, base=1)
    late = scene.answer(who, "TOB-05", text="Sitter i fönstret", finding=key)  # the first message, sent once more
    assert (late.version, late.written) == (1, False)


def test_two_devices_at_once_are_both_kept_and_shown_as_a_conflict(scene: Scene) -> None:
    town, key, said = scene.town, uuid4(), []
    first, second = (town.inspector(town.tobacco, n) for n in (0, 1))

    def other_device() -> None:
        said.append(scene.answer(second, "TOB-05", Answer.DEFICIENCY, finding=key))

    with unit_of_work(first, START) as uow:
        answer_point(uow, AnswerPoint(key, 0, scene.part(town.tobacco), "TOB-05", Answer.OK, START))
        thread = Thread(target=other_device)
        thread.start()
        thread.join(0.5)  # it waits for our commit, and then finds its number taken
        assert thread.is_alive()
    thread.join()
    assert said == [Answered(key, 2, conflict=True, written=True)]
    with unit_of_work(first, START) as uow:
        assert [line.conflict for line in history_of_finding(uow, key)] == [False, True]
        point = _point(tobacco_card(uow, scene), "TOB-05")
        assert point.conflict
        assert point.answer is not None
        assert point.answer.answer is Answer.DEFICIENCY
    assert scene.answer(first, "TOB-05", finding=key, base=2, text="Vi tittade igen").conflict is False
    with unit_of_work(first, START) as uow:
        assert not _point(tobacco_card(uow, scene), "TOB-05").conflict


def test_two_phones_with_keys_of_their_own_are_shown_side_by_side(scene: Scene) -> None:
    town = scene.town
    scene.answer(town.inspector(town.tobacco, 0), "TOB-05")
    scene.answer(town.inspector(town.tobacco, 1), "TOB-05", Answer.DEFICIENCY)
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        point = _point(tobacco_card(uow, scene), "TOB-05")
    assert point.conflict
    assert len(point.others) == 1


def test_a_free_observation_needs_a_text_and_stands_after_the_points(scene: Scene) -> None:
    who = scene.town.inspector(scene.town.tobacco)
    with pytest.raises(InvalidError) as refused:
        scene.answer(who, None, Answer.OBSERVATION, "  ")
    assert refused.value.fields == {"text": (Refusal.TEXT_NEEDED,)}
    scene.answer(who, None, Answer.OBSERVATION, "Det luktar rök i trappan")
    with unit_of_work(who) as uow:
        card = tobacco_card(uow, scene)
    assert [line.text for line in card.free] == ["Det luktar rök i trappan"]
    assert all(point.answer is None for point in card.points)


@pytest.mark.parametrize(
    ("point", "answer", "serious", "base", "field", "refusal"),
    [
        ("TOB-05", Answer.OK, True, 0, "serious", Refusal.SERIOUS_WITHOUT_DEFICIENCY),
        ("TOB-99", Answer.OK, False, 0, "check_point", Refusal.NO_SUCH_POINT),
        ("MIL-01", Answer.OK, False, 0, "check_point", Refusal.NO_SUCH_POINT),
        ("TOB-05", Answer.OBSERVATION, False, 0, "answer", Refusal.NOT_FOR_A_POINT),
        (None, Answer.NOT_APPLICABLE, False, 0, "answer", Refusal.NOT_FOR_FREE),
        ("TOB-05", Answer.OK, False, 3, "base_version", Refusal.NO_SUCH_VERSION),
        ("TOB-05", Answer.OK, False, -1, "base_version", Refusal.NO_SUCH_VERSION),
    ],
)
def test_a_wrong_answer_is_refused_beside_its_field(
    scene: Scene, point: str | None, answer: Answer, serious: bool, base: int, field: str, refusal: Refusal
) -> None:
    who = scene.town.inspector(scene.town.tobacco)
    with pytest.raises(InvalidError) as refused:
        scene.answer(who, point, answer, "text", base=base, serious=serious)
    assert refused.value.fields == {field: (refusal,)}
    with unit_of_work(who) as uow:
        assert findings_of_visit(uow, scene.visit) == []


def test_a_finding_never_moves_to_another_point(scene: Scene) -> None:
    who = scene.town.inspector(scene.town.tobacco)
    first = scene.answer(who, "TOB-05")
    with pytest.raises(InvalidError) as refused:
        scene.answer(who, "TOB-06", finding=first.finding_id, base=1)
    assert refused.value.fields == {"check_point": (Refusal.ANOTHER_POINT,)}


def test_a_personal_number_is_refused_or_masked(scene: Scene) -> None:
    who = scene.town.inspector(scene.town.tobacco)
    with pytest.raises(InvalidError) as refused:
        scene.answer(who, "TOB-05", text="Träffade 19121212-1212 i kassan")
    assert refused.value.fields == {"text": (Refusal.PERSONAL_NUMBER,)}
    assert "1212" not in str(refused.value)
    scene.answer(who, "TOB-05", text="Träffade 19121212-1212 i kassan", mask=True)
    with unit_of_work(who) as uow:
        assert [line.text for line in findings_of_visit(uow, scene.visit)] == ["Träffade ********-**** i kassan"]


def test_nothing_is_written_before_the_ground_is_stated(scene: Scene) -> None:
    town = scene.town
    scene.set_answer(town.tobacco, legal_basis=None, accepted=None)
    with pytest.raises(GateClosedError) as refused:
        scene.answer(town.inspector(town.tobacco), "TOB-05")
    assert set(refused.value.missing) == {Missing.ACCEPTED, Missing.LEGAL_BASIS}
    scene.set_answer(town.police, police_role=None)
    with pytest.raises(GateClosedError) as refused:
        scene.answer(town.inspector(town.police), "POL-01")
    assert refused.value.missing == (Missing.POLICE_ROLE,)


def test_a_point_of_one_police_role_is_not_answered_in_another(scene: Scene) -> None:
    town = scene.town
    with pytest.raises(NotAllowedError):
        scene.answer(town.inspector(town.police), "POL-06")
    scene.set_answer(town.police, police_role=PoliceRole.WORKPLACE_INSPECTION)
    assert scene.answer(town.inspector(town.police), "POL-06").version == 1


@pytest.mark.parametrize("state", [OperationState.CONFIRMED, OperationState.REPORTED, OperationState.ABORTED])
def test_nothing_is_written_before_the_operation_or_after_its_report(town: Town, state: OperationState) -> None:
    with pytest.raises(GateClosedError) as refused:
        make_scene(town, state).answer(town.inspector(town.tobacco), "TOB-05")
    assert refused.value.missing == (Missing.ONGOING,)


def test_a_part_that_is_handed_in_is_closed(scene: Scene) -> None:
    scene.set_state(OperationState.DONE)
    who = scene.town.inspector(scene.town.tobacco)
    scene.answer(who, "TOB-05")
    scene.set_answer(scene.town.tobacco, handed_in_at=START + HOUR)
    with pytest.raises(GateClosedError) as refused:
        scene.answer(who, "TOB-06")
    assert refused.value.missing == (Missing.NOT_HANDED_IN,)


def test_only_those_who_inspect_plan_or_decide_write(scene: Scene) -> None:
    office = scene.town.tobacco
    for roles in ({"observer"}, {"unit_admin", "log_reviewer"}, set[str]()):
        with pytest.raises(NotAllowedError):
            scene.answer(Viewer(office.id, office.inspectors[0], frozenset(roles)), "TOB-05")


def test_somebody_with_a_conflict_of_interest_neither_writes_nor_reads(scene: Scene) -> None:
    town, person = scene.town, scene.town.tobacco.inspectors[0]
    scene.answer(town.inspector(town.tobacco, 1), "TOB-05")
    scene.recuse(town.tobacco, person)
    with pytest.raises(NotFoundError):
        scene.answer(town.inspector(town.tobacco), "TOB-06")
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        assert findings_of_visit(uow, scene.visit) == []


def test_a_key_that_stands_in_another_silo_tells_nothing_but_that_it_cannot_be_used(scene: Scene) -> None:
    town = scene.town
    theirs = scene.answer(town.inspector(town.tobacco), "TOB-05")
    with pytest.raises(ConflictError):
        scene.answer(town.inspector(town.health), "HAL-01", finding=theirs.finding_id)


def tobacco_card(uow: UnitOfWork, scene: Scene) -> ChecklistCard:
    return checklist_of_part(uow, scene.part(scene.town.tobacco))


def _point(card: ChecklistCard, code: str) -> PointLine:
    return next(point for point in card.points if point.code == code)
