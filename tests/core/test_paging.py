"""Pages: a bounded limit, and a cursor that only we can have made."""

from __future__ import annotations

import base64
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.core.errors import InvalidError
from samsyn.core.paging import MOST, Seek, cut


@settings(deadline=None)
@given(rows=st.lists(st.integers(0, 10**6), unique=True), limit=st.integers(1, 20))
def test_walking_the_pages_gives_every_row_once_in_order(rows: list[int], limit: int) -> None:
    seen: list[int] = []
    rows, cursor = sorted(rows), None
    while True:
        seek = Seek.parse(limit, cursor, width=1)
        rest = [row for row in rows if not seek.after or row > int(seek.after[0])]
        page = cut(rest[: seek.limit + 1], seek, lambda row: (str(row),))
        seen += page.items
        assert len(page.items) <= limit
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == rows


@pytest.mark.parametrize(("asked", "given_"), [(None, 50), (0, 50), (-3, 1), (1, 1), (200, 200), (10**9, MOST)])
def test_the_limit_is_bounded(asked: int | None, given_: int) -> None:
    assert Seek.parse(asked, None).limit == given_


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "å", "====", "\x00", base64.urlsafe_b64encode(b"\xff\xfe").decode()),
        *map(packed, ("a", ["a"], [1, 2], ["a", "b", "c"], ["a", "\0"], {"a": "b"}, None, [["a"], "b"])),
    ],
)
def test_a_cursor_that_we_did_not_make_is_named_as_the_fault(cursor: str) -> None:
    with pytest.raises(InvalidError) as refused:
        Seek.parse(10, cursor)
    assert set(refused.value.fields) == {"cursor"}


@settings(deadline=None)
@given(st.text())
def test_no_text_as_a_cursor_is_more_than_a_refusal(cursor: str) -> None:
    with suppress(InvalidError):
        assert len(Seek.parse(10, cursor).after) in (0, 2)
