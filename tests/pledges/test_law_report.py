"""The report under lag 2023:196: what was noted stands in its picture, no small number beside another."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import uuid4

import pytest

from samsyn.core.uow import unit_of_work
from samsyn.places.rules import SignalSource
from samsyn.places.service.pictures import WriteEntry, add_entry
from samsyn.pledges.evaluation.law_report import law_report, tobacco_tables
from samsyn.pledges.evaluation.preview import preview_public
from samsyn.pledges.evaluation.queries import get_evaluation
from samsyn.pledges.evaluation.rules import digest_of
from samsyn.pledges.evaluation.service import approve, publish
from samsyn.pledges.evaluation.telling import Teller
from samsyn.pledges.yearly.fields import CONDITIONS, What
from samsyn.pledges.yearly.queries import Year
from tests.factories import Town
from tests.pledges.test_evaluation import AFTER, card, compiled, signed
from tests.pledges.test_evaluation_standing import decider
from tests.pledges.test_numbers import live


def test_the_picture_is_the_areas_words_and_what_was_noted_till_the_years_end(town: Town) -> None:
    promised = signed(town)
    live(town, promised, Random(2), 2)
    for day, words in ((date(2027, 4, 2), "Busskur."), (date(2026, 11, 3), "Klotter."), (date(2028, 1, 1), "Nyår.")):
        with unit_of_work(town.planner(town.police), now=AFTER + timedelta(days=1)) as uow:
            entry = WriteEntry(day, SignalSource.PUBLIC, words, "Torget", promised.areas[0])
            add_entry(uow, entry)
    key = compiled(town, promised, "2027")
    looked = card(town, key).looked_at
    for office in (town.police, town.tobacco, town.environment, town.health):
        with unit_of_work(town.planner(office)) as uow:
            approve(uow, key, looked)
    with unit_of_work(decider(town)) as uow:
        publish(uow, key, digest_of(preview_public(uow, get_evaluation(uow, key))))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        picture = law_report(uow, key, "sv").sections[0]
    assert [row[:2] + row[3:] for row in picture.rows] == [
        ("Centrum", "", "", "Klagomål."),
        ("Centrum", "2026-11-03", "Torget", "Klotter."),
        ("Centrum", "2027-04-02", "Torget", "Busskur."),
        ("Sätra", "", "", "Klagomål."),
    ]
    assert {row[2] for row in picture.rows[1:3]} == {"Allmänheten"}


@pytest.mark.parametrize(
    ("visits", "shown"), [(None, True), (25, False), (22, False), (27, True), (20, True), (26, False)]
)
def test_what_a_field_leaves_of_the_published_visits_is_not_few(town: Town, visits: int | None, shown: bool) -> None:
    """22 visits to places of sale of 25 in all would tell of three that were none."""
    promised = signed(town)
    teller = Teller(card(town, compiled(town, promised, "2027")), "sv")
    numbers = dict.fromkeys(CONDITIONS, 0) | {What.SALE_VISITS: 11}
    years = [(f"Enhet {n}", Year(uuid4(), 2027, numbers, 0, (), 0)) for n in range(2)]
    for table in tobacco_tables(teller, years, visits):
        assert (table.rows[0][1] == 11) == shown
