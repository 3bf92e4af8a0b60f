"""``samsyn up`` as a newcomer uses it: two at once, a port taken, a clean stop, a second start that keeps the data."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import requests

from samsyn.cli.practice.loading import STEPS
from samsyn.embedded.ports import pick
from samsyn.texts.say import say
from tests.practice_folder import READY_WITHIN, SAMSYN, Loaded, environment, wait_until_ready


@contextmanager
def up(data: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    log = data.with_suffix(".log").open("ab")
    process = subprocess.Popen(
        [SAMSYN, "up", "--port", str(pick()), *more],
        env={**environment(), "SAMSYN_DATA": str(data)},
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
    return wait_until_ready(process, data, data.with_suffix(".log"))


def get(url: str, token: str = "") -> Any:
    return requests.get(url, headers={"Authorization": f"Bearer {token}"} if token else {}, timeout=10).json()


def test_a_first_start_loads_the_town_and_says_how_far_it_is_and_who_signs_in(practice_folder: Loaded) -> None:
    persons, url = practice_folder.ready["persons"], practice_folder.ready["url"]
    assert len(persons) == 27
    assert all(p["feed_url"].startswith(url) and p["password"] for p in persons)
    assert all(f"practice town: {say('en', f'walk.step.{step}')}" in practice_folder.said for step in STEPS)
    assert all(f"{p['email']} " in practice_folder.said for p in persons)


def test_two_at_once_a_second_start_that_keeps_the_data_a_town_loaded_anew_and_a_clean_stop(
    tmp_path: Path, practice_folder: Loaded
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    practice_folder.copy(first)
    with up(first, "--demo") as one, up(second) as two:
        here, there = ready(one, first), ready(two, second)
        assert here["url"] != there["url"]
        assert there["persons"] == []
        assert all(p["feed_url"].startswith(here["url"]) and p["password"] for p in here["persons"])
        assert [p["token"] for p in here["persons"]] == [p["token"] for p in practice_folder.ready["persons"]]
        planner = next(p for p in here["persons"] if "planner" in p["roles"])
        assert get(f"{here['url']}/api/v1/me", planner["token"])["name"] == planner["name"]
        assert len(get(f"{here['url']}/api/v1/businesses?limit=200", planner["token"])["items"]) == 63
        assert get(f"{here['url']}/readyz")["status"] == "ok"
        renew(first, one)
        children = psutil.Process(one.pid).children(recursive=True)
        assert {"postgres", "valkey-server"} <= {child.name() for child in children} | {"valkey-server"}
    assert (one.returncode, two.returncode) == (0, 0)
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == [], "every process that it started has ended"
    assert not (first / "ready.json").exists()


def renew(data: Path, process: subprocess.Popen[bytes]) -> None:
    """The command empties and loads the town while the service runs: new people with the same names."""
    before = ready(process, data)
    done = subprocess.run(
        [SAMSYN, "demo", "reset"],
        check=False,
        capture_output=True,
        text=True,
        timeout=READY_WITHIN,
        env={**environment(), "SAMSYN_DATA": str(data)},
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
