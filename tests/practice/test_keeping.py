"""What is emptied is this folder's own town and nothing else, and what is empty is as after the migrations."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from samsyn.cli.demo import reset
from samsyn.cli.practice.keeping import MARK, clear
from samsyn.core.keys import make_key_file
from samsyn.core.practice import Phase, Practice, Reset, ask_reset, keep_practice, read_practice, read_reset, take_reset
from samsyn.core.settings import Settings
from samsyn.embedded.errors import EmbeddedError
from samsyn.findings.checklists import publish_house_checklists
from tests.cluster import Cluster
from tests.core.owner import acting_in, connected
from tests.factories import make_town


def settings_of(cluster: Cluster, database: str, folder: Path) -> Settings:
    return Settings(
        redis_url="redis://nowhere",
        smtp_url="smtp://nowhere",
        database_url=cluster.url("samsyn_app", database),
        migrator_database_url=cluster.url("samsyn_migrator", database),
        data_dir=folder,
    )


def counts(cluster: Cluster, database: str) -> dict[str, int]:
    with connected(cluster, "postgres", database) as connection:
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        return {t: connection.execute(text(f'SELECT count(*) FROM "{t}"')).scalar_one() for t in tables}


def test_only_a_database_that_this_folder_filled_is_ever_emptied(cluster: Cluster, tmp_path: Path) -> None:
    name = cluster.create()
    cluster.migrate(name)
    publish_house_checklists(cluster.url("samsyn_migrator", name))
    settings, fresh = settings_of(cluster, name, tmp_path), counts(cluster, name)
    make_key_file(tmp_path / "keys.json")
    clear(settings, tmp_path)  # an empty one is taken as its own
    assert counts(cluster, name) == fresh
    with acting_in(cluster, name):
        make_town()
    full = counts(cluster, name)
    assert full["staff"] > 0
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for mark in (None, str(uuid4())):
        if mark:
            (elsewhere / MARK).write_text(mark)
        with pytest.raises(EmbeddedError, match="holds something already"):
            clear(settings, elsewhere)
        assert counts(cluster, name) == full
    (tmp_path / "evidence").mkdir()
    clear(settings, tmp_path)
    assert counts(cluster, name) == fresh
    assert not (tmp_path / "evidence").exists()
    with acting_in(cluster, name):
        assert make_town().businesses


def test_a_reset_is_asked_for_once_and_taken_once(tmp_path: Path) -> None:
    assert read_reset(tmp_path) == Reset(Phase.NONE)
    ask_reset(tmp_path)
    ask_reset(tmp_path)
    assert read_reset(tmp_path).open
    assert (take_reset(tmp_path), take_reset(tmp_path)) == (True, False)


def test_the_folder_keeps_who_signs_in_for_its_owner_alone(tmp_path: Path) -> None:
    assert read_practice(tmp_path) is None
    kept = Practice(({"email": "a@b.example"},), frozenset({uuid4()}))
    keep_practice(tmp_path, kept)
    assert read_practice(tmp_path) == kept
    assert (tmp_path / "practice.json").stat().st_mode & 0o077 == 0


def test_the_command_is_refused_outside_practice_and_where_nothing_runs(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = settings_of(cluster, "samsyn", tmp_path)
    monkeypatch.setattr("samsyn.core.settings.load_settings", lambda: plain)
    refused = CliRunner().invoke(reset)
    assert (refused.exit_code, read_reset(tmp_path)) == (1, Reset(Phase.NONE))
    monkeypatch.setattr("samsyn.core.settings.load_settings", lambda: plain.model_copy(update={"demo": True}))
    monkeypatch.setattr("samsyn.cli.demo.PICKED_UP_WITHIN", 0.1)
    alone = CliRunner().invoke(reset)
    assert alone.exit_code == 1
    assert "no `samsyn up --demo` runs" in alone.output
