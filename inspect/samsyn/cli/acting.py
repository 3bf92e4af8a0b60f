"""Commands act for an authority, as the policies want: ``--as`` names it, by name or id."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import click

from samsyn.access.queries import list_staff
from samsyn.authorities.queries import list_authorities
from samsyn.core.database import bind, make_engine, refuse_strong_role
from samsyn.core.keys import Keys, load_keys
from samsyn.core.settings import Settings, load_settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer

F = TypeVar("F", bound=Callable[..., Any])


def house() -> Settings:
    """Read the settings and bind this process to the database as the application's role."""
    settings = load_settings()
    engine = make_engine(settings.database_url, pool_size=1)
    refuse_strong_role(engine)
    bind(engine)
    return settings


def keys_of(settings: Settings) -> Keys:
    """Return the installation's keys."""
    return load_keys(settings.key_file or settings.data_dir / "keys.json")


def acts_as(command: F) -> F:
    """Add the option ``--as AUTHORITY``."""
    return click.option("--as", "authority", required=True, help="the authority to act for: its name or id")(command)


def as_json(command: F) -> F:
    """Add the option ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="print JSON")(command)


def find_authority(said: str) -> UUID:
    """Return an authority's id; exit 2 when there is none of that name."""
    with unit_of_work(Viewer(UUID(int=0))) as uow:
        found = [a.id for a in list_authorities(uow, limit=10_000) if said in {a.name, str(a.id)}]
    if not found:
        raise click.UsageError(f"no authority called {said!r}")
    return found[0]


def planner_of(said: str) -> Viewer:
    """Return the first planner of an authority, with all roles that person has; who runs the command acts as that."""
    return first_with(said, "planner")


def first_with(said: str, role: str) -> Viewer:
    """Return the first person of an authority who has a role, with all roles of that person; exit 2 without one.

    What is done in that name is no act of that person in the trail.
    """
    authority = find_authority(said)
    with unit_of_work(Viewer(authority)) as uow:
        able = [s for s in list_staff(uow, authority, limit=10_000) if role in s.roles]
    if not able:
        raise click.UsageError(f"that authority has no {role.replace('_', ' ')}")
    return Viewer(authority, able[0].person_id, frozenset(able[0].roles), by_command=True)


def show(data: object, *, as_json: bool, words: str) -> None:
    """Print data as JSON, or in words."""
    click.echo(json.dumps(data, ensure_ascii=False, default=str) if as_json else words)
