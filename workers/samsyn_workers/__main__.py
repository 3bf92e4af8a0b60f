"""The processes beside the web: ``python -m samsyn_workers worker | relay | beat | sealer``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the one that is named, in the foreground, until SIGTERM."""
    which = sys.argv[1] if len(sys.argv) > 1 else ""
    if which == "relay":
        from samsyn_workers.relay import main as relay

        relay()
        return
    if which == "sealer":
        from samsyn_workers.sealer import main as sealer

        sealer()
        return
    from samsyn_workers.app import app, configure

    configure()
    if which == "worker":
        app.worker_main(
            ["worker", "--pool=prefork", "--without-gossip", "--without-mingle", "-Q", "samsyn", *sys.argv[2:]]
        )
    elif which == "beat":
        # The schedule lies in the code: a file of last runs would be one more thing to lose.
        app.start(["beat", "--scheduler", "celery.beat:Scheduler", "--pidfile", "", *sys.argv[2:]])
    else:
        sys.exit("usage: python -m samsyn_workers worker|relay|beat|sealer")


if __name__ == "__main__":
    main()
