"""Read when people can, a whole week, what plans begin from, and what might be visited; public frozen types."""

from samsyn.planning.queries.away import AwayTime, times_away
from samsyn.planning.queries.burden import known_of
from samsyn.planning.queries.busy import Errand, OwnCalendar, errand, own_calendar
from samsyn.planning.queries.candidates import Candidate, Candidates, Wanted, list_candidates
from samsyn.planning.queries.hours import (
    AwayLine,
    LeaveLine,
    get_leave,
    own_leave_between,
    own_leave_of,
    own_shifts_between,
    reach,
)
from samsyn.planning.queries.templates import TemplateLine, get_template, list_templates
from samsyn.planning.queries.told import told_of
from samsyn.planning.queries.week import WeekRead, read_week

__all__ = [
    "AwayLine",
    "AwayTime",
    "Candidate",
    "Candidates",
    "Errand",
    "LeaveLine",
    "OwnCalendar",
    "TemplateLine",
    "Wanted",
    "WeekRead",
    "errand",
    "get_leave",
    "get_template",
    "known_of",
    "list_candidates",
    "list_templates",
    "own_calendar",
    "own_leave_between",
    "own_leave_of",
    "own_shifts_between",
    "reach",
    "read_week",
    "times_away",
    "told_of",
]
