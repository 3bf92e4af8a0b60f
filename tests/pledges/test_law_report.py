"""The report under lag 2023:196: what was noted stands in its picture, no small number beside another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from samsyn.authorities.service import join_collaboration
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.places.queries import pictures
from samsyn.places.rules import SignalSource
from samsyn.places.service.pictures import WriteEntry, add_entry, change_entry, withdraw_entry
from samsyn.pledges.evaluation.law_report import law_report, tells, tobacco_tables, told_visits
from samsyn.pledges.evaluation.preview import preview_public, read_public
from samsyn.pledges.evaluation.public import public_of
from samsyn.pledges.evaluation.queries import get_evaluation
from samsyn.pledges.evaluation.rules import digest_of
from samsyn.pledges.evaluation.service import approve, publish
from samsyn.pledges.evaluation.shape import AuthorityEntry
from samsyn.pledges.evaluation.telling import Teller
from samsyn.pledges.service import count_visit
from samsyn.pledges.yearly.fields import CONDITIONS, What
from samsyn.pledges.yearly.queries import Year
from tests.dossiers.scenes import another_visit, visited
from tests.factories import Office, Town, take_in
from tests.pledges.test_evaluation import AFTER, card, compiled, signed
from tests.pledges.test_evaluation_standing import decider
from tests.pledges.test_numbers import live


def decided(town: Town, key: UUID) -> None:
    """Let every party approve, and one decide the public version."""
    looked = card(town, key).looked_at
    for office in town.offices:
        with unit_of_work(town.planner(office)) as uow:
            approve(uow, key, looked)
    with unit_of_work(decider(town), now=AFTER + timedelta(days=2)) as uow:
        publish(uow, key, digest_of(preview_public(uow, get_evaluation(uow, key))))


def inspected(town: Town, trades: Sequence[str]) -> None:
    """Visits of the tobacco board alone, one operation's, at a business of its own kind each."""
    with unit_of_work(town.planner(town.tobacco)) as uow:
        for business, trade in zip(town.businesses, ("kiosk", "car_wash"), strict=False):
            key = {"t": json.dumps([trade]), "b": business}
            uow.session.execute(text("UPDATE business SET trades = CAST(:t AS jsonb) WHERE id = :b"), key)
    places = [0 if trade == "kiosk" else 1 for trade in trades]
    scenes = [visited(town, town.tobacco, business=places[0])]
    for place in places[1:]:
        scenes.append(another_visit(town, scenes[-1], town.tobacco, business=place))
    for scene in scenes:
        with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
            count_visit(uow, scene.visit)


@pytest.mark.parametrize(("others", "n"), [(2, "visas inte"), (5, 10), (0, "visas inte")])
def test_a_field_does_not_stand_beside_a_total_that_it_leaves_few_of(town: Town, others: int, n: object) -> None:
    """The other members are known to have none: what they have is not shown, and the total is the board's own."""
    promised = signed(town)
    inspected(town, ["kiosk"] * 10 + ["car_wash"] * others)
    key = compiled(town, promised, "2027")
    decided(town, key)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert read_public(uow, key).content["authorities"] == {"total": 10 + others, "kinds": None}
        tobacco = law_report(uow, key, "sv").sections[-1]
    assert tobacco.rows[0][1] == n


def test_of_two_authorities_with_one_name_each_finds_its_own_number(town: Town) -> None:
    promised = signed(town)
    found = card(town, compiled(town, promised, "2027"))
    alike: list[AuthorityEntry] = [
        {"id": str(office.id), "name": "Nämnden", "visits": [n, 0, 0, 0], "joint": [0] * 4}
        for n, office in ((7, town.tobacco), (20, town.health))
    ]
    named = replace(found, content={**found.content, "authorities": alike, "commitments": []})
    content = public_of(named.content, 1, {})
    assert told_visits(content, named, town.tobacco.id) == [7, 27]
    assert told_visits(content, named, town.police.id) == [27]


@pytest.mark.parametrize(("inner", "shown"), [(18, False), (20, False), (15, True), (4, False)])
def test_a_field_that_another_holds_does_not_leave_few_of_it(inner: int, shown: bool) -> None:
    """An answer to the checklist is a protocol: 18 self-checks beside 20 protocols tell of two without one."""
    numbers = dict.fromkeys(CONDITIONS, 0) | {What.SALE_VISITS: 30, What.SALE_PROTOCOL: 20}
    for what in (What.SALE_SELF_CHECK, What.SALE_STAFF, What.SALE_CORRECTION):
        found = {**numbers, what: inner}
        assert tells(What.SALE_PROTOCOL, found)
        assert tells(what, found) == shown
    assert tells(What.SALE_FEEDBACK, {**numbers, What.SALE_FEEDBACK: 18}), "a letter needs no protocol"


def noted(town: Town, office: Office, area: UUID, day: date, words: str, after_days: int = 1) -> UUID:
    """Write an entry of the picture; the version is decided two days after the year is compiled."""
    with unit_of_work(town.planner(office), now=AFTER + timedelta(days=after_days)) as uow:
        return add_entry(uow, WriteEntry(day, SignalSource.PUBLIC, words, "Torget", area))


def test_the_picture_is_the_areas_words_and_what_was_noted_till_the_years_end(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came after the year takes no place of what is listed, however much that is."""
    promised = signed(town)
    live(town, promised, Random(2), 2)
    for day, words in ((date(2027, 4, 2), "Busskur."), (date(2026, 11, 3), "Klotter."), (date(2028, 1, 1), "Nyår.")):
        noted(town, town.police, promised.areas[0], day, words)
    key = compiled(town, promised, "2027")
    decided(town, key)
    monkeypatch.setattr(pictures, "MOST", 2)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        picture = law_report(uow, key, "sv").sections[0]
    assert [row[:2] + row[3:] for row in picture.rows] == [
        ("Centrum", "", "", "Klagomål."),
        ("Centrum", "2026-11-03", "Torget", "Klotter."),
        ("Centrum", "2027-04-02", "Torget", "Busskur."),
        ("Sätra", "", "", "Klagomål."),
    ]
    assert {row[2] for row in picture.rows[1:3]} == {"Allmänheten"}


def test_of_the_picture_the_council_gets_what_the_parties_had_noted_when_it_was_decided(town: Town) -> None:
    """Not what a member writes that signed nothing, nor what was written, changed or taken back afterwards."""
    promised, day = signed(town), date(2027, 4, 2)
    take_in(town, town.outsider.id)
    with unit_of_work(town.planner(town.outsider)) as uow:
        join_collaboration(uow, town.collaboration)
    key = compiled(town, promised, "2027")
    area = promised.areas[0]
    noted(town, town.health, area, day, "Busskur.")
    noted(town, town.outsider, area, day, "Av en medlem.")
    noted(town, town.health, area, day, "För sent.", 3)
    changed, withdrawn = (noted(town, town.health, area, day, f"Först {n}.") for n in range(2))
    decided(town, key)
    with unit_of_work(town.planner(town.health), now=AFTER + timedelta(days=3)) as uow:
        change_entry(uow, changed, WriteEntry(day, SignalSource.PUBLIC, "Ändrat.", "Torget"), 1)
        withdraw_entry(uow, withdrawn, 1)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        picture = law_report(uow, key, "sv").sections[0]
    assert [row[4] for row in picture.rows if row[1]] == ["Busskur."]


@pytest.mark.parametrize(
    ("told", "shown"),
    [([25], False), ([22], False), ([27], True), ([20], True), ([26], False), ([40], True), ([25, 40], False),
     ([40, 25], False), ([27, 40], True)],
)  # fmt: skip
def test_what_a_field_leaves_of_the_published_visits_is_not_few(town: Town, told: list[int], shown: bool) -> None:
    """22 visits to places of sale of 25 in all would tell of three that were none."""
    promised = signed(town)
    teller = Teller(card(town, compiled(town, promised, "2027")), "sv")
    numbers = dict.fromkeys(CONDITIONS, 0) | {What.SALE_VISITS: 11}
    years = [(f"Enhet {n}", Year(uuid4(), 2027, numbers, 0, (), 0)) for n in range(2)]
    for table in tobacco_tables(teller, years, told):
        assert (table.rows[0][1] == 11) == shown
