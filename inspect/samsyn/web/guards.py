"""Who may call a route: every view declares it, and the app refuses to start with one that does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from flask import Flask, current_app, g, request

from samsyn.access.rules import Role, covers
from samsyn.core.errors import NotAllowedError
from samsyn.web.csrf import refuse_forgery
from samsyn.web.field_session import demand_field
from samsyn.web.identity import current_card, current_viewer, identified
from samsyn.web.routing import PAGES

V = TypeVar("V", bound=Callable[..., Any])
MARK: Final = "samsyn_permission"
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Permission:
    """What a route asks of its caller. ``roles``: one of them is enough, none means any signed-in person."""

    open: bool = False
    roles: frozenset[Role] = frozenset()
    csrf: bool = True


def guarded(*roles: Role | str) -> Callable[[V], V]:
    """Declare that a view needs a signed-in viewer with one of the roles (none named: any signed-in person)."""
    return declare(Permission(roles=frozenset(Role(role) for role in roles)))


def open_to_all(view: V) -> V:
    """Declare that a view asks for nobody: health, sign-in, static files, and pages that a secret address opens."""
    return declare(Permission(open=True))(view)


def open_by_secret(view: V) -> V:
    """Declare a view whose address holds a secret of 256 bits: nobody can forge it, so no form token is asked."""
    return declare(Permission(open=True, csrf=False))(view)


def declare(permission: Permission) -> Callable[[V], V]:
    """Hang a permission on a view; decorators above and below keep it (``functools.wraps`` copies it)."""

    def mark(view: V) -> V:
        vars(view)[MARK] = permission
        return view

    return mark


def permission_of(view: Callable[..., Any] | None) -> Permission | None:
    """Return what a view declared, or nothing."""
    found = getattr(view, MARK, None)
    return found if isinstance(found, Permission) else None


def demand_declaration(rule: str, view: Callable[..., Any] | None) -> None:
    """Raise ``RuntimeError`` for a view that does not say who may call it."""
    if permission_of(view) is None:
        raise RuntimeError(f"the route {rule} does not declare who may call it: @guarded(...) or @open_to_all")


def declared_permissions(app: Flask) -> dict[tuple[str, str], Permission]:
    """Return every route as (method, rule) with its permission; the matrix of tests reads it."""
    found = {}
    for rule in app.url_map.iter_rules():
        permission = permission_of(app.view_functions[rule.endpoint])
        assert permission is not None  # noqa: S101 - refused at registration
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found[method, rule.rule] = permission
    return found


def demand_scope() -> None:
    """Raise ``NotAllowedError`` for a token that was not made for this route; one with scopes opens the API alone."""
    who = identified()
    if who is None or not who.by_bearer or who.credential.scopes is None:
        return
    group, write = (request.blueprint or "").removeprefix("api_"), request.method not in READING
    if not covers(who.credential.scopes, group, write=write) or not request.path.startswith("/api/"):
        raise NotAllowedError(f"the token lacks the scope {group}:{'write' if write else 'read'}")


def refuse_scoped() -> None:
    """Refuse a token with scopes on what is open to all: a start page or help would show its person's own things."""
    if "Authorization" in request.headers and not request.path.startswith("/api/"):
        demand_scope()


def enter() -> None:
    """Before every view: refuse who may not, before anything of the request is parsed."""
    if request.endpoint is None:
        return
    permission = permission_of(current_app.view_functions[request.endpoint])
    if permission is None:
        raise NotAllowedError("undeclared")
    g.permission = permission
    demand_field()
    if permission.open:
        refuse_scoped()
    else:
        viewer = current_viewer()
        demand_scope()
        if permission.roles and not permission.roles & viewer.roles:
            raise NotAllowedError("needs one of: " + ", ".join(sorted(permission.roles)))
    if permission.csrf:
        refuse_forgery()
    if (request.blueprint or "").startswith(PAGES):
        current_card()  # now, in a unit of work of its own: within the view's it would take a second connection
