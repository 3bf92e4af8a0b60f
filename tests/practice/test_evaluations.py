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
    assert list(approved.values()) == [2] * 7, "both parties, all of last year and of this but the latest quarter"
    assert town_today.one("SELECT content->>'year' FROM evaluation_publication") == str(last.year)
    assert {period for period in compiled if period.startswith(str(this.year))} == {
        f"{this.year}-Q{n}" for n in range(1, 4)
    }, "it is November"


def test_what_is_said_of_last_year_is_what_was_counted_and_each_step_has_its_day(town_today: Loaded) -> None:
    missed = town_today.rows(
        "SELECT c->>'text' AS text FROM evaluation e, json_array_elements(e.content->'commitments') c"
        " WHERE e.period NOT LIKE '%-%' AND c->>'pace' <> 'kept'"
    )
    assert [row.text for row in missed] == ["Varje försäljningsställe med tobakstillstånd får besök under året"]
    compiled, approved, public = (
        town_today.one(f"SELECT max({at}) FROM {table} WHERE {of}")
        for at, table, of in (
            ("compiled_at", "evaluation", "period NOT LIKE '%-%'"),
            ("at", "evaluation_approval", "evaluation_id IN (SELECT id FROM evaluation WHERE period NOT LIKE '%-%')"),
            ("at", "evaluation_publication", "true"),
        )
    )
    assert compiled < approved < public < town_today.clock.now
    assert town_today.one("SELECT count(*) FROM agreement_file") == 1


def test_time_spent_is_not_as_it_was_planned_and_activities_have_theirs(town_today: Loaded) -> None:
    sums = town_today.counts("SELECT measure || ' ' || dimension, sum(n) FROM tally WHERE n > 0 GROUP BY 1")
    for of in ("operations", "activities"):
        planned, spent = sums[f"planned_minutes {of}"], sums[f"spent_minutes {of}"]
        assert planned != spent
        assert 0.8 < spent / planned < 1.25, (of, planned, spent)
