"""Read when people can, a whole week, what plans begin from, and what might be visited; public frozen types."""

from samsyn.planning.queries.away import AwayTime, times_away
from samsyn.planning.queries.candidates import Candidate, Candidates, Wanted, list_candidates
from samsyn.planning.queries.hours import LeaveLine, own_leave_between, own_shifts_between
from samsyn.planning.queries.templates import TemplateLine, get_template, list_templates
from samsyn.planning.queries.told import told_of
from samsyn.planning.queries.week import WeekRead, read_week

__all__ = [
    "AwayTime",
    "Candidate",
    "Candidates",
    "LeaveLine",
    "TemplateLine",
    "Wanted",
    "WeekRead",
    "get_template",
    "list_candidates",
    "list_templates",
    "own_leave_between",
    "own_shifts_between",
    "read_week",
    "times_away",
    "told_of",
]
