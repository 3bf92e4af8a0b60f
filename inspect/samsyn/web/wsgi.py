"""Where a server takes the application from: ``granian --interface wsgi --factory samsyn.web.wsgi:serve``."""

from __future__ import annotations

import gc

from apiflask import APIFlask

from samsyn.core.logs import start_logging
from samsyn.core.settings import load_settings
from samsyn.web.app import create_app


def serve() -> APIFlask:
    """Read the settings, start the log, return the application; each worker process calls it once."""
    settings = load_settings()
    start_logging(settings.log_level)
    app = create_app(settings)
    # What stands now stays: the collector need not walk it for every large read (a feed of 1,000 rows: half the CPU).
    gc.collect()
    gc.freeze()
    return app
