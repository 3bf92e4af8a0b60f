"""Who can when, as strips over each day: drawn for the eye, and the same in words in every cell of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Final

from markupsafe import Markup

from samsyn.planning.iso_week import DAYS
from samsyn.planning.slots.bits import runs_of
from samsyn.planning.slots.grid import A_DAY, HOUR, Grid
from samsyn.planning.slots.search import Question
from samsyn.planning.slots.strips import Strip, at_each_quarter, strips
from samsyn.web.localtime import show_clock, to_local
from samsyn.web.pages.week.words import day_words
from samsyn.web.shell import t

MIDDLE: Final = 6
"""The height at which the lines of a strip lie, which is 12 high."""


CELL: Final = Markup(
    '<td role="cell"><svg class="strip" viewBox="0 0 {width} 12" preserveAspectRatio="none" aria-hidden="true">{lines}'
    '</svg><span class="vh">{words}</span></td>'
)
LINE: Final = Markup('<path class="{state}" d="{where}"/>')


@dataclass(frozen=True, slots=True)
class Row:
    """One that is asked in a week: a cell of each day, and in words at how many of the starts it can for all of it."""

    key: str
    starts: str
    cells: Markup


@dataclass(frozen=True, slots=True)
class WeekOfStrips:
    """A week: its days as (in full, short), and a row of each that is asked; ``offers``: one of its times is shown."""

    first: date
    last: date
    days: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    offers: bool


@dataclass
class Strips:
    """The strips of a search. A clock's quarter from ``begins`` until ``ends`` is drawn of each day."""

    grid: Grid
    asked: Question
    offered: frozenset[date]
    found: list[Strip] = field(init=False)
    frame: int = field(init=False)
    seen: dict[tuple[int, ...], Markup] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.found = list(strips(self.asked))
        self.frame = at_each_quarter(self.asked).frame if self.found else 0
        shown = [self.on_clock(n, run) for n in range(self.grid.days) for run in runs_of(self.of_day(self.frame, n))]
        self.begins = min((first for first, _ in shown), default=0) // HOUR * HOUR
        self.ends = -(-max((last for _, last in shown), default=A_DAY) // HOUR) * HOUR

    @property
    def width(self) -> int:
        """How many quarters wide a day is drawn."""
        return self.ends - self.begins

    @property
    def hours(self) -> tuple[str, str]:
        """The clock's hours from and until which a day is drawn."""
        return f"{self.begins // HOUR:02}", f"{self.ends // HOUR:02}"

    @property
    def weeks(self) -> Iterator[WeekOfStrips]:
        """The weeks in which it may be at all, with the days on which it may."""
        for first in range(0, self.grid.days, DAYS):
            days = [n for n in range(first, min(first + DAYS, self.grid.days)) if self.of_day(self.frame, n)]
            if days:
                yield self.week(first, days)

    def week(self, first: int, days: list[int]) -> WeekOfStrips:
        """Return one week."""
        mask = reduce(or_, (self.all_day(n) << self.grid.midnights[n] for n in days))
        tried = (self.asked.frame & mask).bit_count()
        dates = [self.grid.first + timedelta(days=n) for n in days]
        rows = tuple(
            Row(
                one.key,
                t("times.strip.starts", n=(one.starts & mask).bit_count(), tried=tried),
                Markup().join(self.cell(one, n) for n in days),
            )
            for one in self.found
        )
        begins = self.grid.first + timedelta(days=first)
        said = tuple((day_words(day), f"{day_words(day, 'EEE')} {day.day}") for day in dates)
        return WeekOfStrips(begins, begins + timedelta(days=DAYS - 1), said, rows, not self.offered.isdisjoint(dates))

    def cell(self, one: Strip, n: int) -> Markup:
        """Return one that is asked on one day; days that look the same are drawn once."""
        frame, maybe, sure = (self.of_day(bits, n) for bits in (self.frame, one.maybe, one.sure))
        length = self.all_day(n).bit_length()
        key = (frame, maybe, sure, n if length != A_DAY else -1)
        if key not in self.seen:
            self.seen[key] = self.drawn(n, {"free": sure, "unknown": maybe & ~sure, "busy": frame & ~maybe})
        return self.seen[key]

    def drawn(self, n: int, of_state: Mapping[str, int]) -> Markup:
        """Return the cell of some quarters of a day."""
        lines, words = [], []
        for state, bits in of_state.items():
            if bits:
                runs = list(runs_of(bits))
                ends = [self.on_clock(n, one) for one in runs]
                lines.append(LINE.format(state=state, where="".join(self.line(*one) for one in ends)))
                if state != "busy":
                    words.append(t(f"times.strip.{state}", when=", ".join(self.said(n, one) for one in runs)))
        said = "; ".join(words) or t("times.strip.busy")
        return CELL.format(width=self.width, lines=Markup().join(lines), words=said)

    def line(self, first: int, last: int) -> str:
        """Return a line as a path draws it; in the hour that comes twice in autumn it may end before it begins."""
        return f"M{first - self.begins} {MIDDLE}H{max(last, first + 1) - self.begins}"

    def all_day(self, n: int) -> int:
        """Return every quarter of a day, counted from its midnight."""
        return (1 << (self.grid.midnights[n + 1] - self.grid.midnights[n])) - 1

    def of_day(self, bits: int, n: int) -> int:
        """Return what of some quarters lies in a day, counted from its midnight."""
        return bits >> self.grid.midnights[n] & self.all_day(n)

    def on_clock(self, n: int, run: tuple[int, int]) -> tuple[int, int]:
        """Return from and until which quarter of the clock a run of a day is; midnight at its end is the day's end."""
        first, last = run
        if self.all_day(n).bit_length() == A_DAY:
            return run
        return self.clock(n, first), self.clock(n, last) or A_DAY

    def clock(self, n: int, quarter: int) -> int:
        """Return the quarter that the clock shows."""
        local = to_local(self.moment(n, quarter))
        return local.hour * HOUR + local.minute // 15

    def moment(self, n: int, quarter: int) -> datetime:
        """Return when a quarter of a day begins."""
        return self.grid.moment(self.grid.midnights[n] + quarter)

    def said(self, n: int, run: tuple[int, int]) -> str:
        """Return a run as "08:00–12:00"."""
        return "–".join(show_clock(self.moment(n, one)) for one in run)
