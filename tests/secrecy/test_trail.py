"""R12: what is read leaves its line in the trail, in the transaction that read it: every route that answers GET.

Every route is fetched as people of the silo; which lines it leaves is held against ``LEAVES``, a table written by
hand: a route that leaves less, and a new one that leaves something, are red until the table says so. And whatever the
table says, an answer with a marker of a finding, a picture, a compilation or a handed-over copy in it must have left a
line of a read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import Connection, event, text

from samsyn.audit.rules import GROUPS, REFUSED
from samsyn.calendars.rules import FeedLevel
from samsyn.core.database import SessionFactory
from samsyn.core.keys import make_key_file
from samsyn.core.viewer import Viewer
from samsyn.web.exports import LISTINGS
from samsyn.web.refusals import QUOTA
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import make_town
from tests.secrecy.markers import Markers
from tests.secrecy.planting import Planted, plant
from tests.secrecy.test_http import Scene, finish, make_real, scene

EXPORT: Final = {"list.export"}
LEAVES: Final[dict[str, set[str]]] = {
    **{f"{one.path}.{ending}": EXPORT for one in LISTINGS.values() for ending in ("xlsx", "csv", "json")},
    **{f"/checklists/<uuid:checklist_id>.{ending}": EXPORT for ending in ("json", "xlsx", "yaml")},
    "/api/v1/parts/<uuid:part_id>/checklist": {"finding.read"},
    "/api/v1/operations/<uuid:operation_id>/evening": {"finding.read", "refusal.read", "help.read"},
    "/api/v1/visits/<uuid:visit_id>/refusals": {"refusal.read"},
    "/api/v1/visits/<uuid:visit_id>/help-requests": {"help.read"},
    "/visits/<uuid:visit_id>/entry": {"refusal.read", "help.read"},
    "/visits/<uuid:visit_id>/help": {"refusal.read"},
    "/help-requests": {"help.read"},
    "/help-requests/<uuid:help_id>": {"help.read"},
    "/parts/<uuid:part_id>/checklist": {"finding.read"},
    "/agreements/<uuid:agreement_id>/files/<uuid:file_id>": {"agreement.file_read"},
    "/parts/<uuid:part_id>/hand-in": {"finding.read"},
    "/parts/<uuid:part_id>/letter": {"letter.read"},
    "/visits/<uuid:visit_id>/disclose": {"finding.read"},
    "/api/v1/visits/<uuid:visit_id>/findings": {"finding.read"},
    "/api/v1/findings/<uuid:finding_id>": {"finding.read"},
    "/api/v1/evidence/<uuid:evidence_id>": {"evidence.read"},
    "/parts/<uuid:part_id>/purchases": {"purchase.read"},
    "/parts/<uuid:part_id>/outcomes": {"outcome.read", "finding.read", "follow_up.read"},
    "/outcomes/<uuid:outcome_id>": {"outcome.read", "finding.read"},
    "/follow-ups/<uuid:follow_up_id>": {"follow_up.read", "finding.read"},
    "/api/v1/parts/<uuid:part_id>/follow-ups": {"follow_up.read"},
    "/api/v1/follow-ups/<uuid:follow_up_id>": {"follow_up.read"},
    "/api/v1/parts/<uuid:part_id>/outcomes": {"outcome.read"},
    "/api/v1/outcomes/<uuid:outcome_id>": {"outcome.read"},
    "/quarantine/<uuid:late_id>": {"quarantine.read"},
    "/quarantine/<uuid:late_id>/picture": {"quarantine.read"},
    "/records/<uuid:record_id>": {"records.read"},
    "/records/items/<uuid:item_id>": {"records.read"},
    "/api/v1/records/<uuid:record_id>": {"records.read"},
    "/api/v1/records/packages/<uuid:package_id>": {"records.download"},
    "/disclosures/<uuid:disclosure_id>": {"disclosure.read"},
    "/api/v1/disclosures/<uuid:disclosure_id>": {"disclosure.read"},
    "/disclosures/pictures/<uuid:picture_id>": {"disclosure.picture"},
    "/api/v1/disclosures/pictures/<uuid:picture_id>": {"disclosure.picture"},
    "/businesses/<uuid:business_id>": {"dossier.read", "disclosure.read", "outcome.read"},
    "/api/v1/dossiers/<uuid:business_id>": {"dossier.read", "disclosure.read", "outcome.read", "follow_up.read"},
    **{
        f"/api/v1/dossiers/<uuid:business_id>.{form}": {
            *("dossier.read", "dossier.download", "disclosure.read", "outcome.read", "follow_up.read")
        }
        for form in ("pdf", "xlsx", "json")
    },
    **{
        f"{at}/operations/<uuid:operation_id>/report": {
            *("dossier.read", "disclosure.read", "outcome.read", "follow_up.read", "refusal.read", "help.read")
        }
        for at in ("", "/api/v1")
    },
    **{
        f"/api/v1/operations/<uuid:operation_id>/report.{form}": {
            *("dossier.read", "report.download", "disclosure.read", "outcome.read", "follow_up.read"),
            *("refusal.read", "help.read"),
        }
        for form in ("pdf", "xlsx", "json")
    },
    **{f"/evaluations/<uuid:evaluation_id>.{form}": {"evaluation.download"} for form in ("pdf", "xlsx", "json")},
}
"""What a GET leaves in the trail when it is answered; a route that is not here leaves nothing."""
SECRET: Final = (
    *("finding.", "evidence.", "test_purchase.", "dossier.", "disclosed_item.", "disclosed_picture."),
    *("records_item.", "records_package.file", "result_letter.", "outcome.", "follow_up."),
    *("entry_refusal.", "help_request.", "help_answer."),
)
"""Fields that only a read in the trail may show."""
HARMLESS: Final = {("/disclosures", "disclosed_item.copy"): "the place that a copy is of"}
"""A secret field of which a list shows a part that is none."""
READS: Final = {*GROUPS["reads"], "list.export"}


@dataclass
class Seen:
    """What the routes did: lines by rule, answers with a secret that left no line of a read, and who held the database
    twice at once."""

    lines: dict[str, set[str]] = field(default_factory=dict)
    unwritten: set[tuple[str, str]] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    crowded: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def looked_at(cluster: Cluster, database: str, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("trail")
    make_key_file(folder / "keys.json")
    planted = plant(make_town())
    finish(planted)
    make_real(planted, folder)
    return scene(planted, cluster, database, folder)


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many connections of this process's engine were out, each time that one was taken."""
    engine, out = SessionFactory.kw["bind"], list[int]()

    def taken(*_: object) -> None:
        out.append(engine.pool.checkedout())

    event.listen(engine, "checkout", taken)
    try:
        yield out
    finally:
        event.remove(engine, "checkout", taken)


def acts(db: Connection, person: UUID | None) -> dict[UUID, tuple[str, str]]:
    rows = db.execute(text("SELECT id, action, reason FROM audit WHERE actor_person_id = :p"), {"p": person}).all()
    db.rollback()
    return {row.id: (row.action, row.reason or "") for row in rows}


def fetched(scene: Scene, viewer: Viewer, db: Connection) -> Iterator[tuple[str, Any, set[tuple[str, str]]]]:
    """Each route's answer, and the lines that fetching it left."""
    routes, headers = scene.routes, scene.routes.headers(viewer)
    before = acts(db, viewer.person_id)
    for rule in routes.rules:
        for path in routes.paths(rule):
            answer: Any = routes.client.get(path, headers=headers)
            after = acts(db, viewer.person_id)
            yield rule.rule, answer, {said for one, said in after.items() if one not in before}
            before = after


@pytest.fixture(scope="module")
def seen(looked_at: Scene, cluster: Cluster, database: str) -> Seen:
    town, found = looked_at.planted.town, Seen()
    QUOTA.most = 10_000
    with as_owner(cluster, database) as db, counted() as out:
        for viewer in (town.inspector(town.tobacco), town.planner(town.tobacco), town.planner(town.police)):
            for rule, answer, left in fetched(looked_at, viewer, db):
                actions = {action for action, _ in left}
                found.crowded |= {rule} if max(out, default=0) > 1 else set()
                out.clear()
                found.answered |= {rule} if answer.status_code == 200 else set()
                found.reasons |= {reason for _, reason in left}
                found.lines.setdefault(rule, set()).update(actions - {REFUSED})
                found.unwritten |= unwritten(looked_at.planted, rule, answer, actions)
                refused = answer.status_code == 403 or (answer.status_code == 404 and "<uuid:" in rule)
                assert (REFUSED in actions) is refused, (rule, answer.status_code, left)
    return found


def unwritten(planted: Planted, rule: str, answer: Any, actions: set[str]) -> set[tuple[str, str]]:
    """What secret an answer shows without a line of a read."""
    shown = {place for _, place in planted.markers.seen_in([answer.data]) if place.startswith(SECRET)}
    return set() if actions & READS else {(rule, place) for place in shown if not harmless(rule, place)}


def harmless(rule: str, place: str) -> bool:
    return any(rule == where and place.startswith(what) for where, what in HARMLESS)


def test_nothing_secret_is_shown_without_a_line_of_a_read(seen: Seen) -> None:
    assert seen.unwritten == set()


def test_every_route_leaves_just_the_lines_that_the_table_says(seen: Seen) -> None:
    assert {rule: lines for rule, lines in seen.lines.items() if lines} == {
        rule: lines for rule, lines in LEAVES.items() if rule in seen.answered
    }
    assert len(seen.answered) > 80


def test_no_route_holds_two_connections_at_once(seen: Seen) -> None:
    """Two views in one answer may differ, and a pool in which each waits for a second connection stands still."""
    assert sorted(seen.crowded) == []


def test_no_line_holds_what_somebody_wrote(seen: Seen, looked_at: Scene) -> None:
    markers: Markers = looked_at.planted.markers
    assert markers.seen_in(reason.encode() for reason in seen.reasons) == set()


def test_a_feed_leaves_its_making_and_each_fetch(looked_at: Scene, cluster: Cluster, database: str) -> None:
    viewer = looked_at.planted.town.inspector(looked_at.planted.town.tobacco)
    with as_owner(cluster, database) as db:
        before = acts(db, viewer.person_id)
        looked_at.routes.feed(viewer, FeedLevel.BUSY)
        looked_at.routes.free_busy(viewer)
        left = [action for one, (action, _) in acts(db, viewer.person_id).items() if one not in before]
    assert sorted(left) == ["feed.create", "feed.create", "feed.fetch", "feed.fetch"]
