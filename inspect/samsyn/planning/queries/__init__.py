"""Read when people can and what an authority begins its plans from; public frozen types, never mapped rows."""

from samsyn.planning.queries.away import AwayTime, times_away

__all__ = ["AwayTime", "times_away"]
