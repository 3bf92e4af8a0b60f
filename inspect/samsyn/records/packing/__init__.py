"""A package: documents, data and pictures in one file whose bytes depend on its content alone."""

from samsyn.records.packing.archive import Packed, file_name, pack
from samsyn.records.packing.document import Document, Entry, Part, render
from samsyn.records.packing.sheet import write_sheet

__all__ = ["Document", "Entry", "Packed", "Part", "file_name", "pack", "render", "write_sheet"]
