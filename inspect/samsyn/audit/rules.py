"""Words of the trail's review: kinds of acts that are looked for together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

REFUSED: Final = "access.refused"
"""Somebody signed in asked for what is not for that person, or is not there; the reason says which route."""
BY_COMMAND: Final = "command_line"
"""The reason of what was done by a command on the server in somebody's name; a further code may follow."""
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "reads": (
        "finding.read",
        "evidence.read",
        "purchase.read",
        "outcome.read",
        "follow_up.read",
        "refusal.read",
        "help.read",
        "dossier.read",
        "dossier.download",
        "report.download",
        "disclosure.read",
        "disclosure.picture",
        "records.read",
        "records.download",
        "letter.read",
    ),
    "exports": ("list.export", "dossier.download", "report.download", "records.download", "evaluation.download"),
    "disclosures": ("disclosure.%",),
    "records": ("records.%",),
    "retention": ("retention.%",),
    "feeds": ("feed.%", "busy_source.%", "busy.%"),
    "rights": (
        *(
            "person.add",
            "person.leave",
            "person.return",
            "person.roles%",
            "password.%",
            "token.%",
            "role%",
            "invitation.%",
            "deputy.%",
        ),
        *("person.unit", "person.competences", "person.address", "person.shown_as", "person.ways_in_ended"),
        *("collaboration.%", "steward.%", "participation.%", "recusal.%", "operation.hand_over"),
    ),
    "sessions": ("session.%", "passkey.%", "sign_in.%", "identity.%"),
    "refused": (REFUSED,),
    "reviews": ("sample.%", "alarm.%"),
}
"""Patterns of actions (SQL LIKE) by group; the rest is what was planned and written."""
WATCH: Final = "samsyn.reviews.watch"
"""The task that looks the trail through for what is unusual."""
WATCH_AFTER: Final = timedelta(minutes=10)
"""So long after a read it is looked through, with all that was read meanwhile."""


def is_watched(action: str) -> bool:
    """Say whether an act is one of those that may be unusual: reads, exports, refusals."""
    return action in {*GROUPS["reads"], *GROUPS["exports"], REFUSED}
