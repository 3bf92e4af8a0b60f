"""Every write of planning: people's hours, and the templates that plans and answers begin from."""

from samsyn.planning.service.away import note_away, take_back_away
from samsyn.planning.service.busy import (
    FETCH,
    FETCH_NOW,
    TELL_UNREAD,
    fetch_now,
    note_fault,
    note_reading,
    put_address,
    remove_address,
    window_at,
)
from samsyn.planning.service.hours import (
    AddLeave,
    add_leave,
    add_shifts,
    record_busy,
    refresh_unavailable,
    withdraw_shifts,
)
from samsyn.planning.service.templates import SaveTemplate, save_template, withdraw_template

__all__ = [
    "FETCH",
    "FETCH_NOW",
    "TELL_UNREAD",
    "AddLeave",
    "SaveTemplate",
    "add_leave",
    "add_shifts",
    "fetch_now",
    "note_away",
    "note_fault",
    "note_reading",
    "put_address",
    "record_busy",
    "refresh_unavailable",
    "remove_address",
    "save_template",
    "take_back_away",
    "window_at",
    "withdraw_shifts",
    "withdraw_template",
]
