"""Shared parts of pages, drawn with the ends of what they may be given."""

from __future__ import annotations

import re

import pytest
from apiflask import APIFlask
from flask import render_template_string

MACROS = '{% import "macros.html.j2" as m with context %}'
BARS = """{% import "charts.html.j2" as c with context %}
{{ c.bars("b", "Brister per besök", rows, [("c1", "öppna"), ("c2", "åtgärdade")], "Besök", top, step) }}"""


def drawn(app: APIFlask, text: str, **values: object) -> str:
    with app.test_request_context():
        return render_template_string(text, **values)


@pytest.mark.parametrize(
    ("rows", "top", "step"),
    [
        ([], 0, 1),
        ([("maj", "2026", [0, 0])], 0, 0),
        ([("maj", "2026", [0, 1])], 1, 1),
        ([("maj", "2026", [3, 2]), ("juni", "2026", [0, 0])], 5, 2),
    ],
)
def test_bars_stay_inside_their_box_and_say_their_figures(
    app: APIFlask, rows: list[tuple[str, str, list[int]]], top: int, step: int
) -> None:
    svg = drawn(app, BARS, rows=rows, top=top, step=step)
    for y, height in re.findall(r'<rect class="c\d" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', svg):
        assert float(y) >= 0
        assert float(y) + float(height) <= 170 or float(height) == 11  # the key's own little box
    for _, _, values in rows:
        for value in values:
            assert f'<td class="r">{value}</td>' in svg


@pytest.mark.parametrize(("done", "planned", "total"), [(0, 0, 0), (3, 2, 4), (1, 0, 4), (9, 0, 4)])
def test_a_thin_bar_is_never_longer_than_its_box(app: APIFlask, done: int, planned: int, total: int) -> None:
    svg = drawn(
        app, '{% import "charts.html.j2" as c with context %}{{ c.mini(d, p, t_, 1) }}', d=done, p=planned, t_=total
    )
    assert all(0 <= float(width) <= 100 for width in re.findall(r'width="([\d.]+)"', svg))


def test_progress_is_said_in_quarters(app: APIFlask) -> None:
    text = MACROS + '{{ m.progress("Läser in", done, total) }}'
    assert "25 procent" in drawn(app, text, done=49, total=100)
    assert "100 procent" in drawn(app, text, done=3, total=3)
    assert "max=" not in drawn(app, text, done=0, total=0)


def test_an_undo_bar_is_a_form_that_works_alone(app: APIFlask) -> None:
    bar = drawn(app, MACROS + '{{ m.undo_bar("Skickas strax.", "/held/1/undo", 8, {"a": "b"}) }}')
    for part in (
        'role="status"',
        'action="/held/1/undo"',
        'name="a" value="b"',
        "csrf_token",
        "idempotency_key",
        "8 s",
    ):
        assert part in bar


def test_who_takes_part_is_read_out_with_who_waits(app: APIFlask) -> None:
    squares = drawn(app, MACROS + '{{ m.pills([(none, "Polisen", false), (none, "Miljö", true)]) }}')
    assert "Deltar: Polisen, Miljö (har inte svarat)." in squares
    assert squares.count('aria-hidden="true"') == 2
    assert squares.count("pill--wait") == 1
