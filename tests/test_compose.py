"""The production shape names only settings that exist, and every service says how its health is seen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from samsyn.core.settings import Settings

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
KNOWN = {f"SAMSYN_{name.upper()}" for name in Settings.model_fields}
FOR_ROLES = {"SAMSYN_SUPERUSER_DATABASE_URL", *(f"SAMSYN_{r}_PASSWORD" for r in ("APP", "RELAY", "MIGRATOR", "SEALER"))}


def test_every_setting_of_the_services_is_one_that_we_read() -> None:
    for name, service in SERVICES.items():
        given = {key for key in service.get("environment", {}) if key.startswith("SAMSYN_")}
        assert given <= KNOWN | FOR_ROLES, name


def test_every_service_that_stays_has_a_health_check() -> None:
    assert {name for name, s in SERVICES.items() if "healthcheck" not in s} == {"migrations"}


def test_no_secret_stands_in_the_file() -> None:
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            secret = re.search(r"PASSWORD|://[^:]+:", f"{key}={value}")
            assert not secret or "${" in str(value), (name, key)


def test_only_the_relay_and_the_migrations_hold_their_own_roles() -> None:
    holders = {n for n, s in SERVICES.items() if "SAMSYN_MIGRATOR_DATABASE_URL" in s.get("environment", {})}
    assert holders == {"migrations"}
    holders = {n for n, s in SERVICES.items() if "SAMSYN_RELAY_DATABASE_URL" in s.get("environment", {})}
    assert holders == {"relay"}
    holders = {n for n, s in SERVICES.items() if "SAMSYN_SEALER_DATABASE_URL" in s.get("environment", {})}
    assert holders == {"sealer"}
    assert [n for n, s in SERVICES.items() if "samsyn_seal_keys" in s.get("secrets", [])] == ["sealer"]
    assert [n for n, s in SERVICES.items() if "samsyn_providers" in s.get("secrets", [])] == ["web"]


def test_the_example_lists_every_setting_with_its_reason() -> None:
    text = (ROOT / "config" / "example.env").read_text("utf-8")
    listed = set(re.findall(r"^#? ?(SAMSYN_[A-Z_]+)=", text, re.MULTILINE))
    assert listed == KNOWN
