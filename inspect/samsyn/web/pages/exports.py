"""The files of every list, at the list's own address with its ending after it."""

from __future__ import annotations

from samsyn.web.exports.listing import export_routes
from samsyn.web.exports.lists import ALL_LISTS
from samsyn.web.routing import page_blueprint

blueprint = page_blueprint("exports")

for listing in ALL_LISTS:
    export_routes(blueprint, listing)
