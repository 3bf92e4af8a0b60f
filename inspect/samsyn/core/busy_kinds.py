"""The kinds of what is known of a person's own calendar; all of it is gone when the person ends it or leaves."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import MINE, OWN, PERSON_HERE
from samsyn.core.kinds import Rule, read_write

# Where it is: the person's alone, and the worker's that goes there as that person.
SOURCE: Final = read_write("personal", PERSON_HERE, PERSON_HERE, PERSON_HERE).and_rules(Rule("DELETE", PERSON_HERE))
# When it says that the person is taken, and when it was read: the own authority's, which tells others (POLICIES, own).
BUSY: Final = OWN.and_rules(Rule("DELETE", MINE))
