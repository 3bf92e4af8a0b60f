"""Counts of this process in Prometheus' text form (exposition format 0.0.4); kept by hand, since it is thirty lines."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from time import time
from typing import Final

BUCKETS: Final = (0.05, 0.1, 0.2, 0.4, 1.0, 5.0)
STARTED: Final = time()
_lock = Lock()
_requests: Counter[tuple[str, str, int]] = Counter()
_within: Counter[float] = Counter()
_total: dict[str, float] = {"seconds": 0.0, "n": 0.0}
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


def count(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request; ``route`` is a pattern, so that no id becomes a label."""
    with _lock:
        _requests[method if method in METHODS else "other", route, status] += 1
        _total["seconds"] += seconds
        _total["n"] += 1
        for bound in BUCKETS:
            _within[bound] += seconds <= bound


def exposition() -> str:
    """Return the text that Prometheus reads."""
    lines = ["# TYPE samsyn_up gauge", "samsyn_up 1", "# TYPE process_start_time_seconds gauge"]
    lines += [f"process_start_time_seconds {STARTED:.3f}", "# TYPE samsyn_http_requests_total counter"]
    with _lock:
        for (method, route, status), n in sorted(_requests.items()):
            lines.append(f'samsyn_http_requests_total{{method="{method}",route="{route}",status="{status}"}} {n}')
        lines.append("# TYPE samsyn_http_request_seconds histogram")
        lines += [f'samsyn_http_request_seconds_bucket{{le="{bound}"}} {_within[bound]}' for bound in BUCKETS]
        lines.append(f'samsyn_http_request_seconds_bucket{{le="+Inf"}} {int(_total["n"])}')
        lines.append(f"samsyn_http_request_seconds_sum {_total['seconds']:.6f}")
        lines.append(f"samsyn_http_request_seconds_count {int(_total['n'])}")
    return "\n".join(lines) + "\n"
