"""Every write of planning: people's hours, and the templates that plans and answers begin from."""

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
    "AddLeave",
    "SaveTemplate",
    "add_leave",
    "add_shifts",
    "record_busy",
    "refresh_unavailable",
    "save_template",
    "withdraw_shifts",
    "withdraw_template",
]
