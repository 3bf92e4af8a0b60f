"""Numbers on a campaign's plot hide no other and stay near their places."""

from __future__ import annotations

import math
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from samsyn.web.shown.apart import EDGE, ROOM, apart

WIDE, HIGH = 900.0, 420.0
SPOTS = st.tuples(st.floats(60, WIDE - 60), st.floats(60, HIGH - 60))


@given(st.lists(SPOTS, max_size=60))
def test_no_number_hides_another_and_each_is_whole(points: list[tuple[float, float]]) -> None:
    spots = apart(points, WIDE, HIGH)
    assert spots == apart(points, WIDE, HIGH)
    assert all(math.dist(one, other) >= ROOM for n, one in enumerate(spots) for other in spots[:n])
    assert all(EDGE <= x <= WIDE - EDGE and EDGE <= y <= HIGH - EDGE for x, y in spots)


def test_what_has_room_stands_where_it_is_and_the_rest_beside() -> None:
    assert apart([(100, 100), (200, 100)], WIDE, HIGH) == [(100, 100), (200, 100)]
    assert apart([(108, 108), (108, 108)], WIDE, HIGH) == [(108, 108), (81, 108)]


def test_of_more_than_there_is_room_for_the_rest_stand_where_they_are() -> None:
    draw = Random(7)
    points = [(draw.uniform(200, 210), draw.uniform(200, 210)) for _ in range(900)]
    spots = apart(points, WIDE, HIGH)
    moved = [one for one, other in zip(spots, points, strict=True) if one != other]
    assert len(spots) == 900
    assert len(set(moved)) == len(moved) > 200
