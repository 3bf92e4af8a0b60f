"""Who was at a visit when, and in which police role: noted once, read by all who take part."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update

from samsyn.core.errors import ConflictError, GateClosedError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.commands import AnswerPoint
from samsyn.findings.rules import Answer
from samsyn.findings.service import answer_point
from samsyn.operations.models import PartAnswer, VisitPart
from samsyn.operations.queries import presence_at
from samsyn.operations.rules import OperationState, PoliceRole, Present
from samsyn.operations.service import NotePresence, note_presence
from tests.factories import START, Office, Town
from tests.findings.scene import HOUR, Scene, make_scene

MINUTE = timedelta(minutes=1)


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


def came(scene: Scene, at: datetime = START) -> NotePresence:
    return NotePresence(uuid4(), scene.visit, Present.CAME, at)


def note(who: Viewer, command: NotePresence, now: datetime = START + HOUR) -> bool:
    with unit_of_work(who, now) as uow:
        return note_presence(uow, command)


def read(scene: Scene, who: Viewer) -> list[tuple[UUID, Present, datetime]]:
    with unit_of_work(who, START) as uow:
        lines = presence_at(uow, [scene.visit]).get(scene.visit, [])
        return [(line.person_id, line.what, line.at) for line in lines]


def test_what_one_authority_notes_all_who_take_part_read_and_nobody_else(scene: Scene) -> None:
    town, mine = scene.town, scene.town.inspector(scene.town.tobacco)
    first = came(scene)
    assert note(mine, first)
    assert note(mine, replace(came(scene, START + 20 * MINUTE), what=Present.LEFT))
    noted = [(mine.person_id, Present.CAME, START), (mine.person_id, Present.LEFT, START + 20 * MINUTE)]
    assert read(scene, mine) == noted
    assert read(scene, town.inspector(town.police)) == noted
    assert read(scene, Viewer(uuid4(), uuid4(), frozenset({"planner", "inspector", "task"}))) == []


def test_the_same_key_is_noted_once_and_never_with_another_content(scene: Scene) -> None:
    mine, first = scene.town.inspector(scene.town.tobacco), came(scene)
    assert note(mine, first)
    assert not note(mine, first, START + 2 * HOUR)
    with pytest.raises(ConflictError):
        note(mine, replace(first, at=START + MINUTE))
    with pytest.raises(ConflictError):
        note(scene.town.inspector(scene.town.police), first)
    assert len(read(scene, mine)) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"at": START + timedelta(days=2)}, "at"),
        ({"at": START - timedelta(days=30)}, "at"),
        ({"person_id": uuid4()}, "person_id"),
        ({"what": Present.ROLE, "police_role": PoliceRole.ASSISTANCE, "reason": "Hot"}, "what"),
        ({"police_role": PoliceRole.ASSISTANCE}, "what"),
        ({"reason": "Regn"}, "what"),
    ],
)
def test_what_does_not_fit_names_its_field(scene: Scene, change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        note(scene.town.inspector(scene.town.tobacco), replace(came(scene), **change))  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": "Hotfull stämning"}, "police_role"),
        ({"police_role": PoliceRole.ASSISTANCE}, "reason"),
        ({"police_role": PoliceRole.ASSISTANCE, "reason": "  "}, "reason"),
        ({"police_role": PoliceRole.ASSISTANCE, "reason": "x" * 501}, "reason"),
        ({"police_role": PoliceRole.ASSISTANCE, "reason": "Hot av 19121212-1212"}, "reason"),
    ],
)
def test_a_change_of_role_says_which_and_why_and_names_nobody(
    scene: Scene, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        note(scene.town.inspector(scene.town.police), replace(came(scene), what=Present.ROLE, **change))  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]


def test_it_is_open_from_the_start_to_the_last_hand_in_and_for_those_who_have_a_part(scene: Scene) -> None:
    town = scene.town
    mine = town.inspector(town.tobacco)
    for state in (OperationState.CONFIRMED, OperationState.REPORTED):
        scene.set_state(state)
        with pytest.raises(GateClosedError) as closed:
            note(mine, came(scene))
        assert closed.value.missing == ("ongoing",)
    scene.set_state(OperationState.DONE)
    scene.set_answer(town.tobacco, handed_in_at=START)
    assert note(mine, came(scene))
    with pytest.raises(NotAllowedError):
        note(replace(mine, roles=frozenset({"observer"})), came(scene))
    with pytest.raises(NotFoundError):
        note(mine, replace(came(scene), visit_id=uuid4()))


def test_a_withdrawn_or_declined_part_notes_nobody_and_one_not_answered_yet_does(scene: Scene) -> None:
    town = scene.town
    mine = town.inspector(town.tobacco)
    scene.set_answer(town.tobacco, accepted=None)
    assert note(mine, came(scene))
    scene.set_answer(town.tobacco, accepted=False)
    with pytest.raises(GateClosedError) as closed:
        note(mine, came(scene))
    assert closed.value.missing == ("accepted",)
    with unit_of_work(town.planner(town.police)) as uow:
        gone = update(VisitPart).where(VisitPart.id == scene.part(town.tobacco)).values(withdrawn_at=START)
        uow.session.execute(gone)
    with pytest.raises(GateClosedError) as closed:
        note(mine, came(scene))
    assert closed.value.missing == ("part_withdrawn",)


def test_who_has_declared_a_conflict_of_interest_reads_and_notes_nothing(scene: Scene) -> None:
    mine = scene.town.inspector(scene.town.tobacco)
    assert note(mine, came(scene))
    scene.recuse(scene.town.tobacco, mine.person_id or uuid4())
    assert read(scene, mine) == []
    with pytest.raises(NotFoundError):
        note(mine, came(scene))


def test_a_row_is_never_changed(scene: Scene) -> None:
    mine = scene.town.inspector(scene.town.tobacco)
    assert note(mine, came(scene))
    with unit_of_work(mine, START) as uow:
        assert not uow.session.scalar(text("SELECT has_table_privilege(current_user, 'presence', 'UPDATE, DELETE')"))


def test_an_officer_answers_in_the_role_that_held_when_it_was_seen(scene: Scene) -> None:
    """DOMAIN 0.8: one role at a time. POL-06 belongs to the workplace inspection."""
    police = scene.town.inspector(scene.town.police)

    def answer(at: datetime) -> int:
        said = AnswerPoint(uuid4(), 0, scene.part(scene.town.police), "POL-06", Answer.OK, at)
        with unit_of_work(police, START + HOUR) as uow:
            return answer_point(uow, said).version

    role = {"what": Present.ROLE, "police_role": PoliceRole.WORKPLACE_INSPECTION, "reason": "Personalen kontrolleras"}
    assert note(police, replace(came(scene, START + 10 * MINUTE), **role))  # type: ignore[arg-type]
    back = {"what": Present.ROLE, "police_role": PoliceRole.OWN_SUPERVISION, "reason": "Klart"}
    assert note(police, replace(came(scene, START + 30 * MINUTE), **back))  # type: ignore[arg-type]
    assert answer(START + 20 * MINUTE) == 1
    for moment in (START + 5 * MINUTE, START + 40 * MINUTE):
        with pytest.raises(NotAllowedError) as refused:
            answer(moment)
        assert refused.value.missing == ("other_police_role",)
    with unit_of_work(police) as uow:  # what the part began with stands
        assert uow.session.get_one(PartAnswer, scene.part(scene.town.police)).police_role is PoliceRole.OWN_SUPERVISION


def goes_over(scene: Scene, minutes: int, role: PoliceRole, why: str = "Läget") -> NotePresence:
    said = {"what": Present.ROLE, "police_role": role, "reason": why}
    return replace(came(scene, START + minutes * MINUTE), **said)  # type: ignore[arg-type]


def roles_read(scene: Scene, office: Office) -> list[PoliceRole | None]:
    with unit_of_work(scene.town.inspector(office), START) as uow:
        return [line.police_role for line in presence_at(uow, [scene.visit]).get(scene.visit, [])]


@pytest.mark.parametrize("after", [PoliceRole.OWN_SUPERVISION, PoliceRole.PUBLIC_ORDER])
def test_the_way_back_from_helping_tells_nobody_that_somebody_asked(scene: Scene, after: PoliceRole) -> None:
    """A change to the role that held already, or a reason that says what is over, says that something lay between."""
    town = scene.town
    police = town.inspector(town.police)
    assert note(police, goes_over(scene, 10, PoliceRole.ASSISTANCE))
    assert note(police, goes_over(scene, 20, after, "Hjälpen klar"))
    assert note(police, goes_over(scene, 30, PoliceRole.OWN_SUPERVISION))
    assert note(police, goes_over(scene, 40, PoliceRole.WORKPLACE_INSPECTION))
    helped = [PoliceRole.ASSISTANCE, after, PoliceRole.OWN_SUPERVISION, PoliceRole.WORKPLACE_INSPECTION]
    assert roles_read(scene, town.police) == helped
    for other in (town.tobacco, town.environment, town.health):
        assert roles_read(scene, other) == [PoliceRole.WORKPLACE_INSPECTION]


def test_the_way_back_is_hidden_also_where_the_help_is_noted_after_it(scene: Scene) -> None:
    town = scene.town
    police = town.inspector(town.police)
    assert note(police, goes_over(scene, 10, PoliceRole.PUBLIC_ORDER))
    assert note(police, goes_over(scene, 30, PoliceRole.PUBLIC_ORDER))
    assert note(police, goes_over(scene, 20, PoliceRole.ASSISTANCE))
    assert len(roles_read(scene, town.police)) == 3
    assert roles_read(scene, town.tobacco) == [PoliceRole.PUBLIC_ORDER]


def test_a_role_that_the_part_began_with_hides_no_change_from_it(scene: Scene) -> None:
    """All who take part read it in the answer to the part."""
    town = scene.town
    scene.set_answer(town.police, police_role=PoliceRole.ASSISTANCE)
    assert note(town.inspector(town.police), goes_over(scene, 10, PoliceRole.OWN_SUPERVISION))
    assert roles_read(scene, town.tobacco) == [PoliceRole.OWN_SUPERVISION]
