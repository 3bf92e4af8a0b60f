"""The application: made from settings, with every wall in its place before the first route."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from apiflask import APIFlask

from samsyn.access.rules import LIFE, LISTED
from samsyn.core.database import bind, make_engine, refuse_strong_role
from samsyn.core.keys import load_keys
from samsyn.core.settings import Settings
from samsyn.findings.quarantine import KEPT
from samsyn.web import api, pages
from samsyn.web.csrf import PROTECTION
from samsyn.web.guards import demand_declaration, enter
from samsyn.web.headers import log_unexpected, register_headers
from samsyn.web.house import LOOPBACK, House, keep
from samsyn.web.problems import register_problems
from samsyn.web.providers import register_providers
from samsyn.web.shell import register_shell
from samsyn.web.statics import register_statics

LARGEST: Final = 30 * 1024 * 1024
"""Bytes of a request: two photos of a phone; spreadsheets are far smaller."""
LARGEST_FORM: Final = 1024 * 1024
"""Bytes of a form's text in memory."""

ABOUT_API: Final = "What a call does is done when it answers: who is to be told is told at once. Undo is for the pages."


class Samsyn(APIFlask):
    """Flask with the house's three rules: declared routes, escaped templates, no content in the log."""

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Register a route; raise ``RuntimeError`` for one that does not say who may call it."""
        demand_declaration(rule, view_func)
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)

    def select_jinja_autoescape(self, filename: str | None) -> bool:  # noqa: ARG002
        """Escape in every template: Flask's own choice goes by the ending and would leave ``.html.j2`` out."""
        return True

    def log_exception(self, exc_info: Any) -> None:
        """Log where it went wrong, without what was in it."""
        log_unexpected(exc_info[1])


def create_app(settings: Settings, *, bind_database: bool = True) -> APIFlask:
    """Return the application; raise ``RuntimeError`` for a database role that could see past the policies.

    ``bind_database=False`` leaves the database to a caller that has bound one (tests).
    """
    app = Samsyn("samsyn.web", title="Samsyn", version="1", spec_path=None, docs_path=None, static_folder=None)  # type: ignore[arg-type]
    house = keep(app, settings)
    configure(app, house)
    if bind_database:
        engine = make_engine(settings.database_url, prepares=settings.database_prepares)
        refuse_strong_role(engine)
        bind(engine)
    PROTECTION.init_app(app)
    register_headers(app)
    app.before_request(enter)
    register_problems(app)
    register_shell(app)
    register_statics(app)
    register_providers(app, settings)
    for blueprint in (*api.BLUEPRINTS, *pages.BLUEPRINTS):
        app.register_blueprint(blueprint)
    return app


def configure(app: APIFlask, house: House) -> None:
    """Set what Flask, its extensions and APIFlask leave open or wrong for us."""
    settings = house.settings
    keys = load_keys(settings.key_file or settings.data_dir / "keys.json")
    app.config.update(
        SECRET_KEY=keys.derive("session"),
        SECRET_KEY_FALLBACKS=[keys.derive("session", name) for name in keys.by_name if name != keys.current],
        SESSION_COOKIE_NAME="__Host-samsyn" if house.secure else "samsyn",
        SESSION_COOKIE_SECURE=house.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",  # a link in a mail must find the session
        # The row in the database says when; afterwards a field session's cookie still says whose a phone's rest is.
        PERMANENT_SESSION_LIFETIME=max(LIFE[purpose] for purpose in LISTED) + KEPT,
        MAX_CONTENT_LENGTH=LARGEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        TRUSTED_HOSTS=sorted({house.host, *LOOPBACK - {"::1"}, "[::1]"}),
        PROVIDE_AUTOMATIC_OPTIONS=False,
        PROPAGATE_EXCEPTIONS=False,  # also in tests: a person sees a page with a reference
        WTF_CSRF_CHECK_DEFAULT=False,  # asked in guards.enter, after the route's declaration
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open over lunch is still good
        WTF_CSRF_SSL_STRICT=False,  # asks for a referrer, which our pages forbid
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION=ABOUT_API,
        SERVERS=[{"url": settings.base_url}],
        AUTO_OPERATION_ID=True,
        AUTO_404_RESPONSE=False,  # answered by api.reference, with our problem
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        SECURITY_SCHEMES={"token": {"type": "http", "scheme": "bearer"}},
    )
