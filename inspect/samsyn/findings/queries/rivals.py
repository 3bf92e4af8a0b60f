"""Answers that stand against each other: written by people who had not seen one another's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from samsyn.findings.queries.lines import FindingLine


def rivals_of(
    line: FindingLine | None, others: Iterable[FindingLine], versions: Mapping[UUID, Sequence[FindingLine]]
) -> list[FindingLine]:
    """Return the texts that stand against the newest: versions that a writer had not seen, and other phones' findings.

    Of three that wrote at once all three are told, newest first; what somebody has settled is history.
    """
    found = [other for other in others if line is None or not same(other, line)]
    if line is None:
        return found
    before = {version.version: version for version in versions.get(line.finding_id, ())}
    at = line
    while at.conflict and (earlier := before.get(at.version - 1)) is not None:
        if not any(same(earlier, seen) for seen in (line, *found)):
            found.append(earlier)
        at = earlier
    return found


def same(one: FindingLine, other: FindingLine) -> bool:
    """Say whether two answers say the same."""
    return (one.answer, one.serious, one.text) == (other.answer, other.serious, other.text)
