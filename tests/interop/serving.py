"""The service as calendar programs meet it: two server processes of their own, one database behind them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import requests

from samsyn.embedded.ports import pick

ROOT: Final = Path(__file__).parents[2]
GRANIAN: Final = ("--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1", "--no-ws", "--log-level", "error")


@dataclass(frozen=True)
class Served:
    """Where the two answer, and what they wrote into their logs."""

    urls: tuple[str, str]
    logs: tuple[Path, Path]

    def feed(self, secret: str, which: int = 0) -> str:
        return f"{self.urls[which]}/cal/{secret}.ics"

    def said(self) -> str:
        return "".join(log.read_text("utf-8") for log in self.logs)


@contextmanager
def served(folder: Path, database_url: str) -> Iterator[Served]:
    """Start two servers as ``samsyn up`` starts its own, wait until both answer, end them."""
    nowhere = {"SAMSYN_REDIS_URL": "redis://127.0.0.1:9", "SAMSYN_SMTP_URL": "smtp://127.0.0.1:9"}
    settings = {"SAMSYN_DATABASE_URL": database_url, "SAMSYN_DATA_DIR": str(folder), **nowhere}
    with ExitStack() as stack:
        ports, logs = (pick(), pick()), (folder / "first.log", folder / "second.log")
        for port, log in zip(ports, logs, strict=True):
            command = [sys.executable, "-m", "granian", *GRANIAN, "--port", str(port), "--factory"]
            process = subprocess.Popen(
                [*command, "samsyn.web.wsgi:serve"],
                env={**os.environ, **settings},
                cwd=ROOT,
                stdout=stack.enter_context(log.open("wb")),
                stderr=subprocess.STDOUT,
            )
            stack.callback(end, process)
        urls = (f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}")
        for url in urls:
            wait_for(url)
        yield Served(urls, logs)


def wait_for(url: str) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            if requests.get(f"{url}/healthz", timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=30)
