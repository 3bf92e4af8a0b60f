"""The practice town: loaded once per data folder, thrown away and loaded anew on request."""

from samsyn.cli.practice.founding import PASSWORD
from samsyn.cli.practice.keeping import practice_people, throw_away
from samsyn.cli.practice.loading import load_town
from samsyn.cli.practice.watching import Watcher

__all__ = ["PASSWORD", "Watcher", "load_town", "practice_people", "throw_away"]
