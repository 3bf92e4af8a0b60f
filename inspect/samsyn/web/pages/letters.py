"""Letters to a business: looked at, changed, saved as a version, opened as a PDF; before a visit and after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from flask import Response, make_response, request

from samsyn.authorities.queries import authority_names
from samsyn.core.errors import GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.findings.queries import findings_of_visit
from samsyn.letters.drafts import Facts, Going, draft_after, draft_before
from samsyn.letters.queries import notice_of, result_of
from samsyn.letters.rules import AFTER, BEFORE, Saved, Words, why_no_letter
from samsyn.letters.service import save_notice, save_result
from samsyn.operations.queries import (
    OperationCard,
    PartCard,
    TargetLine,
    VisitLine,
    get_operation,
    get_part,
    get_visit,
    parts_of,
    targets_of,
)
from samsyn.operations.rules import VisitState
from samsyn.records.packing.document import Document, Part, render
from samsyn.texts import LANGUAGES, say
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.pages.operation_page import led
from samsyn.web.parsing import Body, Line, Moment, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("letters")
SAVED: Final = "saved"


class LetterForm(Body):
    """What stands below every letter."""

    language: Literal["sv", "en"]
    sent_on: date | None = None
    receipt: Line | None = None
    contact: Prose


class NoticeForm(LetterForm):
    """A letter before a visit."""

    who: Prose
    why: Prose
    law: Prose
    ready: Prose
    new_time_at: Moment | None = None


class ResultForm(LetterForm):
    """A letter after a visit."""

    was: Prose
    seen: Prose
    next: Prose
    say: Prose


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as its page shows it: the words that are saved, else a draft; ``why``: no letter, and why not."""

    operation: OperationCard
    visit: VisitLine
    target: TargetLine | None
    parts: Sequence[PartCard]
    names: Mapping[UUID, str]
    me: UUID
    saved: Saved | None
    content: Mapping[str, str]
    language: str
    at: datetime
    why: tuple[str, ...] = ()


def asked_language() -> str:
    """Return the language that a new draft is asked for in; Swedish, unless the address says otherwise."""
    wanted = request.args.get("letter", "")
    return wanted if wanted in LANGUAGES else "sv"


def facts_of(shown: Shown, language: str, parts: Sequence[PartCard]) -> Facts:
    """Return what a draft is made of; the parts that said no, or were taken back, do not come."""
    coming = [one for one in parts if not one.withdrawn and one.accepted]
    going = tuple(Going(shown.names.get(p.authority_id, ""), p.fields, p.legal_basis or "") for p in coming)
    place, address = (shown.target.name, shown.target.address) if shown.target else ("", "")
    return Facts(language, shown.names.get(shown.me, ""), place, address, shown.visit.starts_at, going)


def read_notice(uow: UnitOfWork, visit_id: UUID) -> Shown:
    """Return the letter before a visit; refused for all but the lead's planners."""
    visit = get_visit(uow, visit_id)
    operation = led(uow, visit.operation_id)
    target = targets_of(uow, operation.id).get(visit_id)
    if target is None:
        raise NotAllowedError("where it goes is not open to you")
    parts = [part for part in parts_of(uow, operation.id) if part.visit_id == visit_id]
    why = why_no_letter(operation.state, announced=target.announced, parts=parts)
    saved = notice_of(uow, visit_id)
    return shown_of(uow, (operation, visit, target, parts), saved, why)


def read_result(uow: UnitOfWork, part_id: UUID) -> Shown:
    """Return the own letter after a visit; reading it, or a draft with findings, leaves a line in the trail."""
    part = get_part(uow, part_id)
    if part.authority_id != uow.me:
        raise NotFoundError("no such part of yours")
    visit, operation = get_visit(uow, part.visit_id), get_operation(uow, part.operation_id)
    parts = [one for one in parts_of(uow, operation.id) if one.visit_id == visit.id]
    target = targets_of(uow, operation.id).get(visit.id)
    why = () if visit.state is not VisitState.PLANNED else ("visit",)
    saved = result_of(uow, part_id)
    return shown_of(uow, (operation, visit, target, parts), saved, why, part)


def shown_of(
    uow: UnitOfWork,
    about: tuple[OperationCard, VisitLine, TargetLine | None, Sequence[PartCard]],
    saved: Saved | None,
    why: tuple[str, ...],
    part: PartCard | None = None,
) -> Shown:
    """Return a letter with the words that are saved; a draft where nothing is, or another language is asked for.

    A draft after a visit holds the own findings of the part alone.
    """
    operation, visit, target, parts = about
    assert uow.me is not None  # noqa: S101  a guarded page
    names = authority_names(uow, {one.authority_id for one in parts} | {uow.me})
    language = saved.language if saved and "letter" not in request.args else asked_language()
    bare = Shown(operation, visit, target, parts, names, uow.me, saved, {}, language, uow.now, why)
    fresh = saved is None or "letter" in request.args
    if saved and not fresh:
        content: Mapping[str, str] = saved.content
    elif why:
        content = {}
    elif part is None:
        content = draft_before(facts_of(bare, language, parts))
    else:
        own = [one for one in findings_of_visit(uow, visit.id, language) if one.part_id == part.id]
        content = draft_after(facts_of(bare, language, parts), own)
    return Shown(operation, visit, target, parts, names, uow.me, saved, content, language, uow.now, why)


def show(shown: Shown, sections: tuple[str, ...], action: str, form: Form[Any] | None = None) -> str:
    """Render a letter to look at and change, or why there is none."""
    saved = shown.saved
    first: dict[str, object] = {**{name: shown.content.get(name, "") for name in sections}, "language": shown.language}
    if saved:
        first |= {"sent_on": saved.sent_on, "receipt": saved.receipt, "new_time_at": saved.new_time_at}
    kind = "before" if sections is BEFORE else "after"
    labels = {name: t(f"letters.heading.{name}") for name in sections}
    labels |= {"sent_on": t("letters.sent_on"), "receipt": t("letters.receipt"), "new_time_at": t("letters.new_time")}
    reasons = [
        (shown.names.get(one.authority_id, ""), one.no_notice_reason or t("letters.no_reason"))
        for one in shown.parts
        if one.announced is False and not one.withdrawn
    ]
    more: dict[str, Any] = {"kind": kind, "sections": sections, "action": action, "labels": labels, "reasons": reasons}
    more["just_saved"] = SAVED in request.args
    return page("letters/letter.html.j2", op=shown.operation, shown=shown, form=form or new_form(first), **more)


def as_pdf(shown: Shown, sections: tuple[str, ...]) -> Response:
    """Return the letter as a tagged PDF; its name tells nothing of the business."""
    if shown.why and shown.saved is None:
        raise GateClosedError("there is no letter", shown.why)
    language = shown.language

    def words(key: str) -> str:
        return say(language, f"letters.{key}")

    def lines(name: str) -> list[str]:
        return [line for line in shown.content.get(name, "").splitlines() if line.strip()]

    place = ", ".join((shown.target.name, shown.target.address)) if shown.target else ""
    sender = shown.names.get(shown.me, "")
    parts = [Part(words(f"heading.{name}"), lines(name)) for name in sections]
    about = [(words("to"), place), (words("from"), sender)]
    title = words(f"heading.{sections[0]}")
    body = render(Document(language, words("kind"), title, sender, about, parts, shown.at))
    answer = make_response(body)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = 'inline; filename="samsyn-brev.pdf"'
    return answer


def words_of(asked: LetterForm, sections: tuple[str, ...], seen: int) -> Words:
    """Return what was typed as the service takes it."""
    content = {name: getattr(asked, name).replace("\r\n", "\n") for name in sections}
    new_time_at = asked.new_time_at if isinstance(asked, NoticeForm) else None
    return Words(asked.language, content, asked.sent_on, asked.receipt, new_time_at, seen)


def seen_letter() -> int:
    """Return the version of the letter that the person saw; 0 where none was saved."""
    typed = request.form.get("version", "0")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < len(str(10**9)) else 0


def answered(read: Any, sections: tuple[str, ...], key: UUID, action: str, form: Form[Any] | None = None) -> Any:
    """Return a letter's page, or with ``as=pdf`` in the address its PDF."""
    with unit_of_work(current_viewer()) as uow:
        shown = read(uow, key)
    if form is None and request.args.get("as") == "pdf":
        return as_pdf(shown, sections)
    return show(shown, sections, action, form)


@blueprint.get("/visits/<uuid:visit_id>/letter")
@guarded("planner")
def get_notice(visit_id: UUID) -> Any:
    """The letter before an announced visit, or why there is none."""
    return answered(read_notice, BEFORE, visit_id, f"/visits/{visit_id}/letter")


@blueprint.post("/visits/<uuid:visit_id>/letter")
@guarded("planner")
def post_notice(visit_id: UUID) -> Response:
    """Save it as a new version."""
    path, seen = f"/visits/{visit_id}/letter", seen_letter()

    def make(uow: UnitOfWork, asked: NoticeForm) -> str:
        save_notice(uow, visit_id, words_of(asked, BEFORE, seen))
        return f"{path}?{SAVED}=1"

    return answer_form(NoticeForm, make, lambda form: answered(read_notice, BEFORE, visit_id, path, form))


@blueprint.get("/parts/<uuid:part_id>/letter")
@guarded("planner", "inspector", "decider")
def get_result(part_id: UUID) -> Any:
    """The own authority's letter after a visit (logged)."""
    return answered(read_result, AFTER, part_id, f"/parts/{part_id}/letter")


@blueprint.post("/parts/<uuid:part_id>/letter")
@guarded("planner", "inspector", "decider")
def post_result(part_id: UUID) -> Response:
    """Save it as a new version."""
    path, seen = f"/parts/{part_id}/letter", seen_letter()

    def make(uow: UnitOfWork, asked: ResultForm) -> str:
        save_result(uow, part_id, words_of(asked, AFTER, seen))
        return f"{path}?{SAVED}=1"

    return answer_form(ResultForm, make, lambda form: answered(read_result, AFTER, part_id, path, form))
