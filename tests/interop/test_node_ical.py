"""node-ical, which npm has: reads every body that the service can send, at the same times (CALENDARS 4.1)."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.interop.bodies import BODIES
from tests.interop.readers import read_by_icalendar

pytestmark = [pytest.mark.long]

SCRIPT = """
const ical = require(process.argv[1] + "/node_modules/node-ical");
const read = ical.sync.parseICS(require("fs").readFileSync(0, "utf8"));
const found = Object.values(read).filter(it => it.type === "VEVENT");
const said = it => (it && it.val !== undefined ? it.val : it) || "";
process.stdout.write(JSON.stringify(found.map(it => [it.uid, it.start.getTime() / 1000, it.end.getTime() / 1000,
  said(it.summary), said(it.description), said(it.location), said(it.status)])));
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("node") is None or (npm := shutil.which("npm")) is None:
        pytest.skip("node and npm are not here: apt-get install nodejs npm")
    folder = tmp_path_factory.mktemp("npm")
    asked = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), "node-ical@0.20"]
    if subprocess.run(asked, capture_output=True, timeout=300, check=False).returncode:
        pytest.skip("npm cannot install node-ical here")
    return folder


@pytest.mark.parametrize("name", list(BODIES))
def test_node_ical_sees_the_same_events(package: Path, name: str) -> None:
    data, _ = BODIES[name]
    done = subprocess.run(
        ["node", "-e", SCRIPT, str(package)], input=data, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    meant = [[e.uid, e.start, e.end, e.summary, e.description, e.location, e.status] for e in read_by_icalendar(data)]
    assert sorted(json.loads(done.stdout)) == sorted(meant)
