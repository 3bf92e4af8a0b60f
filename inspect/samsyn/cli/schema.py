"""The shape of the database and of the API."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from samsyn.core.keys import make_key_file
from samsyn.core.migrate import upgrade
from samsyn.core.settings import Settings
from samsyn.findings.checklists import publish_house_checklists


def migrate_and_load(url: str) -> None:
    """Run the missing migrations, then load the house's checklists as the owner; twice changes nothing."""
    upgrade(url)
    publish_house_checklists(url)


def openapi_document() -> str:
    """Return the document, made without a database."""
    from samsyn.web.app import create_app

    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys.json"
        make_key_file(keys)
        nowhere = {"database_url": "postgresql://nowhere", "redis_url": "redis://nowhere", "smtp_url": "smtp://nowhere"}
        app = create_app(Settings(**nowhere, key_file=keys), bind_database=False)  # type: ignore[arg-type]
        with app.app_context():
            return json.dumps(app.spec, ensure_ascii=False, indent=1)
