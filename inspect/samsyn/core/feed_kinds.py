"""The kinds of feeds: a person's own in one authority, and what hangs on them."""

from __future__ import annotations

from typing import Final

from samsyn.core.feed_marks import NOBODY
from samsyn.core.house_kinds import ADMIN, KNOWN, MINE, PERSON_HERE
from samsyn.core.kinds import ME, PERSON, Rule, part, read_write, role

FEED: Final = read_write("personal", PERSON_HERE, PERSON_HERE, PERSON_HERE)
# Through the feed's own rule: a person of two authorities reads in each what was made there.
OF_FEED: Final = f"{{t}}.person_id = {PERSON} AND EXISTS (SELECT 1 FROM feed f WHERE f.id = {{t}}.feed_id)"
FEED_BODY: Final = read_write("personal", OF_FEED, OF_FEED, OF_FEED)
# The foreign key is checked without row security: who may not read an operation must not learn that it exists.
FEED_OPERATION: Final = read_write(
    "personal", OF_FEED, f"{OF_FEED} AND EXISTS (SELECT 1 FROM operation o WHERE o.id = {{t}}.operation_id)"
)
# What the authority lets its people's own calendars say (SECRECY, under R7): read by them at every fetch.
FEED_NAMING: Final = read_write("own", MINE, f"{MINE} AND {ADMIN}", f"{MINE} AND {ADMIN}")
# That something of an operation changed, and in which transaction: for who may read the operation, and for whom it is.
# Written by whoever changes the row, whatever that viewer may see; a mark makes a feed be read anew and does no more.
FEED_MARK: Final = read_write(
    "plan", f"{{t}}.of_id IN ({ME}, {PERSON}) OR ({KNOWN} AND {{t}}.of_id = '{NOBODY}') OR {part()}", "true"
).and_rules(Rule("DELETE", f"{role('task')} AND {{t}}.at < now() - interval '7 days'"))
