"""Hostile files at both doors (RELIABILITY 8.19-21): refused with words or taken clean, in time, in little memory.

Nothing of what was refused stays, nobody fetches an address that a file names, nothing fails.
"""

from __future__ import annotations

import resource
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text

from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from tests.factories import Town
from tests.findings.scene import Scene, make_scene
from tests.hostile.families import CLEAN, MARK, PICTURE, REFUSED, Hostile, hostile
from tests.hostile.peaks import peaks
from tests.web import conftest as web

app, settings = web.app, web.settings
SECONDS, MEBIBYTES = 10, 512
SOME, ALL = 36, 300


@dataclass
class Trap:
    """An address that listens; ``caught`` counts who came."""

    address: str = ""
    caught: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def listen(self, door: socket.socket) -> None:
        door.settimeout(0.2)
        while not self.stop.is_set():
            try:
                door.accept()[0].close()
                self.caught += 1
            except TimeoutError:
                continue


@pytest.fixture
def trap() -> Iterator[Trap]:
    made = Trap()
    with socket.create_server(("127.0.0.1", 0)) as door:
        made.address = f"http://127.0.0.1:{door.getsockname()[1]}/x"
        thread = threading.Thread(target=made.listen, args=(door,))
        thread.start()
        yield made
        made.stop.set()
        thread.join()


@dataclass
class Doors:
    """Where files come in: a finding's pictures, a list of businesses."""

    client: FlaskClient
    headers: dict[str, str]
    scene: Scene
    town: Town
    folder: Path

    def finding(self) -> UUID:
        """A new finding for each picture: one takes fifty at most."""
        return self.scene.answer(self.town.inspector(self.town.tobacco), None, text="ett fynd").finding_id

    def send(self, one: Hostile) -> Any:
        sent = (BytesIO(one.data), one.name, one.media_type)
        if one.family.door == PICTURE:
            path, more = f"/api/v1/findings/{self.finding()}/evidence", dict[str, str]()
        else:
            path, more = "/import/businesses", {"collaboration_id": str(self.town.collaboration)}
        data = {**more, "file": sent}
        answer: Any = self.client.post(path, data=data, headers=self.headers, content_type="multipart/form-data")
        answer.request.environ["wsgi.input"].close()  # the browser's own copy of a large one
        return answer

    def kept(self) -> tuple[int, int, int]:
        """How many pictures, lists begun, and files there are."""
        with unit_of_work(self.town.planner(self.town.tobacco)) as uow:
            rows = [uow.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in ("evidence", "draft")]
        return rows[0], rows[1], sum(one.is_file() for one in self.folder.rglob("*"))

    def forget_lists(self) -> None:
        """A person may have begun so many: those that were taken go."""
        with unit_of_work(self.town.planner(self.town.tobacco)) as uow:
            uow.session.execute(text("DELETE FROM draft WHERE person_id = (SELECT me_person())"))

    def picture(self, evidence_id: str) -> bytes:
        data: bytes = self.client.get(f"/api/v1/evidence/{evidence_id}", headers=self.headers).data
        return data


@pytest.fixture
def doors(app: APIFlask, settings: Settings, town: Town) -> Doors:
    scene: Scene = make_scene(town)
    token = town.token(town.planner(town.tobacco))
    return Doors(app.test_client(), {"Authorization": f"Bearer {token}"}, scene, town, settings.data_dir)


def faults_of(one: Hostile, doors: Doors) -> list[str]:
    """Send one file and say all that is wrong with what came of it."""
    before, began = doors.kept(), time.monotonic()
    answer = doors.send(one)
    took, found = time.monotonic() - began, []
    taken = answer.status_code in {200, 201, 303}
    if answer.status_code >= 500 or not (taken or answer.status_code in {400, 409, 413, 415, 422}):
        found.append(f"answered {answer.status_code}")
    if took > SECONDS:
        found.append(f"took {took:.1f} s")
    if taken and one.family.becomes == REFUSED:
        found.append("was taken")
    if not taken and one.family.becomes == CLEAN:
        found.append(f"was refused: {answer.status_code}")
    if not taken:
        if doors.kept() != before:
            found.append("left something")
        if len(answer.text) < 50:
            found.append("was refused without words")
    elif one.family.door == PICTURE:
        kept = doors.picture(answer.json["id"])
        if not kept.startswith(b"\xff\xd8\xff") or MARK.encode() in kept:
            found.append("was not cleaned")
    else:
        doors.forget_lists()
    return [f"{one.family.name} ({one.name[:40]!r}, {len(one.data)} bytes): {fault}" for fault in found]


def storm(doors: Doors, trap: Trap, seed: int, count: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with peaks() as children:
        wrong = [fault for one in hostile(seed, count, trap.address) for fault in faults_of(one, doors)]
    assert wrong == []
    assert trap.caught == 0, "somebody fetched an address that a file names"
    own = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{count} files: own memory +{own:.0f} MiB, largest child {children.largest:.0f} MiB")  # noqa: T201
    assert own < MEBIBYTES
    assert children.processes > 0
    assert 0 < children.largest < MEBIBYTES


def test_hostile_files_are_refused_or_cleaned_and_leave_nothing(doors: Doors, trap: Trap) -> None:
    storm(doors, trap, 1, SOME)


@pytest.mark.long
@pytest.mark.parametrize("seed", [2])
def test_three_hundred_hostile_files_are(doors: Doors, trap: Trap, seed: int) -> None:
    storm(doors, trap, seed, ALL)
