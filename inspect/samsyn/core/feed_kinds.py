"""The kinds of feeds: a person's own in one authority, and what hangs on them."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import ADMIN, MINE, PERSON_HERE
from samsyn.core.kinds import PERSON, read_write

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
