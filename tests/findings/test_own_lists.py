"""An authority's own checklist: drafted, published, frozen; what began keeps its version."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import select, text

from samsyn.authorities.rules import Field
from samsyn.core.errors import (
    ChangedMeanwhileError,
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    SamsynError,
)
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.drafts import begin_draft, discard, keep_point, place_point, publish, replace_points
from samsyn.findings.models import CheckPoint
from samsyn.findings.points import Point, PointText, unpack
from samsyn.findings.queries import checklist_of_part, field_lists, read_draft, read_version
from samsyn.findings.rules import SuggestedOutcome, Verified
from tests.factories import Office, Town
from tests.findings.scene import make_scene

SAID = PointText(
    sv="Finns en skylt?",
    en="Is there a sign?",
    law="LTLP 5:12",
    verified=Verified.PAGE,
    outcomes=[SuggestedOutcome.REMARK],
    section="Skyltar",
    help="Titta vid kassan.\nOch vid dörren.",
)


def admin(office: Office) -> Viewer:
    return Viewer(office.id, office.planner, frozenset({"unit_admin"}))


def begun(office: Office, field: Field = Field.TOBACCO) -> UUID:
    with unit_of_work(admin(office)) as uow:
        return begin_draft(uow, field)


def points_of(office: Office, key: UUID) -> Sequence[Point]:
    with unit_of_work(admin(office)) as uow:
        return read_draft(uow, key).points


def added(office: Office, key: UUID, seen: int, said: PointText = SAID) -> str:
    with unit_of_work(admin(office)) as uow:
        return keep_point(uow, key, seen, None, said)


def published(office: Office, key: UUID, seen: int) -> int:
    with unit_of_work(admin(office)) as uow:
        return publish(uow, key, seen)


def test_a_draft_begins_from_the_house_and_is_nobodys_question_before_it_is_published(town: Town) -> None:
    scene = make_scene(town)
    key = begun(town.tobacco)
    assert begun(town.tobacco) == key  # the same one is gone on with
    house = points_of(town.tobacco, key)
    assert (len(house), house[0].code) == (15, "TOB-01")
    assert added(town.tobacco, key, 1) == "TOB-16"
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        assert len(checklist_of_part(uow, scene.part(town.tobacco)).points) == 15
        with pytest.raises(NotFoundError):
            read_draft(uow, key)
        [line] = field_lists(uow)
        assert (line.own, line.draft_id) == (False, None)
    assert published(town.tobacco, key, 2) == 1
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        card = checklist_of_part(uow, scene.part(town.tobacco))
        assert (len(card.points), card.points[-1].text, card.points[-1].section) == (16, SAID.sv, "Skyltar")
        assert card.points[-1].help == SAID.help
        [line] = field_lists(uow)
        assert (line.own, line.points, line.newest and line.newest.n, line.id) == (True, 16, 1, key)
        assert line.newest
        assert line.newest.by


def test_a_visit_that_has_begun_keeps_its_version_and_an_old_answer_its_question(town: Town) -> None:
    old, new = make_scene(town), make_scene(town)
    who = town.inspector(town.tobacco)
    old.answer(who, "TOB-01")  # under the house's list
    key = begun(town.tobacco)
    with unit_of_work(admin(town.tobacco)) as uow:
        keep_point(uow, key, 1, "TOB-01", SAID.model_copy(update={"sv": "Ny lydelse?"}))
        place_point(uow, key, 2, "TOB-02", "out")
        publish(uow, key, 3)
    with unit_of_work(who) as uow:
        before, after = (checklist_of_part(uow, scene.part(town.tobacco)) for scene in (old, new))
    assert (len(before.points), before.points[0].text == "Ny lydelse?") == (15, False)
    assert (len(after.points), after.points[0].text) == (14, "Ny lydelse?")
    new.answer(who, "TOB-01")
    begun(town.tobacco)
    code = added(town.tobacco, key, 1)
    assert code == "TOB-16"  # the withdrawn key is no other question's
    assert published(town.tobacco, key, 2) == 2
    third = make_scene(town)
    with unit_of_work(who) as uow:
        assert [checklist_of_part(uow, one.part(town.tobacco)).n for one in (new, third)] == [1, 2]
        assert checklist_of_part(uow, old.part(town.tobacco)).points[0].text == before.points[0].text
        first = read_version(uow, key, 1)
        assert (len(first.points), [line.n for line in first.versions]) == (14, [2, 1])


def test_two_administrators_at_once_and_nothing_is_lost(town: Town) -> None:
    key = begun(town.tobacco)
    added(town.tobacco, key, 1)
    with pytest.raises(ChangedMeanwhileError):
        added(town.tobacco, key, 1, SAID.model_copy(update={"sv": "Annat?"}))
    for late in (publish, discard):
        with pytest.raises(ChangedMeanwhileError), unit_of_work(admin(town.tobacco)) as uow:
            late(uow, key, 1)
    assert [point.sv for point in points_of(town.tobacco, key)][-1] == SAID.sv


def test_a_draft_is_thrown_away_and_an_unchanged_or_empty_one_is_not_published(town: Town) -> None:
    key = begun(town.tobacco)
    added(town.tobacco, key, 1)
    with unit_of_work(admin(town.tobacco)) as uow:
        discard(uow, key, 2)
    begun(town.tobacco)
    assert len(points_of(town.tobacco, key)) == 15
    with unit_of_work(admin(town.tobacco)) as uow:
        replace_points(uow, key, 1, [])
    with pytest.raises(InvalidError):
        published(town.tobacco, key, 2)
    added(town.tobacco, key, 2)
    assert published(town.tobacco, key, 3) == 1
    begun(town.tobacco)
    with pytest.raises(ConflictError):
        published(town.tobacco, key, 1)


def test_who_may_not_and_what_may_not(town: Town) -> None:
    with pytest.raises(NotFoundError):
        begun(town.tobacco, Field.FIRE)
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.tobacco)) as uow:
        begin_draft(uow, Field.TOBACCO)
    key = begun(town.tobacco)
    with pytest.raises(NotFoundError):
        added(town.police, key, 1)
    refused: list[tuple[dict[str, object], str]] = [
        ({"help": "Fråga efter 19121212-1212."}, "help"),
        ({"role_required": "public_order"}, "role_required"),
    ]
    for change, field in refused:
        with pytest.raises(SamsynError) as error:
            added(town.tobacco, key, 1, PointText.model_validate({**SAID.model_dump(mode="json"), **change}))
        assert list(error.value.fields) == [field]
    published(town.tobacco, key, 1)
    with unit_of_work(town.inspector(town.police)) as uow, pytest.raises(NotFoundError):
        read_version(uow, key)
    for statement in ("UPDATE check_point SET text_sv = 'x'", "DELETE FROM checklist_version"):
        with pytest.raises(NotFoundError), unit_of_work(admin(town.tobacco)) as uow:
            uow.session.execute(text(statement))


def test_what_the_draft_says_is_what_is_published(town: Town) -> None:
    key = begun(town.tobacco)
    added(town.tobacco, key, 1)
    drafted = points_of(town.tobacco, key)
    published(town.tobacco, key, 2)
    with unit_of_work(admin(town.tobacco)) as uow:
        assert unpack({"points": [one.model_dump() for one in read_version(uow, key).points]}) == list(drafted)
        codes = uow.session.scalars(select(CheckPoint.code).where(CheckPoint.checklist_id == key)).all()
    assert len(codes) == 16
