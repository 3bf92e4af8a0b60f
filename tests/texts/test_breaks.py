"""Soft hyphens: only inside long words, only where a part begins, and nothing else is changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.texts.breaks import SOFT, soften


@pytest.mark.parametrize(
    ("plain", "broken"),
    [
        ("Tobakstillsynen", "Tobaks-tillsynen"),
        ("Hälsoskyddsenheten", "Hälso-skydds-enheten"),
        ("Lokalpolisområde Västra Mälardalen", "Lokal-polis-område Västra Mälardalen"),
        ("Livsmedelskontrollen", "Livsmedels-kontrollen"),
        ("Byggtillsynen", "Bygg-tillsynen"),
        ("Kontrollenheten Västmanland", "Kontroll-enheten Västmanland"),
        ("Miljöenheten", "Miljö-enheten"),
        ("Polisen", "Polisen"),
        ("Brandtillsynen", "Brand-tillsynen"),
        ("Sätra handelsplats", "Sätra handels-plats"),
        ("2 verksamheter", "2 verksam-heter"),
    ],
)
def test_compounds_break_where_a_part_begins(plain: str, broken: str) -> None:
    assert soften(plain).replace(SOFT, "-") == broken


@settings(deadline=None)
@given(st.text(max_size=60))
def test_nothing_else_is_changed(text: str) -> None:
    assert soften(text).replace(SOFT, "") == text.replace(SOFT, "")
