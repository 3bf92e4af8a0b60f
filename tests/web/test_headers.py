import gzip
import re
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

import samsyn.web
from samsyn.core.settings import Settings
from samsyn.web.app import create_app
from samsyn.web.guards import declared_permissions
from samsyn.web.statics import static_url

WEB = Path(samsyn.web.__file__).parent


def test_every_route_carries_the_headers(app: APIFlask, client: FlaskClient) -> None:
    for method, rule in declared_permissions(app):
        answer = client.open(re.sub(r"<[^>]+>", "x", rule), method=method)
        policy = answer.headers["Content-Security-Policy"]
        assert re.search(r"script-src 'nonce-[\w-]{22}' 'strict-dynamic'", policy)
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in answer.headers
        assert len(answer.headers["X-Request-ID"]) == 32


def test_over_https_cookies_are_bound_to_the_host_and_hsts_is_sent(settings: Settings) -> None:
    secure = settings.model_copy(update={"base_url": "https://samsyn.example"})
    client = create_app(secure, bind_database=False).test_client()
    answer = client.get("/sign-in?lang=en", base_url="https://samsyn.example")
    cookies = {cookie.split("=")[0]: cookie for cookie in answer.headers.getlist("Set-Cookie")}
    assert set(cookies) == {"__Host-samsyn", "samsyn-lang"}
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert all(flag in cookie for cookie in cookies.values())
    assert "Domain" not in cookies["__Host-samsyn"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_plain_http_is_for_this_machine_alone(settings: Settings) -> None:
    with pytest.raises(RuntimeError, match="SAMSYN_BASE_URL"):
        create_app(settings.model_copy(update={"base_url": "http://samsyn.example"}), bind_database=False)


def test_static_files_are_kept_for_a_year_and_only_under_the_newest_address(client: FlaskClient) -> None:
    with client.get(static_url("samsyn.css")) as newest, client.get("/static/old/samsyn.css") as older:
        assert newest.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert older.headers["Cache-Control"] == "no-cache"
    for path in ("/static/x/nothing.css", "/static/x/../app.py", "/static/x/%2e%2e/app.py"):
        assert client.get(path).status_code == 404


def test_styles_and_scripts_travel_compressed_and_pages_do_not(client: FlaskClient) -> None:
    with client.application.test_request_context():
        path = static_url("samsyn.css")
    plain = client.get(path, buffered=True)
    small = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert small.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(small.data) == plain.data
    assert small.mimetype == plain.mimetype == "text/css"
    assert small.headers["Cache-Control"] == plain.headers["Cache-Control"]
    assert len(small.data) < len(plain.data) / 4
    assert "Content-Encoding" not in client.get("/help", headers={"Accept-Encoding": "gzip"}).headers
    odd = client.get(path.replace("samsyn.css", "x/../../app.py"), headers={"Accept-Encoding": "gzip"})
    assert odd.status_code == 404


def test_no_page_style_or_script_names_another_origin() -> None:
    for file in [*(WEB / "templates").rglob("*"), *(WEB / "static").rglob("*")]:
        if file.suffix not in {".j2", ".css", ".js", ".svg", ".html"}:
            continue
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert re.findall(r"https?://|[\"'(=]//\w", text) == [], file


INLINE = re.compile(
    r"<script(?![^>]* nonce=\"\{\{ csp_nonce\(\) \}\}\"[^>]* src=|[^>]* src=[^>]* nonce=\"\{\{ csp_nonce\(\) \}\}\")"
    r"|<style|\sstyle=|\son\w+=|\|\s*safe\b|javascript:"
)


def test_templates_have_no_inline_script_style_or_handler() -> None:
    for file in (WEB / "templates").rglob("*.j2"):
        assert INLINE.findall(file.read_text("utf-8")) == [], file


def test_the_log_line_names_the_route_and_never_the_path(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/svar/canary-secret")
    client.get("/help?q=canary-query")
    out = capsys.readouterr().out
    assert "/help" in out
    assert "canary" not in out
