from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from samsyn.embedded import ports, start
from samsyn.embedded.process import Supervisor
from samsyn.embedded.servers import Servers
from tests.embedded.waiting import wait_until

UP = """
import sys
from pathlib import Path
from threading import Event
from samsyn.embedded.process import Supervisor
from samsyn.embedded.servers import Servers
with Supervisor(Path(sys.argv[1])) as supervisor:
    servers = Servers.start(supervisor, mail_domain="samsyn.example", durable=False)
    supervisor.announce({"url": servers.postgres.url("postgres", "samsyn")})
    print("ready", flush=True)
    Event().wait(0.1 if "briefly" in sys.argv else 600)
"""
NOBODY = 65534


def test_all_three_end_when_their_supervisor_is_killed_and_start_again_with_their_data(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-W", "error", "-c", UP, str(folder)], stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"ready\n"
        with psycopg.connect(json.loads((folder / "ready.json").read_text())["url"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
        pids = [entry["pid"] for entry in json.loads((folder / "processes.json").read_text())]
        killed.kill()
    assert len(pids) == 3
    wait_until(lambda: not any(psutil.pid_exists(pid) for pid in pids))
    with Supervisor(folder) as supervisor:
        servers = Servers.start(supervisor, mail_domain="samsyn.example", durable=False)
        assert servers.postgres is not None
        with psycopg.connect(servers.postgres.url("postgres", "samsyn")) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (42,)


def test_a_port_that_is_snatched_away_costs_another_try(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as thief:
        taken = thief.getsockname()[1]
        really, asked = ports.pick, []

        def unlucky() -> int:
            asked.append(True)
            return taken if len(asked) <= 3 else really()

        monkeypatch.setattr(start, "pick", unlucky)
        with Supervisor(folder) as supervisor:
            servers = Servers.start(supervisor, mail_domain="samsyn.example", durable=False)
            assert servers.postgres is not None
            assert servers.valkey is not None
            assert servers.mailbox is not None
            got = {servers.postgres.port, servers.valkey.port, servers.mailbox.port}
            assert len(got) == 3
            assert taken not in got


def test_a_server_that_a_setting_replaces_is_not_started(folder: Path) -> None:
    with Supervisor(folder) as supervisor:
        servers = Servers.start(supervisor, mail_domain="samsyn.example", which={"mailbox"})
        assert servers.postgres is None
        assert servers.valkey is None
        assert servers.mailbox is not None


@pytest.mark.skipif(os.geteuid() != 0, reason="every other test shows it: we are not root")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv (util-linux)")
def test_it_works_for_a_user_who_is_not_root(folder: Path) -> None:
    home = folder / "home"
    home.mkdir(mode=0o700)
    os.chown(home, NOBODY, NOBODY)
    # The one right that is kept lets it read the interpreter, wherever that lies.
    become = f"setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups"
    keep = "--inh-caps +dac_read_search --ambient-caps +dac_read_search"
    command = [*become.split(), *keep.split(), sys.executable, "-W", "error", "-c", UP, str(home), "briefly"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=home, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "ready\n", "")
    assert (home / "postgres" / "cluster").stat().st_uid == NOBODY
