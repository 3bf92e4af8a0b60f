"""How many statements reach the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from samsyn.core.database import SessionFactory


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach the database."""
    engine = SessionFactory.kw["bind"]
    assert isinstance(engine, Engine)
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
