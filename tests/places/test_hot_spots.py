from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import insert

from samsyn.businesses.reading.headings import fold
from samsyn.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.imports.queries import known_places
from samsyn.places.models import HotSpot
from samsyn.places.queries import hot_spot_history, hot_spots_of_premises, list_hot_spots, premises_in_hot_spot
from samsyn.places.rules import HotSpotChange, HotSpotState
from samsyn.places.service import AddHotSpot, NoteHotSpotEvent, add_hot_spot, note_hot_spot_event, place_in_hot_spot
from tests.factories import START, Town

OUTLINE = ((59.39, 15.83), (59.40, 15.83), (59.40, 15.84))


def test_a_hot_spot_is_followed_ends_and_is_followed_again(town: Town) -> None:
    with unit_of_work(town.planner(town.police), START) as uow:
        spot = add_hot_spot(uow, AddHotSpot(town.collaboration, "Torget", OUTLINE, date(2026, 1, 2), "Klagomål."))
        place_in_hot_spot(uow, spot, town.premises[:2])
        place_in_hot_spot(uow, spot, town.premises[:1])
        note_hot_spot_event(uow, NoteHotSpotEvent(spot, date(2026, 5, 1), HotSpotChange.ENDED, "Lugnt."))
    with unit_of_work(town.planner(town.tobacco), START) as uow:
        assert [s.state for s in list_hot_spots(uow, town.collaboration)] == [HotSpotState.ENDED]
        note_hot_spot_event(uow, NoteHotSpotEvent(spot, date(2026, 9, 1), HotSpotChange.IDENTIFIED, "Åter."))
        assert [s.outline for s in list_hot_spots(uow, town.collaboration)] == [OUTLINE]
        assert [e.on_date.month for e in hot_spot_history(uow, spot)] == [9, 5, 1]
        assert premises_in_hot_spot(uow, spot) == frozenset(town.premises[:2])
        assert hot_spots_of_premises(uow, set(town.premises)) == dict.fromkeys(town.premises[:2], ("Torget",))


def test_a_hot_spot_is_the_collaborations_and_its_planners(town: Town) -> None:
    command = AddHotSpot(town.collaboration, "Torget", OUTLINE, date(2026, 1, 2), "Klagomål.")
    with unit_of_work(town.planner(town.police), START) as uow:
        spot = add_hot_spot(uow, command)
    with pytest.raises(ConflictError), unit_of_work(town.planner(town.tobacco)) as uow:
        add_hot_spot(uow, command)
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.police)) as uow:
        place_in_hot_spot(uow, spot, town.premises)
    with unit_of_work(town.planner(town.outsider)) as uow:
        assert list_hot_spots(uow) == []
        with pytest.raises(NotFoundError):
            note_hot_spot_event(uow, NoteHotSpotEvent(spot, date(2026, 5, 1), HotSpotChange.ENDED, ""))
    with pytest.raises(InvalidError), unit_of_work(town.planner(town.police)) as uow:
        add_hot_spot(uow, AddHotSpot(town.collaboration, "Två hörn", OUTLINE[:2], date(2026, 1, 2), ""))


def test_more_than_two_hundred_are_all_known(town: Town) -> None:
    """A list by week that names the last of them is taken in as one that names the first."""
    values = [
        {"id": uuid4(), "collaboration_id": town.collaboration, "name": f"Plats {n:03}", "outline": [[59.3, 15.8]],
         "state": HotSpotState.FOLLOWED, "changed_at": START}
        for n in range(205)
    ]  # fmt: skip
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(insert(HotSpot), values)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert len(list_hot_spots(uow, town.collaboration)) == 205
        assert all(known_places(uow)[fold(f"Plats {n:03}")] for n in (0, 204))
