"""The log as the own authority's log reviewer reads it: who did and read what, and whether the chain holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import StringConstraints

from samsyn.access.queries import list_staff, staff_names
from samsyn.access.rules import Role
from samsyn.audit.queries import AuditFilter, AuditLine, SealCard, list_audit, seal_card
from samsyn.audit.rules import BY_COMMAND, GROUPS
from samsyn.authorities.queries import authority_names
from samsyn.core.errors import InvalidError
from samsyn.core.home import HOME
from samsyn.core.paging import Page, Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.texts import has
from samsyn.web.forms import new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("trail")
FIELDS: Final = ("person", "action", "object", "reason", "since", "until")
LATE: Final = timedelta(seconds=30)
"""So late the sealing may be before the page says so."""
Short = Annotated[str, StringConstraints(max_length=100)]


class LogQuery(PageQuery):
    """What of the log is looked for; an empty field asks nothing."""

    person: Short = ""
    action: Short = ""
    object: Short = ""
    reason: Short = ""
    since: Short = ""
    until: Short = ""

    def kept(self) -> dict[str, str]:
        """Return the filters that are set."""
        return {name: value for name in FIELDS if (value := getattr(self, name))}

    def wanted(self) -> AuditFilter:
        """Return what is asked of the trail; ``InvalidError`` names the field that cannot be read."""
        until = day("until", self.until)
        return AuditFilter(
            person_id=key("person", self.person),
            object_id=key("object", self.object),
            action=self.action,
            reason=self.reason,
            since=midnight(day("since", self.since)),
            until=midnight(until + timedelta(days=1) if until else None),
        )


def key(name: str, said: str) -> UUID | None:
    """Read an id."""
    try:
        return UUID(said) if said else None
    except ValueError:
        raise InvalidError("no id", fields={name: [t("trail.no_id")]}) from None


def day(name: str, said: str) -> date | None:
    """Read a day."""
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise InvalidError("no day", fields={name: [t("trail.no_day")]}) from None


def midnight(when: date | None) -> datetime | None:
    """Return the beginning of a day in Sweden."""
    return datetime.combine(when, time(), HOME).astimezone(UTC) if when else None


@dataclass(frozen=True, slots=True)
class LogRow:
    """An act in words: when, who for which authority, what, with which id, why."""

    line: AuditLine
    who: str
    authority: str
    what: str
    why: str


def rows_of(uow: UnitOfWork, lines: Sequence[AuditLine]) -> list[LogRow]:
    """Put names and words to acts; two statements, however many there are."""
    names = staff_names(uow, {line.actor_person_id for line in lines if line.actor_person_id})
    authorities = authority_names(uow, {line.actor_authority_id for line in lines})
    return [
        LogRow(
            line,
            names.get((line.actor_person_id, line.actor_authority_id), t("trail.unnamed"))
            if line.actor_person_id
            else t("trail.system"),
            authorities.get(line.actor_authority_id, ""),
            action_words(line.action),
            reason_words(line.reason or ""),
        )
        for line in lines
    ]


def action_words(action: str) -> str:
    """Return an action in words; one that has none yet as it is written."""
    name = f"trail.action.{action.replace('.', '_')}"
    return t(name) if has(name) else action


def reason_words(reason: str) -> str:
    """Return a reason in words where it is a refusal's or says that a command did it; a code as it is."""
    code, _, where = reason.partition(" ")
    name = "trail.by_command" if code == BY_COMMAND else f"trail.refused.{code}"
    return f"{t(name)} {where}".strip() if has(name) else reason


def found_log(uow: UnitOfWork, query: LogQuery, seek: Seek) -> Page[LogRow]:
    """Return what page and files show."""
    found = list_audit(uow, seek, query.wanted())
    return Page(rows_of(uow, found.items), found.next_cursor)


def action_choices(asked: str) -> list[tuple[str, str]]:
    """Return the groups of actions to choose from, and the single action that a link asked for."""
    groups = [(name, t(f"trail.group.{name}")) for name in GROUPS]
    known = has(f"trail.action.{asked.replace('.', '_')}")
    return [*groups, (asked, action_words(asked))] if known and asked not in GROUPS else groups


def chain_words(state: SealCard, now: datetime) -> tuple[str, str, str]:
    """Return how the chain stands: a colour, an icon, a sentence."""
    if state.check_fault:
        return "danger", "warn", t("trail.chain.bent", fault=t(f"trail.fault.{state.check_fault}"))
    last = state.waiting_since or state.sealed_at
    if last is None or now - last > LATE:
        return "warning", "clock", t("trail.chain.late")
    return "success", "check", t("trail.chain.good" if state.checked_at else "trail.chain.unchecked")


@blueprint.get("/audit")
@guarded(Role.LOG_REVIEWER)
@blueprint.input(LogQuery, location="query", arg_name="query")
def get_log(query: LogQuery) -> str:
    """The log, newest first; a filter that cannot be read is said beside its field and asks nothing."""
    faults: dict[str, Any] = {}
    with unit_of_work(current_viewer()) as uow:
        found: Page[LogRow]
        try:
            found = found_log(uow, query, query.seek())
        except InvalidError as error:
            faults, found = dict(error.fields), Page([], None)
        people = [(str(one.person_id), one.shown_name) for one in list_staff(uow, uow.me)]
        state = seal_card(uow)
        chain = chain_words(state, uow.now)
    return page(
        "trail/list.html.j2",
        rows=found.items,
        cursor=found.next_cursor,
        kept=query.kept(),
        form=new_form({name: getattr(query, name) for name in FIELDS}),
        faults=faults,
        people=people,
        actions=action_choices(query.action),
        state=state,
        chain=chain,
    )
