"""The week planner: a joint lane, a row per unit, common free times, and what is to be done."""

from samsyn.web.pages.week.route import blueprint

__all__ = ["blueprint"]
