"""Structured logs: a line of JSON per event, ids only, with the request's id; addresses with secrets are cut out."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog

SECRET_PATHS: Final = re.compile(r"/(cal|fb|svar|inbjudan)/[^/?#\s\"']+")


def scrub(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Cut tokens out of every text value: feed, free/busy and answer addresses (R8)."""
    return {k: SECRET_PATHS.sub(r"/\1/…", v) if isinstance(v, str) else v for k, v in event.items()}


def start_logging(level: str = "INFO", stream: Any = None) -> None:
    """Send structlog and the standard library's loggers as JSON lines to ``stream`` (default: standard error)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        scrub,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                scrub,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
