"""Logs: one JSON line per event, secrets in addresses cut out."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from samsyn.core import logs
from tests.logged import logged


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    with logged() as stream:
        yield stream


@pytest.mark.parametrize("path", ["/cal/hemlig-adress.ics", "/svar/hemlig", "/fb/hemlig?x=1", "/inbjudan/hemlig"])
def test_the_secret_of_an_address_never_stands_in_a_line(lines: io.StringIO, path: str) -> None:
    structlog.get_logger().info("fetched", path=path, referer=f"https://samsyn.example{path}")
    logging.getLogger("some.library").warning("GET %s", path)
    assert "hemlig" not in lines.getvalue()
    assert all(json.loads(line) for line in lines.getvalue().splitlines())


def test_a_log_that_cuts_nothing_out_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault of CALENDARS 4.25: the test above would find a token in a log."""
    monkeypatch.setattr(logs, "scrub", lambda _logger, _method, event: event)
    with logged() as stream:
        structlog.get_logger().info("fetched", path="/cal/hemlig-adress.ics")
        assert "hemlig" in stream.getvalue()


def test_an_exceptions_text_is_scrubbed_too(lines: io.StringIO) -> None:
    try:
        int("/svar/hemlig")
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("some.library").exception("failed")
    assert "ValueError" in lines.getvalue()
    assert "hemlig" not in lines.getvalue()
