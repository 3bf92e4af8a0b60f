"""The own authority's usual answers as choices where it answers a part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from samsyn.authorities.rules import Field
from samsyn.lifecycle.rules import missing_of_part
from samsyn.operations.queries import PartCard
from samsyn.planning.queries import TemplateLine
from samsyn.planning.templates import AnswerContent, fits
from samsyn.web.pages.suggestions import act_of, acts


def usual_words(content: AnswerContent) -> dict[str, object]:
    """Return a usual answer as the form takes it; what it does not say is left out."""
    announced = None if content.announced is None else str(content.announced).lower()
    said = {
        "accepted": "true",
        "legal_basis": content.legal_basis,
        "announced": announced,
        "no_notice_reason": content.no_notice_reason,
        "police_role": content.police_role,
    }
    return {name: value for name, value in said.items() if value is not None}


def usual_answers(
    part: PartCard, own: Sequence[TemplateLine], beside: frozenset[Field]
) -> list[tuple[TemplateLine, dict[str, object], bool]]:
    """Return the own usual answers for a part, and whether each says all that the gate asks.

    First those under an act of the fields ``beside``, which are asked at the same visit: where the tobacco unit comes
    the police come under the tobacco act too, and not under the one that they name most often.
    """
    known, found = acts(beside), []
    for line in own:
        content = line.answer
        if fits(content, part.fields, part.unit_id):
            whole = replace(
                part,
                accepted=True,
                legal_basis=content.legal_basis,
                announced=content.announced,
                no_notice_reason=content.no_notice_reason,
                police_role=content.police_role,
            )
            found.append((line, usual_words(content), not missing_of_part(whole)))
    return sorted(found, key=lambda one: act_of(one[0].answer.legal_basis or "") not in known)


def begun_from(part: PartCard, chosen: str, own: Sequence[TemplateLine]) -> dict[str, object]:
    """Return what the usual answer says that the address names, or nothing."""
    line = next((line for line in own if str(line.id) == chosen), None)
    known = line is not None and fits(line.answer, part.fields, part.unit_id)
    return usual_words(line.answer) if line is not None and known else {}
