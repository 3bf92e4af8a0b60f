"""What pages and routes need of the installation: its keys and the addresses that lead back to it."""

from __future__ import annotations

from samsyn.calendars.letters import Links
from samsyn.core.keys import Keys, load_keys
from samsyn.web.house import house


def current_keys() -> Keys:
    """Return the installation's keys."""
    settings = house().settings
    return load_keys(settings.key_file or settings.data_dir / "keys.json")


def current_links() -> Links:
    """Return how people are led here and back."""
    settings = house().settings
    return Links(current_keys(), settings.base_url, settings.mail_domain, settings.service_name)
