"""The real application on the real database; a few routes of the tests' own, declared like every other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from apiflask import APIBlueprint, APIFlask
from argon2 import PasswordHasher
from flask import Response
from flask.testing import FlaskClient
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError

from samsyn.access.service import set_password
from samsyn.audit.service import record
from samsyn.core import errors
from samsyn.core.errors import ChangedMeanwhileError, NotFoundError
from samsyn.core.keys import make_key_file
from samsyn.core.settings import Settings
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.web import api, pages
from samsyn.web.app import create_app
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.house import keep
from samsyn.web.idempotency import once, seen_version
from samsyn.web.parsing import Body, Line, Moment, Prose
from samsyn.web.routing import api_blueprint, page_blueprint
from samsyn.web.shell import page
from tests.calendars.box import Box, open_box
from tests.calendars.box import settings as mailing
from tests.factories import Town

PASSWORD = "åtta hästar i regn"


class ThingIn(Body):
    """A body with one of each kind."""

    name: Line
    text: Prose | None = None
    starts_at: Moment | None = None
    people: int = 1
    competences: tuple[Line, ...] = ()


class ThingOut(BaseModel):
    """What is answered."""

    id: UUID
    name: str
    version: int


def trial_api() -> APIBlueprint:
    blueprint = api_blueprint("trial")

    @blueprint.post("/trial")
    @guarded()
    @blueprint.input(ThingIn, arg_name="body")
    @blueprint.output(ThingOut)
    def post_trial(body: ThingIn) -> Response:
        """Leave an audit entry: an effect that can be counted."""

        def make(uow: UnitOfWork) -> ThingOut:
            made = uuid4()
            record(uow, "trial", made)
            return ThingOut(id=made, name=body.name, version=1)

        return once(make, status=201, location=lambda said: f"/api/v1/trial/{said['id']}")

    @blueprint.patch("/trial/<uuid:thing_id>")
    @guarded("planner")
    @blueprint.input(ThingIn, arg_name="body")
    @blueprint.output(ThingOut)
    def patch_trial(thing_id: UUID, body: ThingIn) -> Response:
        """Refuse as a version check does."""
        seen = seen_version()

        def make(uow: UnitOfWork) -> ThingOut:
            if seen != 7:
                raise ChangedMeanwhileError("somebody changed it")
            return ThingOut(id=thing_id, name=body.name, version=8)

        return once(make, standing=lambda _uow: ThingOut(id=thing_id, name="theirs", version=7))

    @blueprint.get("/trial/<uuid:thing_id>")
    @guarded()
    def get_trial(thing_id: UUID) -> dict[str, Any]:
        """Nothing here: absent and hidden are refused with different words."""
        raise NotFoundError(f"the words differ {uuid4()}")

    @blueprint.get("/trial-refusal/<name>")
    @guarded()
    def get_refusal(name: str) -> dict[str, Any]:
        """Every refusal of the house, by the name of its class."""
        if name == "unexpected":
            raise RuntimeError("canary-of-an-error-text")
        if name == "away":
            raise OperationalError("SELECT", {}, Exception("gone"))
        raise getattr(errors, name)("why", missing=("part",), fields={"cursor": ["unknown"]})

    return blueprint


def trial_pages() -> APIBlueprint:
    blueprint = page_blueprint("trial")

    @blueprint.get("/trial")
    @guarded()
    def get_form() -> str:
        """A form."""
        return page("trial.html.j2", form=new_form({"name": "Första"}))

    @blueprint.post("/trial")
    @guarded()
    def post_form() -> Response:
        """A form that leaves an audit entry."""

        def make(uow: UnitOfWork, asked: ThingIn) -> str:
            if asked.name == "krock":
                raise errors.ConflictError("collides", fields={"name": ["Upptaget."]})
            record(uow, "trial", uuid4(), reason=asked.starts_at.isoformat() if asked.starts_at else None)
            return "/"

        def show(form: Form[ThingIn]) -> str:
            return page("trial.html.j2", form=form)

        return answer_form(ThingIn, make, show)

    return blueprint


TRIAL_PAGE = """{% extends "base.html.j2" %}{% import "forms.html.j2" as f with context %}
{% block title %}Prov{% endblock %}{% block main %}<form method="post">{{ f.unseen(version=3) }}
{{ f.summary(form, {"name": "Namn", "starts_at": "Start"}) }}{{ f.field(form, "name", "Namn", hint="Kort") }}
{{ f.area(form, "text", "Text") }}{{ f.moment(form, "starts_at", "Start") }}
{{ f.choice(form, "people", "Antal", [(1, "En"), (2, "Två")]) }}
{{ f.choices(form, "competences", "Kan", [("tobacco", "Tobak")], type="checkbox") }}{{ f.check(form, "agree", "Ja") }}
{{ f.send("Spara") }}</form>{{ m.next_page("abc", {"q": "å&b"}) }}{{ m.tag("Klar", "success", "check") }}
{{ m.note("Obs") }}
{{ m.seen(["Miljö"]) }}{% endblock %}"""


@pytest.fixture(scope="session")
def settings(database: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("web")
    make_key_file(folder / "keys.json")
    return Settings(
        database_url="postgresql://bound-by-the-fixture", redis_url="redis://127.0.0.1:9", smtp_url="smtp://127.0.0.1:9",
        data_dir=folder, undo_seconds=0,
    )  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hundreds of sign-ins here, each two hashes: made cheap, and as they are delivered in ``tests/access``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "samsyn.access.service.passwords.HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        )
        yield


@pytest.fixture(scope="session")
def app(settings: Settings) -> APIFlask:
    """One for all tests: making it costs more than most of them, and a test changes only its browser and its town."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "BLUEPRINTS", (*api.BLUEPRINTS, trial_api()))
        patch.setattr(pages, "BLUEPRINTS", (*pages.BLUEPRINTS, trial_pages()))
        return with_trial_page(create_app(settings, bind_database=False))


@pytest.fixture(scope="session")
def house_app(settings: Settings) -> APIFlask:
    """The application as it is delivered, without the tests' own routes."""
    return create_app(settings, bind_database=False)


@pytest.fixture(scope="session")
def practice_app(settings: Settings) -> APIFlask:
    """The application in practice mode; each test gives it its settings with ``use``."""
    return create_app(settings.model_copy(update={"demo": True}), bind_database=False)


def use(app: APIFlask, settings: Settings, **changes: object) -> FlaskClient:
    """Open a browser on a shared application that has these settings from now on."""
    keep(app, settings.model_copy(update=changes))
    return app.test_client()


def with_trial_page(app: APIFlask) -> APIFlask:
    from jinja2 import ChoiceLoader, DictLoader

    loader = app.jinja_loader
    assert loader is not None
    app.jinja_env.loader = ChoiceLoader([loader, DictLoader({"trial.html.j2": TRIAL_PAGE})])
    return app


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def bearer(town: Town) -> dict[str, str]:
    """The health authority's planner."""
    return {"Authorization": f"Bearer {town.token(town.planner(town.health))}"}


@pytest.fixture
def signed_in(client: FlaskClient, town: Town) -> FlaskClient:
    """A browser in which the health authority's planner has signed in."""
    address = f"{uuid4().hex}@demo.example"
    with unit_of_work(town.planner(town.health)) as uow:
        set_password(uow, uow.person, address, PASSWORD)
    answer = sign_in(client, address)
    assert answer.status_code == 303, answer.text
    return client


def form_token(client: FlaskClient, path: str = "/sign-in") -> str:
    text = client.get(path).text
    return text.split('name="csrf_token" value="')[1].split('"')[0]


def sign_in(client: FlaskClient, address: str, password: str = PASSWORD, where: str = "/") -> Any:
    data = {"csrf_token": form_token(client), "address": address, "password": password, "next": where}
    return client.post("/sign-in", data=data)


@pytest.fixture
def key_folder(tmp_path: Path) -> Path:
    make_key_file(tmp_path / "keys.json")
    return tmp_path


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Box]:
    """A mail server that keeps what the workers send, with the pages' own keys."""
    with open_box() as box, mailing(monkeypatch, settings.data_dir, f"smtp://127.0.0.1:{box.port}"):
        yield box
