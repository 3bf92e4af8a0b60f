"""Activities beside operations in the feeds: a day and what kind it is, never a word that somebody typed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text as sql

from samsyn.calendars.rules import FeedLevel, FeedOf, FeedScope
from samsyn.calendars.service import decide_naming
from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.pledges.rules import ActivityKind, ActivityState
from samsyn.pledges.service import AddActivity, ChangeActivity, add_activity, change_activity
from tests.calendars.box import settings
from tests.calendars.feed_life import Followed, follow
from tests.factories import Office, Town
from tests.interop.wire import wire_faults

DAY = local_day(datetime.now(UTC)) + timedelta(days=10)
CITY = "Storgatan hos Kalle"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    with settings(monkeypatch, folder, "smtp://127.0.0.1:9"):
        yield


def plan(town: Town, office: Office, on: date = DAY) -> UUID:
    with unit_of_work(town.planner(office)) as uow:
        return add_activity(uow, AddActivity(town.collaboration, ActivityKind.SAFETY_WALK, on, f"{CITY} {town.mark}"))


def own(town: Town, office: Office, level: FeedLevel = FeedLevel.FULL) -> Followed:
    return follow(town.inspector(office), level, FeedOf(), f"own {level}")


def of_all(town: Town, viewer: Viewer) -> Followed:
    return follow(viewer, FeedLevel.BUSY, FeedOf(FeedScope.COLLABORATION, collaboration_id=town.collaboration), "all")


def said(feed: Followed, level: FeedLevel, at: datetime | None = None) -> str:
    served = feed.judged(at)
    assert not isinstance(served, str)
    data = gzip.decompress(served.body)
    assert wire_faults(data, level) == []
    return data.decode().replace("\r\n ", "")


def test_the_own_feed_has_the_own_authoritys_as_whole_days_that_hold_nobodys_time(town: Town) -> None:
    mine, others = own(town, town.tobacco), own(town, town.health)
    for office in (town.police, town.tobacco):
        with unit_of_work(Viewer(office.id, office.planner, frozenset({"unit_admin"}))) as uow:
            decide_naming(uow, allowed=True)
    assert "VEVENT" not in said(mine, FeedLevel.FULL)
    key = plan(town, town.tobacco)
    text = said(mine, FeedLevel.FULL)
    assert text.count("BEGIN:VEVENT") == 1
    assert f"DTSTART;VALUE=DATE:{DAY:%Y%m%d}\r\n" in text
    assert f"DTEND;VALUE=DATE:{DAY + timedelta(days=1):%Y%m%d}\r\n" in text
    assert "SUMMARY:Samsyn: Trygghetsvandring\r\n" in text
    assert "TRANSP:TRANSPARENT\r\n" in text
    assert "STATUS:CONFIRMED\r\n" in text
    assert f"/activities/{key}\r\n" in text
    assert "Kalle" not in text
    assert town.mark not in re.sub(r"DESCRIPTION:[^\\]*", "", text), "the own authority's name alone"
    assert "VEVENT" not in said(others, FeedLevel.FULL), "another authority's is no own one"


def test_a_colleague_reads_the_kind_and_who_looks_for_taken_time_nothing(town: Town) -> None:
    plan(town, town.tobacco)
    text = said(own(town, town.tobacco, FeedLevel.AUTHORITY), FeedLevel.AUTHORITY)
    assert "SUMMARY:Samsyn: Trygghetsvandring\r\n" in text
    assert "URL" not in text
    assert "VEVENT" not in said(own(town, town.tobacco, FeedLevel.BUSY), FeedLevel.BUSY)


def test_the_collaborations_feed_says_of_every_members_that_there_is_one(town: Town) -> None:
    for office in (town.tobacco, town.police):
        plan(town, office)
    text = said(of_all(town, town.inspector(town.health)), FeedLevel.BUSY)
    assert re.findall("SUMMARY:(.*)\r", text) == ["Aktivitet", "Aktivitet"]
    assert "DESCRIPTION" not in text
    assert town.mark not in text


def test_it_keeps_its_name_is_changed_and_called_off_and_vanishes_after_its_day(town: Town) -> None:
    key = plan(town, town.tobacco)
    feeds = [(own(town, town.tobacco), FeedLevel.FULL), (of_all(town, town.inspector(town.health)), FeedLevel.BUSY)]
    before = [said(*feed) for feed in feeds]
    assert [re.findall("SEQUENCE:(.*)\r", text) for text in before] == [["0"], ["0"]]
    with unit_of_work(town.planner(town.tobacco)) as uow:
        change_activity(uow, ChangeActivity(key, ActivityState.CANCELLED, 1, "Halka."))
    after = [said(*feed) for feed in feeds]
    for old, new in zip(before, after, strict=True):
        assert re.findall("UID:(.*)\r", old) == re.findall("UID:(.*)\r", new)
        assert re.findall("(?:SEQUENCE|STATUS):(.*)\r", new) == ["1", "CANCELLED"]
        assert "SUMMARY:INSTÄLLD: " in new
        assert "Halka" not in new
    late = datetime.combine(DAY + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=1)
    for feed in feeds:
        assert "VEVENT" not in said(*feed, late)


def test_what_was_held_stays_for_sixty_days_and_what_is_far_off_comes_later(town: Town) -> None:
    plan(town, town.tobacco)
    feed = own(town, town.tobacco)
    noon = datetime.combine(DAY, datetime.min.time(), UTC) + timedelta(hours=12)
    for days, there in ((60, True), (61, False), (-400, True), (-401, False)):
        assert ("VEVENT" in said(feed, FeedLevel.FULL, noon + timedelta(days=days))) == there, days


def test_who_has_left_the_collaboration_has_none_of_its_activities(town: Town) -> None:
    plan(town, town.tobacco)
    feed = own(town, town.tobacco)
    assert "VEVENT" in said(feed, FeedLevel.FULL)
    with unit_of_work(Viewer(town.tobacco.id, town.tobacco.planner, frozenset({"unit_admin"}))) as uow:
        uow.session.execute(sql("UPDATE collaboration_member SET left_on = current_date WHERE authority_id = me()"))
    assert "VEVENT" not in said(feed, FeedLevel.FULL)
