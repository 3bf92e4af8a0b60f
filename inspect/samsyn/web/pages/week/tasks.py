"""What is to be done about the week: clashes with their remedies, missing answers, invitations on their way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from flask import current_app

from samsyn.calendars.queries import SentLine
from samsyn.calendars.rules import Happened
from samsyn.operations.queries import OperationCard
from samsyn.operations.queries.period import AskedLine
from samsyn.operations.rules import BEFORE_ONGOING, AssignmentState
from samsyn.planning.clashes import Clash, ClashKind, goers_of
from samsyn.planning.queries import WeekRead
from samsyn.web.localtime import day_of
from samsyn.web.pages.week.cells import Action, Sendings, Task
from samsyn.web.pages.week.fixes import fix_of
from samsyn.web.pages.week.joint import say_clash, silent_people, waits
from samsyn.web.pages.week.naming import Names
from samsyn.web.pages.week.words import day_words, when
from samsyn.web.shell import t

REASONS: Final = ("no_address", "invalid", "gave_up", "bounced")
REMIND: Final = "/operations/<uuid:operation_id>/people/<uuid:assignment_id>/remind"
PERSONAL: Final = frozenset({ClashKind.LEAVE, ClashKind.SHIFT_ENDS, ClashKind.BUSY})


def leads(read: WeekRead, operation: OperationCard) -> bool:
    """Say whether the viewer may move the operation and ask people."""
    return read.plans and operation.lead_id == read.viewer.authority_id and operation.state in BEFORE_ONGOING


def clash_tasks(read: WeekRead, names: Names, clashes: Mapping[UUID, Sequence[Clash]], most: int) -> list[Task]:
    """Return the operations that something stands in the way of, by start; the first ``most`` of them."""
    shown = [(one, found) for one in read.operations if (found := clashes.get(one.id))][:most]
    return [
        Task(
            title=f"{names.title(one)}, {when((one.starts_at, one.ends_at))}",
            href=f"/operations/{one.id}",
            says=[say_clash(names, clash) for clash in found],
            actions=remedies(read, names, one, found),
            fix=fix_of(read, names, one, found),
        )
        for one, found in shown
    ]


def remedies(read: WeekRead, names: Names, operation: OperationCard, clashes: Sequence[Clash]) -> list[Action]:
    """Return the forms that help, as far as the viewer may use them; at the least the operation itself."""
    found: dict[str, str] = {}
    for clash in clashes:
        mine = read.plans and clash.authority_id == read.viewer.authority_id
        if clash.kind in PERSONAL and mine and clash.person_id and clash.authority_id:
            who = names.person(clash.person_id, clash.authority_id) or t("week.somebody").lower()
            found[f"/bookings/{clash.assignment_id}/replace"] = t("week.act.replace", person=who)
        if clash.kind is ClashKind.TOO_FEW and (mine or leads(read, operation)):
            who = names.authorities.get(clash.authority_id, "") if clash.authority_id else ""
            found[f"/operations/{operation.id}/people/new?authority={clash.authority_id}"] = t("week.act.ask", who=who)
        if clash.kind is ClashKind.DANGER:
            found[f"/operations/{operation.id}#people"] = t("week.act.people")
    if leads(read, operation):
        at = f"/operations/{operation.id}"
        found = {f"{at}/times": t("times.link"), f"{at}/move": t("week.act.move"), **found}
    return [Action(href, words) for href, words in found.items()] or [
        Action(f"/operations/{operation.id}", t("week.act.open"))
    ]


def waited_for(read: WeekRead) -> list[tuple[OperationCard, AskedLine]]:
    """Return who keeps which operation waiting, by the operation's start."""
    return [
        (operation, asked)
        for operation in read.operations
        if operation.state in BEFORE_ONGOING and operation.ends_at > read.now
        for asked in read.asked.get(operation.id, ())
        if waits(read, operation, asked)
    ]


def waiting_tasks(
    read: WeekRead, names: Names, waited: Sequence[tuple[OperationCard, AskedLine]], sent: Sequence[SentLine]
) -> list[Task]:
    """Return those who are waited for in words, and since when as far as that is known."""
    told = {(one.operation_id, one.person_id): one for one in sent}
    return [
        waiting(
            read,
            names,
            operation,
            asked,
            [told.get((operation.id, one)) for one in silent_people(read, operation, asked)],
        )
        for operation, asked in waited
    ]


def waiting(
    read: WeekRead,
    names: Names,
    operation: OperationCard,
    asked: AskedLine,
    sent: Sequence[SentLine | None],
) -> Task:
    """Return one that has not answered: a part, or people who were invited."""
    span = (operation.starts_at, operation.ends_at)
    href = f"/operations/{operation.id}#people"
    if sent:
        since = min((one.written_at for one in sent if one), default=None)
        says = [
            t("week.waits.sent", n=len(sent), day=day_words(day_of(since), "EEEE d MMMM"))
            if since
            else t("week.waits.unsent", n=len(sent))
        ]
    else:
        says = [t("week.waits.part")]
    return Task(
        title=names.title(operation),
        href=href,
        says=[*says, t("week.waits.when", when=when(span), day=day_words(day_of(span[0]), "d MMMM"))],
        actions=[Action(remind_path(href, operation, asked, read), t("week.act.remind"))]
        if leads(read, operation) and sent
        else [],
        who=names.asked(asked.authority_id, asked.unit_id),
    )


def remind_path(otherwise: str, operation: OperationCard, asked: AskedLine, read: WeekRead) -> str:
    """Return the form that reminds the one silent person; for several, or without such a form, the operation's page."""
    silent = [one for one in goers_of(read, asked) if one.state is AssignmentState.ASKED]
    if len(silent) == 1 and any(rule.rule == REMIND for rule in current_app.url_map.iter_rules()):
        return f"/operations/{operation.id}/people/{silent[0].assignment_id}/remind"
    return otherwise


def sendings(names: Names, sent: Sequence[SentLine]) -> Sendings | None:
    """Return how the week's invitations fare; nothing where none is written."""
    if not sent:
        return None
    refused = [
        t("week.sent.refused", who=names.person(one.person_id, one.to_id) or t("week.somebody"), why=reason(one))
        for one in sent
        if one.happened is Happened.REFUSED
    ]
    return Sendings(
        sent=sum(one.happened in {Happened.ACCEPTED, Happened.UNKNOWN} for one in sent),
        total=len(sent),
        queued=sum(one.happened in {None, Happened.BEGIN} for one in sent),
        refused=refused,
    )


def reason(line: SentLine) -> str:
    """Return why a message was refused, in words where we have them."""
    if line.reason in REASONS:
        return t(f"operations.why.{line.reason}")
    return t("operations.sent.reason", code=line.reason or "?")
