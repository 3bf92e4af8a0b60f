"""Read when people can, what an authority begins its plans from, and a whole week; public frozen types."""

from samsyn.planning.queries.away import AwayTime, times_away
from samsyn.planning.queries.hours import LeaveLine, own_leave_between, own_shifts_between, taken_between
from samsyn.planning.queries.week import WeekRead, read_week

__all__ = [
    "AwayTime",
    "LeaveLine",
    "WeekRead",
    "own_leave_between",
    "own_shifts_between",
    "read_week",
    "taken_between",
    "times_away",
]
