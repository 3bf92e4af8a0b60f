"""Keep a practice town in a data folder: load it once, throw it away on request, never touch anybody else's data."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, create_engine, pool, text

from samsyn.audit.heads import make_seal_keys
from samsyn.calendars.letters import Links
from samsyn.cli.acting import keys_of
from samsyn.cli.practice.loading import Say, load_town
from samsyn.core.database import bind, make_engine, refuse_strong_role
from samsyn.core.practice import forget_practice, keep_practice, read_practice
from samsyn.core.settings import Settings, load_settings
from samsyn.core.viewer import POST_OFFICE
from samsyn.embedded.errors import EmbeddedError
from samsyn.embedded.files import write_private
from samsyn.findings.checklists import publish_house_checklists

MARK: Final = "practice.database"
"""Which database (by its own random name) this folder's town is loaded into; only that one is ever emptied."""
STAYS: Final = frozenset({"alembic_version", "installation"})


def practice_people(folder: Path, say: Say) -> list[dict[str, Any]]:
    """Return the people with password, token and feed address; load the town if this folder has no whole one.

    Raises ``EmbeddedError`` for a database that holds something which this folder did not load.
    """
    settings = load_settings()
    if (kept := read_practice(folder)) is None:
        clear(settings, folder)
        act_quickly(settings)
        links = Links(keys_of(settings), settings.base_url, settings.mail_domain, settings.service_name)
        kept = load_town(links, settings.data_dir, datetime.now(UTC), say)
        keep_practice(folder, kept)
    return [{**one, "feed_url": f"{settings.base_url}/cal/{one['feed_secret']}.ics"} for one in kept.people]


def throw_away(folder: Path) -> None:
    """Empty the database of this folder's town, its photos and its mails; the next loading begins anew."""
    settings = load_settings()
    forget_practice(folder)
    clear(settings, folder)
    if settings.mailbox_dir is not None:
        for part in ("new", "cur"):
            for mail in (settings.mailbox_dir / part).glob("*"):
                mail.unlink(missing_ok=True)


def act_quickly(settings: Settings) -> None:
    """Bind this process to the database for the loading; half a town is worth nothing, so no commit waits."""
    engine = make_engine(settings.database_url, pool_size=1, prepares=True, hurried=True, pool_pre_ping=False)
    refuse_strong_role(engine)
    bind(engine)


def clear(settings: Settings, folder: Path) -> None:
    """Make the database empty as after its migrations; refuse where what it holds was not loaded from this folder."""
    mark, url = folder / MARK, settings.migrator_database_url
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=pool.NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL ROLE samsyn_owner"))
            name = str(connection.scalar(text("SELECT uid_domain FROM installation")))
            ours = mark.exists() and mark.read_text("utf-8") == name
            if ours:
                empty(connection)
            elif connection.scalar(text("SELECT count(*) FROM authority WHERE authority_kind <> 'reserved'")):
                raise EmbeddedError("the database holds something already: the practice town wants an empty one")
    finally:
        engine.dispose()
    write_private(mark, name)
    if ours:
        # A new chain has new keys: else the copies of the old one's ends would tell that the new one was cut.
        settings.seal_keys().unlink(missing_ok=True)
        make_seal_keys(settings.seal_keys())
        for photos in ("evidence", "uploads"):
            shutil.rmtree(settings.data_dir / photos, ignore_errors=True)
        publish_house_checklists(url)


def empty(connection: Connection) -> None:
    """Empty every table as the owner: row security lets nobody else do it, and the owner only as a whole."""
    tables = connection.scalars(text("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"))
    names = ", ".join(name for name in tables if name not in STAYS)
    connection.execute(text(f"TRUNCATE {names} CASCADE"))  # names of our own tables, quoted by the server
    connection.execute(
        text(
            "INSERT INTO authority (id, name, authority_kind, spanning) VALUES (:id, 'post_office', 'reserved', false)"
        ),
        {"id": POST_OFFICE},
    )
    connection.execute(text("TRUNCATE feed_mark"))  # the line above left one: a new database has none
