"""Every route that answers GET, with every key of one authority's silo, feeds and personal links, as every viewer."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from apiflask import APIFlask
from sqlalchemy import text
from werkzeug.routing import Rule

from samsyn.access.rules import Purpose
from samsyn.access.service import create_api_token, new_token
from samsyn.calendars.rules import LEVELS_OF, FeedLevel, FeedOf, FeedScope
from samsyn.calendars.service import create_feed
from samsyn.core.keys import load_keys, make_key_file
from samsyn.core.settings import Settings
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.service import compile_dossiers
from samsyn.findings.vault import store
from samsyn.web.app import create_app
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import make_town
from tests.secrecy.feeding import feeds_of
from tests.secrecy.markers import words
from tests.secrecy.planting import Planted, plant
from tests.secrecy.surfaces import eyes, leaks

LOOK = (
    *("nobody", "police planner", "police inspector", "tobacco planner", "tobacco inspector"),
    *("tobacco second inspector", "environment planner", "environment inspector", "health planner", "outsider planner"),
)
ELSEWHERE = {"static", "token", "name", "seen"}
"""Arguments that are no keys: files of the house, and secret addresses, which their own tests present."""
KEYS = {
    "operation_id": "SELECT operation_id FROM visit_part WHERE authority_id = :a",
    "visit_id": "SELECT visit_id FROM visit_part WHERE authority_id = :a",
    "part_id": "SELECT id FROM visit_part WHERE authority_id = :a",
    "assignment_id": "SELECT id FROM assignment WHERE authority_id = :a",
    "authority_id": "SELECT CAST(:a AS uuid)",
    "finding_id": "SELECT finding_id FROM finding WHERE authority_id = :a",
    "evidence_id": "SELECT id FROM evidence WHERE authority_id = :a",
    "follow_up_id": "SELECT follow_up_id FROM follow_up WHERE authority_id = :a AND NOT unit_only",
    "outcome_id": "SELECT outcome_id FROM outcome WHERE authority_id = :a AND NOT unit_only",
    "job_id": "SELECT id FROM job WHERE reader_id = :a",
    "person_id": "SELECT person_id FROM staff WHERE authority_id = :a",
    "draft_id": "SELECT id FROM draft WHERE reader_id = :a",
    "business_id": "SELECT business_id FROM dossier WHERE reader_id = :a",
    "disclosure_id": "SELECT id FROM disclosure WHERE from_id = :a",
    "picture_id": "SELECT id FROM disclosed_picture WHERE from_id = :a",
    "request_id": "SELECT id FROM information_request WHERE from_id = :a",
    "record_id": "SELECT id FROM records_request WHERE authority_id = :a",
    "item_id": "SELECT id FROM records_item WHERE authority_id = :a",
    "package_id": "SELECT id FROM records_package WHERE authority_id = :a",
    "upload_id": "SELECT CAST(:a AS uuid)",
    "help_id": "SELECT id FROM help_request WHERE authority_id = :a",
    "late_id": "SELECT id FROM quarantine WHERE authority_id = :a",
    "run_id": "SELECT id FROM retention_run WHERE authority_id = :a",
    "checklist_id": "SELECT id FROM checklist WHERE authority_id = :a",
    "template_id": "SELECT id FROM template WHERE authority_id = :a",
    "pledge_id": "SELECT id FROM pledge WHERE :a = ANY (parties)",
    "area_id": "SELECT f.id FROM focus_area f JOIN pledge p ON p.id = f.pledge_id WHERE :a = ANY (p.parties)",
    "commitment_id": "SELECT c.id FROM commitment c JOIN focus_area f ON f.id = c.focus_area_id"
    " JOIN pledge p ON p.id = f.pledge_id WHERE :a = ANY (p.parties)",
    "hot_spot_id": "SELECT hot_spot_id FROM signal WHERE authority_id = :a",
    "signal_id": "SELECT id FROM signal WHERE authority_id = :a",
    "remark_id": "SELECT id FROM remark WHERE to_id = :a",
    "entry_id": "SELECT entry_id FROM picture_entry WHERE authority_id = :a",
    "taken_id": "SELECT id FROM signal_import WHERE authority_id = :a",
    "agreement_id": "SELECT id FROM agreement WHERE :a = ANY (parties)",
    "file_id": "SELECT id FROM agreement_file WHERE authority_id = :a",
    "evaluation_id": "SELECT id FROM evaluation WHERE authority_id = :a AND compiled_at IS NOT NULL",
    "subject_id": "SELECT DISTINCT pledge_id FROM evaluation WHERE authority_id = :a",
    "activity_id": "SELECT id FROM activity WHERE authority_id = :a",
    "campaign_id": "SELECT id FROM campaign WHERE lead_id = :a",
    "listed_id": "SELECT id FROM campaign_item WHERE lead_id = :a",
    "result_id": "SELECT id FROM plan_result WHERE reader_id = :a",
}


MUST_SEE = (
    ("tobacco inspector", ("tobacco", "finding.text")),
    ("tobacco inspector", ("tobacco", "evidence.file")),
    ("tobacco inspector", ("tobacco", "test_purchase.asked_for")),
    ("tobacco inspector", ("tobacco", "outcome.delegation")),
    ("tobacco inspector", ("tobacco", "outcome.reason")),
    ("tobacco inspector", ("tobacco", "follow_up.text")),
    ("tobacco inspector", ("tobacco", "entry_refusal.said")),
    ("police inspector", ("tobacco", "help_request.reason")),
    ("tobacco planner", ("tobacco", "signal.text")),
    ("tobacco planner", ("tobacco", "records_request.words")),
    ("tobacco planner", ("tobacco", "records_item.content")),
    ("tobacco planner", ("tobacco", "records_package.file")),
    ("tobacco inspector", ("police", "visit_target.address")),
    ("police planner", ("police", "operation.code_word")),
    ("police planner", ("tobacco", "part_answer.legal_basis")),
    ("health planner", ("tobacco", "premises.name")),
    ("police planner", ("tobacco", "disclosed_item.copy")),
    ("police inspector", ("tobacco", "disclosed_picture.file")),
    ("police inspector", ("tobacco", "information_request.question")),
    ("tobacco inspector", ("tobacco", "disclosed_item.copy (withdrawn)")),
    ("health planner", ("tobacco", "disclosed_picture.file (public)")),
)


class Routes:
    """A surface: all that the routes answer a viewer, headers included."""

    def __init__(self, app: APIFlask, keys: dict[str, list[UUID]]) -> None:
        self.client, self.keys, self.statuses = app.test_client(), keys, dict[str, set[int]]()
        self.seen = dict[Viewer, set[bytes]]()
        self.rules = [r for r in app.url_map.iter_rules() if "GET" in (r.methods or ()) and not ELSEWHERE & r.arguments]

    def paths(self, rule: Rule) -> Iterator[str]:
        names = sorted(rule.arguments)
        for values in product(*(self.keys[name] for name in names)):
            path = rule.rule
            for name, value in zip(names, values, strict=True):
                path = path.replace(f"<uuid:{name}>", str(value))
            yield path

    def kept(self, viewer: Viewer) -> set[bytes]:
        """The markers in all that a viewer is answered: fetched for the first test that asks, and kept for the next."""
        if viewer not in self.seen:
            self.seen[viewer] = {word for chunk in self(viewer) for word in words(chunk)}
        return self.seen[viewer]

    def __call__(self, viewer: Viewer) -> Iterator[bytes]:
        headers = self.headers(viewer)
        for rule in self.rules:
            for path in self.paths(rule):
                answer: Any = self.client.get(path, headers=headers)
                self.statuses.setdefault(rule.rule, set()).add(answer.status_code)
                yield answer.data
                yield str(answer.headers).encode()
        if viewer.person_id is not None:
            yield from (self.feed(viewer, level, of) for of in feeds_of(viewer) for level in LEVELS_OF[of.scope])
            yield self.free_busy(viewer)
            yield from self.links(viewer)

    def feed(self, viewer: Viewer, level: FeedLevel, of: FeedOf = FeedOf()) -> bytes:  # noqa: B008 - frozen
        """The feed of a person, fetched as a calendar does: by its secret address alone."""
        with unit_of_work(viewer) as uow:
            secret = create_feed(uow, level, of)[1]
        answer: Any = self.client.get(f"/cal/{secret}.ics")
        assert answer.status_code == 200
        data: bytes = answer.data + str(answer.headers).encode()
        return data

    def free_busy(self, viewer: Viewer) -> bytes:
        """When the person is taken, at the address of a feed."""
        with unit_of_work(viewer) as uow:
            secret = create_feed(uow, FeedLevel.BUSY)[1]
        answer: Any = self.client.get(f"/fb/{secret}.ifb")
        assert answer.status_code == 200
        data: bytes = answer.data
        return data

    def links(self, viewer: Viewer) -> Iterator[bytes]:
        """The page behind each personal link of a person, opened without signing in."""
        with unit_of_work(viewer) as uow:
            mine = text("SELECT id FROM assignment WHERE person_id = :p")
            places = uow.session.scalars(mine, {"p": viewer.person_id}).all()
            secrets = [new_token(uow, Purpose.ANSWER, uow.person, assignment_id=place) for place in places]
        for secret in secrets:
            answer: Any = self.client.get(f"/svar/{secret}")
            self.statuses.setdefault("/svar/<token>", set()).add(answer.status_code)
            yield answer.data

    def headers(self, viewer: Viewer) -> dict[str, str]:
        if viewer.person_id is None:
            return {}
        with unit_of_work(viewer) as uow:
            return {"Authorization": f"Bearer {create_api_token(uow)}"}


@dataclass
class Scene:
    planted: Planted
    routes: Routes


def scene(planted: Planted, cluster: Cluster, database: str, folder: Path) -> Scene:
    settings = Settings(
        database_url="postgresql://bound-by-the-fixture",
        redis_url="redis://127.0.0.1:9",
        smtp_url="smtp://127.0.0.1:9",
        data_dir=folder,
    )
    with as_owner(cluster, database) as db:
        owner = {"a": planted.town.tobacco.id}
        keys = {name: list(db.scalars(text(find), owner)) for name, find in KEYS.items()}
    assert all(keys.values())
    return Scene(planted, Routes(create_app(settings, bind_database=False), keys))


STATES = ["ongoing", "done"] if os.environ.get("SAMSYN_EVERY_LOOK") else ["ongoing"]
"""The gate looks at both; between gates the one in which most is secret (OSL 17:1)."""


@pytest.fixture(scope="module", params=STATES)
def looked_at(
    request: pytest.FixtureRequest, cluster: Cluster, database: str, tmp_path_factory: pytest.TempPathFactory
) -> Scene:
    folder = tmp_path_factory.mktemp("http")
    make_key_file(folder / "keys.json")
    planted = plant(make_town())
    if request.param == "done":
        finish(planted)
    make_real(planted, folder)
    return scene(planted, cluster, database, folder)


def finish(planted: Planted) -> None:
    """End the visit and the operation: what was secret before it was done is open to those who took part."""
    with unit_of_work(planted.town.planner(planted.town.police)) as uow:
        key = {"v": planted.visit, "o": planted.operation}
        uow.session.execute(text("UPDATE visit SET state = 'done', ended_at = now() WHERE id = :v"), key)
        uow.session.execute(text("UPDATE operation SET state = 'done' WHERE id = :o"), key)
    planted.done = True


def make_real(planted: Planted, folder: Path) -> None:
    """Put a compiled dossier, and the file of the picture, where the planting wrote a bare marker."""
    keys = load_keys(folder / "keys.json")
    for office in planted.silos:
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            assert compile_dossiers(uow, [planted.town.businesses[0]]) == 1
            for address in uow.session.scalars(text("SELECT content_hmac FROM evidence")):
                picture = planted.markers.plant(office.field.value, "evidence.file").encode()
                store(keys, folder, str(office.id), address, picture)
            for row in uow.session.execute(text("SELECT content_hmac, collaboration_id FROM agreement_file")):
                store(keys, folder, str(row.collaboration_id), row.content_hmac, b"%PDF-1.7")
            for address in uow.session.scalars(text("SELECT content_hmac FROM records_package")):
                packed = planted.markers.plant(office.field.value, "records_package.file").encode()
                store(keys, folder, str(office.id), address, packed)
        with unit_of_work(planted.town.planner(office)) as uow:
            for key in uow.session.scalars(text("SELECT id FROM quarantine")):
                late = planted.markers.plant(office.field.value, "quarantine.content")
                said = {"body": {"fact_id": str(key), "question": "who_was_met", "answer": late}}
                body, name = keys.encrypt("quarantine", json.dumps(said).encode(), str(key))
                picture = keys.encrypt("quarantine", late.encode(), str(key))[0]
                put = text("UPDATE quarantine SET body = :b, picture = :p, key_name = :n WHERE id = :i")
                uow.session.execute(put, {"b": body, "p": picture, "n": name, "i": key})
            for row in uow.session.execute(text("SELECT content_hmac, disclosure_id FROM disclosed_picture")):
                picture = planted.markers.plant(office.field.value, kept_as(uow, row.disclosure_id)).encode()
                store(keys, folder, str(row.disclosure_id), row.content_hmac, picture)


def kept_as(uow: UnitOfWork, disclosure_id: UUID) -> str:
    """Name the file of a copy's picture by who may read the copy."""
    act = text("SELECT to_id IS NULL AS public, withdrawn_at IS NOT NULL AS gone FROM disclosure WHERE id = :d")
    row = uow.session.execute(act, {"d": disclosure_id}).one()
    return "disclosed_picture.file" + (" (public)" if row.public else " (withdrawn)" if row.gone else "")


def test_no_route_shows_a_marker_to_somebody_who_may_not_see_it_and_none_fails(looked_at: Scene) -> None:
    """A route that fails shows nothing, and so would hide what it shows."""
    assert [leak for who in LOOK for leak in leaks(looked_at.planted, {"http": looked_at.routes.kept}, only=who)] == []
    failed = {rule for rule, codes in looked_at.routes.statuses.items() if 500 in codes}
    assert failed == set()


def test_the_routes_do_show_what_their_readers_need(looked_at: Scene) -> None:
    """Or the test above would be green on an application that answers nothing."""
    planted, viewers = looked_at.planted, {eye.name: eye.viewer for eye in eyes(looked_at.planted)}
    for who in sorted({who for who, _ in MUST_SEE}):
        seen = planted.markers.seen_in(looked_at.routes.kept(viewers[who]))
        assert {place for reader, place in MUST_SEE if reader == who} <= seen, who


def test_the_compiled_dossier_is_among_what_is_looked_at(looked_at: Scene) -> None:
    planted, routes = looked_at.planted, looked_at.routes
    inspector, business = planted.town.inspector(planted.town.tobacco), routes.keys["business_id"][0]
    answer = routes.client.get(f"/api/v1/dossiers/{business}", headers=routes.headers(inspector))
    assert answer.status_code == 200
    assert (("tobacco", "finding.text") in planted.markers.seen_in([answer.data])) is planted.done


def test_a_feed_says_what_its_level_allows_and_no_more(looked_at: Scene) -> None:
    """SECRECY, under R7: busy says nothing, authority the code word and own authority; full also meeting, and where."""
    planted = looked_at.planted
    inspector = planted.town.inspector(planted.town.tobacco)
    seen = {level: planted.markers.seen_in([looked_at.routes.feed(inspector, level)]) for level in FeedLevel}
    word, own = ("police", "operation.code_word"), ("tobacco", "authority.name")
    assert seen[FeedLevel.BUSY] == set()
    assert seen[FeedLevel.AUTHORITY] <= {word, own}
    # The planted authorities said yes to naming: a done operation says where it went, in place of its code word.
    where = {("police", "visit_target.name"), ("police", "visit_target.address")} if planted.done else set()
    assert (where or {word}) <= seen[FeedLevel.FULL]
    meeting = {("police", "operation.meeting_place"), ("tobacco", "assignment.role"), ("tobacco", "assignment.uid")}
    assert seen[FeedLevel.FULL] <= {word, own} | meeting | where


def test_a_feed_of_more_than_the_own_says_no_more_than_a_word_and_the_own_authority(looked_at: Scene) -> None:
    planted, found = looked_at.planted, set[FeedScope]()
    for person in (planted.town.inspector(planted.town.tobacco), planted.town.planner(planted.town.police)):
        own = {office.id: ("tobacco", "police")[office is planted.town.police]
               for office in (planted.town.tobacco, planted.town.police)}  # fmt: skip
        allowed = {("police", "operation.code_word"), (own[person.authority_id or planted.operation], "authority.name")}
        for of in feeds_of(person):
            if of.scope is FeedScope.OWN:
                continue
            told = [looked_at.routes.feed(person, level, of) for level in LEVELS_OF[of.scope]]
            assert planted.markers.seen_in(told[:1]) == set(), "busy"
            assert planted.markers.seen_in(told) <= allowed
            assert not any(b"ATTENDEE" in one or b"LOCATION" in one or b"\nURL" in one for one in told)
            if any(b"BEGIN:VEVENT" in one for one in told):
                found.add(of.scope)
    assert found == set(FeedScope) - {FeedScope.OWN}, "a scope that showed nothing proves nothing"


def test_every_key_of_a_route_is_known_here(looked_at: Scene) -> None:
    rules = looked_at.routes.rules
    assert {name for rule in rules for name in rule.arguments} <= set(KEYS)
    assert len(rules) > 30
