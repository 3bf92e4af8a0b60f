"""An authority's part as one card: what it answered at the visits, its people, and how its reporting stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from samsyn.authorities.rules import Field
from samsyn.operations.queries import PartCard, ParticipationLine, PersonLine
from samsyn.operations.rules import TOLD, OperationState, Summary
from samsyn.web.pages.may import May
from samsyn.web.pages.operation_view import OperationView
from samsyn.web.shell import t


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, and at which visits it was given; no visits where it is the same at all of them."""

    text: str
    visits: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorityCard:
    """An authority in the operation. ``parts`` come in the order of the evening, ``people`` those who matter first."""

    id: UUID
    name: str
    field: Field | None
    leads: bool
    line: ParticipationLine | None
    parts: tuple[PartCard, ...]
    people: tuple[PersonLine, ...]
    bases: tuple[Said, ...]
    notices: tuple[Said, ...]
    reasons: tuple[Said, ...]
    roles: tuple[Said, ...]
    competences: tuple[str, ...]
    accepted: int
    mark: tuple[str, str, str]
    """What stands at the card's corner: text, colour, icon."""

    @property
    def asked(self) -> list[PartCard]:
        """The parts that are not taken back."""
        return [part for part in self.parts if not part.withdrawn]

    def waits_for(self, may: May) -> bool:
        """Say whether the viewer has something to answer or to hand in here: then its lines are open."""
        return any((may.answer(part) and part.accepted is None) or may.hand_in(part) for part in self.parts)

    @property
    def handed_in(self) -> list[PartCard]:
        """The parts that are handed in."""
        return [part for part in self.asked if part.handed_in]

    @property
    def summary(self) -> Summary:
        """The one word over all parts: a deficiency anywhere is one."""
        words = {part.summary for part in self.handed_in}
        return next((one for one in (Summary.DEFICIENCY, Summary.NO_REMARK) if one in words), Summary.PENDING)

    @property
    def nothing(self) -> bool:
        """Say whether it handed in with nothing to report everywhere."""
        return bool(self.handed_in) and all(part.nothing_to_report for part in self.handed_in)


def authority_cards(view: OperationView) -> list[AuthorityCard]:
    """Return a card per authority that takes part, the lead first."""
    return [card_of(view, one) for one in view.authorities]


def card_of(view: OperationView, authority_id: UUID) -> AuthorityCard:
    """Put one authority's card together."""
    own = (part for part in view.seen.parts if part.authority_id == authority_id)
    parts = sorted(own, key=lambda part: view.number(part.visit_id))
    asked = [part for part in parts if not part.withdrawn]
    people = sorted(view.people_of(authority_id), key=lambda one: (not one.goes, one.shown_name))
    number, line = lambda part: view.number(part.visit_id), view.quorum(authority_id)
    return AuthorityCard(
        id=authority_id,
        name=view.name(authority_id),
        field=view.field(authority_id),
        leads=authority_id == view.seen.operation.lead_id,
        line=line,
        parts=tuple(parts),
        people=tuple(people),
        bases=once_each(asked, number, lambda part: part.legal_basis or ""),
        notices=once_each(asked, number, notice_of),
        reasons=once_each(asked, number, lambda part: part.no_notice_reason or ""),
        roles=once_each(asked, number, lambda p: t(f"operations.police_role.{p.police_role}") if p.police_role else ""),
        competences=tuple(sorted({part.competence for part in asked if part.competence})),
        accepted=view.accepted(authority_id),
        mark=mark_of(view, asked, line, view.accepted(authority_id)),
    )


def notice_of(part: PartCard) -> str:
    """Say whether an authority announces its visit, once it has said so."""
    if part.announced is None:
        return ""
    return t("operations.page.announced" if part.announced else "operations.page.unannounced")


def once_each(
    parts: Sequence[PartCard], number: Callable[[PartCard], int], say: Callable[[PartCard], str]
) -> tuple[Said, ...]:
    """Return each thing said once, with its visits where not the same was said at all of them."""
    found: dict[str, list[int]] = {}
    for part in parts:
        if text := say(part):
            found.setdefault(text, []).append(number(part))
    everywhere = len(found) == 1 and sum(map(len, found.values())) == len(parts)
    return tuple(Said(text, () if everywhere else tuple(visits)) for text, visits in found.items())


def mark_of(
    view: OperationView, asked: Sequence[PartCard], line: ParticipationLine | None, accepted: int
) -> tuple[str, str, str]:
    """Return the card's corner: how many said yes once people are invited, how the parts stand before and after."""
    state = view.seen.operation.state
    if line is not None and line.withdrawn:
        return t("operations.part.withdrawn"), "neutral", "off"
    if state in TOLD | {OperationState.SCHEDULED, OperationState.ONGOING} and line is not None and line.required:
        enough = accepted >= line.minimum
        return (
            t("operation.of", n=accepted, of=line.minimum),
            "success" if enough else "warning",
            ("check" if enough else "clock"),
        )
    if any(part.accepted is False for part in asked):
        return t("operations.part.no"), "danger", "x"
    if any(part.accepted is None for part in asked):
        return t("operations.part.waiting"), "warning", "clock"
    return (t("operations.part.yes"), "success", "check") if asked else ("", "", "")
