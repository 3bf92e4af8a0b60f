"""A draft of a pledge is corrected, taken apart, put together again, and takes over what last year did not keep."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from apiflask import APIFlask

from samsyn.core.errors import ChangedMeanwhileError, ConflictError, InvalidError, NotAllowedError
from samsyn.core.uow import unit_of_work
from samsyn.pledges.queries import areas_of, commitments_of, get_area, get_commitment, get_pledge, list_pledges
from samsyn.pledges.rules import ActivityKind, CommitmentForm
from samsyn.pledges.service import (
    AddCommitment,
    ChangeCommitment,
    CorrectArea,
    CorrectPledge,
    MakePledge,
    SignPledge,
    carry_over,
    change_commitment,
    correct_area,
    correct_commitment,
    correct_pledge,
    make_pledge,
    put_back,
    remove,
    sign_pledge,
)
from samsyn.pledges.service.drafts import in_year
from tests.factories import Town
from tests.pledges.test_numbers import promise, signs_of
from tests.pledges.test_returns import YEAR, pledge_returns
from tests.web.reader import Browser, open_browser


@pytest.fixture
def writer(app: APIFlask, town: Town) -> Browser:
    return open_browser(app.test_client(), town.planner(town.police))


def version(town: Town, pledge: UUID) -> int:
    with unit_of_work(town.planner(town.police)) as uow:
        return get_pledge(uow, pledge).version


def areas(town: Town, pledge: UUID) -> list[str]:
    with unit_of_work(town.planner(town.police)) as uow:
        return [area.name for area in areas_of(uow, pledge)]


def test_a_draft_is_corrected_on_its_pages_and_each_removal_is_put_back_by_one_press(
    writer: Browser, town: Town
) -> None:
    promised = promise(town)
    edit = f"/pledges/{promised.pledge}/edit"
    everybody = [str(office.id) for office in (town.police, town.tobacco)]
    writer.do(f"/pledges/{promised.pledge}/correct", name="Rättat löfte", parties=everybody)
    writer.do(f"/focus-areas/{promised.areas[1]}/correct", area="Sätra centrum", picture="Fler klagomål.")
    terms = f"/commitments/{promised.joint}/correct"
    assert re.search(r'name="target"[^>]*value="4"', writer.get(terms))
    assert writer.send(terms, target="").status_code == 422
    writer.do(terms, target="6", text="Minst 6 gemensamma")
    with unit_of_work(town.planner(town.police)) as uow:
        one = get_commitment(uow, promised.joint)
        assert (one.target, one.text, one.least, one.whole) == (6, "Minst 6 gemensamma", 2, True)
        assert get_area(uow, promised.areas[1]).name == "Sätra centrum"
        assert get_pledge(uow, promised.pledge).name == "Rättat löfte"
    for key, words in ((promised.joint, "Minst 6 gemensamma"), (promised.areas[1], "Sätra centrum")):
        remove_at, restore_at = (f"/pledges/{promised.pledge}/{what}" for what in ("remove", "restore"))
        writer.do(edit, f"{remove_at}#o-{key}")
        assert words not in writer.get(f"/pledges?pledge={promised.pledge}")
        assert "Borttaget ur utkastet" in writer.get(edit)
        writer.do(edit, f"{restore_at}#o-{key}")
        assert "Borttaget ur utkastet" not in writer.get(edit)
    writer.do(edit, f"/pledges/{promised.pledge}/remove#o-{promised.pledge}")
    with unit_of_work(town.planner(town.police)) as uow:
        assert list_pledges(uow) == []
    assert "Utkastet är borttaget" in writer.get(edit)
    writer.do(edit, f"/pledges/{promised.pledge}/restore#o-{promised.pledge}")
    with unit_of_work(town.planner(town.police)) as uow:
        assert [line.id for line in list_pledges(uow)] == [promised.pledge]


def test_who_saw_an_older_draft_reads_what_the_other_wrote_beside_the_own_words(writer: Browser, town: Town) -> None:
    promised = promise(town)
    correct, area = f"/pledges/{promised.pledge}/correct", f"/focus-areas/{promised.areas[1]}/correct"
    terms = f"/commitments/{promised.joint}/correct"
    late = {path: writer.form(path).fields for path in (correct, area, terms)}
    everybody = [str(office.id) for office in (town.police, town.tobacco)]
    writer.do(correct, name="Den andras namn", parties=everybody)
    writer.do(area, area="Den andras område", picture="")
    writer.do(terms, target="6", counts="patrol", least="1")
    says = "Nu står det, skrivet av någon annan: <b>"
    for path, typed, others in (
        (correct, {"name": ["Mitt namn"]}, ("Den andras namn", town.police.name)),
        (area, {"area": ["Mitt område"], "picture": ["Min bild"]}, ("Den andras område", "inget")),
        (terms, {"target": ["9"]}, ("6", "patrull")),
    ):
        answer = writer.client.post(path, data={**late[path], **typed})
        assert answer.status_code == 412
        assert all(f"{says}{words}" in answer.text for words in others), path
        assert all(words in answer.text for one in typed.values() for words in one), "what was typed is kept"
        assert says not in writer.get(path)


def test_what_is_signed_is_neither_corrected_nor_removed(town: Town) -> None:
    signed = pledge_returns(town)
    seen, mine = version(town, signed.pledge), (town.police.id,)
    with unit_of_work(town.planner(town.police)) as uow:
        with pytest.raises(ConflictError):
            correct_pledge(uow, CorrectPledge(signed.pledge, "Annat", mine, seen))
        with pytest.raises(ConflictError):
            correct_area(uow, CorrectArea(signed.area, "Annat", "", seen))
        command = AddCommitment(signed.area, CommitmentForm.OCCASIONS, "Två", target=2)
        with pytest.raises(ConflictError):
            correct_commitment(uow, signed.every, command, seen)
        for key in (signed.pledge, signed.area, signed.every):
            with pytest.raises(ConflictError):
                remove(uow, signed.pledge, key, seen)


def test_who_is_no_party_or_saw_an_older_version_is_refused(town: Town) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        pledge = make_pledge(uow, MakePledge(town.collaboration, 2033, "Löfte", (town.police.id,)))
    with pytest.raises(NotAllowedError), unit_of_work(town.planner(town.health)) as uow:
        remove(uow, pledge, pledge, 1)
    with pytest.raises(ChangedMeanwhileError), unit_of_work(town.planner(town.police)) as uow:
        remove(uow, pledge, pledge, 7)
    with unit_of_work(town.planner(town.police)) as uow:
        remove(uow, pledge, pledge, 1)
        again = make_pledge(uow, MakePledge(town.collaboration, 2033, "Nytt löfte", (town.police.id,)))
        with pytest.raises(ConflictError):
            put_back(uow, pledge, pledge, 2)
        assert [line.id for line in list_pledges(uow)] == [again]


def test_what_last_year_did_not_keep_is_carried_over_with_its_terms(writer: Browser, town: Town) -> None:
    before = pledge_returns(town)
    with unit_of_work(town.planner(town.police)) as uow:
        parties = (town.police.id, town.tobacco.id)
        pledge = make_pledge(uow, MakePledge(town.collaboration, YEAR + 1, "Löfte", parties))
        key = carry_over(uow, pledge, before.every, 1)
        one, was = get_commitment(uow, key), get_commitment(uow, before.every)
        assert (one.form, one.within_days, one.text, one.counts) == (was.form, 60, was.text, ActivityKind.OPERATION)
        assert was.carried_to_id == key
        assert [area.name for area in areas_of(uow, pledge)] == ["Centrum"]
        assert len(commitments_of(uow, [one.focus_area_id])) == 1
        year_before = get_area(uow, was.focus_area_id).pledge_id
    page = writer.get(f"/pledges?pledge={year_before}")
    assert "Varför det inte blev gjort" not in page
    assert "Förs över till ett senare löfte" in page
    refused = ((before.every, ConflictError, 0), (key, InvalidError, 0), (before.every, ChangedMeanwhileError, -1))
    for other, error, behind in refused:
        seen = version(town, pledge) + behind
        with pytest.raises(error), unit_of_work(town.planner(town.police)) as uow:
            carry_over(uow, pledge, other, seen)
    with unit_of_work(town.planner(town.police)) as uow:
        for gone in (key, get_commitment(uow, key).focus_area_id, pledge):
            remove(uow, pledge, gone, get_pledge(uow, pledge).version)
            was = get_commitment(uow, before.every)
            assert was.carried_to_id is None, "nothing goes on in what was taken out"
            put_back(uow, pledge, gone, get_pledge(uow, pledge).version)
            change_commitment(uow, ChangeCommitment(before.every, was.version, "Hann inte.", key))
    assert in_year(date(YEAR, 12, 31), YEAR + 1) == date(YEAR + 1, 12, 31)
    assert in_year(date(2024, 2, 29), 2025) == date(2025, 2, 28)
    assert in_year(date(2024, 2, 29), 2028) == date(2028, 2, 29)
    later = promise(town, YEAR + 2)
    with unit_of_work(town.planner(town.police)) as uow:
        kept = {one.id: one for one in commitments_of(uow, [later.areas[0]])}
    assert kept[later.day].by_on is not None


def test_a_year_that_is_over_asks_why_something_was_not_kept(writer: Browser, town: Town) -> None:
    promised = promise(town, YEAR)
    with unit_of_work(town.planner(town.police)) as uow:
        signs = signs_of(town)
        seen = get_pledge(uow, promised.pledge).version
        sign_pledge(uow, SignPledge(promised.pledge, date(YEAR - 1, 12, 1), "Rådhuset", signs, seen))
    path = f"/pledges?pledge={promised.pledge}"
    before = writer.get(path)
    assert "utan skäl" in before
    asked = before.count('<li><a href="/commitments/')
    writer.do(f"/commitments/{promised.joint}", not_done_reason="Hann inte med alla.")
    assert writer.get(path).count('<li><a href="/commitments/') == asked - 1
