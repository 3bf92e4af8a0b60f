from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from samsyn.embedded.child import Child
from samsyn.embedded.errors import ChildFailedError, EmbeddedError, FolderInUseError
from samsyn.embedded.process import Supervisor
from tests.embedded.waiting import wait_until

# A program that only SIGKILL ends, with a child of its own; the supervisor's process is killed under it.
STUBBORN = """
import sys
from pathlib import Path
from threading import Event
from samsyn.embedded.child import Child
from samsyn.embedded.process import Supervisor
folder = Path(sys.argv[1])
shell = "trap '' TERM; sleep 600 & echo $! > grandchild; echo $$ > child; while :; do sleep 1; done"
supervisor = Supervisor(folder)
is_ready = lambda _pid: (folder / "child").exists() and (folder / "child").read_text().endswith("\\n")
supervisor.start(Child("stubborn", ("/bin/sh", "-c", shell), cwd=folder, ready=is_ready))
print("ready", flush=True)
Event().wait(600)
"""


def sleeper(name: str = "sleeper") -> Child:
    return Child(name, ("/bin/sleep", "600"))


def shell(name: str, script: str, flag: Path | None = None) -> Child:
    return Child(name, ("/bin/sh", "-c", script), ready=None if flag is None else lambda _pid: flag.exists())


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_child_that_dies_is_started_again(folder: Path) -> None:
    with Supervisor(folder) as supervisor:
        supervisor.start(sleeper())
        first = supervisor.pid("sleeper")
        assert first is not None
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: supervisor.restarts("sleeper") == 1 and supervisor.pid("sleeper") is not None)
        assert supervisor.pid("sleeper") != first


def test_what_a_dead_child_left_in_its_group_is_ended_before_the_restart(folder: Path) -> None:
    left = folder / "left"
    with Supervisor(folder) as supervisor:
        supervisor.start(shell("parent", f"sleep 600 & echo $! > {left}; wait", left))
        wait_until(lambda: left.read_text().strip() != "")
        grandchild, parent = int(left.read_text()), supervisor.pid("parent")
        assert parent is not None
        os.kill(parent, signal.SIGKILL)
        wait_until(lambda: is_gone(grandchild))


def test_a_child_that_dies_again_and_again_is_given_up_aloud_with_its_last_words(folder: Path) -> None:
    flag = folder / "flag"
    with Supervisor(folder, limit=2) as supervisor:
        supervisor.start(shell("fool", f"touch {flag}; sleep 0.1; echo I was a fool; exit 3", flag))
        with pytest.raises(ChildFailedError, match=r"fool ended with code 3 .* 3 times in a row(?s:.*)I was a fool"):
            supervisor.run_until(threading.Event())
        assert supervisor.restarts("fool") == 2


def test_a_child_that_ends_at_its_first_start_is_refused_and_nothing_of_its_batch_stays(folder: Path) -> None:
    with Supervisor(folder) as supervisor:
        with pytest.raises(ChildFailedError, match=r"bad ended at its start \(code 7\)(?s:.*)no such thing"):
            supervisor.start(sleeper(), shell("bad", "echo no such thing; exit 7", folder / "never"))
        assert json.loads((folder / "processes.json").read_text()) == []
        supervisor.start(sleeper())


def test_a_program_that_is_not_there_is_named(folder: Path) -> None:
    with Supervisor(folder) as supervisor, pytest.raises(ChildFailedError, match="/no/such/program: No such file"):
        supervisor.start(Child("absent", ("/no/such/program",), ready=lambda _pid: False))


def test_a_child_that_is_not_ready_in_time_is_ended(folder: Path) -> None:
    with Supervisor(folder) as supervisor, pytest.raises(ChildFailedError, match="did not become ready in time"):
        supervisor.start(Child("slow", ("/bin/sleep", "600"), ready=lambda _pid: False), timeout=0.1)


def test_all_children_end_at_close_last_started_first(folder: Path) -> None:
    order = folder / "order"
    supervisor = Supervisor(folder)
    for name in ("first", "second"):
        flag = folder / name
        supervisor.start(
            shell(name, f"trap 'echo {name} >> {order}; exit' TERM; touch {flag}; while :; do sleep 0.02; done", flag)
        )
    pids = [supervisor.pid("first"), supervisor.pid("second")]
    supervisor.close()
    assert order.read_text().split() == ["second", "first"]
    assert all(pid is not None and is_gone(pid) for pid in pids)


def test_a_child_that_will_not_stop_is_killed_after_its_grace(folder: Path) -> None:
    flag = folder / "flag"
    script = f"trap '' TERM; touch {flag}; while :; do sleep 0.02; done"
    with Supervisor(folder) as supervisor:
        supervisor.start(Child("deaf", ("/bin/sh", "-c", script), grace=0.2, ready=lambda _pid: flag.exists()))
        pid = supervisor.pid("deaf")
    assert pid is not None
    assert is_gone(pid)


def test_ctrl_c_in_the_terminal_does_not_reach_a_child(folder: Path) -> None:
    with Supervisor(folder) as supervisor:
        supervisor.start(sleeper())
        pid = supervisor.pid("sleeper")
        assert pid is not None
        assert os.getsid(pid) == pid != os.getsid(0)


def test_children_outlive_the_thread_that_asked_for_them(folder: Path) -> None:
    with Supervisor(folder) as supervisor:
        asker = threading.Thread(target=supervisor.start, args=(sleeper(),))
        asker.start()
        asker.join()
        pid = supervisor.pid("sleeper")
        supervisor.start(sleeper("other"))
        assert pid is not None
        assert supervisor.pid("sleeper") == pid
        assert supervisor.restarts("sleeper") == 0


def test_a_folder_in_use_is_refused_in_one_sentence_and_free_again_after(folder: Path) -> None:
    with Supervisor(folder), pytest.raises(FolderInUseError, match=f"in use by process {os.getpid()}: stop that one"):
        Supervisor(folder)
    Supervisor(folder).close()


def test_two_folders_work_side_by_side(folder: Path) -> None:
    with Supervisor(folder / "a") as a, Supervisor(folder / "b") as b:
        a.start(sleeper())
        b.start(sleeper())
        assert a.pid("sleeper") != b.pid("sleeper")


def test_one_name_is_given_once_and_nothing_starts_after_the_end(folder: Path) -> None:
    with Supervisor(folder) as supervisor:
        supervisor.start(sleeper())
        with pytest.raises(EmbeddedError, match="already there"):
            supervisor.start(sleeper())
        assert supervisor.pid("sleeper") is not None
    with pytest.raises(EmbeddedError, match="has ended"):
        supervisor.start(sleeper())


def test_the_ready_file_is_private_whole_and_gone_at_the_end_or_after_a_crash(folder: Path) -> None:
    with Supervisor(folder) as supervisor:
        path = supervisor.announce({"url": "http://127.0.0.1:8000", "name": "Åsa"})
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert json.loads(path.read_text())["name"] == "Åsa"
    assert not path.exists()
    path.write_text("left by a killed one")
    with Supervisor(folder):
        assert not path.exists()


def test_leftovers_of_a_killed_supervisor_are_ended_with_their_own_children(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", STUBBORN, str(folder)], stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"ready\n"
        killed.kill()
    pids = [int((folder / name).read_text()) for name in ("child", "grandchild")]
    assert not any(is_gone(pid) for pid in pids)
    with Supervisor(folder, patience=0.2):
        assert all(is_gone(pid) for pid in pids)


def test_a_stranger_that_got_a_recorded_number_is_left_alone(folder: Path) -> None:
    with subprocess.Popen(["/bin/sleep", "600"], start_new_session=True) as stranger:
        entry = {"name": "old", "pid": stranger.pid, "created": 1.0, "stop_signal": int(signal.SIGTERM)}
        (folder / "processes.json").write_text(json.dumps([entry]))
        Supervisor(folder).close()
        assert stranger.poll() is None
        stranger.kill()
