"""The supervisor: child processes that live as long as it does, not shorter and not longer."""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType

from samsyn.embedded.child import Child, Running
from samsyn.embedded.errors import ChildFailedError, EmbeddedError
from samsyn.embedded.files import lock_folder, make_folder, write_private
from samsyn.embedded.leftovers import end_leftovers, record

log = logging.getLogger(__name__)

TICK = 0.05  # seconds between two looks at the children
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0  # seconds before a restart; doubled at each failure in a row


@dataclass
class Post:
    """A place that one child holds, through all its restarts."""

    child: Child
    running: Running | None = None
    ended: Running | None = None
    was_ready: bool = False
    wanted: bool = True
    began: float = 0.0
    failures: int = 0
    restarts: int = 0
    due: float = math.inf


class Supervisor:
    """Holds a data folder and the processes that work in it.

    Guarantees: one supervisor a folder (flock); a child that dies is started again, after a growing pause, and after
    ``limit`` deaths in a row, each within ``steady`` seconds of its start, given up aloud (``run_until`` raises); at
    ``stop`` all children end, last started first; when this process is killed they are sent their stop signal by the
    kernel (Linux), and what is left anyway is ended by the next supervisor of the folder before it starts anything
    (SIGKILL after ``patience`` seconds).

    Raises ``FolderInUseError``. Safe to use from several threads: children are forked by one thread of its own, since
    the kernel tells a child of the end of the *thread* that forked it.
    """

    def __init__(self, folder: Path, *, limit: int = 10, steady: float = 5.0, patience: float = 10.0) -> None:
        self.folder = make_folder(folder)
        self._held = lock_folder(self.folder)
        self._record = self.folder / "processes.json"
        self._ready_file = self.folder / "ready.json"
        self._ready_file.unlink(missing_ok=True)
        end_leftovers(self._record, str(self.folder), patience)
        self._logs = make_folder(self.folder / "logs")
        self._limit, self._steady = limit, steady
        self._lock = threading.RLock()
        self._posts: dict[str, Post] = {}
        self._batches: list[list[str]] = []
        self._failure: ChildFailedError | None = None
        self._orders: SimpleQueue[tuple[list[Post], Future[None]]] = SimpleQueue()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    def start(self, *children: Child, timeout: float = 60.0) -> None:
        """Start ``children`` side by side and return when all are ready; they are later stopped together.

        Raises ``ChildFailedError`` when one ends or is not ready after ``timeout`` seconds; then none of them runs.
        """
        posts = [Post(child) for child in children]
        names = [child.name for child in children]
        with self._lock:
            if self._over.is_set() or any(name in self._posts for name in names):
                raise EmbeddedError(f"{', '.join(names)} cannot be started: already there, or the supervisor has ended")
            self._posts.update(zip(names, posts, strict=True))
            self._batches.append(names)
        done: Future[None] = Future()
        try:
            self._orders.put((posts, done))
            done.result()
            deadline = time.monotonic() + timeout
            for post in posts:
                self._await_ready(post, deadline)
        except BaseException:
            self.stop(*names)
            raise

    def _await_ready(self, post: Post, deadline: float) -> None:
        child = post.child
        while True:
            running = post.running
            is_ready = running is not None and (child.ready is None or child.ready(running.pid))
            with self._lock:
                if post.ended is not None:
                    raise ChildFailedError(
                        child.name, f"ended at its start (code {post.ended.code()})", post.ended.last_words()
                    )
                if is_ready:
                    post.was_ready = True
                    return
            if time.monotonic() > deadline:
                raise ChildFailedError(
                    child.name, "did not become ready in time", running.last_words() if running else ""
                )
            time.sleep(0.01)

    def stop(self, *names: str) -> None:
        """End the named children together (those that are here); return when they are gone."""
        with self._lock:
            posts = [self._posts[name] for name in names if name in self._posts]
            for post in posts:
                post.wanted = False
                if post.running is not None:
                    post.running.signal(post.child.stop_signal)
        deadline = time.monotonic()
        for post in posts:
            if post.running is not None and not post.running.end(deadline + post.child.grace - time.monotonic()):
                log.warning("%s did not stop in %g s and was killed", post.child.name, post.child.grace)
        with self._lock:
            for post in posts:
                del self._posts[post.child.name]
            self._batches = [left for batch in self._batches if (left := [n for n in batch if n in self._posts])]
            self._write_record()

    def close(self) -> None:
        """End everything, last started first, and let go of the folder. A second call does nothing."""
        if self._held.closed:
            return
        self._ready_file.unlink(missing_ok=True)
        while self._batches:
            self.stop(*self._batches[-1])
        self._over.set()
        self._thread.join()
        self._record.unlink(missing_ok=True)
        self._held.close()

    def announce(self, content: Mapping[str, object]) -> Path:
        """Write the ready file (whole or not at all, mode 0600: it may hold passwords); ``close`` removes it."""
        write_private(self._ready_file, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
        return self._ready_file

    def run_until(self, stop: threading.Event) -> None:
        """Return when ``stop`` is set; raise ``ChildFailedError`` as soon as a child was given up."""
        while not stop.wait(0.2):
            if self._failure is not None:
                raise self._failure

    def pid(self, name: str) -> int | None:
        """Return the pid of a child, None while it is down."""
        with self._lock:
            running = self._posts[name].running
            return running.pid if running is not None else None

    def restarts(self, name: str) -> int:
        """Return how often a child was started again."""
        with self._lock:
            return self._posts[name].restarts

    def log_of(self, name: str) -> Path:
        """Return the file that takes what a child writes to its output."""
        return self._logs / f"{name}.log"

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _watch(self) -> None:
        """Fork and look after the children; never ends before them, or the kernel would stop them all."""
        while not self._over.is_set():
            try:
                posts, done = self._orders.get(timeout=TICK)
            except Empty:
                with self._lock:
                    for post in self._posts.values():
                        self._tend(post)
                continue
            try:
                with self._lock:
                    for post in posts:
                        if post.wanted:
                            self._spawn(post)
                done.set_result(None)
            except Exception as error:
                done.set_exception(error)

    def _spawn(self, post: Post) -> None:
        if post.child.before is not None:
            post.child.before()
        post.running = Running(post.child, self.log_of(post.child.name), str(self.folder))
        post.began, post.due = time.monotonic(), math.inf
        self._write_record()

    def _tend(self, post: Post) -> None:
        """Note an end and plan the next start, or make it when it is due."""
        if not post.wanted:
            return
        if post.running is not None:
            if not post.running.alive():
                post.ended, post.running = post.running, None
                self._write_record()
                if post.was_ready:
                    lived = time.monotonic() - post.began
                    self._plan_restart(post, lived, f"ended with code {post.ended.code()} after {lived:.1f} s")
        elif time.monotonic() >= post.due:
            post.restarts += 1
            try:
                self._spawn(post)
            except Exception as error:
                log.exception("%s could not be started again", post.child.name)
                self._plan_restart(post, 0.0, f"could not be started again: {error}")

    def _plan_restart(self, post: Post, lived: float, what: str) -> None:
        post.failures = 1 if lived >= self._steady else post.failures + 1
        if post.failures > self._limit:
            post.due = math.inf
            words = post.ended.last_words() if post.ended is not None else ""
            self._failure = ChildFailedError(
                post.child.name, f"{what}, {post.failures} times in a row: given up", words
            )
            log.error("%s", self._failure)
            return
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (post.failures - 1))
        post.due = time.monotonic() + pause
        log.warning("%s %s; started again in %.1f s", post.child.name, what, pause)

    def _write_record(self) -> None:
        try:
            record(self._record, [post.running for post in self._posts.values() if post.running is not None])
        except OSError:  # a full disk must not end the children
            log.exception("the record of processes could not be written")
