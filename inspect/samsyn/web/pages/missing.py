"""What a gate wants, as sentences with a way to the field that mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from samsyn.operations.queries import PartCard, PersonLine
from samsyn.operations.rules import AssignmentState
from samsyn.texts import has
from samsyn.web.identity import current_language
from samsyn.web.localtime import show_moment
from samsyn.web.pages.operation_view import OperationView
from samsyn.web.shell import t


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing; ``href`` leads to where it is mended, or is empty where nobody here can.

    ``mend`` names the button's words (``operation.mend.<mend>``); ``press``: it is a form to send, not a link.
    ``details`` say how it came to that.
    """

    text: str
    href: str = ""
    mend: str = ""
    press: bool = False
    details: tuple[str, ...] = ()
    refused: bool = False


def missing_lines(view: OperationView, codes: Sequence[str]) -> list[Missing]:
    """Return a sentence per missing thing, in the gate's order; what one part lacks is one sentence.

    So is what several parts of one authority lack alike, where the viewer can answer for none of them.
    """
    grouped: dict[str, list[str]] = {}
    for code in sorted(codes, key=lambda code: evening(view, code)):
        kind, _, rest = code.partition(":")
        head, _, what = rest.partition(":")
        grouped.setdefault(f"{kind}:{head}", []).append(what)
    lines = []
    for key, whats in alike(view, grouped).items():
        kind, _, subject = key.partition(":")
        lines += SENTENCES.get(kind, of_operation)(view, kind, subject, whats)
    return lines


def alike(view: OperationView, grouped: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Put what several parts of one other authority lack under the first of them: ``part:<id>,<id>``."""
    parts = {f"part:{part.id}": part for part in view.seen.parts}
    firsts: dict[tuple[object, ...], list[str]] = {}
    for key, whats in grouped.items():
        part = parts.get(key)
        others = part is not None and not view.may.answer(part) and not view.may.hand_in(part)
        same = (part.authority_id, part.accepted, *whats) if part is not None and others else (key,)
        firsts.setdefault(same, []).append(key)
    return {
        ",".join([keys[0], *(key.partition(":")[2] for key in keys[1:])]): grouped[keys[0]] for keys in firsts.values()
    }


def evening(view: OperationView, code: str) -> int:
    """Return where in the order of visits a missing thing belongs; 0 for what belongs to none."""
    kind, _, rest = code.partition(":")
    subject = rest.partition(":")[0]
    if kind == "part":
        return next((view.number(part.visit_id) for part in view.seen.parts if str(part.id) == subject), 0)
    return view.number(UUID(subject)) if kind == "visit" else 0


def of_part(view: OperationView, _kind: str, subject: str, whats: Sequence[str]) -> list[Missing]:
    """Say what an authority has not said, or not handed in; ``subject``: one part or several that lack the same."""
    found = [part for part in view.seen.parts if str(part.id) in subject.split(",")]
    part = next(iter(found), None)
    if part is None:
        return [Missing(t("operations.missing.hidden_part"))]
    said_no = "accepted" in whats and part.accepted is False
    visits = sorted({view.number(one.visit_id) for one in found})
    words = [t(f"operations.missing.part_{what}") for what in whats]
    text = t(
        ("operations.missing.part_no" if said_no else "operations.missing.part") + ("_many" if len(visits) > 1 else ""),
        authority=view.name(part.authority_id),
        n=", ".join(map(str, visits)),
        what=", ".join(words),
    )
    href, mend = where_part(view, part, whats)
    return [Missing(text, href, mend)]


def where_part(view: OperationView, part: PartCard, whats: Sequence[str]) -> tuple[str, str]:
    """Return the form for who may fill it in, and its button's word; else the part's line on the page."""
    if "handed_in" in whats and view.may.hand_in(part):
        return f"/parts/{part.id}/hand-in", "hand_in"
    if "handed_in" not in whats and view.may.answer(part):
        return f"/parts/{part.id}/answer", "answer"
    return f"#part-{part.id}", ""


def of_visit(view: OperationView, _kind: str, subject: str, whats: Sequence[str]) -> list[Missing]:
    """Say that a visit has not ended, or that nobody is asked."""
    visit = next((one for one in view.seen.visits if str(one.id) == subject), None)
    ends = visit is not None and view.may.end(visit)
    forms = {
        "parts": f"/visits/{subject}/parts/new" if view.may.adds else "",
        "ended": f"/visits/{subject}/end" if ends else "",
    }
    n = view.number(UUID(subject))
    return [Missing(t(f"operations.missing.visit_{what}", n=n), forms[what], MENDS[what]) for what in whats]


def of_quorum(view: OperationView, _kind: str, subject: str, _whats: Sequence[str]) -> list[Missing]:
    """Say how many people of an authority are still wanted, who said no or nothing, and what helps."""
    authority_id = UUID(subject)
    line, people = view.quorum(authority_id), view.people_of(authority_id)
    text = t(
        "operations.missing.quorum",
        authority=view.name(authority_id),
        n=view.accepted(authority_id),
        of=line.minimum if line else 1,
    )
    away = [one for one in people if one.state is AssignmentState.DECLINED]
    silent = [one for one in people if one.state is AssignmentState.ASKED]
    details = [*(said_no(view, one) for one in away), *(silent_since(view, one) for one in silent)]
    replaceable = next((one for one in away if view.may.replace(one)), None)
    remind = remind_path(view, silent[0]) if silent and not away else ""
    if replaceable is not None:
        return [Missing(text, f"/bookings/{replaceable.assignment_id}/replace", "replace", False, tuple(details), True)]
    if remind and view.may.ask(authority_id):
        return [Missing(text, remind, "remind", True, tuple(details))]
    return [Missing(text, ask_page(view, authority_id), "ask", False, tuple(details), bool(away))]


def said_no(view: OperationView, person: PersonLine) -> str:
    """Say who declined, when, and why where the viewer may read it."""
    name, reply = person.shown_name or t("operations.page.hidden_name"), view.reply(person.person_id)
    at = show_moment(reply.at if reply else person.changed_at, current_language())
    key = "operation.said_no_because" if reply and reply.comment else "operation.said_no"
    return t(key, name=name, at=at, comment=(reply.comment or "") if reply else "")


def silent_since(view: OperationView, person: PersonLine) -> str:
    """Say who has not answered, since when, and when they were reminded."""
    name, sent = person.shown_name or t("operations.page.hidden_name"), view.sending(person.person_id)
    at = show_moment(sent.at if sent else person.changed_at, current_language())
    reminded = view.reminded.get(person.person_id)
    if reminded is not None:
        return t("operation.silent_reminded", name=name, at=at, again=show_moment(reminded, current_language()))
    return t("operation.silent", name=name, at=at)


def remind_path(view: OperationView, person: PersonLine) -> str:
    """Return where a reminder is sent from; nothing where the viewer may not."""
    may = view.may.remind(person)
    return f"/operations/{view.seen.operation.id}/people/{person.assignment_id}/remind" if may else ""


def of_competence(view: OperationView, _kind: str, subject: str, whats: Sequence[str]) -> list[Missing]:
    """Say which competence nobody brings who said yes."""
    authority_id = UUID(subject)
    name, href = view.name(authority_id), ask_page(view, authority_id)
    return [Missing(t("operations.missing.competence", authority=name, what=competence(w)), href, "ask") for w in whats]


def of_authority(view: OperationView, kind: str, subject: str, _whats: Sequence[str]) -> list[Missing]:
    """Say whose dossiers are not built, or whose follow-ups are open."""
    authority_id = UUID(subject)
    own = authority_id == view.may.viewer.authority_id
    href = "#after" if own and kind == "follow_ups" else ""
    soon = (t("operations.missing.dossier_soon"),) if kind == "dossier" else ()
    return [Missing(t(f"operations.missing.{kind}", authority=view.name(authority_id)), href, details=soon)]


def of_operation(view: OperationView, kind: str, _subject: str, _whats: Sequence[str]) -> list[Missing]:
    """Say what the operation itself lacks; a code without words of its own is shown as it is."""
    base, may = f"/operations/{view.seen.operation.id}", view.may
    forms = {
        "visits": (may.adds, f"{base}/visits/new"),
        "meets_at": (may.arranges, f"{base}/meeting#f-meets_at"),
        "meeting_place": (may.arranges, f"{base}/meeting#f-meeting_place"),
        "lead_person": (may.arranges, f"{base}/meeting#f-lead_person_id"),
        "common_part": (may.approve, f"{base}/common"),
    }
    allowed, href = forms.get(kind, (False, ""))
    key = f"operations.missing.{kind}"
    return [Missing(t(key) if has(key) else kind, href if allowed else "", MENDS.get(kind, ""))]


def ask_page(view: OperationView, authority_id: UUID) -> str:
    """Return where one more person of an authority is asked for; nothing for who may not ask."""
    asks = view.may.ask(authority_id)
    return f"/operations/{view.seen.operation.id}/people/new?authority={authority_id}" if asks else ""


def competence(code: str) -> str:
    """Return the word of a competence or of a whole field; what an authority made up is shown as words."""
    for key in (f"competences.{code}", f"operations.field.{code}"):
        if has(key):
            return t(key)
    return code.replace("_", " ")


def competences(codes: Iterable[str]) -> str:
    """Return the words of several, each once: a field and a code may say the same."""
    return ", ".join(dict.fromkeys(map(competence, codes)))


MENDS: Final[Mapping[str, str]] = {
    "parts": "part",
    "ended": "end",
    "visits": "visit",
    "meets_at": "meeting",
    "meeting_place": "meeting",
    "lead_person": "meeting",
    "common_part": "common",
}
"""What mends it, as the button says it: ``operation.mend.<word>``."""
Sentence = Callable[[OperationView, str, str, Sequence[str]], list[Missing]]
SENTENCES: Final[Mapping[str, Sentence]] = {
    "part": of_part,
    "visit": of_visit,
    "quorum": of_quorum,
    "competence": of_competence,
    "dossier": of_authority,
    "follow_ups": of_authority,
}
