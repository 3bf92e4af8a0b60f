"""The worker that fetches calendars, from the typed address to the list of times: twice, killed, astray, in the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from samsyn.calendars.queries import list_notices
from samsyn.calendars.rules import NoticeKind
from samsyn.core.jobs import cancel_job, get_job
from samsyn.core.keys import Keys, load_keys, make_key_file
from samsyn.core.paging import Seek
from samsyn.core.rules import JobState
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.planning.busy import asking
from samsyn.planning.queries import OwnCalendar, own_calendar
from samsyn.planning.service import FETCH, fetch_now, put_address, remove_address
from samsyn.planning.service.busy import PAUSES
from samsyn_workers import lifecycle
from samsyn_workers import planning as tasks
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town
from tests.planning import scene
from tests.planning.busy.calendars import SECRETS, event, in_zone, whole
from tests.planning.busy.outside import NAME, calendar
from tests.planning.busy.there import There, standing_outside
from tests.planning.scene import MONDAY

SECRET: Final = "hemlig=4711"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fetching")
    make_key_file(folder / "keys.json")
    return folder


@pytest.fixture
def keys(folder: Path) -> Keys:
    return load_keys(folder / "keys.json")


@pytest.fixture(scope="module")
def there(folder: Path) -> Iterator[There]:
    with standing_outside(folder) as found:
        two = whole(event(*coming("0900"), uid="1"), event(*coming("1300"), uid="2"))
        mine = {"/good": calendar(two), "/zone": in_zone("Mitt hemliga land"), **found.server.answers}
        found.server.answers |= {f"{path}?{SECRET}": answer for path, answer in mine.items()}
        yield found


@pytest.fixture(autouse=True)
def in_this_world(there: There, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(database_url="x", redis_url="redis://x", smtp_url="smtp://x", data_dir=folder)
    monkeypatch.setattr(tasks, "load_settings", lambda: settings)
    monkeypatch.setattr(asking, "EGRESS", there.program)


@pytest.fixture
def owner(cluster: Cluster, database: str) -> Iterator[Connection]:
    with as_owner(cluster, database) as db:
        yield db


def coming(clock: str) -> tuple[str, ...]:
    """Every weekday from long ago on, an hour."""
    return (f"DTSTART:20260105T{clock}00Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")


def gives(viewer: Viewer, keys: Keys, path: str) -> UUID:
    with unit_of_work(viewer) as uow:
        return put_address(uow, keys, f"https://{NAME}{path}?{SECRET}")


def shown(viewer: Viewer, keys: Keys) -> OwnCalendar:
    with unit_of_work(viewer) as uow:
        found = own_calendar(uow, keys)
    assert found is not None
    return found


def now_due(owner: Connection, viewer: Viewer) -> None:
    """The time of the next fetch has come."""
    who = {"p": viewer.person_id}
    owner.execute(text("UPDATE outbox SET next_at = now() WHERE subject_id = :p AND state = 'due'"), who)
    owner.execute(text("UPDATE busy_source SET next_at = now() WHERE person_id = :p"), who)
    owner.commit()


def rows_of(owner: Connection, viewer: Viewer) -> list[str]:
    rows = text("SELECT state FROM outbox WHERE subject_id = :p AND task = :t ORDER BY next_at")
    found = list(owner.execute(rows, {"p": viewer.person_id, "t": FETCH}).scalars())
    owner.rollback()
    return found


def test_from_the_typed_address_to_the_list_of_times(
    town: Town, keys: Keys, there: There, owner: Connection, capfd: pytest.CaptureFixture[str]
) -> None:
    viewer, office = town.inspector(town.tobacco), str(town.tobacco.id)
    job = gives(viewer, keys, "/good")
    with unit_of_work(viewer) as uow:
        assert get_job(uow, job).state is JobState.QUEUED
    assert tasks.fetch_busy_now(acts_for=office) == 1
    assert tasks.fetch_busy_now(acts_for=office) == 0
    with unit_of_work(viewer) as uow:
        done = get_job(uow, job)
    assert (done.state, done.error) == (JobState.DONE, None)
    found = shown(viewer, keys)
    assert (found.fault, found.readable, found.host) == (None, True, NAME)
    assert found.periods == 2 * 26 * 7
    assert {one[0].hour for one in found.coming} == {9, 13}
    assert rows_of(owner, viewer) == ["due"]
    assert tasks.fetch_busy(acts_for=office) == 0  # not yet
    now_due(owner, viewer)
    assert tasks.fetch_busy(acts_for=office) == 1
    assert rows_of(owner, viewer) == ["done", "due"]
    said = "".join(capfd.readouterr())
    assert not [word for word in (*SECRETS, SECRET, NAME) if word in said]
    assert there.trap.taken == []


def test_a_row_of_an_earlier_plan_fetches_nothing_and_plans_nothing(
    town: Town, keys: Keys, there: There, owner: Connection
) -> None:
    viewer, office = town.inspector(town.health), str(town.health.id)
    gives(viewer, keys, "/good")
    tasks.fetch_busy_now(acts_for=office)
    owner.execute(text("UPDATE outbox SET next_at = now() WHERE subject_id = :p"), {"p": viewer.person_id})
    owner.commit()
    before = len(there.server.taken)
    assert tasks.fetch_busy(acts_for=office) == 1  # its calendar's time has not come: somebody pressed meanwhile
    assert len(there.server.taken) == before
    assert rows_of(owner, viewer) == ["done"]


@pytest.mark.parametrize(
    ("where", "fault"), [("/nowhere", "gone"), ("/led-to-this-machine", "not_public"), ("/zone", "zone")]
)
def test_a_fault_is_kept_as_a_word_and_the_job_says_that_it_failed(
    town: Town, keys: Keys, there: There, owner: Connection, where: str, fault: str
) -> None:
    viewer, office = town.inspector(town.environment), str(town.environment.id)
    job_id = gives(viewer, keys, where)
    assert tasks.fetch_busy_now(acts_for=office) == 1
    with unit_of_work(viewer) as uow:
        job = get_job(uow, job_id)
    assert (job.state, job.error, shown(viewer, keys).fault) == (JobState.FAILED, fault, fault)
    assert rows_of(owner, viewer)[-1] == "due"
    assert there.trap.taken == []


def test_what_the_person_was_invited_to_from_here_is_not_taken_a_second_time(
    town: Town, keys: Keys, there: There, owner: Connection
) -> None:
    """A calendar's copy may be old, and joined with what stands beside it nobody could tell it apart."""
    viewer, when = town.inspector(town.tobacco), scene.span(MONDAY, "10:00", "12:00")
    operation = scene.propose(town, when, (town.tobacco,))
    scene.send(town, operation, town.tobacco, 0, accepted=True)
    which = {"o": operation, "p": viewer.person_id}
    uid = owner.scalar(text("SELECT uid FROM assignment WHERE operation_id = :o AND person_id = :p"), which)
    owner.rollback()
    copy = event("DTSTART:20270301T090000Z", "DTEND:20270301T110000Z", uid=str(uid))
    beside = event("DTSTART:20270301T080000Z", "DTEND:20270301T090000Z", uid="other")
    there.server.answers[f"/invited?{SECRET}"] = calendar(whole(copy, beside))
    gives(viewer, keys, "/invited")
    assert tasks.fetch_busy_now(acts_for=str(town.tobacco.id)) == 1
    assert shown(viewer, keys).coming == (scene.span(MONDAY, "09:00", "10:00"),)


def test_stopped_by_its_person_it_is_fetched_all_the_same(town: Town, keys: Keys, owner: Connection) -> None:
    viewer, office = town.inspector(town.police), str(town.police.id)
    job = gives(viewer, keys, "/good")
    with unit_of_work(viewer) as uow:
        cancel_job(uow, job)
    assert tasks.fetch_busy_now(acts_for=office) == 1
    assert shown(viewer, keys).tried_at is not None


def test_an_address_that_is_gone_meanwhile_is_not_gone_to(
    town: Town, keys: Keys, there: There, owner: Connection
) -> None:
    viewer, office = town.inspector(town.tobacco, 1), str(town.tobacco.id)
    gives(viewer, keys, "/good")
    with unit_of_work(viewer) as uow:
        remove_address(uow)
    before = len(there.server.taken)
    assert tasks.fetch_busy_now(acts_for=office) == 1
    assert len(there.server.taken) == before


def test_a_worker_that_dies_of_a_calendar_does_not_die_of_it_for_ever(
    town: Town, keys: Keys, there: There, owner: Connection
) -> None:
    viewer, office = town.inspector(town.health, 1), str(town.health.id)
    gives(viewer, keys, "/good")
    owner.execute(
        text(
            "UPDATE outbox SET state = 'leased', attempts = 6, lease_until = now() - interval '1 second'"
            " WHERE acts_for_id = :a AND state = 'due' AND task LIKE '%fetch_busy_now'"
        ),
        {"a": town.health.id},
    )
    owner.commit()
    before = len(there.server.taken)
    assert tasks.fetch_busy_now(acts_for=office) == 1
    assert len(there.server.taken) == before
    assert shown(viewer, keys).fault == "internal"


def told(viewer: Viewer) -> list[NoticeKind]:
    with unit_of_work(viewer) as uow:
        return [line.kind for line in list_notices(uow, Seek(limit=50)).items]


def test_the_person_alone_is_told_once_when_the_trying_has_ended(town: Town, keys: Keys, owner: Connection) -> None:
    viewer, office = town.inspector(town.police), str(town.police.id)
    gives(viewer, keys, "/zone")
    tasks.fetch_busy_now(acts_for=office)
    for _ in PAUSES[1:]:
        now_due(owner, viewer)
        tasks.fetch_busy(acts_for=office)
    assert shown(viewer, keys).next_at is not None
    assert lifecycle.tell_calendar_unread(acts_for=office) == 0
    now_due(owner, viewer)
    tasks.fetch_busy(acts_for=office)
    assert shown(viewer, keys).next_at is None
    assert lifecycle.tell_calendar_unread(acts_for=office) == 1
    assert told(viewer) == [NoticeKind.CALENDAR_UNREAD]
    with unit_of_work(viewer) as uow:
        assert list_notices(uow, Seek(limit=50)).items[0].href == "/settings/calendar"
    owner.execute(text("UPDATE busy_source SET tried_at = tried_at - interval '1 hour'"))
    owner.commit()
    with unit_of_work(viewer) as uow:
        assert fetch_now(uow) is not None
    tasks.fetch_busy_now(acts_for=office)  # by hand, in vain: the person knows
    assert lifecycle.tell_calendar_unread(acts_for=office) == 0
    for other in (town.planner(town.police), town.inspector(town.police, 1)):
        assert told(other) == []
