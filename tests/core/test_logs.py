"""Logs: one JSON line per event, secrets in addresses cut out."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog

from samsyn.core import logs
from samsyn.core.logs import start_logging


@pytest.fixture(name="lines")
def fixture_lines() -> Iterator[io.StringIO]:
    with written() as stream:
        yield stream


@contextmanager
def written() -> Iterator[io.StringIO]:
    """What is logged from here on, as the processes write it."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    start_logging("INFO", stream)
    yield stream
    root.handlers[:], root.level = before, level
    structlog.reset_defaults()


@pytest.mark.parametrize("path", ["/cal/hemlig-adress.ics", "/svar/hemlig", "/fb/hemlig?x=1", "/inbjudan/hemlig"])
def test_the_secret_of_an_address_never_stands_in_a_line(lines: io.StringIO, path: str) -> None:
    structlog.get_logger().info("fetched", path=path, referer=f"https://samsyn.example{path}")
    logging.getLogger("some.library").warning("GET %s", path)
    assert "hemlig" not in lines.getvalue()
    assert all(json.loads(line) for line in lines.getvalue().splitlines())


def test_a_log_that_cuts_nothing_out_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault of CALENDARS 4.25: the test above would find a token in a log."""
    monkeypatch.setattr(logs, "scrub", lambda _logger, _method, event: event)
    with written() as lines:
        structlog.get_logger().info("fetched", path="/cal/hemlig-adress.ics")
        assert "hemlig" in lines.getvalue()


def test_an_exceptions_text_is_scrubbed_too(lines: io.StringIO) -> None:
    try:
        int("/svar/hemlig")
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("some.library").exception("failed")
    assert "ValueError" in lines.getvalue()
    assert "hemlig" not in lines.getvalue()
