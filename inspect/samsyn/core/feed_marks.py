"""Which tables a feed is made from: each change of a row leaves a mark, so that a feed knows whether it is what it was.

A mark says of whom (a person, an authority, a collaboration, or everybody), of which operation, and which transaction;
never what changed. Triggers write it in the transaction of the change, whoever changes it and by which statement.
Who makes a feed say something of a further table names the table here and gives it its triggers in a migration
(``python -m samsyn.core.feed_marks TABLE`` prints them); ``tests/calendars/test_feed_marks.py`` fails until then.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

NOBODY: Final = UUID(int=0)
"""As whose mark: everybody's. As its operation: all that they have."""
EVERYBODY: Final = ("everybody", "all")
OF_PLAN: Final = ("plan", "operation_id")
"""Of the collaboration that the row's operation is of: all who take part in the operation read it by that."""

MARKED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    # The person too: whose place it was must learn of it even if the row became somebody else's.
    "assignment": (("authority_id", "operation_id"), ("person_id", "operation_id")),
    "activity": (EVERYBODY,),
    "authority": (EVERYBODY,),
    "collaboration_member": (("authority_id", "all"),),
    "delivery": (OF_PLAN,),
    "feed_operation": (("person_id", "operation_id"),),
    "operation": (("collaboration_id", "id"),),
    "participation": (("authority_id", "operation_id"),),
    "staff": (("authority_id", "all"),),
    "state_reached": (OF_PLAN,),
    # What a person's own feed may open of where it goes (SECRECY, under R7).
    "feed_naming": (("authority_id", "all"),),
    "part_answer": (OF_PLAN,),
    "recusal": (("person_id", "operation_id"),),
    "team": (OF_PLAN,),
    "team_member": (OF_PLAN,),
    "visit": (OF_PLAN,),
    "visit_order": (OF_PLAN,),
    "visit_part": (OF_PLAN,),
    "visit_target": (OF_PLAN,),
}
"""By table: the column that says whose mark it is, and the one that says of which operation."""


def triggers(table: str) -> Iterator[str]:
    """Yield the statements that give a table its marks."""
    for of, operation in MARKED[table]:
        yield (
            f"CREATE TRIGGER mark_{of} AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION mark_feeds('{of}', '{operation}')"
        )


if __name__ == "__main__":
    sys.stdout.write("".join(f"{statement};\n" for table in sys.argv[1:] for statement in triggers(table)))
