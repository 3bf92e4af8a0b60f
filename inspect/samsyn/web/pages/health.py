"""For machines that watch: alive, ready, counts. Nothing here names an authority."""

from __future__ import annotations

from functools import lru_cache

import redis
import structlog
from alembic.script import ScriptDirectory
from flask import Response, jsonify, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from samsyn.audit.queries import seal_card
from samsyn.core.migrate import alembic_config
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.web import metrics
from samsyn.web.guards import open_to_all
from samsyn.web.house import house
from samsyn.web.identity import identified
from samsyn.web.routing import page_blueprint

blueprint = page_blueprint("health")
log = structlog.get_logger()


@blueprint.get("/healthz")
@open_to_all
def get_healthz() -> Response:
    """Alive: this process answers."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
@open_to_all
def get_readyz() -> tuple[Response, int]:
    """Ready: database, migrations and broker; 503 with the name of what is not."""
    database, migrations = look_at_database()
    checks = {"database": database, "migrations": migrations, "broker": look_at_broker()}
    ready = all(checks.values())
    said = {name: "ok" if good else "bad" for name, good in checks.items()}
    return jsonify({"status": "ok" if ready else "bad", **said}), 200 if ready else 503


@blueprint.get("/metrics")
@open_to_all
def get_metrics() -> Response:
    """Counts in Prometheus' form: from this machine, or with an API token; to anybody else it is not there."""
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    near = request.remote_addr in {"127.0.0.1", "::1"} and not forwarded
    who = identified()
    if not near and (who is None or not who.by_bearer):
        raise NotFound
    return Response(metrics.exposition() + seal_gauges(), content_type="text/plain; version=0.0.4; charset=utf-8")


def seal_gauges() -> str:
    """Return how the sealing of the trail fares; nothing while the database is away."""
    try:
        with unit_of_work(Viewer()) as uow:
            state, now = seal_card(uow), uow.now
    except SQLAlchemyError:
        return ""
    last = state.waiting_since or state.sealed_at
    lines = ["# TYPE samsyn_seal_ok gauge", f"samsyn_seal_ok {0 if state.check_fault else 1}"]
    if last is not None:
        lines += ["# TYPE samsyn_seal_lag_seconds gauge", f"samsyn_seal_lag_seconds {(now - last).total_seconds():.1f}"]
    if state.checked_at is not None:
        at = state.checked_at.timestamp()
        lines += ["# TYPE samsyn_seal_checked_time_seconds gauge", f"samsyn_seal_checked_time_seconds {at:.0f}"]
    return "\n".join(lines) + "\n"


def look_at_database() -> tuple[bool, bool]:
    """Say whether the database answers, and whether its shape is the newest that this code knows."""
    try:
        with unit_of_work(Viewer()) as uow:
            uow.session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.warning("not_ready", what="database", kind=type(error).__name__)
        return False, False
    try:
        with unit_of_work(Viewer()) as uow:
            found = set(uow.session.scalars(text("SELECT version_num FROM alembic_version")))
    except SQLAlchemyError as error:
        log.warning("not_ready", what="migrations", kind=type(error).__name__)
        return True, False
    return True, found == newest()


@lru_cache(maxsize=1)
def newest() -> set[str]:
    """Return the head of the migrations that came with this code."""
    return set(ScriptDirectory.from_config(alembic_config("")).get_heads())


def look_at_broker() -> bool:
    """Say whether Redis answers within two seconds."""
    client = redis.Redis.from_url(house().settings.redis_url, socket_timeout=2, socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError as error:
        log.warning("not_ready", what="broker", kind=type(error).__name__)
        return False
    finally:
        client.close()
