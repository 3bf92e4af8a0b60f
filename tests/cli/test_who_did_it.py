"""What the machine's keeper does by a command stands in the trail as that, never as the named person's own act."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from samsyn.access.queries import identify
from samsyn.access.rules import Purpose
from samsyn.authorities.queries import is_spanning
from samsyn.cli import accounts, registry
from samsyn.core.keys import make_key_file
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.factories import Town


@pytest.fixture(autouse=True)
def _bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_key_file(tmp_path / "keys.json")
    settings = Settings(
        database_url="postgresql://bound-by-the-fixture", redis_url="redis://127.0.0.1:9", smtp_url="smtp://127.0.0.1:9",
        data_dir=tmp_path,
    )  # fmt: skip
    for module in (accounts, registry):
        monkeypatch.setattr(module, "house", lambda: settings)


def ran(group: object, *words: str) -> Mapping[str, str]:
    done = CliRunner().invoke(group, [*words, "--json"])  # type: ignore[arg-type]
    assert done.exit_code == 0, done.output
    found: Mapping[str, str] = json.loads(done.stdout)
    return found


def lines(town: Town, action: str, thing: UUID | None = None) -> list[tuple[UUID | None, str | None]]:
    """Who and why, as the authority's log reviewer reads it."""
    with unit_of_work(Viewer(town.tobacco.id, town.tobacco.planner, frozenset({"log_reviewer"}))) as uow:
        found = uow.session.execute(
            text("SELECT actor_person_id, reason, object_id FROM audit WHERE action = :a"), {"a": action}
        )
        return [(who, why) for who, why, what in found if thing in {None, what}]


def test_a_token_made_by_a_command_is_not_its_persons_own_act(town: Town) -> None:
    person = town.tobacco.planner
    made = ran(accounts.token, "create", "--as", town.tobacco.name, "--person", str(person))
    assert identify(made["token"], frozenset({Purpose.API}))[0].person_id == person
    assert lines(town, "token.create", person) == [(None, "command_line")]


def test_neither_is_a_feed_nor_its_end(town: Town) -> None:
    whose = ("--as", town.tobacco.name, "--person", str(town.tobacco.planner))
    made = ran(accounts.feed, "create", *whose)
    ended = CliRunner().invoke(accounts.feed, ["revoke", *whose, made["id"]])
    assert ended.exit_code == 0, ended.output
    assert lines(town, "feed.create", UUID(made["id"])) == [(None, "command_line")]
    assert lines(town, "feed.revoke", UUID(made["id"])) == [(None, "command_line")]


def test_a_person_added_by_a_command_did_not_add_themselves(town: Town) -> None:
    words = ("--unit", str(town.tobacco.unit), "--name", f"Ny {town.mark}", "--email", f"ny.{town.mark}@demo.example")
    made = ran(accounts.person, "add", "--as", town.tobacco.name, *words, "--role", "inspector")
    assert lines(town, "person.add", UUID(made["person_id"])) == [(None, "command_line")]


def test_a_list_read_in_by_a_command_is_no_planners_act(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "lista.csv"
    file.write_text(f"Namn;E-post\nMo {town.mark};mo.{town.mark}@demo.example\n", "utf-8")
    ran(registry.import_group, "people", "--as", town.tobacco.name, str(file))
    assert (None, "command_line") in lines(town, "person.add")


@pytest.mark.parametrize(
    ("kind", "said", "apart"),
    [("national", [], True), ("board", [], False), ("national", ["--units-together"], False)],
)
def test_a_national_authority_is_founded_with_units_that_read_apart(kind: str, said: list[str], apart: bool) -> None:
    """R1; there was no way to say so, and every unit would have read every other's."""
    mark = uuid4().hex[:9]
    words = ("--kind", kind, "--unit", "Enheten", "--field", "police", "--municipality", "Arboga", *said)
    who = ("--name", "Ny", "--email", f"{mark}@demo.example", "--password", "åtta hästar i regn")
    made = ran(accounts.bootstrap, "--authority", f"M {mark}", "--collaboration", f"S {mark}", *words, *who)
    with unit_of_work(Viewer(UUID(made["authority_id"]), UUID(made["person_id"]))) as uow:
        assert is_spanning(uow) is apart
