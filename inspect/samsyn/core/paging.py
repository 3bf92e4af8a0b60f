"""Pages of a list: a limit of at most 200 and an opaque cursor, so that no list is endless."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from samsyn.core.errors import InvalidError

MOST: Final = 200
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seek:
    """Where to go on: ``after`` holds the sort values of the last row that was seen, as text."""

    limit: int = 50
    after: tuple[str, ...] = ()

    @classmethod
    def parse(cls, limit: int | None, cursor: str | None, width: int = 2) -> Seek:
        """Read what a caller sent; raise ``InvalidError`` for a cursor that we did not make."""
        if not cursor:
            return cls(min(max(limit or 50, 1), MOST))
        try:
            values = json.loads(
                base64.urlsafe_b64decode(
                    cursor.encode("ascii"),
                )
            )
        except (binascii.Error, ValueError) as error:
            raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]}) from error
        # PostgreSQL keeps no NUL in a text: such a value was never ours.
        ours = isinstance(values, list) and all(isinstance(v, str) and "\0" not in v for v in values)
        if not ours or len(values) != width:
            raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]})
        return cls(min(max(limit or 50, 1), MOST), tuple(values))


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows and, where there are more, how to ask for them."""

    items: Sequence[T]
    next_cursor: str | None


def cut(rows: Sequence[T], seek: Seek, key: Callable[[T], tuple[str, ...]]) -> Page[T]:
    """Make a page of up to ``limit + 1`` rows that were read."""
    if len(rows) <= seek.limit:
        return Page(rows, None)
    kept = rows[: seek.limit]
    cursor = base64.urlsafe_b64encode(json.dumps(key(kept[-1])).encode()).decode("ascii")
    return Page(kept, cursor)
