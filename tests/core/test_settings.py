"""Settings: from the environment; a bad one stops the start and is named, its value never."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from samsyn.core.settings import Settings, load_settings

NEEDED = {
    "SAMSYN_DATABASE_URL": "postgresql://samsyn_app:hemligt@db/samsyn",
    "SAMSYN_REDIS_URL": "redis://localhost",
    "SAMSYN_SMTP_URL": "smtp://localhost:25",
}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import os

    for name in [name for name in os.environ if name.startswith("SAMSYN_")]:
        monkeypatch.delenv(name)
    load_settings.cache_clear()
    yield
    load_settings.cache_clear()


def test_what_is_needed_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.database_url == NEEDED["SAMSYN_DATABASE_URL"]
    assert (settings.demo, settings.relay_database_url) == (False, "")


def test_what_is_missing_or_wrong_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMSYN_DATABASE_URL", NEEDED["SAMSYN_DATABASE_URL"])
    monkeypatch.setenv("SAMSYN_DEMO", "hemligt-kanske")
    with pytest.raises(SystemExit) as stopped:
        load_settings()
    said = str(stopped.value)
    assert {"SAMSYN_REDIS_URL", "SAMSYN_SMTP_URL", "SAMSYN_DEMO"} <= set(said.replace(":", " ").split())
    assert "hemligt" not in said
    assert stopped.value.__suppress_context__


def test_a_file_may_name_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "samsyn.env"
    file.write_text("".join(f"{name}={value}\n" for name, value in NEEDED.items()))
    monkeypatch.setenv("SAMSYN_CONFIG", str(file))
    assert load_settings().redis_url == "redis://localhost"
    file.write_text(file.read_text() + "SAMSYN_DATABSE_URL=typo\n")
    load_settings.cache_clear()
    with pytest.raises(SystemExit, match="SAMSYN"):
        load_settings()


def test_every_setting_says_what_it_is_for_in_the_example() -> None:
    from samsyn.core.migrate import config_folder

    example = (config_folder() / "example.env").read_text("utf-8")
    missing = [name for name in Settings.model_fields if f"SAMSYN_{name.upper()}" not in example]
    assert missing == []
