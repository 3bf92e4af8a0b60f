from samsyn.authorities.queries import my_collaborations
from samsyn.core.uow import unit_of_work
from tests.factories import Town


def test_a_town_is_made_through_the_walls(town: Town) -> None:
    with unit_of_work(town.planner(town.health)) as uow:
        assert [c.id for c in my_collaborations(uow)] == [town.collaboration]
    with unit_of_work(town.planner(town.outsider)) as uow:
        assert my_collaborations(uow) == []
