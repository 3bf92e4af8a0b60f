"""Write hot spots and signals."""

from samsyn.places.service.hot_spots import (
    AddHotSpot,
    NoteHotSpotEvent,
    add_hot_spot,
    note_hot_spot_event,
    place_in_hot_spot,
    take_out_of_hot_spot,
)
from samsyn.places.service.signals import (
    COUNT_SIGNALS,
    AddSignal,
    add_signal,
    count_signals,
    import_weeks,
    undo_import,
    withdraw_signal,
)

__all__ = [
    "COUNT_SIGNALS",
    "AddHotSpot",
    "AddSignal",
    "NoteHotSpotEvent",
    "add_hot_spot",
    "add_signal",
    "count_signals",
    "import_weeks",
    "note_hot_spot_event",
    "place_in_hot_spot",
    "take_out_of_hot_spot",
    "undo_import",
    "withdraw_signal",
]
