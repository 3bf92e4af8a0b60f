"""What a data folder keeps of its practice town: the sign-ins of the people, from one start to the next."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from samsyn.calendars.letters import Links
from samsyn.cli.acting import keys_of
from samsyn.cli.practice.loading import Say, load_town
from samsyn.core.database import bind, make_engine, refuse_strong_role
from samsyn.core.settings import Settings, load_settings
from samsyn.embedded.files import write_private

PEOPLE: Final = "practice.json"
USES: Final = 3
"""After so many uses a statement is prepared: the loading says the same few thousands of times."""


def practice_people(folder: Path, url: str, say: Say) -> list[dict[str, Any]]:
    """Return the people with password, token and feed address; load the town if this folder has none."""
    file = folder / PEOPLE
    if not file.exists():
        settings = load_settings()
        act_quickly(settings)
        links = Links(keys_of(settings), settings.base_url, settings.mail_domain, settings.service_name)
        people = load_town(links, settings.data_dir, datetime.now(UTC), say)
        write_private(file, json.dumps(people, ensure_ascii=False))
    people = json.loads(file.read_text("utf-8"))
    return [{**person, "feed_url": f"{url}/cal/{person['feed_secret']}.ics"} for person in people]


def act_quickly(settings: Settings) -> None:
    """Bind this process to the database for the loading; half a town is worth nothing, so no commit waits."""
    engine = make_engine(settings.database_url, pool_size=1, prepare_after=USES, hurried=True, pool_pre_ping=False)
    refuse_strong_role(engine)
    bind(engine)
