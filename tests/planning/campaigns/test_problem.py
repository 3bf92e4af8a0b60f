"""Problems that cannot be read are refused with the place and the reason; nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from samsyn.planning.campaigns.problem import ProblemError, read_problem
from tests.planning.campaigns.made_up import neutral, problem

Json = dict[str, Any]


def put(path: str, value: Any) -> Callable[[Json], None]:
    def change(data: Json) -> None:
        at: Any = data
        *steps, last = [int(one) if one.isdigit() else one for one in path.split(".")]
        for step in steps:
            at = at[step]
        at[last] = value

    return change


def test_what_is_written_is_read_again_and_unknown_keys_are_passed_over() -> None:
    data = neutral(problem(1)) | {"later": {"unknown": True}}
    put("visits.0.colour", "red")(data)
    assert neutral(read_problem(json.dumps(data))) == neutral(problem(1))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (put("format", "samsyn-problem/2"), "format"),
        (put("grid", 0), "grid"),
        (put("grid", "15"), None),
        (put("visits.0.units", []), "visits.0.units"),
        (put("visits.0.windows", [[600, 600]]), "visits.0.windows.0"),
        (put("visits.0.risk", 0), "visits.0.risk"),
        (put("visits.0.location", "nowhere"), "visit v0: nowhere is in no list"),
        (put("visits.1.id", "v0"), "visits: v0 stands there twice"),
        (put("visits.0.pinned", {"start": 0, "inspectors": ["nobody"]}), "visit v0, pinned: nobody"),
        (put("inspectors.0.shifts", [[0, 100], [50, 150]]), "overlap"),
        (put("inspectors.0.agency", "navy"), "navy is in no list"),
        (put("travel", [[0]]), "travel: wants"),
        (put("travel.0.1", -5), "travel.0.1"),
        (put("baseline", {"visits": [{"id": "gone", "start": 0, "inspectors": []}]}), "baseline: gone"),
        (
            put("baseline", {"visits": 2 * [{"id": "v0", "start": 0, "inspectors": []}]}),
            "baseline: v0 stands there twice",
        ),
        (put("horizon.days", 10**9), "horizon.days"),
    ],
)
def test_what_is_wrong_is_named(change: Callable[[Json], None], told: str | None) -> None:
    data = neutral(problem(1))
    change(data)
    if told is None:
        assert read_problem(json.dumps(data)).grid == 15
        return
    with pytest.raises(ProblemError) as caught:
        read_problem(json.dumps(data))
    assert told in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, '{"format": "samsyn-problem/1"}', b"\xff\xfe"])
def test_what_is_no_problem_is_refused(text: str | bytes) -> None:
    with pytest.raises(ProblemError):
        read_problem(text)
