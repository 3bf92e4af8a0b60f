"""What ``samsyn doctor`` looks at: each finding is a name, good or not, and words that hold no secret."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Final
from urllib.parse import urlsplit

import redis
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from samsyn.calendars.signing import SigningError, signer_of
from samsyn.core.database import FORBIDDEN_ROLE, make_engine
from samsyn.core.migrate import alembic_config
from samsyn.core.settings import Settings, load_settings

Finding = tuple[str, bool, str]
CLOCK_MAY_DIFFER: Final = 5.0  # seconds
KERNEL: Final = "samsyn.planning.campaigns.board"
SEALED_WITHIN: Final = 30.0  # seconds; the sealer looks every two, and a transaction of ours ends within 30


def look() -> list[Finding]:
    """Return all findings; a bad setting is the only one when the settings cannot be read."""
    try:
        settings = load_settings()
    except SystemExit as error:
        return [("settings", False, str(error))]
    around = (look_at(settings) for look_at in (broker, mail, keys, signing))
    return [("settings", True, "read"), *database(settings), *around, planner()]


def database(settings: Settings) -> Iterator[Finding]:
    """Look at the connection, the role, the migrations and the clock."""
    engine = make_engine(settings.database_url, pool_size=1)
    try:
        yield from (check(engine) for check in (reachable, role, migrations, clock, trail))
    except SQLAlchemyError as error:
        yield "database", False, f"cannot be asked: {type(error).__name__}"
    finally:
        engine.dispose()


def reachable(engine: Engine) -> Finding:
    """PostgreSQL 18 or later answers."""
    with engine.connect() as connection:
        version = int(connection.scalar(text("SHOW server_version_num")) or 0)
    return "database", version >= 180000, f"PostgreSQL {version // 10000}"  # noqa: PLR2004


def role(engine: Engine) -> Finding:
    """The role sees no further than the policies."""
    with engine.connect() as connection:
        strong = bool(connection.scalar(FORBIDDEN_ROLE))
        name = connection.scalar(text("SELECT current_user"))
    return "role", not strong, f"{name}{', which could see past the policies' if strong else ''}"


def migrations(engine: Engine) -> Finding:
    """The database has the newest shape."""
    heads = set(ScriptDirectory.from_config(alembic_config("")).get_heads())
    with engine.connect() as connection:
        found = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
    return "migrations", found == heads, f"at {', '.join(sorted(found)) or 'nothing'}, newest {', '.join(heads)}"


def clock(engine: Engine) -> Finding:
    """This machine and the database agree on the time: leases go by the database's."""
    with engine.connect() as connection:
        there = connection.scalar(text("SELECT now()"))
    off = abs((datetime.now(UTC) - there).total_seconds()) if there else CLOCK_MAY_DIFFER
    return "clock", off < CLOCK_MAY_DIFFER, f"{off:.1f} s from the database's"


def trail(engine: Engine) -> Finding:
    """What was done is chained within ten seconds, and the last check of the whole found nothing wrong."""
    with engine.connect() as connection:
        state = connection.execute(text("SELECT now(), s.* FROM (SELECT 1) one LEFT JOIN seal_state s ON true")).one()
    if state.sealed_at is None:
        return "trail", False, "never sealed: is `samsyn audit seal --watch` running?"
    lag = (state.now - (state.waiting_since or state.sealed_at)).total_seconds()
    checked = f"checked {state.checked_at:%Y-%m-%d %H:%M} UTC" if state.checked_at else "not checked yet"
    copied = "" if state.copied_at else ", no second place for its signed ends"
    fault = f", BENT: {state.check_fault}" if state.check_fault else ""
    return "trail", lag < SEALED_WITHIN and not fault, f"sealed {lag:.0f} s ago, {checked}{fault}{copied}"


def broker(settings: Settings) -> Finding:
    """Redis or Valkey answers."""
    try:
        with redis.Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2) as client:
            return "broker", bool(client.ping()), "answers"
    except redis.RedisError as error:
        return "broker", False, f"does not answer: {type(error).__name__}"


def mail(settings: Settings) -> Finding:
    """The mail server greets us."""
    parts = urlsplit(settings.smtp_url)
    opener: Callable[..., smtplib.SMTP] = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with opener(parts.hostname or "localhost", parts.port or 25, timeout=5) as server:
            return "mail", server.noop()[0] == 250, "answers"  # noqa: PLR2004
    except (OSError, smtplib.SMTPException) as error:
        return "mail", False, f"does not answer: {type(error).__name__}"


def planner() -> Finding:
    """Campaigns are planned by the kernel built ahead, or by plain Python: the same plans, more slowly."""
    found = find_spec(KERNEL)
    built = found is not None and not str(found.origin).endswith(".py")
    return "planner", True, "compiled kernel" if built else "plain Python kernel, about three times as slow"


def keys(settings: Settings) -> Finding:
    """The key file is there and nobody else reads it."""
    file = settings.key_file or settings.data_dir / "keys.json"
    if not file.exists():
        return "keys", False, "the key file is missing"
    closed = not file.stat().st_mode & 0o077
    return "keys", closed, "readable by us alone" if closed else "the key file is readable by others"


def signing(settings: Settings) -> Finding:
    """Outgoing mail is signed here, with what to publish in DNS, or is the mail server's to sign."""
    try:
        signer = signer_of(settings)
    except SigningError as error:
        return "dkim", False, f"no mail leaves: {error}"
    return "dkim", True, "off: the mail server has to sign" if signer is None else f"on; publish {signer.record()}"
