"""A time poll in the reader's words: how each authority stands to each proposal, and the form of one's own answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from samsyn.lifecycle.polls.queries import PollView
from samsyn.lifecycle.polls.rules import Row, Stand
from samsyn.planning.queries.polls import OptionLine, PollLine
from samsyn.planning.rules import PollAnswer
from samsyn.web.forms import Form, new_form
from samsyn.web.localtime import day_of, from_local
from samsyn.web.parsing import Body
from samsyn.web.shell import t

USUAL_DAYS: Final = 3
NOON: Final = time(12)
LOOKS: Final = {
    Stand.YES: ("success", "check"),
    Stand.IF_NEEDED: ("warning", "help"),
    Stand.NO: ("danger", "x"),
    Stand.SILENT: ("neutral", "clock"),
}
"""The colour and the picture of a stand; its words say the same."""


def usual_deadline(now: datetime) -> datetime:
    """Return until when is asked as a rule: noon in three days."""
    return from_local(day_of(now) + timedelta(days=USUAL_DAYS), NOON)


class AnswersForm(Body):
    """An answer to each proposal, in the order of their times; what is left out stays as it was."""

    answer_1: PollAnswer | None = None
    answer_2: PollAnswer | None = None
    answer_3: PollAnswer | None = None
    answer_4: PollAnswer | None = None
    answer_5: PollAnswer | None = None
    whole: bool = False

    def given(self, poll: PollLine) -> dict[UUID, PollAnswer]:
        """Return what is answered, by proposal."""
        said = (self.answer_1, self.answer_2, self.answer_3, self.answer_4, self.answer_5)
        return {one.id: answer for one, answer in zip(poll.options, said, strict=False) if answer is not None}


def answers_form(poll: PollLine, given: Mapping[UUID, PollAnswer]) -> Form[Any]:
    """Return the form with what was answered before."""
    return new_form({f"answer_{n}": given.get(one.id) for n, one in enumerate(poll.options, 1)})


def answer_choices() -> list[tuple[str, str]]:
    """Return the three answers with their words."""
    return [(one.value, t(f"polls.answer.{one}")) for one in PollAnswer]


@dataclass(frozen=True)
class PollPage:
    """A poll with the authorities' names."""

    view: PollView
    names: Mapping[UUID, str]

    @property
    def poll(self) -> PollLine:
        """The poll."""
        return self.view.poll

    @property
    def rows(self) -> list[Row]:
        """Its authorities by name, those that are needed first."""
        return sorted(self.view.rows, key=lambda row: (not row.side.needed, self.name(row)))

    def name(self, row: Row) -> str:
        """Return an authority's name."""
        return self.names.get(row.side.authority_id, "")

    def look(self, stand: Stand) -> tuple[str, str, str]:
        """Return a stand's words, colour and picture."""
        return (t(f"polls.stand.{stand}"), *LOOKS[stand])

    def sums(self, option: OptionLine) -> str:
        """Return how many can, could if needed and cannot."""
        counts = {stand.value: self.view.count(option, stand) for stand in Stand}
        return t("polls.sums", of=len(self.view.rows), **counts)

    def is_best(self, option: OptionLine) -> bool:
        """Say whether a proposal would be chosen if the poll closed now."""
        return bool(self.view.best) and self.view.best[0].id == option.id

    @property
    def answered(self) -> str:
        """Return how many of those asked have answered."""
        return t("polls.answered", n=self.view.answered, of=self.view.asked)
