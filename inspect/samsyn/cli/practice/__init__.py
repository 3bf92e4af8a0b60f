"""The practice town: loaded once per data folder, thrown away and loaded anew on request."""

from samsyn.cli.practice.founding import PASSWORD
from samsyn.cli.practice.keeping import practice_people
from samsyn.cli.practice.loading import load_town

__all__ = ["PASSWORD", "load_town", "practice_people"]
