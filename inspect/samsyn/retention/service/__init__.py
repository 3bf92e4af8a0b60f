"""Write rules and holds; order a removal, and carry it out as the authority's worker."""

from samsyn.retention.service.deciding import (
    Lift,
    Order,
    Place,
    SetRule,
    lift_hold,
    order_run,
    place_hold,
    set_rule,
)
from samsyn.retention.service.weeding import Cabinet, finish_run, weed_chunk, weeder

__all__ = [
    "Cabinet",
    "Lift",
    "Order",
    "Place",
    "SetRule",
    "finish_run",
    "lift_hold",
    "order_run",
    "place_hold",
    "set_rule",
    "weed_chunk",
    "weeder",
]
