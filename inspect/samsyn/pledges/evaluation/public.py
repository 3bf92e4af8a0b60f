"""What everybody may read of a pledge's year: promises, and numbers that tell of nothing below five (R15). Pure.

No name of a person or a business. Words are the pledge's own, which was signed in public, and those that its parties
approved beside the numbers. Quarters stand for all of a kind together; of a promise just the year, and of authorities
just their visits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NotRequired

from typing_extensions import TypedDict

from samsyn.dossiers.report.small import LEAST, PublicTable, published
from samsyn.pledges.evaluation.cells import EVERYTHING, Part, shown_of
from samsyn.pledges.evaluation.shape import AuthorityEntry, CommitmentEntry, EvaluationContent, KindEntry
from samsyn.pledges.evaluation.visits import visits_of
from samsyn.pledges.rules import ActivityKind, CommitmentForm, Pace

OF_KIND: Final = frozenset({CommitmentForm.OCCASIONS.value, CommitmentForm.SHARE.value})


APPROVED, LEFT, AWAITED = "approved", "left", "awaited"
"""How a party stands to a year: one that left without approving is waited for by nobody."""
OF_CASES: Final = frozenset({CommitmentForm.COVERAGE.value, CommitmentForm.RETURN_VISIT.value})
"""Where what is promised is counted too: places, and deficiencies to come back for."""


class PublicCommitment(TypedDict):
    """A promise for everybody: ``done`` is null where it is hidden, ``kept`` where that would tell it; ``before`` too,
    and it is missing where nothing was published of it the year before.
    """

    id: str
    area: str
    text: str
    form: str
    counts: str
    promised: int | None
    done: int | None
    kept: bool | None
    before: NotRequired[int | None]


class PublicEvaluation(TypedDict):
    """A pledge's year for everybody. ``kinds``: by quarter; ``authorities``: their done visits; ``said``: what the
    parties say of the commitments and areas, as pairs of what it is of and the words; ``whole``: of all of it. What was
    published before the words were kept has none of these two. ``stands``: each party's name, and that it approved or
    had left without (``APPROVED``, ``LEFT``) when it was published; what was published earlier has it without.
    """

    name: str
    year: int
    version: int
    parties: list[str]
    commitments: list[PublicCommitment]
    kinds: dict[str, PublicTable]
    authorities: PublicTable
    said: NotRequired[list[list[str]]]
    whole: NotRequired[str]
    stands: NotRequired[list[list[str]]]


def public_of(content: EvaluationContent, version: int, before: Mapping[str, int | None]) -> PublicEvaluation:
    """Return what may be published of a year; ``before``: what was published of promises the year before, by id."""
    areas = {area["id"]: area["name"] for area in content["areas"]}
    done, later = done_of(content), later_of(content)
    return {
        "name": content["name"],
        "year": content["year"],
        "version": version,
        "parties": content["parties"],
        "commitments": [shown(one, areas, done, before, later) for one in content["commitments"]],
        "kinds": {one["kind"]: published(by_quarter(one)) for one in kept_kinds(content)},
        "authorities": authorities_of(content),
    }


def authorities_of(content: EvaluationContent) -> PublicTable:
    """Return what may be published of the authorities' visits beside what is of the operations."""
    names = called(content["authorities"])
    visits = {names[one["id"]]: sum(one["visits"]) for one in content["authorities"]}
    done, shown, apart = 0, list[Part](), True
    for kind in content["kinds"]:
        if kind["kind"] == ActivityKind.OPERATION:
            parts = parts_of(content, kind)
            seen = shown_of(sum(kind["done"]), parts)
            done, shown = sum(kind["done"]), [one for one in parts if seen[one.key] is not None]
            apart = all(one.everything for one in parts)
    return visits_of(visits, done, shown, apart=apart)


def called(authorities: Sequence[AuthorityEntry]) -> dict[str, str]:
    """Return what each authority is called in what is published, by id: of two with one name also how its id begins."""
    named = Counter(one["name"] for one in authorities)
    return {
        one["id"]: one["name"] if named[one["name"]] == 1 else f"{one['name']} ({one['id'][:8]})" for one in authorities
    }


def kept_kinds(content: EvaluationContent) -> list[KindEntry]:
    """Return the kinds that the pledge promises something of, and operations: which there are tells no number."""
    promised = {one["counts"] for one in content["commitments"] if one["form"] in OF_KIND}
    return [one for one in content["kinds"] if one["kind"] in promised | {ActivityKind.OPERATION.value}]


def by_quarter(one: KindEntry) -> dict[str, int]:
    """Return what was done of a kind by its quarter."""
    return {str(n): done for n, done in enumerate(one["done"], 1)}


def shown(
    one: CommitmentEntry,
    areas: Mapping[str, str],
    done: Mapping[str, int | None],
    before: Mapping[str, int | None],
    later: Collection[str],
) -> PublicCommitment:
    """Return a promise as everybody may read it; ``later``: those of the same cases as one before them."""
    n = done[one["id"]]
    kept = None if n is None else n >= one["promised"]
    promised: int | None = one["promised"]
    if one["form"] == CommitmentForm.DATE:
        n, kept, promised = None, one["pace"] == Pace.KEPT, None
    elif one["form"] in OF_CASES and (one["promised"] < LEAST or one["id"] in later):
        promised = None
    last = one["before"]
    found: PublicCommitment = {
        "id": one["id"],
        "area": areas.get(one["area_id"], ""),
        "text": one["text"],
        "form": one["form"],
        "counts": one["counts"],
        "promised": promised,
        "done": n,
        "kept": kept,
    }
    if last is not None and last["id"] in before:
        found["before"] = before[last["id"]]
    return found


def done_of(content: EvaluationContent) -> dict[str, int | None]:
    """Return what may be shown as done, by promise; of a share in per cent."""
    found: dict[str, int | None] = {}
    for kind in content["kinds"]:
        mine = counted_of(content, kind)
        seen = shown_of(sum(kind["done"]), parts_of(content, kind))
        for one in mine:
            n = seen[one["id"]]
            if one["form"] == CommitmentForm.SHARE:
                n = one["done"] if n is not None and one["whole"] and seen[EVERYTHING] is not None else None
            found[one["id"]] = n
    return found | covered_of(content)


def covered_of(content: EvaluationContent) -> dict[str, int | None]:
    """Return what may be shown of premises that were visited, and of returns that were made."""
    found: dict[str, int | None] = {}
    later = later_of(content)
    for one in content["commitments"]:
        if one["form"] in OF_CASES:
            table = published({"done": one["done"], "not_done": one["promised"] - one["done"]})
            found[one["id"]] = None if one["id"] in later else (table["kinds"] or {}).get("done")
        elif one["form"] == CommitmentForm.DATE:
            found[one["id"]] = None
    return found


def later_of(content: EvaluationContent) -> frozenset[str]:
    """Return the promises about the same permit, or about returns, as one before: what that counts they may too."""
    told: set[tuple[str, str | None]] = set()
    found: set[str] = set()
    for one in content["commitments"]:
        about = (one["form"], one["permit_kind"])
        if one["form"] in OF_CASES and about in told:
            found.add(one["id"])
        told.add(about)
    return frozenset(found)


def counted_of(content: EvaluationContent, kind: KindEntry) -> list[CommitmentEntry]:
    """Return the promises that count what was done of a kind."""
    return [one for one in content["commitments"] if one["form"] in OF_KIND and one["counts"] == kind["kind"]]


def parts_of(content: EvaluationContent, kind: KindEntry) -> list[Part]:
    """Return what the promises count of a kind, those of the whole pledge first."""
    return [part_of(one) for one in sorted(counted_of(content, kind), key=lambda one: not one["whole"])]


def part_of(one: CommitmentEntry) -> Part:
    """Return what a promise counts, as a part of all that was done of its kind."""
    share = one["form"] == CommitmentForm.SHARE
    return Part(
        one["id"],
        one["counted"] if share else one["done"],
        None if one["whole"] else one["area_id"],
        one["hot_spot_id"],
        frozenset(one["fields"]),
        one["least"],
        one["not_led_by"] if share else None,
    )
