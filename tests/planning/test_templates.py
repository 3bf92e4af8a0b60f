"""Templates: the own authority's, in versions, without a person, a business or a finding in them."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.authorities.rules import Field
from samsyn.core.errors import ChangedMeanwhileError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import PoliceRole
from samsyn.planning.queries import TemplateLine, get_template, list_templates
from samsyn.planning.rules import TemplateKind
from samsyn.planning.service import SaveTemplate, save_template, withdraw_template
from samsyn.planning.templates import AnswerContent, Asked, Content, OperationContent, Quorum, fits, from_json, to_json
from tests.factories import Town

PLAN = OperationContent(180, 45, 30)
USUAL = AnswerContent(Field.TOBACCO, None, "LTLP 7 kap. 18 §", announced=False, no_notice_reason="annars göms varor")
ids = st.builds(uuid4)
maybe = st.none() | st.text(min_size=1, max_size=20)
plans = st.builds(
    OperationContent, st.integers(1, 4320), st.integers(1, 4320), st.none() | st.integers(0, 1440),
    st.lists(st.builds(Asked, ids, st.none() | ids, st.integers(1, 50), maybe), max_size=3).map(tuple),
    st.lists(st.builds(Quorum, ids, st.integers(0, 50)), max_size=3).map(tuple), maybe, maybe,
)  # fmt: skip
answers = st.builds(
    AnswerContent, st.none() | st.sampled_from(list(Field)), st.none() | ids, maybe, st.none() | st.booleans(), maybe,
    st.none() | st.sampled_from(list(PoliceRole)),
)  # fmt: skip


@given(plans | answers)
def test_what_is_kept_is_what_is_read_back(content: Content) -> None:
    kind = TemplateKind.OPERATION if isinstance(content, OperationContent) else TemplateKind.ANSWER
    assert from_json(kind, json.loads(json.dumps(to_json(content)))) == content


def test_what_nobody_of_ours_wrote_is_no_template() -> None:
    assert from_json(TemplateKind.OPERATION, {"text": "x"}) is None


def save(viewer: Viewer, name: str, content: Content, seen: int = 0) -> UUID:
    with unit_of_work(viewer) as uow:
        return save_template(uow, SaveTemplate(name, content, seen))


def listed(viewer: Viewer, kind: TemplateKind = TemplateKind.OPERATION) -> list[TemplateLine]:
    with unit_of_work(viewer) as uow:
        return list_templates(uow, kind)


def test_a_change_is_a_new_version_and_the_old_one_is_gone_from_every_choice(town: Town) -> None:
    planner = town.planner(town.tobacco)
    first = save(planner, "Kväll", PLAN)
    second = save(planner, "Kväll", OperationContent(240, 60), seen=1)
    assert [(line.id, line.version) for line in listed(planner)] == [(second, 2)]
    with unit_of_work(planner) as uow, pytest.raises(NotFoundError):
        get_template(uow, first)
    with pytest.raises(ChangedMeanwhileError):
        save(planner, "Kväll", PLAN, seen=1)
    with pytest.raises(InvalidError) as taken:
        save(planner, "Kväll", PLAN)
    assert taken.value.fields == {"name": ["taken"]}


def test_a_withdrawn_one_is_chosen_no_more_and_its_name_is_free(town: Town) -> None:
    planner = town.planner(town.tobacco)
    old = save(planner, "Kväll", PLAN)
    with unit_of_work(planner) as uow:
        withdraw_template(uow, old)
    assert listed(planner) == []
    assert [line.version for line in listed(planner)] == []
    save(planner, "Kväll", PLAN)
    assert [line.version for line in listed(planner)] == [2]


def test_nobody_else_reads_or_withdraws_it(town: Town) -> None:
    mine = save(town.planner(town.tobacco), "Kväll", PLAN)
    for other in (town.police, town.outsider):
        assert listed(town.planner(other)) == []
        with unit_of_work(town.planner(other)) as uow:
            with pytest.raises(NotFoundError):
                get_template(uow, mine)
            with pytest.raises(NotFoundError):
                withdraw_template(uow, mine)


def test_who_only_inspects_reads_the_own_ones_and_keeps_none(town: Town) -> None:
    save(town.planner(town.tobacco), "Tobak", USUAL)
    inspector = town.inspector(town.tobacco)
    assert [line.name for line in listed(inspector, TemplateKind.ANSWER)] == ["Tobak"]
    with pytest.raises(NotAllowedError):
        save(inspector, "Min", USUAL)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (OperationContent(180, 200), "visit_lasts"),
        (OperationContent(180, 45, 2000), "meets_before"),
        (OperationContent(180, 45, safety_note="fråga efter 19 121212-1212"), "safety_note"),
        (AnswerContent(no_notice_reason="han är 121212-1212"), "no_notice_reason"),
    ],
)
def test_what_cannot_be_is_named_by_field(town: Town, content: Content, field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        save(town.planner(town.tobacco), "Fel", content)
    assert set(refused.value.fields) == {field}


def test_a_usual_answer_is_for_its_unit_its_field_or_any() -> None:
    unit, tobacco = uuid4(), frozenset({Field.TOBACCO})
    assert fits(AnswerContent(unit_id=unit), tobacco, unit)
    assert not fits(AnswerContent(unit_id=unit), tobacco, uuid4())
    assert fits(AnswerContent(Field.TOBACCO), tobacco, None)
    assert not fits(AnswerContent(Field.FOOD), tobacco, None)
    assert fits(AnswerContent(), tobacco, unit)
