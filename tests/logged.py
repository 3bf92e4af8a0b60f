"""What the processes would write into their log, kept by a test and put back as it was."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from samsyn.core.logs import start_logging


@contextmanager
def logged(level: str = "INFO") -> Iterator[io.StringIO]:
    """Collect what is logged from here on."""
    root = logging.getLogger()
    before, was = root.handlers[:], root.level
    stream = io.StringIO()
    start_logging(level, stream)
    try:
        yield stream
    finally:
        root.handlers[:], root.level = before, was
        structlog.reset_defaults()
