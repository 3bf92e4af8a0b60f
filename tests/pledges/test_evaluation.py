"""A pledge's quarter and year: compiled once from the rows, frozen, written beside, and approved by every party."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import text, update

from samsyn.businesses.rules import PermitKind
from samsyn.businesses.service import SetPermit, set_permit
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.models import Visit
from samsyn.operations.rules import VisitState
from samsyn.pledges.evaluation.queries import (
    EvaluationCard,
    EvaluationLine,
    get_evaluation,
    get_line,
    list_evaluations,
)
from samsyn.pledges.evaluation.queries.basis import basis_now
from samsyn.pledges.evaluation.service import (
    WriteText,
    approve,
    ask_evaluation,
    compile_evaluation,
    write_text,
)
from samsyn.pledges.models import Pledge
from samsyn.pledges.queries import get_pledge
from samsyn.pledges.rules import PledgeState
from samsyn.pledges.service import ChangeCommitment, SignPledge, change_commitment, sign_pledge
from samsyn_workers import pledges as tasks
from tests.factories import Office, Town
from tests.pledges.test_numbers import Promised, live, move, promise, signs_of

AFTER = datetime(2028, 1, 20, 9, tzinfo=UTC)
"""When the year is over."""


def signed(town: Town, year: int = 2027) -> Promised:
    promised = promise(town, year)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        signs = signs_of(town)
        version = get_pledge(uow, promised.pledge).version
        sign_pledge(uow, SignPledge(promised.pledge, date(2026, 2, 16), "Rådhuset", signs, version))
    return promised


def compiled(town: Town, promised: Promised, period: str, office: Office | None = None) -> UUID:
    """Ask as a planner on a day when it is over, and let that authority's worker do it."""
    asks = office or town.tobacco
    with unit_of_work(town.planner(asks), now=AFTER) as uow:
        key = ask_evaluation(uow, promised.pledge, period)
    with unit_of_work(Viewer.task_of(asks.id), now=AFTER) as uow:
        compile_evaluation(uow, key)
    return key


def card(town: Town, key: UUID, office: Office | None = None) -> EvaluationCard:
    with unit_of_work(town.planner(office or town.health)) as uow:
        return get_evaluation(uow, key)


def test_what_is_frozen_stays_and_a_late_correction_is_a_new_version(town: Town) -> None:
    promised = signed(town)
    lived = live(town, promised, Random(5), 6)
    first = compiled(town, promised, "2027")
    before = card(town, first)

    def changed() -> bool:
        with unit_of_work(town.planner(town.police)) as uow:
            return basis_now(uow, get_pledge(uow, promised.pledge), "2027", before.line.basis) != before.line.basis

    assert not changed()
    done = next(one for one in lived if one.done and one.at.year == 2027)
    with unit_of_work(town.planner(done.lead)) as uow:
        uow.session.execute(update(Visit).where(Visit.id == done.scene.visit).values(state=VisitState.ABORTED))
    done.done = False
    move(town, done, Random(1))
    assert changed()
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        compile_evaluation(uow, first)  # a task may run twice
    after = card(town, first)
    assert (after.content, after.line.digest, after.looked_at) == (before.content, before.line.digest, before.looked_at)
    second = card(town, compiled(town, promised, "2027", town.police))
    assert second.line.version == 2
    assert second.line.digest != before.line.digest
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        again = text("UPDATE evaluation SET digest = 'x' WHERE id = :id RETURNING 1")
        assert uow.session.execute(again, {"id": first}).first() is None, "the database keeps it as it was compiled"


def test_another_permit_of_the_year_shows_as_changed_and_one_after_it_does_not(town: Town) -> None:
    promised = signed(town)
    line = card(town, compiled(town, promised, "2027")).line

    def changed() -> bool:
        with unit_of_work(town.planner(town.police)) as uow:
            return basis_now(uow, get_pledge(uow, promised.pledge), "2027", line.basis) != line.basis

    kind, place = PermitKind.TOBACCO, town.businesses[0]
    with unit_of_work(town.planner(town.tobacco)) as uow:
        set_permit(uow, SetPermit(place, kind, date(2028, 1, 1), None))
    assert not changed()
    with unit_of_work(town.planner(town.tobacco)) as uow:
        set_permit(uow, SetPermit(place, kind, date(2027, 12, 31), None))
    assert changed()


def test_carrying_a_promise_over_is_no_change_of_what_was_compiled_and_another_reason_is(town: Town) -> None:
    promised, later = signed(town), promise(town, 2028)

    def changed(line: EvaluationLine) -> bool:
        with unit_of_work(town.planner(town.police)) as uow:
            return basis_now(uow, get_pledge(uow, promised.pledge), "2027", line.basis) != line.basis

    with unit_of_work(town.planner(town.tobacco)) as uow:
        change_commitment(uow, ChangeCommitment(promised.joint, 1, "Hann inte.", None))
    line = card(town, compiled(town, promised, "2027")).line
    with unit_of_work(town.planner(town.police)) as uow:
        old = replace(line, basis=basis_now(uow, get_pledge(uow, promised.pledge), "2027", "0" * 64))
    assert old.basis != line.basis
    assert not changed(old), "what was frozen before is compared as it was then"
    with unit_of_work(town.planner(town.tobacco)) as uow:
        change_commitment(uow, ChangeCommitment(promised.joint, 2, "Hann inte.", later.joint))
    assert not changed(line)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        change_commitment(uow, ChangeCommitment(promised.joint, 3, "Det blev inte av.", later.joint))
    assert changed(line)


def test_nobody_types_a_number_and_what_is_not_over_is_not_compiled(town: Town) -> None:
    promised = signed(town)
    with unit_of_work(town.planner(town.police), now=AFTER) as uow:
        key = ask_evaluation(uow, promised.pledge, "2027-Q1")
        with pytest.raises(ConflictError):
            ask_evaluation(uow, promised.pledge, "2027-Q1")
        with pytest.raises(InvalidError):
            ask_evaluation(uow, promised.pledge, "2026-Q1")
        typed = text("UPDATE evaluation SET version = 9 WHERE id = :id RETURNING 1")
        assert uow.session.execute(typed, {"id": key}).first() is None, "a planner fills nothing in"
        with pytest.raises(NotFoundError):
            get_evaluation(uow, key)
    assert tasks.compile_evaluation(acts_for=str(town.police.id)) == 1
    assert card(town, key).content["period"] == "2027-Q1"
    early = datetime(2027, 6, 30, 21, 59, tzinfo=UTC)
    with unit_of_work(town.planner(town.police), now=early) as uow, pytest.raises(InvalidError):
        ask_evaluation(uow, promised.pledge, "2027-Q2")
    with unit_of_work(town.planner(town.police), now=early + timedelta(minutes=1)) as uow:
        ask_evaluation(uow, promised.pledge, "2027-Q2")
    with unit_of_work(town.inspector(town.police), now=AFTER) as uow, pytest.raises(NotAllowedError):
        ask_evaluation(uow, promised.pledge, "2027")
    with unit_of_work(town.planner(town.outsider), now=AFTER) as uow:
        assert list_evaluations(uow, promised.pledge) == []
        with pytest.raises(NotFoundError):
            get_line(uow, key)
        with pytest.raises(NotFoundError):
            ask_evaluation(uow, promised.pledge, "2027")


def test_every_party_approves_what_it_looked_at_and_then_the_pledge_is_evaluated(town: Town) -> None:
    promised = signed(town)
    key = compiled(town, promised, "2027")
    parties = (town.police, town.tobacco, town.environment, town.health)
    with unit_of_work(town.planner(town.police)) as uow:
        write_text(uow, WriteText(key, promised.joint, "Mörka kvällar gav mest.", 0))
        with pytest.raises(ChangedMeanwhileError):
            write_text(uow, WriteText(key, promised.joint, "En till.", 0))
        with pytest.raises(NotFoundError):
            write_text(uow, WriteText(key, town.police.id, "Om någon annan.", 0))
        with pytest.raises(InvalidError):
            write_text(uow, WriteText(key, promised.pledge, "Om 19121212-1212.", 0))
    looked = card(town, key)
    assert looked.texts[promised.joint].text == "Mörka kvällar gav mest."
    for office in parties[:3]:
        with unit_of_work(town.planner(office)) as uow:
            approve(uow, key, looked.looked_at)
            approve(uow, key, looked.looked_at)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        write_text(uow, WriteText(key, promised.joint, "Ljusa kvällar gav mest.", 1))
    with unit_of_work(town.planner(town.health)) as uow, pytest.raises(ChangedMeanwhileError):
        approve(uow, key, looked.looked_at)
    now = card(town, key)
    assert now.approved_by == frozenset(), "they approved other words"
    for office in parties:
        assert not card(town, key).approved
        with unit_of_work(town.planner(office)) as uow:
            approve(uow, key, now.looked_at)
    assert card(town, key).approved
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert uow.session.get_one(Pledge, promised.pledge).state is PledgeState.EVALUATED
        with pytest.raises(ConflictError):
            write_text(uow, WriteText(key, promised.joint, "För sent.", 2))
    later = compiled(town, promised, "2027")
    with unit_of_work(town.planner(town.tobacco)) as uow:
        write_text(uow, WriteText(later, promised.joint, "Rättat i efterhand.", 2))
        with pytest.raises(ConflictError):
            approve(uow, key, now.looked_at)
    assert card(town, key).looked_at == now.looked_at, "what was approved keeps its texts"
    assert card(town, later).texts[promised.joint].version == 3


def test_a_year_stands_beside_the_year_before_and_says_what_was_counted_otherwise(town: Town) -> None:
    first, second = signed(town, 2026), promise(town)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        change_commitment(uow, ChangeCommitment(first.police, 1, "Hann inte.", second.walks))
        signs = signs_of(town)
        version = get_pledge(uow, second.pledge).version
        sign_pledge(uow, SignPledge(second.pledge, date(2026, 2, 16), "Rådhuset", signs, version))
    compiled(town, first, "2026")
    content = card(town, compiled(town, second, "2027")).content
    found = {UUID(one["id"]): one["before"] for one in content["commitments"]}
    assert found[second.joint] == {
        "id": str(first.joint), "period": "2026", "version": 1, "text": "Minst 4 gemensamma", "promised": 4,
        "done": 0, "differs": [],
    }  # fmt: skip
    carried = found[second.walks]
    assert carried is not None
    assert carried["text"] == "Minst 2 med polis", "what is carried on stands beside what carries it"
    assert carried["differs"] == ["counts", "fields"]
