"""The practice town as its data tells it: loading it went through the services, so it stands as far as the rules go."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from samsyn.cli.practice.case import STATES
from samsyn.cli.practice.loading import STEPS, read_town
from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.checklists import read_house_checklists
from samsyn.texts.say import has
from tests.practice.conftest import Load, Loaded

TITLE = "SELECT o.* FROM operation o JOIN operation_order t ON t.operation_id = o.id WHERE t.title = :title"


def sanity(town: Loaded) -> None:
    """What holds whenever it is loaded."""
    told = read_town()
    assert town.one("SELECT count(*) FROM operation_order") == len(told["operations"])
    states = town.counts("SELECT state, count(*) FROM operation GROUP BY state")
    assert set(states) == {*STATES, "cancelled", "aborted"}
    twice = """SELECT count(*) FROM booking a JOIN booking b ON a.person_id = b.person_id AND a.id < b.id
                AND a.during && b.during WHERE a.state IN ('asked', 'accepted') AND b.state IN ('asked', 'accepted')"""
    assert town.one(twice) == 0
    # Only who is invited now still gets a mail; reminders may come, and find nobody where all is answered or handed in.
    due = town.rows(
        "SELECT x.task, o.state FROM outbox x JOIN delivery d ON d.id = x.subject_id"
        " JOIN operation o ON o.id = d.operation_id WHERE x.state <> 'done'"
    )
    assert {tuple(row) for row in due} == {("samsyn.calendars.send_deliveries", "invited")}
    polled = town.one("SELECT count(*) FROM notice WHERE notice_kind = 'poll_asked'")
    assert polled > 0
    waits = "SELECT count(*) FROM outbox WHERE state <> 'done' AND next_at <= now()"
    assert town.one(waits) == len(due) + 1 + polled  # the mails, the letter to whom somebody has just invited, the poll
    assert town.one("SELECT count(*) FROM outbox WHERE task = 'samsyn.access.send_invitations' AND state = 'due'") == 1
    later = town.counts("SELECT task, count(*) FROM outbox WHERE state <> 'done' AND next_at > now() GROUP BY task")
    # Each authority's reading is watched from day to day, signals expire, and returns fall due.
    lasting = {"samsyn.reviews.watch", "samsyn.places.count_signals", "samsyn.pledges.count_returns"}
    names = ("remind_answers", "remind_hand_in", "remind_follow_up", "end_ways_in", "close_poll")
    planned = {f"samsyn.lifecycle.{name}" for name in names}
    assert set(later) <= planned | lasting
    assert town.one("SELECT count(*) FROM staff WHERE until_on > :day", day=local_day(town.clock.now)) == 1
    assert town.one("SELECT count(*) FROM deputy WHERE ended_at IS NULL") == 1
    left = town.one(
        "SELECT count(*) FROM delivery d WHERE NOT EXISTS (SELECT 1 FROM delivery_attempt a"
        " WHERE a.delivery_id = d.id AND a.happened = 'accepted')"
    )
    assert left == len(due)
    assert town.one("SELECT max(at) FROM audit") <= town.clock.now
    assert (
        town.one(
            "SELECT count(*) FROM operation WHERE state IN ('confirmed', 'invited') AND ends_at < :now",
            now=town.clock.now,
        )
        == 0
    )


def test_it_has_everybody_and_everything_that_its_data_has(town_today: Loaded) -> None:
    sanity(town_today)
    assert town_today.one("SELECT count(*) FROM authority WHERE authority_kind <> 'reserved'") == 7
    assert town_today.one("SELECT count(*) FROM collaboration_member") == 5
    assert town_today.one("SELECT count(*) FROM unit") == 11
    assert town_today.one("SELECT count(*) FROM staff") == 30
    assert town_today.one("SELECT count(*) FROM premises") == 60
    assert town_today.one("SELECT count(*) FROM business") == 63
    assert town_today.one("SELECT count(*) FROM hot_spot") == 4
    assert town_today.one("SELECT count(*) FROM hot_spot_event") == 10
    assert town_today.one("SELECT count(*) FROM signal WHERE import_id IS NOT NULL") == 160
    assert town_today.one("SELECT count(*) FROM remark") == 3
    assert town_today.one("SELECT count(*) FROM remark_answer") == 2
    assert town_today.one("SELECT count(*) FROM picture_entry WHERE hot_spot_id IS NOT NULL") == 3
    assert town_today.one("SELECT count(*) FROM picture_entry") > 8
    assert town_today.one("SELECT count(*) FROM signal WHERE import_id IS NULL") > 10
    assert town_today.one("SELECT count(*) FROM signal_count WHERE bucket = 'several'") >= 2
    assert town_today.one("SELECT count(*) FROM message") > 20
    assert town_today.one("SELECT count(*) FROM outcome WHERE state = 'decided'") > 20
    assert town_today.one("SELECT count(*) FROM follow_up WHERE version = 1") > 10
    assert dict.fromkeys(step for step, _, _ in town_today.steps) == dict.fromkeys(STEPS)
    assert all(has(f"walk.step.{step}") for step in STEPS)


def test_the_operations_are_in_the_state_that_the_data_says(town_today: Loaded) -> None:
    for told in read_town()["operations"]:
        found = {row.state for row in town_today.rows(TITLE, title=told["title"])}
        assert {told["state"], told.get("state_when_past", told["state"])} & found, told["key"]


def test_somebody_signs_in_for_every_role_and_every_authority_has_an_administrator(town_today: Loaded) -> None:
    roles = {role for person in town_today.people for role in person["roles"]}
    assert roles == {"planner", "inspector", "decider", "log_reviewer", "unit_admin", "observer"}
    assert len({p["authority_id"] for p in town_today.people if "unit_admin" in p["roles"]}) == 7
    assert len({p["email"] for p in town_today.people}) == 27  # two have no account, one has left
    assert {"police", "tobacco", "environment", "health", "food", "fire"} <= {p["unit"] for p in town_today.people}
    gone = "SELECT count(*) FROM token t JOIN staff s USING (person_id) WHERE s.until_on < :day"
    day = local_day(town_today.clock.now)
    assert town_today.one(gone, day=day) > 0
    assert town_today.one(f"{gone} AND t.revoked_at IS NULL", day=day) == 0


def test_the_checklists_hold_every_point_that_the_findings_answer() -> None:
    points = {point.code for each in read_house_checklists() for point in each.points}
    parts = [part for o in read_town()["operations"] for v in o["visits"] for part in v["parts"]]
    assert {f["point"] for part in parts for f in part.get("findings", ()) if f["point"]} <= points


def test_every_side_case_is_there(town_today: Loaded) -> None:
    ends = town_today.counts("SELECT state, count(*) FROM visit GROUP BY state")
    assert {s: ends[s] for s in ("hindered", "closed_premises", "aborted", "skipped")} == {
        "hindered": 2, "closed_premises": 2, "aborted": 1, "skipped": 1,
    }  # fmt: skip
    assert town_today.one("SELECT count(*) FROM operation WHERE ad_hoc") == 2
    assert town_today.one("SELECT count(*) FROM recusal") == 1
    decided = town_today.counts("SELECT decision, count(*) FROM disclosure GROUP BY decision")
    assert decided == {"granted": 5, "refused": 1}
    assert town_today.one("SELECT count(*) FROM disclosure WHERE withdrawn_at IS NOT NULL") == 1
    assert town_today.one("SELECT count(*) FROM disclosed_item") == 7
    asked = "SELECT count(*) FROM information_request q WHERE NOT EXISTS (SELECT 1 FROM disclosure_receipt r"
    assert town_today.one(f"{asked} WHERE r.request_id = q.id)") == 1
    assert town_today.one("SELECT count(*) FROM visit_target WHERE announced") == 2
    assert town_today.one("SELECT count(DISTINCT visit_id) FROM notice_letter WHERE sent_on IS NOT NULL") == 2
    assert town_today.one("SELECT count(DISTINCT part_id) FROM result_letter WHERE sent_on IS NOT NULL") > 20
    assert town_today.one("SELECT count(*) FROM team") == 4
    assert town_today.one("SELECT count(*) FROM operator WHERE form = 'sole_trader' AND number IS NULL") == 3
    moved = {row.title: row.n for row in town_today.rows(
        "SELECT t.title, max(d.sequence) AS n FROM delivery d JOIN operation_order t USING (operation_id)"
        " WHERE d.method = 'request' GROUP BY 1 HAVING max(d.sequence) > 0")}  # fmt: skip
    assert moved == {"Centrumrunda": 2, "Grossister, ny tid": 1}
    said = town_today.counts("SELECT said || ' ' || decision, count(*) FROM reply WHERE via <> 'page' GROUP BY 1")
    assert {key: n for key, n in said.items() if key != "accepted applied"} == {
        "declined applied": 1, "other queue": 1, "tentative queue": 1,
    }  # fmt: skip
    broken = town_today.rows(
        "SELECT t.title FROM operation o JOIN operation_order t ON t.operation_id = o.id WHERE o.in_danger"
    )
    assert [row.title for row in broken] == ["Centrumrunda"]
    night = town_today.one(
        "SELECT count(*) FROM visit v JOIN operation o ON o.id = v.operation_id WHERE"
        " (v.starts_at AT TIME ZONE 'Europe/Stockholm')::date"
        " > (o.starts_at AT TIME ZONE 'Europe/Stockholm')::date"
    )
    assert night >= 2
    assert town_today.one("SELECT count(*) FROM part_answer WHERE handed_in_at IS NULL AND accepted") > 10
    guests = town_today.one(
        "SELECT count(*) FROM operation o WHERE o.lead_id NOT IN (SELECT authority_id FROM collaboration_member)"
    )
    assert guests == 3


def test_health_is_kept_of_nobody(town_today: Loaded) -> None:
    kinds = town_today.counts("SELECT leave_kind, count(*) FROM leave GROUP BY leave_kind")
    assert set(kinds) == {"holiday", "training", "compensatory", "other"}
    assert town_today.one("SELECT count(*) FROM unavailable WHERE state = 'unknown'") > 0


def test_nobody_works_outside_shifts_and_agreed_evenings_but_who_is_marked(town_today: Loaded) -> None:
    late = town_today.rows("""
        SELECT s.shown_name, t.title FROM assignment a JOIN staff s USING (person_id, authority_id)
          JOIN operation_order t USING (operation_id) JOIN booking b ON b.id = a.booking_id
         WHERE b.state IN ('asked', 'accepted') AND lower(b.during) > :since AND NOT coalesce((
               SELECT range_agg(h.during) @> b.during FROM shift h WHERE h.person_id = a.person_id), false)""",
        since=town_today.clock.at(-84))  # fmt: skip
    assert late == []


def test_a_sole_traders_number_lies_in_clear_nowhere(town_today: Loaded) -> None:
    numbers = [o["number"] for o in read_town()["operators"] if o["form"] == "EF" and o["number"]]
    assert numbers
    tables = [row[0] for row in town_today.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    for number in numbers:
        digits = number.replace("-", "")
        for table in tables:
            found = f"SELECT count(*) FROM {table} t WHERE strpos(t::text, :a) + strpos(t::text, :b) > 0"
            assert town_today.one(found, a=number, b=digits[2:]) == 0, table


def test_no_authority_reads_anothers_findings(town_today: Loaded) -> None:
    told = "SELECT authority_id, count(*) FROM finding WHERE NOT unit_only GROUP BY 1"
    for authority, n in town_today.counts(told).items():
        with unit_of_work(Viewer(authority, None, frozenset({"task"}))) as uow:
            assert (
                uow.session.scalar(text("SELECT count(*) FROM finding WHERE authority_id <> :a"), {"a": authority}) == 0
            )
            assert uow.session.scalar(text("SELECT count(*) FROM finding")) == n


def test_the_words_that_others_read_are_those_of_the_data(town_today: Loaded) -> None:
    words = {"brist": "deficiency", "ingen_anmarkning": "no_remark"}
    told = [words[p["summary"]] for o in read_town()["operations"] for v in o["visits"] for p in v["parts"]
            if p.get("report") in {"handed_in", "late"} and p.get("summary") in words]  # fmt: skip
    found = town_today.counts(
        "SELECT summary, count(*) FROM part_answer WHERE handed_in_at IS NOT NULL"
        " AND NOT nothing_to_report GROUP BY summary"
    )
    assert found == {word: told.count(word) for word in words.values()}


@pytest.mark.long
@pytest.mark.parametrize(
    "now",
    [
        "2026-12-28T07:00:00+00:00", "2027-01-03T22:59:00+00:00", "2027-01-04T00:30:00+00:00",  # weeks 53 and 1
        "2026-10-25T01:30:00+00:00", "2027-03-28T01:00:00+00:00",  # the clock is set back, and forward
        "2027-02-17T12:00:00+00:00", "2027-06-30T21:00:00+00:00",
    ],
)  # fmt: skip
def test_it_loads_on_any_day(load: Load, now: str) -> None:
    with load(datetime.fromisoformat(now)) as loaded:
        sanity(loaded)


@pytest.mark.long
def test_it_loads_in_week_53_on_a_new_years_night(load: Load) -> None:
    with load(datetime.fromisoformat("2026-12-31T23:10:00+00:00")) as loaded:
        sanity(loaded)
        assert loaded.clock.day_zero.isocalendar()[:2] == (2026, 53)
        near = loaded.one("SELECT count(*) FROM operation WHERE starts_at BETWEEN :a AND :b",
                          a=loaded.clock.now - timedelta(days=7), b=loaded.clock.now + timedelta(days=7))  # fmt: skip
        assert near >= 5
