"""Real calendar programs: each subscribes to an address, and is asked for what it then lists."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
import requests

DAYS: Final = "500d"
VDIRSYNCER: Final = """
[general]
status_path = "{folder}/status/"
[pair feed]
a = "remote"
b = "local"
collections = null
[storage remote]
type = "http"
url = "{url}"
[storage local]
type = "filesystem"
path = "{folder}/events/"
fileext = ".ics"
"""
KHAL: Final = """
[calendars]
[[feed]]
path = {folder}/events/
readonly = True
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""


@dataclass(frozen=True, order=True)
class Listed:
    """An event as a program lists it: start and end in UTC, to the minute."""

    starts: datetime
    ends: datetime
    title: str


def program(name: str) -> str:
    """Return where a program is; in the gate it is there, or the run fails (tests/conftest.py)."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not here: apt-get install --no-install-recommends vdirsyncer khal calcurse")
    return found


def run(*command: str, home: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "TZ": "UTC", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)
    assert not check or done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-2000:])
    return done


def moment(said: str, form: str = "%Y-%m-%d %H:%M") -> datetime:
    return datetime.strptime(said, form).replace(tzinfo=UTC)


class Khal:
    """vdirsyncer fetches the feed into a folder of files, khal lists them."""

    def __init__(self, folder: Path, url: str) -> None:
        self.vdirsyncer, self.khal, self.folder = program("vdirsyncer"), program("khal"), folder
        for name, text in (("vdirsyncer.conf", VDIRSYNCER), ("khal.conf", KHAL)):
            (folder / name).write_text(text.format(folder=folder, url=url))
        for name in ("events", "status"):
            (folder / name).mkdir()
        self.ask("discover")

    def ask(self, what: str, *, check: bool = True) -> subprocess.CompletedProcess[str]:
        config = str(self.folder / "vdirsyncer.conf")
        return run(self.vdirsyncer, "-c", config, what, home=self.folder, check=check)

    def sync(self) -> None:
        self.ask("sync")

    def listed(self) -> list[Listed]:
        form = "{start}|{end}|{title}"
        config = str(self.folder / "khal.conf")
        asked = ("list", "--once", "--day-format", "", "--format", form, "2026-01-01", "2030-01-01")
        done = run(self.khal, "-c", config, *asked, home=self.folder)
        rows = [line.split("|", 2) for line in done.stdout.splitlines() if "|" in line]
        return sorted(Listed(moment(a), moment(b), title) for a, b, title in rows)


class Calcurse:
    """Imports a file that something else has fetched: it reads no address itself."""

    ROW: Final = re.compile(r"(\d\d/\d\d/\d{4} @ \d\d:\d\d) -> (\d\d/\d\d/\d{4} @ \d\d:\d\d) ?(?:>\w+ ?)?\|(.*)")

    def __init__(self, folder: Path, url: str) -> None:
        self.calcurse, self.folder, self.url = program("calcurse"), folder, url

    def sync(self) -> None:
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        (self.folder / "data").mkdir()
        answer = requests.get(self.url, timeout=30)
        answer.raise_for_status()
        (self.folder / "feed.ics").write_bytes(answer.content)
        done = run(
            self.calcurse, "-D", str(self.folder / "data"), "-i", str(self.folder / "feed.ics"), home=self.folder
        )
        assert "0 skipped" in done.stdout, done.stdout

    def listed(self) -> list[Listed]:
        done = run(self.calcurse, "-D", str(self.folder / "data"), "-G", home=self.folder)
        found = [self.ROW.fullmatch(line) for line in done.stdout.splitlines()]
        assert all(found), done.stdout[:500]
        form = "%m/%d/%Y @ %H:%M"
        return sorted(Listed(moment(m[1], form), moment(m[2], form), m[3]) for m in found if m)
