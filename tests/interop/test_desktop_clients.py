"""Thunderbird and evolution-data-server subscribe to the feed of 500 events (CALENDARS 4.17)."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.interop.clients import Listed
from tests.interop.serving import Served
from tests.interop.year import EVENTS, Year

pytestmark = [pytest.mark.long]

SYSTEM_PYTHON = "/usr/bin/python3"
PREFERENCES = {
    "calendar.registry.feed.type": "ics",
    "calendar.registry.feed.name": "Samsyn",
    "calendar.registry.feed.cache.enabled": True,
    "calendar.registry.feed.calendar-main-in-composite": True,
    "calendar.list.sortOrder": "feed",
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.shell.checkDefaultClient": False,
    "mail.rights.version": 1,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def needed(name: str, packages: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not here: apt-get install --no-install-recommends {packages}")
    return found


def test_evolution_data_server_lists_them_at_the_database_s_times(year: Year, servers: Served, tmp_path: Path) -> None:
    session = needed("dbus-run-session", "evolution-data-server gir1.2-ecal-2.0 python3-gi dbus")
    script, home = Path(__file__).with_name("evolution.py"), str(tmp_path)
    has = "import gi; gi.require_version('ECal', '2.0')"
    if subprocess.run([SYSTEM_PYTHON, "-c", has], capture_output=True, check=False).returncode:
        pytest.skip("apt-get install --no-install-recommends evolution-data-server gir1.2-ecal-2.0 python3-gi")
    done = subprocess.run(
        [session, "--", SYSTEM_PYTHON, str(script), servers.feed(year.secret), str(EVENTS)],
        env={"HOME": home, "XDG_RUNTIME_DIR": home, "PATH": os.environ["PATH"], "TZ": "UTC", "GIO_USE_VFS": "local"},
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    listed = sorted(Listed(at(start), at(end), title) for start, end, title in json.loads(done.stdout))
    assert len(listed) == EVENTS
    assert listed == year.rows()


def test_thunderbird_lists_them_at_the_database_s_times(year: Year, servers: Served, tmp_path: Path) -> None:
    thunderbird = needed("thunderbird", "thunderbird")
    profile = tmp_path / "profile"
    profile.mkdir()
    said = PREFERENCES | {"calendar.registry.feed.uri": servers.feed(year.secret)}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in said.items()]
    (profile / "user.js").write_text("\n".join(lines))
    command = [thunderbird, "--headless", "--no-remote", "--profile", str(profile)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "TZ": "UTC"}
    with subprocess.Popen(command, env=environment, start_new_session=True, **quiet) as process:  # type: ignore[call-overload]
        try:
            listed = kept_by_thunderbird(profile / "calendar-data" / "cache.sqlite")
        finally:
            os.killpg(process.pid, 15)
    assert len(listed) == EVENTS
    assert listed == year.rows()


def kept_by_thunderbird(file: Path) -> list[Listed]:
    """Wait until its own database holds them all; it locks the file as long as it runs, so a copy is read."""
    query = "SELECT event_start / 1000000, event_end / 1000000, title FROM cal_events"
    listed: list[Listed] = []
    ends = time.monotonic() + 120
    while len(listed) < EVENTS and time.monotonic() < ends:
        time.sleep(1)
        copy = Path(tempfile.mkdtemp(dir=file.parents[2]))
        for part in file.parent.glob(f"{file.name}*") if file.parent.exists() else ():
            if not part.name.endswith("-shm"):
                shutil.copy(part, copy)
        try:
            with sqlite3.connect(copy / file.name) as db:
                listed = sorted(Listed(at(start), at(end), title) for start, end, title in db.execute(query))
        except sqlite3.Error:
            continue
    return listed
