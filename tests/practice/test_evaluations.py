"""The town's last year is evaluated, approved and published, and this year is under way."""

from __future__ import annotations

from tests.practice.conftest import Loaded


def test_last_year_is_evaluated_and_this_year_under_way(town_today: Loaded) -> None:
    states = {row.state: row for row in town_today.rows("SELECT id, year, state FROM pledge")}
    last, this = states["evaluated"], states["in_force"]
    compiled = town_today.counts("SELECT period, count(*) FROM evaluation WHERE compiled_at IS NOT NULL GROUP BY 1")
    assert {period for period in compiled if period.startswith(str(last.year))} == {
        str(last.year),
        *(f"{last.year}-Q{n}" for n in range(1, 5)),
    }
    assert set(compiled.values()) == {1}
    approved = town_today.counts("SELECT evaluation_id, count(*) FROM evaluation_approval GROUP BY 1")
    assert list(approved.values()) == [2] * 5, "the police and the municipality, each quarter and the year"
    assert town_today.one("SELECT content->>'year' FROM evaluation_publication") == str(last.year)
    assert {period for period in compiled if period.startswith(str(this.year))} == {
        f"{this.year}-Q{n}" for n in range(1, 4)
    }, "it is November"
