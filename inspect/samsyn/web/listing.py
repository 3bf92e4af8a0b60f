"""Lists of the API: ``limit`` and ``cursor`` in, ``{"items": [...], "next_cursor": ...}`` out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, ClassVar, Final, Literal, TypeVar

from pydantic import Field, StringConstraints

from samsyn.core.paging import MOST, Page, Seek, cut
from samsyn.web.parsing import Body

T = TypeVar("T")
ALL: Final = 10_000
"""More than any register of authorities, units or colleagues holds; those lists are cut here, not in SQL."""


Cursor = Annotated[str, StringConstraints(max_length=500, pattern=r"^[A-Za-z0-9_=-]*$")]


class PageQuery(Body):
    """Where a list goes on."""

    saved: ClassVar[bool] = False
    limit: int = Field(default=50, ge=1, le=MOST)
    cursor: Cursor | None = None
    lang: Literal["sv", "en"] | None = None

    def seek(self, width: int = 2) -> Seek:
        """Return where to go on; ``InvalidError`` for a cursor that we did not make."""
        return Seek.parse(self.limit, self.cursor, width)


def listed(page: Page[T]) -> dict[str, object]:
    """Return a page as the answer that its output model takes."""
    return {"items": list(page.items), "next_cursor": page.next_cursor}


def cut_here(rows: Sequence[T], query: PageQuery, key: Callable[[T], tuple[str, str]]) -> dict[str, object]:
    """Cut a short list that was read whole; the order is that of ``key``, which must be unique."""
    seek = query.seek()
    rest = sorted((row for row in rows if key(row) > seek.after), key=key)
    return listed(cut(rest[: seek.limit + 1], seek, key))
