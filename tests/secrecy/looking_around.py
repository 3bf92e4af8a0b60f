"""A person who looks around: every page, answer, file, feed and mail that one can ask for, and the database itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import pypdf
from apiflask import APIFlask
from sqlalchemy import text
from werkzeug.routing import Rule

from samsyn.access.queries import Contact
from samsyn.access.rules import Language
from samsyn.access.service import create_api_token
from samsyn.calendars.letters import Links, letter
from samsyn.calendars.queries import messages
from samsyn.calendars.rendering import build_message
from samsyn.calendars.rules import LEVELS_OF, FeedLevel, FeedOf
from samsyn.calendars.service import create_feed
from samsyn.core.keys import Keys
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.secrecy.feeding import feeds_of
from tests.secrecy.history import History
from tests.secrecy.surfaces import database

ELSEWHERE: Final = {
    *("static", "token", "name", "seen", "draft_id", "template_id", "job_id", "evidence_id", "picture_id"),
    *("record_id", "item_id", "package_id", "run_id", "alarm_id", "invitation_id", "passkey_id", "month", "word"),
    *("checklist_id", "campaign_id", "listed_id", "result_id", "late_id", "follow_up_id", "outcome_id", "help_id"),
    *("pledge_id", "area_id", "commitment_id", "activity_id"),
    *("hot_spot_id", "signal_id", "taken_id", "remark_id", "entry_id"),
    *("agreement_id", "file_id"),
    *("evaluation_id", "subject_id"),
    "upload_id",
}
"""Arguments that are no keys of this history: files of the house, secret addresses, what nobody makes here."""
HEALTH: Final = ("/readyz", "/metrics")
"""What asks the broker, which is away here."""
TELLING: Final = (
    *("/operations/<uuid:operation_id>", "/operations/<uuid:operation_id>/order", "/businesses/<uuid:business_id>"),
    *("/parts/<uuid:part_id>/checklist", "/api/v1/visits/<uuid:visit_id>/findings", "/disclosures", "/tonight"),
    "/api/v1/operations/<uuid:operation_id>/evening",
    *(
        "/api/v1/dossiers/<uuid:business_id>",
        "/api/v1/dossiers/<uuid:business_id>.pdf",
        "/api/v1/dossiers/<uuid:business_id>.xlsx",
        "/api/v1/operations/<uuid:operation_id>/report",
        "/api/v1/operations/<uuid:operation_id>/report.pdf",
        "/visits/<uuid:visit_id>/disclose",
    ),
)
"""Where most of what people type is shown: every other look goes there."""
LINKS: Final = Links(Keys("k1", {"k1": b"k" * 32}), "https://samsyn.example", "samsyn.example", "Samsyn")


class Looker:
    """All that the house answers, as somebody who asks with anybody's keys; ``saw`` keeps what was read at all."""

    def __init__(self, app: APIFlask) -> None:
        self.client = app.test_client()
        gets = [r for r in app.url_map.iter_rules() if "GET" in (r.methods or ()) and not ELSEWHERE & r.arguments]
        self.rules = [rule for rule in gets if rule.rule not in HEALTH]
        self.tokens: dict[UUID, str] = {}
        self.history = History.__new__(History)  # the one that runs, set as it begins
        self.saw: set[str] = set()  # which kinds of words were read

    def fetch(self, history: History, viewer: Viewer, seed: int) -> Iterator[tuple[str, list[bytes]]]:
        """Look at one thing: ``seed`` says which, and with which key of anybody's."""
        chance = Random(seed)
        way = chance.random()
        if way < 0.07:
            yield "database", list(database(viewer))
        elif way < 0.12 and viewer.person_id:
            of = FeedOf() if chance.random() < 0.6 else chance.choice(feeds_of(viewer))  # the own says most
            level = chance.choice(LEVELS_OF[of.scope])
            yield f"feed {level}", [self.feed(viewer, level, of)]
        elif way < 0.17 and viewer.authority_id:
            yield "mail", list(mails(viewer))
        else:
            path = self.path(history, chance)
            yield path, self.page(viewer, path)

    def path(self, history: History, chance: Random) -> str:
        """Fill a route with keys that somebody has, or that nobody has: an error page is a surface too."""
        telling = [one for one in self.rules if one.rule in TELLING]
        rule = chance.choice(telling if chance.random() < 0.5 else self.rules)
        path = rule.rule
        for name in rule.arguments:
            known = keys_of(history, rule, name)
            key = chance.choice(known) if known and chance.random() < 0.9 else uuid4()
            path = path.replace(f"<uuid:{name}>", str(key))
        return path

    def page(self, viewer: Viewer, path: str) -> list[bytes]:
        answer: Any = self.client.get(path, headers=self.headers(viewer))
        assert answer.status_code < 500, path
        if answer.mimetype == "application/pdf":
            pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
            return ["".join("".join(page.extract_text().split()) for page in pages).encode()]
        return [answer.data, str(answer.headers).encode()]

    def headers(self, viewer: Viewer) -> dict[str, str]:
        if viewer.person_id is None:
            return {}
        if viewer.person_id not in self.tokens:
            with unit_of_work(viewer) as uow:
                self.tokens[viewer.person_id] = create_api_token(uow)
        return {"Authorization": f"Bearer {self.tokens[viewer.person_id]}"}

    def feed(self, viewer: Viewer, level: FeedLevel, of: FeedOf) -> bytes:
        with unit_of_work(viewer) as uow:
            secret = create_feed(uow, level, of)[1]
        answer: Any = self.client.get(f"/cal/{secret}.ics")
        data: bytes = answer.data
        return data


def keys_of(history: History, rule: Rule, name: str) -> list[UUID]:
    """Keys of the kind that an argument names, whoever's they are."""
    evenings, town = history.evenings, history.town
    known: dict[str, list[UUID]] = {
        "operation_id": [one.operation for one in evenings],
        "visit_id": [one.visit for one in evenings],
        "part_id": [part for one in evenings for part in one.parts.values()],
        "assignment_id": [place for one in evenings for place in one.places.values()],
        "authority_id": [office.id for office in town.offices],
        "business_id": town.businesses,
        "finding_id": [one.id for one in history.findings],
        "disclosure_id": [key for one in history.findings for key in one.copies],
        "person_id": [one for office in town.offices for one in (office.planner, *office.inspectors)],
        "request_id": [one.id for one in history.questions],
    }
    assert name in known, f"{rule.rule}: say whose {name} are"
    return known[name]


def mails(viewer: Viewer) -> Iterator[bytes]:
    """Every mail that the viewer's authority has to send to its own people, as it leaves the house."""
    with unit_of_work(Viewer.task_of(viewer.authority_id)) as uow:  # type: ignore[arg-type]
        mine = text("SELECT id FROM delivery WHERE to_id = :a")
        told = messages(uow, list(uow.session.scalars(mine, {"a": viewer.authority_id})))
    for one in told.values():
        reach = Contact(one.person_id, "mottagare@demo.example", "Mottagare", Language.SV)
        yield build_message(letter(replace(one, contact=reach), LINKS))
