from datetime import date

import pytest

from samsyn.businesses.queries import OpenLine, PermitLine, opening_hours_of, permits_of
from samsyn.businesses.rules import PermitKind
from samsyn.businesses.service import OpenSpell, SetOpeningHours, SetPermit, end_business, set_opening_hours, set_permit
from samsyn.core.errors import InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from tests.factories import START, Town

NIGHT = OpenSpell(5, 18 * 60, 26 * 60)


def test_the_weeks_hours_stand_in_place_of_the_old_ones(town: Town) -> None:
    kiosk = town.businesses[0]
    with unit_of_work(town.planner(town.tobacco), START) as uow:
        set_opening_hours(uow, SetOpeningHours(kiosk, (OpenSpell(1, 480, 1020), NIGHT)))
        set_opening_hours(uow, SetOpeningHours(kiosk, (NIGHT,)))
    with unit_of_work(town.inspector(town.police)) as uow:
        assert opening_hours_of(uow, set(town.businesses)) == {kiosk: (OpenLine(5, 1080, 1560),)}
    with unit_of_work(town.planner(town.outsider)) as uow:
        assert opening_hours_of(uow, set(town.businesses)) == {}


def test_a_permit_gets_a_new_term_and_stays_one(town: Town) -> None:
    kiosk = town.businesses[1]
    with unit_of_work(town.planner(town.tobacco), START) as uow:
        set_permit(uow, SetPermit(kiosk, PermitKind.TOBACCO, date(2024, 1, 1), date(2026, 1, 1)))
        set_permit(uow, SetPermit(kiosk, PermitKind.TOBACCO, date(2026, 1, 1), None))
        assert permits_of(uow, kiosk) == [PermitLine("tobacco", date(2026, 1, 1), None)]
        end_business(uow, kiosk, date(2027, 1, 1))


def test_what_cannot_be_is_refused_and_who_may_not_too(town: Town) -> None:
    kiosk = town.businesses[2]
    for spell in (OpenSpell(8, 0, 60), OpenSpell(1, 600, 600), OpenSpell(1, 1440, 1500), OpenSpell(1, 0, 2881)):
        with pytest.raises(InvalidError), unit_of_work(town.planner(town.tobacco)) as uow:
            set_opening_hours(uow, SetOpeningHours(kiosk, (spell,)))
    with pytest.raises(InvalidError), unit_of_work(town.planner(town.tobacco)) as uow:
        set_permit(uow, SetPermit(kiosk, PermitKind.FOOD, date(2026, 1, 2), date(2026, 1, 1)))
    with pytest.raises(InvalidError), unit_of_work(town.planner(town.tobacco)) as uow:
        end_business(uow, kiosk, date(2020, 1, 1))
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.tobacco)) as uow:
        set_opening_hours(uow, SetOpeningHours(kiosk, (NIGHT,)))
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.outsider)) as uow:
        set_opening_hours(uow, SetOpeningHours(kiosk, (NIGHT,)))
