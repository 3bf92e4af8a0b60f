"""Read hot spots and signals."""

from samsyn.places.queries.hot_spots import (
    HotSpotCard,
    HotSpotEventLine,
    get_hot_spot,
    histories,
    hot_spot_history,
    hot_spots_of_premises,
    list_hot_spots,
    premises_by_hot_spot,
    premises_in_hot_spot,
)
from samsyn.places.queries.signals import (
    About,
    ImportLine,
    OtherLine,
    SignalLine,
    about,
    list_imports,
    list_signals,
    others_of_place,
    weeks_of,
)

__all__ = [
    "About",
    "HotSpotCard",
    "HotSpotEventLine",
    "ImportLine",
    "OtherLine",
    "SignalLine",
    "about",
    "get_hot_spot",
    "histories",
    "hot_spot_history",
    "hot_spots_of_premises",
    "list_hot_spots",
    "list_imports",
    "list_signals",
    "others_of_place",
    "premises_by_hot_spot",
    "premises_in_hot_spot",
    "weeks_of",
]
