"""What is due and how it is removed, set-based, limited by row-level security and by the holds; one place for both.

The database's own rules (``keeping_kinds``) refuse what these forget: no row goes without a decision or under a hold.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import TextClause, text

from samsyn.core.keeping_kinds import FOLLOWED, HELD_AT_ALL, HELD_BY, SEEN_TO
from samsyn.retention.rules import DataClass

_YEAR: Final = "date_part('year', {at} AT TIME ZONE 'Europe/Stockholm')"
_VISIT_YEAR: Final = _YEAR.format(at="coalesce(v.ended_at, v.ends_at)")
_OF_VISIT: Final = (
    "{table} x JOIN visit v ON v.id = x.visit_id JOIN operation o ON o.id = x.operation_id"
    " AND o.state IN ('closed', 'cancelled', 'aborted')"
)
# A finding goes after its pictures: they would stand there without what they show.
_NO_PICTURES: Final = "NOT EXISTS (SELECT 1 FROM evidence e WHERE e.finding_id = x.finding_id)"
# What everybody may read was decided once, for ever (R15): weeded, it could be decided again with other numbers.
_NOT_PUBLIC: Final = "(SELECT r.* FROM rendering r WHERE r.basis <> 'PUBLIC') x"
_LAST_WORD: Final = _YEAR.format(
    at="greatest(coalesce(v.ended_at, v.ends_at), (SELECT max(w.written_at) FROM {table} w WHERE w.{key} = x.{key}),"
    " {more})"
)
_FINDING_READY: Final = f"{_NO_PICTURES} AND {SEEN_TO.format(key='finding_id').format(t='x')}"
SOURCES: Final[dict[DataClass, tuple[str, str, str, str]]] = {
    DataClass.FINDINGS: (
        _OF_VISIT.format(table="finding"),
        _LAST_WORD.format(table="finding", key="finding_id", more="NULL"),
        HELD_BY.format(t="x"),
        _FINDING_READY,
    ),
    DataClass.PICTURES: (_OF_VISIT.format(table="evidence"), _VISIT_YEAR, HELD_BY.format(t="x"), "true"),
    DataClass.PURCHASES: (_OF_VISIT.format(table="test_purchase"), _VISIT_YEAR, HELD_BY.format(t="x"), "true"),
    DataClass.DOCUMENTS: (_NOT_PUBLIC, _YEAR.format(at="x.at"), HELD_AT_ALL, "true"),
    DataClass.OUTCOMES: (
        _OF_VISIT.format(table="outcome"),
        _LAST_WORD.format(table="outcome", key="outcome_id", more=FOLLOWED.format(t="x")),
        HELD_BY.format(t="x"),
        SEEN_TO.format(key="outcome_id").format(t="x"),
    ),
    DataClass.LETTERS: (
        _OF_VISIT.format(table="result_letter"),
        _LAST_WORD.format(table="result_letter", key="part_id", more="NULL"),
        HELD_BY.format(t="x"),
        "true",
    ),
}
"""From where, the year that it is counted from, whether it is held, what else it waits for."""
KEYS: Final = {
    DataClass.FINDINGS: ("finding", "finding_id", "finding_id, version", "visit_id", "NULL"),
    DataClass.PICTURES: ("evidence", "id", "id", "visit_id", "content_hmac"),
    DataClass.PURCHASES: ("test_purchase", "id", "id", "visit_id", "NULL"),
    DataClass.DOCUMENTS: ("rendering", "id", "id", "NULL", "NULL"),
    DataClass.OUTCOMES: ("outcome", "outcome_id", "outcome_id, version", "visit_id", "NULL"),
    DataClass.LETTERS: ("result_letter", "part_id", "part_id, version", "visit_id", "NULL"),
}
"""Table, what names a thing, its key, its visit, the address of its file."""


def count_by_year(data_class: DataClass) -> TextClause:
    """Return how many things there are by year, how many of them are held, and how many others wait for something."""
    source, year, held, ready = SOURCES[data_class]
    return text(
        f"SELECT {year}::int AS year, count(*) AS n, count(*) FILTER (WHERE {held}) AS held,"  # noqa: S608 - constants
        f" count(*) FILTER (WHERE NOT {held} AND NOT ({ready})) AS waits"
        f" FROM {source} GROUP BY 1 ORDER BY 1"
    )


def remove_chunk(data_class: DataClass) -> TextClause:
    """Return the removal of up to ``:most`` things of years up to ``:last``, with what names them."""
    source, year, held, ready = SOURCES[data_class]
    table, name, key, visit, file = KEYS[data_class]
    keys = ", ".join(f"x.{one.strip()}" for one in key.split(","))
    return text(
        f"WITH due AS MATERIALIZED (SELECT {keys} FROM {source}"  # noqa: S608 - constants
        f" WHERE {year} <= :last AND NOT {held} AND {ready} ORDER BY {keys} LIMIT :most)"
        f" DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM due)"
        f" RETURNING {name} AS id, {visit} AS visit_id, {file} AS file"
    )


ALONE: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('retention ' || (SELECT me())::text, 0))")
"""A hold and a removal never at once: what a hold found standing stays."""
BUSINESSES: Final = text("SELECT DISTINCT business_id FROM visit_target WHERE visit_id = ANY(:visits)")
STILL_USED: Final = text("SELECT DISTINCT content_hmac FROM evidence WHERE content_hmac = ANY(:files)")
