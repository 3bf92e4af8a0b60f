"""Every list as a file for a spreadsheet: a list says its columns once, and has XLSX, CSV and JSON."""

from samsyn.web.exports.columns import Column, Kind, Value
from samsyn.web.exports.listing import LISTINGS, MOST_ROWS, Listing, export_routes

__all__ = ["LISTINGS", "MOST_ROWS", "Column", "Kind", "Listing", "Value", "export_routes"]
