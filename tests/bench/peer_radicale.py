"""The peer of feeds: Radicale as it stands, in this process, with the same events on its shelf."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from icalendar import Calendar
from radicale.app import Application
from radicale.config import load
from werkzeug.test import Client

SHELF = "/anybody/feed/"


def radicale(folder: Path, body: bytes) -> Callable[[], bytes]:
    """Put a calendar's events on the shelf, each in a file of its own, and return what fetches all of them.

    The files are written as Radicale writes them: handing it 1,000 events over HTTP takes it more than a minute.
    """
    shelf = folder / "radicale" / "collection-root" / SHELF.strip("/")
    shelf.mkdir(parents=True)
    (shelf / ".Radicale.props").write_text(json.dumps({"tag": "VCALENDAR"}))
    for n, event in enumerate(Calendar.from_ical(body).walk("VEVENT")):
        one = Calendar()
        one.add("version", "2.0")
        one.add("prodid", "-//bench//")
        one.add_component(event)
        (shelf / f"{n}.ics").write_bytes(one.to_ical())
    rights = folder / "rights"
    rights.write_text("[everybody]\nuser: .*\ncollection: .*\npermissions: RrWw\n")
    settings = load()
    chosen = {
        "auth": {"type": "none"},
        "rights": {"type": "from_file", "file": str(rights)},
        "storage": {"filesystem_folder": str(folder / "radicale")},
        "logging": {"level": "error"},
        "web": {"type": "none"},
    }
    settings.update(chosen, "the bench")
    client = Client(Application(settings))

    def fetch() -> bytes:
        answer = client.get(SHELF)
        assert answer.status_code == 200, answer.status
        data: bytes = answer.data
        return data

    return fetch
