"""The year before in what is published: a number, one that is hidden, or none that there was."""

from __future__ import annotations

import pytest

from samsyn.pledges.evaluation.cells import Part
from samsyn.pledges.evaluation.open_data import lines_of
from samsyn.pledges.evaluation.public import public_of
from samsyn.pledges.evaluation.shape import BeforeEntry
from samsyn.pledges.evaluation.telling import public_sections
from tests.pledges.test_evaluation_visits import Lived, content_of

LAST: BeforeEntry = {
    "id": "last", "period": "2026", "version": 1, "text": "", "promised": 3, "done": 2, "differs": []
}  # fmt: skip


@pytest.mark.parametrize(
    ("last", "was_published", "cell", "line"),
    [
        (None, {}, "–", None),
        (LAST, {}, "–", None),
        (LAST, {"last": None}, "visas inte", (None, "true")),
        (LAST, {"last": 12}, 12, (12, "false")),
    ],
)
def test_no_number_then_is_none_that_is_hidden(
    last: BeforeEntry | None, was_published: dict[str, int | None], cell: object, line: object
) -> None:
    content = content_of((Part("joint", 0, least=2),), Lived((5, 5, 10), (0, 0)))
    content["commitments"][0]["before"] = last
    found = public_of(content, 1, was_published)
    assert public_sections(found, "sv")[0].rows[0][4] == cell
    lines = [one for one in lines_of(found) if one[5] == "done_year_before"]
    assert [one[7:] for one in lines] == ([] if line is None else [line])
