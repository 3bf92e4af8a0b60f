"""The review of the log as files: a month's sample with what was said, and the alarms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from samsyn.access.rules import Role
from samsyn.core.paging import MOST, Seek
from samsyn.core.uow import UnitOfWork
from samsyn.reviews.queries import get_month
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import Listing
from samsyn.web.pages.log_alarms import AlarmQuery, AlarmRow, found_alarms
from samsyn.web.pages.log_sample import SampleQuery, SampleRow, found_sample
from samsyn.web.shell import t


def read_sample(uow: UnitOfWork, query: SampleQuery) -> Sequence[SampleRow]:
    """In the order in which it was drawn: the lines of the month that is named, as on the page; without one none."""
    return found_sample(uow, get_month(uow, query.day()).month) if query.month else []


def read_alarms(uow: UnitOfWork, query: AlarmQuery) -> Sequence[AlarmRow]:
    """The page's first ones."""
    return found_alarms(uow, query.which, Seek(MOST)).items


LOG_SAMPLE: Final[Listing[SampleQuery, SampleRow]] = Listing(
    name="log_sample",
    path="/audit/sample",
    query=SampleQuery,
    read=read_sample,
    roles=(Role.LOG_REVIEWER,),
    columns=(
        Column("n", "log_review.column.n", Kind.NUMBER, lambda row: row.line.position),
        Column("at", "trail.column.at", Kind.DATETIME, lambda row: row.at),
        Column("who", "trail.column.who", Kind.TEXT, lambda row: row.log.who if row.log else ""),
        Column("what", "trail.column.what", Kind.TEXT, lambda row: row.log.what if row.log else ""),
        Column("object", "trail.column.object", Kind.IDENTITY, lambda row: row.log.line.object_id if row.log else ""),
        Column("why", "trail.column.why", Kind.TEXT, lambda row: row.log.why if row.log else ""),
        Column(
            "verdict",
            "log_review.column.verdict",
            Kind.TEXT,
            lambda row: t(f"log_review.verdict.{row.line.verdict}") if row.line.verdict else "",
        ),
        Column("note", "log_review.column.note", Kind.TEXT, lambda row: row.line.note or ""),
        Column("ticked_by", "log_review.column.by", Kind.TEXT, lambda row: row.ticked_by),
        Column("ticked_at", "log_review.column.ticked_at", Kind.DATETIME, lambda row: row.line.ticked_at),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.line.audit_id, machine=True),
    ),
)
LOG_ALARMS: Final[Listing[AlarmQuery, AlarmRow]] = Listing(
    name="log_alarms",
    path="/audit/alarms",
    query=AlarmQuery,
    read=read_alarms,
    roles=(Role.LOG_REVIEWER,),
    columns=(
        Column("at", "trail.column.at", Kind.DATETIME, lambda row: row.line.starts_at),
        Column("who", "trail.column.who", Kind.TEXT, lambda row: row.who),
        Column("what", "trail.column.what", Kind.TEXT, lambda row: row.what),
        Column("n", "log_review.column.count", Kind.NUMBER, lambda row: row.line.n),
        Column("usual", "log_review.column.usual", Kind.NUMBER, lambda row: row.line.usual),
        Column(
            "handling",
            "log_review.column.handling",
            Kind.TEXT,
            lambda row: t(f"log_review.handling.{row.line.handling}") if row.line.handling else "",
        ),
        Column("note", "log_review.column.note", Kind.TEXT, lambda row: row.line.note or ""),
        Column("handled_by", "log_review.column.by", Kind.TEXT, lambda row: row.handled_by),
        Column("handled_at", "log_review.column.handled_at", Kind.DATETIME, lambda row: row.line.handled_at),
        Column("alarm", "trail.column.action", Kind.TEXT, lambda row: row.line.alarm.value, machine=True),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.line.id, machine=True),
    ),
)
