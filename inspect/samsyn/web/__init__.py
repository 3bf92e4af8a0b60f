"""Flask: pages and API."""
