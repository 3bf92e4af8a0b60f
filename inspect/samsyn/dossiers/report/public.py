"""What everybody may read of an operation: numbers of what is common and of what is the deciding authority's own.

No name of a person or a business, no place, no day, no word of a finding, an outcome or the lead: nothing that somebody
typed but the random code word and the names of authorities. Another authority's findings are not this one's to publish,
neither as numbers: of them stands what all know, that the authority took part. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from typing_extensions import TypedDict

from samsyn.authorities.rules import Field
from samsyn.core.home import HOME
from samsyn.dossiers.report.shape import ReportContent
from samsyn.dossiers.report.small import PublicTable, published
from samsyn.outcomes.tools import BANS, CHARGES, Measure, tools_of

GROUPS: Final = {
    "advice": frozenset({Measure.ADVICE, Measure.REMARK, Measure.REFERRAL}),
    "orders": frozenset({Measure.ORDER, Measure.ORDER_PENALTY, Measure.REMEDY}),
    "bans": BANS | {Measure.DETENTION, Measure.EVACUATION, Measure.SEIZURE},
    "charges": CHARGES,
    "permits": frozenset({Measure.REPRIMAND, Measure.WARNING, Measure.REVOCATION}),
    "reports": frozenset({Measure.PROSECUTION_REPORT}),
}
"""Outcomes in groups. Of them stand all that the publisher's own tools here may come to, whatever was decided: what it
has no tool for is nought for everybody who knows the law, and hides no other number.
"""


class PublicContent(TypedDict):
    """An operation for everybody. ``week`` is the ISO week in Sweden, ``publisher`` who decided.

    ``deficiencies`` and ``outcomes`` are the publisher's own; null in an authority whose units keep theirs (R1).
    ``fields`` is null where there is just one, or where a part was of several.
    """

    code_word: str
    week: str
    lead: str
    publisher: str
    authorities: list[str]
    visits: PublicTable
    notice: PublicTable
    together: PublicTable
    deficiencies: PublicTable | None
    fields: PublicTable | None
    outcomes: PublicTable | None


def public_of(
    content: ReportContent, publisher: str, fields: Collection[Field], *, by_field: bool, keeps: bool
) -> PublicContent:
    """Return what may be published of a report. ``fields``: of the publisher's own parts, ``by_field``: each of one.

    ``keeps``: the publisher's units keep what is theirs, so that the report holds nothing of it.
    """
    numbers = content["numbers"]
    joint, unannounced, whole = numbers["joint"], numbers["unannounced"], numbers["visits"]
    bad, serious = numbers["deficiencies"], numbers["serious"]
    found = {line["field"]: line["own"] for line in numbers["by_field"]}
    told = {field: found.get(field, 0) for field in sorted(one.value for one in fields)}
    splits = by_field and not keeps and len(told) > 1 and sum(told.values()) == bad  # one field is the whole
    return {
        "code_word": content["operation"]["code_word"],
        "week": week_of(content["operation"]["starts_at"]),
        "lead": content["operation"]["lead"],
        "publisher": publisher,
        "authorities": [line["authority"] for line in content["authorities"]],
        "visits": published(numbers["states"]),
        "notice": published({"announced": whole - unannounced, "unannounced": unannounced}),
        "together": published({"joint": joint, "alone": whole - joint}),
        "deficiencies": None if keeps else published({"serious": serious, "other": bad - serious}),
        "fields": published(told) if splits else None,
        "outcomes": None if keeps else published_outcomes(outcomes_of(content), groups_of(fields)),
    }


def groups_of(fields: Collection[Field]) -> list[str]:
    """Return the groups that the tools of some fields may come to."""
    may = {tool.kind for tool in tools_of(fields)}
    return [group for group, kinds in GROUPS.items() if kinds & may]


def published_outcomes(counts: Mapping[str, int], possible: Collection[str]) -> PublicTable:
    """Return what may be published of outcomes by the groups there may be; of others, as of a tool of before, none."""
    if any(n for group, n in counts.items() if group not in possible):
        total = published(counts)["total"]
        return {"total": total, "kinds": None}
    return published({group: counts[group] for group in possible})


def outcomes_of(content: ReportContent) -> dict[str, int]:
    """Return how many own outcomes were decided, by group."""
    kinds = Counter(
        outcome["measure"] for one in content["visits"] for outcome in one["outcomes"] if outcome["state"] == "decided"
    )
    return {group: sum(kinds[kind] for kind in of) for group, of in GROUPS.items()}


def week_of(starts_at: str) -> str:
    """Return a time's ISO week in Sweden, with its ISO year."""
    year, week, _ = datetime.fromisoformat(starts_at).astimezone(HOME).isocalendar()
    return f"{year}-W{week:02}"
