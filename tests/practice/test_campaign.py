"""The practice town's campaign: planned twice, so that each of its pages has something to show."""

from __future__ import annotations

from samsyn.cli.practice.campaigning import NAME
from tests.practice.conftest import Loaded


def test_a_campaign_is_planned_twice_and_not_yet_published(town_today: Loaded) -> None:
    ids = town_today.rows("SELECT id FROM campaign WHERE name = :name", name=NAME)
    assert len(ids) == 1
    (campaign,) = ids[0]
    plans = town_today.rows(
        "SELECT baseline_id IS NOT NULL AS again, jsonb_array_length(plan->'visits') AS n FROM plan_result"
        " WHERE campaign_id = :c ORDER BY made_at",
        c=campaign,
    )
    assert [one.again for one in plans] == [False, True]
    assert all(one.n > 5 for one in plans)
    counted = town_today.rows(
        "SELECT count(pinned_at), count(excluded_at), count(safety_note), count(visit_id), count(*) FROM campaign_item"
        " WHERE campaign_id = :c",
        c=campaign,
    )[0]
    assert tuple(counted)[:4] == (1, 1, 1, 0)
    assert counted[4] >= 12
    assert town_today.one("SELECT count(*) FROM job WHERE task LIKE '%plan%' AND state <> 'done'") == 0
