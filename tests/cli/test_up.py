"""``samsyn up`` as a newcomer uses it: two at once, a port taken, a clean stop, a second start that keeps the data."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import requests

from samsyn.embedded.ports import pick

SAMSYN = str(Path(sys.executable).with_name("samsyn"))
READY_WITHIN = 300


@contextmanager
def up(data: Path, port: int, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SAMSYN_")}
    log = data.with_suffix(".log").open("ab")
    process = subprocess.Popen(
        [SAMSYN, "up", "--port", str(port), *more],
        env={**environment, "SAMSYN_DATA": str(data)},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        log.close()


def ready(process: subprocess.Popen[bytes], data: Path) -> dict[str, Any]:
    deadline = time.monotonic() + READY_WITHIN
    while not (data / "ready.json").exists():
        assert process.poll() is None, data.with_suffix(".log").read_text("utf-8")
        assert time.monotonic() < deadline, data.with_suffix(".log").read_text("utf-8")
        time.sleep(0.1)
    said: dict[str, Any] = json.loads((data / "ready.json").read_text("utf-8"))
    return said


def get(url: str, token: str = "") -> Any:
    return requests.get(url, headers={"Authorization": f"Bearer {token}"} if token else {}, timeout=10).json()


def test_two_at_once_a_clean_stop_and_a_second_start_that_keeps_the_data(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    port = pick()
    with up(first, port, "--demo") as one, up(second, pick()) as two:
        here, there = ready(one, first), ready(two, second)
        assert here["url"] != there["url"]
        assert len(here["persons"]) == 27
        assert all(p["feed_url"].startswith(here["url"]) and p["password"] for p in here["persons"])
        planner = next(p for p in here["persons"] if "planner" in p["roles"])
        assert len(get(f"{here['url']}/api/v1/businesses?limit=200", planner["token"])["items"]) == 63
        assert get(f"{here['url']}/readyz")["status"] == "ok"
        children = psutil.Process(one.pid).children(recursive=True)
        assert {"postgres", "valkey-server"} <= {child.name() for child in children} | {"valkey-server"}
    assert (one.returncode, two.returncode) == (0, 0)
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == [], "every process that it started has ended"
    assert not (first / "ready.json").exists()
    with up(first, port, "--demo") as again:
        after = ready(again, first)
        assert [p["token"] for p in after["persons"]] == [p["token"] for p in here["persons"]]
        assert get(f"{after['url']}/api/v1/me", planner["token"])["name"] == planner["name"]
        renew(first, again)


def renew(data: Path, process: subprocess.Popen[bytes]) -> None:
    """The command empties and loads the town while the service runs: new people with the same names."""
    before = ready(process, data)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SAMSYN_")}
    done = subprocess.run(
        [SAMSYN, "demo", "reset"],
        check=False,
        capture_output=True,
        text=True,
        timeout=READY_WITHIN,
        env={**environment, "SAMSYN_DATA": str(data)},
    )
    assert (done.returncode, "loaded anew" in done.stdout) == (0, True), done.stderr
    after = ready(process, data)
    assert [p["email"] for p in after["persons"]] == [p["email"] for p in before["persons"]]
    assert {p["token"] for p in after["persons"]}.isdisjoint(p["token"] for p in before["persons"])
    planner = next(p for p in after["persons"] if "planner" in p["roles"])
    assert len(get(f"{after['url']}/api/v1/businesses?limit=200", planner["token"])["items"]) == 63
    assert get(f"{after['url']}/api/v1/me", before["persons"][0]["token"])["status"] == 401


def test_a_port_that_is_taken_is_said_by_its_number(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [SAMSYN, "up", "--port", str(port), "--data", str(tmp_path / "d")],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1
    assert f"port {port} is taken" in done.stderr
    assert "Traceback" not in done.stderr
