"""Bring a database to the newest shape, as the migrator acting as the owner."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

import samsyn


def migrations_folder() -> Path:
    """Return where the migrations lie: beside the package in a wheel, two folders up in a checkout."""
    package = Path(samsyn.__file__).parent
    # An editable install may leave a stale copy beside the package: the checkout's own wins.
    for folder in (package.parents[1] / "migrations", package / "_migrations"):
        if (folder / "env.py").exists():
            return folder
    raise FileNotFoundError("the migrations are not where they belong")


def config_folder() -> Path:
    """Return the folder ``config``: house checklists, code words, examples."""
    package = Path(samsyn.__file__).parent
    for folder in (package.parents[1] / "config", package / "_config"):
        if folder.exists():
            return folder
    raise FileNotFoundError("the folder config is not where it belongs")


def alembic_config(url: str) -> Config:
    """Return Alembic's configuration for a database URL of the migrator."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Run the missing migrations; one runner at a time, each migration in its own transaction."""
    command.upgrade(alembic_config(url), revision)
