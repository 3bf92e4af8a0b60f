"""A records request: found in the own silo, decided thing by thing, frozen, and given as a package (R16, TF 2 kap.)."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import text

from samsyn.core.errors import ConflictError, FileLostError, GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.tables import load
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.rules import Answer
from samsyn.operations.rules import OperationState
from samsyn.records.gathering import About
from samsyn.records.queries import get_request, list_packages
from samsyn.records.rules import MASKED, Choice, Fault, ItemKind, Missing, NotTakenError, masked
from samsyn.records.sections import all_sections
from samsyn.records.service import Enter, Number, enter_request, gather_again, read_package, write_number
from tests.factories import START, Town
from tests.records.desk import NOW, PICTURE, TODAY, Desk, make_desk

SECTION, REASON = "30 kap. 20 § OSL", "Uppgiften rör kioskens drift."


@pytest.fixture
def desk(town: Town, folder: Path) -> Desk:
    return make_desk(town, folder)


def unpacked(desk: Desk, package: object) -> dict[str, bytes]:
    with unit_of_work(desk.registrar, NOW) as uow:
        data, _ = read_package(uow, desk.vault, package)  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def all_text(files: dict[str, bytes]) -> str:
    """Every file of a package as text, the workbook's parts and the documents' text layer too."""
    found = []
    for name, data in files.items():
        if name.endswith(".pdf"):
            found += [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
        elif name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                found += [book.read(part).decode("utf-8", "replace") for part in book.namelist()]
        else:
            found.append(data.decode("utf-8", "replace"))
    return "\n".join(found)


def test_who_asks_and_why_is_asked_nowhere() -> None:
    """2 kap. 18 § TF: what has no column cannot be filled in."""
    columns = set(load().tables["records_request"].columns.keys())
    assert [name for name in columns if any(w in name for w in ("name", "asker", "requester", "address", "why"))] == []


def test_what_the_authority_has_of_a_business_is_found_and_others_findings_never(town: Town, desk: Desk) -> None:
    picture = desk.add_picture(town.tobacco)
    card = desk.card(desk.enter())
    kinds = {one.kind for one in card.items}
    assert kinds >= {ItemKind.OPERATION, ItemKind.VISIT, ItemKind.PART, ItemKind.FINDING, ItemKind.PICTURE}
    said = repr(card.items)
    assert desk.words[town.tobacco.id] in said
    assert picture in {one.subject_id for one in card.items}
    for other in (town.police, town.environment, town.health):
        assert desk.words[other.id] not in said
    assert card.hidden == 0


def test_a_time_an_operation_and_a_business_narrow_each_other(town: Town, desk: Desk) -> None:
    day = START.date()
    assert desk.card(desk.enter(About(since=day, until=day))).items
    assert desk.card(desk.enter(About(operation_id=desk.scene.operation))).items
    assert desk.card(desk.enter(About(town.businesses[0], until=date_before(day)))).items == ()
    assert desk.card(desk.enter(About(town.businesses[1]))).items == ()


def date_before(day: date) -> date:
    return day.replace(year=day.year - 1)


def test_only_registrar_and_decider_examine_and_only_their_own(town: Town, desk: Desk) -> None:
    request = desk.enter()
    for roles in ({"inspector"}, {"planner"}, {"unit_admin"}, {"observer"}):
        with pytest.raises(NotAllowedError):
            desk.card(request, Viewer(town.tobacco.id, town.tobacco.planner, frozenset(roles)))
    for office in (town.police, town.environment, town.outsider):
        with pytest.raises(NotFoundError):
            desk.card(request, town.planner(office))
        with unit_of_work(town.planner(office)) as uow:
            assert uow.session.scalars(text("SELECT id FROM records_item")).all() == []


def test_a_request_names_something_and_no_day_to_come(desk: Desk) -> None:
    with unit_of_work(desk.registrar, NOW) as uow, pytest.raises(NotTakenError, match=Fault.NOTHING_NAMED):
        enter_request(uow, Enter(uuid4(), TODAY, "Allt", About()))
    with unit_of_work(desk.registrar, NOW) as uow, pytest.raises(NotTakenError, match=Fault.FUTURE):
        enter_request(uow, Enter(uuid4(), TODAY.replace(year=2029), "Allt", About(since=TODAY)))
    with unit_of_work(desk.registrar, NOW) as uow, pytest.raises(NotTakenError, match=Fault.PERSONAL_NUMBER):
        enter_request(uow, Enter(uuid4(), TODAY, "Om 811218-9876", About(since=TODAY)))


def test_a_no_needs_a_section_and_a_reason_and_is_settled_by_who_decides(desk: Desk) -> None:
    request = desk.enter()
    card = desk.card(request)
    [finding] = [one.id for one in card.items if one.kind is ItemKind.FINDING]
    with pytest.raises(NotTakenError, match=Fault.SECTION_NEEDED):
        desk.decide(request, {finding}, Choice.REFUSE, reason=REASON)
    with pytest.raises(NotTakenError, match=Fault.REASON_NEEDED):
        desk.decide(request, {finding}, Choice.REFUSE, section=SECTION)
    desk.decide(request, {one.id for one in card.items} - {finding}, Choice.GIVE)
    with pytest.raises(GateClosedError) as gate:
        desk.settle(request)
    assert gate.value.missing == (Missing.UNDECIDED,)
    desk.decide(request, {finding}, Choice.REFUSE, section=SECTION, reason=REASON)
    with pytest.raises(GateClosedError) as gate:
        desk.settle(request, desk.registrar)
    assert gate.value.missing == (Missing.DECIDER,)
    desk.settle(request)


def test_a_registrar_settles_what_is_given_whole(desk: Desk) -> None:
    request = desk.enter()
    desk.decide(request, {one.id for one in desk.card(request).items}, Choice.GIVE)
    files = unpacked(desk, desk.settle(request, desk.registrar))
    assert "kammarrätten" not in all_text(files)


def test_the_package_holds_what_was_given_and_nothing_of_what_was_not(town: Town, desk: Desk) -> None:
    desk.add_picture(town.tobacco)
    request = desk.enter()
    items = {one.kind: one for one in desk.card(request).items}
    desk.decide(request, {one.id for one in desk.card(request).items}, Choice.GIVE)
    word = desk.words[town.tobacco.id]
    said = {"section": SECTION, "reason": REASON}
    desk.decide(request, {items[ItemKind.FINDING].id}, Choice.MASK, words=(word.upper(),), **said)
    desk.decide(request, {items[ItemKind.OPERATION].id}, Choice.REFUSE, **said)
    files = unpacked(desk, desk.settle(request))
    shown = all_text(files)
    assert word not in shown
    assert "Bakom disken" in shown
    assert MASKED in shown
    assert items[ItemKind.OPERATION].content["code_word"] not in shown
    assert SECTION in shown
    assert REASON in shown
    assert "kammarrätten" in shown
    assert PICTURE in files.values()
    assert all(desk.words[office.id] not in shown for office in town.offices)
    manifest = {one["name"]: one["sha256"] for one in json.loads(files["manifest.json"])["files"]}
    listed = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    assert {name: digest for name, digest in listed.items() if name != "manifest.json"} == manifest


def test_a_picture_is_given_or_not_and_never_in_parts(town: Town, desk: Desk) -> None:
    desk.add_picture(town.tobacco)
    request = desk.enter()
    [picture] = [one.id for one in desk.card(request).items if one.kind is ItemKind.PICTURE]
    with pytest.raises(NotTakenError, match=Fault.NO_PICTURE_MASK):
        desk.decide(request, {picture}, Choice.MASK, section=SECTION, reason=REASON, words=("x",))


def test_what_is_settled_never_changes(desk: Desk) -> None:
    request = desk.enter()
    desk.decide(request, {one.id for one in desk.card(request).items}, Choice.GIVE)
    desk.settle(request)
    item = desk.card(request).items[0].id
    for again in (lambda: desk.settle(request), lambda: desk.decide(request, {item}, Choice.OUTSIDE)):
        with pytest.raises(ConflictError):
            again()
    with unit_of_work(desk.decider, NOW) as uow, pytest.raises(ConflictError):
        gather_again(uow, request)
    with unit_of_work(desk.decider, NOW) as uow:
        for statement in ("UPDATE records_item SET given = '{}'", "UPDATE records_request SET decision = 'x'"):
            assert uow.session.execute(text(statement)).rowcount == 0  # type: ignore[attr-defined]


def test_a_new_version_is_to_be_decided_anew(town: Town, desk: Desk) -> None:
    request = desk.enter()
    desk.decide(request, {one.id for one in desk.card(request).items}, Choice.GIVE)
    desk.scene.set_state(OperationState.ONGOING)
    desk.scene.answer(
        town.inspector(town.tobacco), None, Answer.OK, "Åtgärdat", finding=desk.findings[town.tobacco.id], base=1
    )
    desk.scene.set_state(OperationState.DONE)
    with unit_of_work(desk.registrar, NOW) as uow:
        changed = gather_again(uow, request)
    after = {one.kind: one for one in desk.card(request).items}
    assert changed == 1
    assert after[ItemKind.FINDING].choice is Choice.UNDECIDED
    assert "Åtgärdat" in after[ItemKind.FINDING].content["text"]
    assert desk.words[town.tobacco.id] in after[ItemKind.FINDING].content["earlier"]
    assert after[ItemKind.VISIT].choice is Choice.GIVE


def test_jav_hides_what_is_of_the_visit_and_such_a_person_settles_nothing(town: Town, desk: Desk) -> None:
    request = desk.enter()
    desk.decide(request, {one.id for one in desk.card(request).items}, Choice.GIVE)
    desk.scene.recuse(town.tobacco, town.tobacco.inspectors[0])
    recused = Viewer(town.tobacco.id, town.tobacco.inspectors[0], frozenset({"decider"}))
    card = desk.card(request, recused)
    assert card.items == ()
    assert card.hidden > 0
    with pytest.raises(GateClosedError) as gate:
        desk.settle(request, recused)
    assert gate.value.missing == (Missing.HIDDEN,)
    package = desk.settle(request)
    with unit_of_work(recused, NOW) as uow:
        assert list_packages(uow) == []
    with unit_of_work(recused, NOW) as uow, pytest.raises(NotFoundError):
        read_package(uow, desk.vault, package)


def test_a_person_with_jav_gathers_nothing_for_a_colleague_to_settle(town: Town, desk: Desk) -> None:
    """What such a person finds lacks the visit without a sign, and would be settled as all there is."""
    before = desk.enter()
    desk.scene.recuse(town.tobacco, town.tobacco.inspectors[0])
    recused = Viewer(town.tobacco.id, town.tobacco.inspectors[0], frozenset({"decider"}))
    for about in (About(town.businesses[0]), About(None, None, TODAY - timedelta(days=400), TODAY)):
        with pytest.raises(GateClosedError) as gate:
            desk.enter(about, recused)
        assert gate.value.missing == ("recused",)
    with unit_of_work(recused, NOW) as uow, pytest.raises(GateClosedError):
        gather_again(uow, before)
    desk.enter(About(town.businesses[1]), recused)  # another business is no matter of that visit


def test_a_personal_number_in_what_is_given_is_asked_about(desk: Desk) -> None:
    request = desk.enter()
    with unit_of_work(desk.registrar, NOW) as uow:
        uow.session.execute(
            text(
                'UPDATE records_item SET content = content || \'{"text": "Kund 811218-9876"}\''
                " WHERE item_kind = 'finding' AND request_id = :r"
            ),
            {"r": request},
        )
    desk.decide(request, {one.id for one in desk.card(request).items}, Choice.GIVE)
    with pytest.raises(NotTakenError, match=Fault.PERSONAL_NUMBER):
        desk.settle(request)
    desk.settle(request, confirmed=True)


def test_a_picture_whose_file_is_gone_is_said_and_settles_nothing(town: Town, desk: Desk, folder: Path) -> None:
    desk.add_picture(town.tobacco)
    request = desk.enter()
    desk.decide(request, {one.id for one in desk.card(request).items}, Choice.GIVE)
    for file in (folder / "evidence").rglob("*"):
        if file.is_file():
            file.unlink()
    with pytest.raises(FileLostError):
        desk.settle(request)
    assert desk.card(request).line.open


def test_reading_deciding_and_downloading_are_in_the_trail(town: Town, desk: Desk) -> None:
    request = desk.enter()
    desk.decide(request, {one.id for one in desk.card(request).items}, Choice.GIVE)
    package = desk.settle(request)
    unpacked(desk, package)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        rows = uow.session.scalars(text("SELECT action FROM audit WHERE action LIKE 'records.%'")).all()
    assert set(rows) >= {"records.enter", "records.decide", "records.settle", "records.package", "records.download"}


def test_a_case_number_of_the_own_names_the_package(desk: Desk) -> None:
    request = desk.enter()
    for number in ("SN 2026-1", "SN 2027-118"):
        with unit_of_work(desk.registrar, NOW) as uow:
            write_number(uow, Number(number, request_id=request))
    desk.decide(request, {one.id for one in desk.card(request).items}, Choice.OUTSIDE)
    package = desk.settle(request, desk.registrar)
    with unit_of_work(desk.registrar, NOW) as uow:
        _, name = read_package(uow, desk.vault, package)
        assert "SN 2027-118" not in get_request(uow, request).line.words
    assert name == "samsyn-begaran-SN-2027-118"


STORED = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
"""What the database can hold: the test below marks a block with the character that it cannot."""


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["text", "by", "law"]), STORED, min_size=1),
    st.lists(STORED.filter(bool).map(lambda word: word[:5]), max_size=4),
)
def test_no_masked_word_is_left_whatever_stands_around_it(content: dict[str, str], words: list[str]) -> None:
    out = masked(content, set(), words)
    for value in out.values():
        for word in words:
            assert word not in value.replace(MASKED, "\0") or word in MASKED
    assert masked(content, set(content), ()) == {k: MASKED if v else v for k, v in content.items()}


def test_the_sections_are_data_and_say_how_sure_they_are() -> None:
    found = all_sections()
    assert len({one.section for one in found}) == len(found)
    assert {one.source for one in found} == {"read", "memory"}
