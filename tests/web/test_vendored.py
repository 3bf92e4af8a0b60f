"""What others made is what we looked at: every vendored file has the digest that was written down."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from samsyn.web import statics

VENDOR = statics.FOLDER / "vendor"
TEMPLATES = Path(statics.__file__).parent / "templates"
OURS = {"README.md", "SHA256SUMS", "LICENSES.txt"}


def test_every_vendored_file_has_its_digest() -> None:
    lines = [line.split() for line in (VENDOR / "SHA256SUMS").read_text().splitlines()]
    written = {file: digest for digest, file in lines}
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in VENDOR.iterdir()}
    assert {name: digest for name, digest in found.items() if name not in OURS} == written


def test_every_vendored_file_has_its_licence() -> None:
    licences = (VENDOR / "LICENSES.txt").read_text("utf-8")
    assert [file.name for file in VENDOR.iterdir() if file.name not in OURS and file.name not in licences] == []


def test_no_template_asks_htmx_for_what_needs_eval() -> None:
    """The policy would refuse it in the browser, without a word to the person."""
    for file in TEMPLATES.rglob("*.j2"):
        found = re.findall(r"hx-on|=\"js:|hx-trigger=\"[^\"]*\[|hx-vars", file.read_text("utf-8"))
        assert found == [], file


def test_htmx_is_told_to_inject_no_style() -> None:
    assert '"includeIndicatorCSS": false' in (TEMPLATES / "base.html.j2").read_text("utf-8")
