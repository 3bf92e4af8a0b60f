"""Identity numbers: the vectors of DOMAIN.md 4.1 and A3, and what must hold for any text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.businesses.identity import (
    HIDDEN,
    Identity,
    IdentityFlaw,
    IdentityKind,
    classify,
    conceal,
    holds_personal_number,
    shown_as_typed,
)
from samsyn.businesses.rules import OperatorForm, form_of

TODAY = date(2026, 11, 23)
ORGANISATION, PERSONAL, COORDINATION = IdentityKind.ORGANISATION, IdentityKind.PERSONAL, IdentityKind.COORDINATION


def check_digit(nine: str) -> str:
    """Independent of the code under test: double every other digit from the left, sum the digits."""
    total = sum(sum(map(int, str(int(sign) * (2 if place % 2 == 0 else 1)))) for place, sign in enumerate(nine))
    return str(-total % 10)


@pytest.mark.parametrize(
    ("text", "kind", "normal"),
    [
        ("556012-5790", ORGANISATION, "5560125790"),
        ("5560125790", ORGANISATION, "5560125790"),
        ("165560125790", ORGANISATION, "5560125790"),
        ("16556012-5790", ORGANISATION, "5560125790"),
        ("SE556012579001", ORGANISATION, "5560125790"),
        (" 556012–5790 ", ORGANISATION, "5560125790"),
        ("212000-2056", ORGANISATION, "2120002056"),
        ("123456-7897", ORGANISATION, "1234567897"),
        ("811218-9876", PERSONAL, "198112189876"),
        ("19811218-9876", PERSONAL, "198112189876"),
        ("198112189876", PERSONAL, "198112189876"),
        ("SE811218987601", PERSONAL, "198112189876"),
        ("121212-1212", PERSONAL, "201212121212"),
        ("121212+1212", PERSONAL, "191212121212"),
        ("19121212-1212", PERSONAL, "191212121212"),
        ("701063-2391", COORDINATION, "197010632391"),
        ("19701063-2391", COORDINATION, "197010632391"),
    ],
)
def test_a_number_is_told_apart(text: str, kind: IdentityKind, normal: str) -> None:
    identity = classify(text, TODAY)
    assert (identity.kind, identity.normal, identity.flaw) == (kind, normal, None)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("", IdentityFlaw.WRONG_FORM),
        ("okänt", IdentityFlaw.WRONG_FORM),
        ("556012-579", IdentityFlaw.WRONG_FORM),
        ("556012579", IdentityFlaw.EXCEL_LOST_ZERO),
        ("55-60125790", IdentityFlaw.WRONG_FORM),
        ("٥٥٦٠١٢-٥٧٩٠", IdentityFlaw.WRONG_FORM),
        ("556012-5791", IdentityFlaw.CHECK_DIGIT),
        ("559999-0470", IdentityFlaw.CHECK_DIGIT),
        ("811218-9875", IdentityFlaw.CHECK_DIGIT),
        ("701063-2390", IdentityFlaw.CHECK_DIGIT),
        ("811318-9875", IdentityFlaw.IMPOSSIBLE_DATE),
        ("5,56E+09", IdentityFlaw.EXCEL_SCIENTIFIC),
        ("2,01E+11", IdentityFlaw.EXCEL_SCIENTIFIC),
        ("1.98112E+11", IdentityFlaw.EXCEL_SCIENTIFIC),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(text: str, flaw: IdentityFlaw) -> None:
    identity = classify(text, TODAY)
    assert (identity.kind, identity.normal, identity.flaw) == (IdentityKind.INVALID, "", flaw)


@pytest.mark.parametrize("born", ["0501019", "0012319"])
def test_a_leading_zero_that_excel_ate_is_recognised(born: str) -> None:
    number = (born + "00")[:9]
    whole = number + check_digit(number)
    assert classify(whole, TODAY).kind is PERSONAL
    assert classify(str(int(whole)), TODAY).flaw is IdentityFlaw.EXCEL_LOST_ZERO


def test_a_person_is_not_born_tomorrow() -> None:
    nine = "261124001"
    assert classify(nine + check_digit(nine), TODAY).normal.startswith("1926")
    assert classify("20" + nine + check_digit(nine), TODAY).flaw is IdentityFlaw.IMPOSSIBLE_DATE
    assert classify(nine + check_digit(nine), date(2026, 11, 24)).normal.startswith("2026")


@pytest.mark.parametrize("text", ["811218-9876", "19121212-1212", "701063-2391"])
def test_a_persons_number_is_never_shown(text: str) -> None:
    identity = classify(text, TODAY)
    for said in (identity.shown, str(identity), repr(identity), f"{identity}", repr([identity]), f"{identity!r:>40}"):
        assert "enskild firma" in said
        assert not any(sign.isdigit() for sign in said)
    assert form_of(identity) is OperatorForm.SOLE_TRADER


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("559999-0016", OperatorForm.LIMITED_COMPANY),
        ("969999-0017", OperatorForm.PARTNERSHIP),
        ("769999-0011", OperatorForm.ECONOMIC_ASSOCIATION),
        ("802999-0010", OperatorForm.NONPROFIT),
        ("212000-2056", OperatorForm.PUBLIC_BODY),
    ],
)
def test_the_first_digit_tells_the_form(text: str, form: OperatorForm) -> None:
    assert form_of(classify(text, TODAY)) is form
    assert form_of(None) is form_of(classify("?", TODAY)) is OperatorForm.UNKNOWN


@settings(deadline=None)
@given(st.from_regex(r"[0-9]{2}[2-9][0-9]{6}", fullmatch=True))
def test_an_organisation_number_goes_round(nine: str) -> None:
    identity = classify(nine + check_digit(nine), TODAY)
    assert identity.kind is ORGANISATION
    assert classify(identity.shown, TODAY) == classify("16" + identity.normal, TODAY) == identity


days = st.dates(date(1900, 1, 1), TODAY)


@settings(deadline=None)
@given(days, st.booleans(), st.integers(0, 999))
def test_a_personal_number_goes_round_in_every_form(born: date, coordination: bool, serial: int) -> None:
    day = born.day + (60 if coordination else 0)
    nine = f"{born:%y%m}{day:02}{serial:03}"
    tail = f"{serial:03}{check_digit(nine)}"
    normal = f"{born.year}{born:%m}{day:02}{tail}"
    sign = "+" if TODAY.year - born.year >= 100 else "-"
    for written in (normal, f"{normal[:8]}-{tail}", f"{nine[:6]}{sign}{tail}"):
        identity = classify(written, TODAY)
        assert (identity.kind, identity.normal) == (COORDINATION if coordination else PERSONAL, normal)
    assert holds_personal_number(f"Kiosk ({normal[:8]}-{tail})", TODAY)


@settings(deadline=None)
@given(st.from_regex(r"(16|18|19|20)?[0-9]{9}", fullmatch=True), st.integers(1, 9))
def test_a_number_with_another_check_digit_is_refused(number: str, off: int) -> None:
    right = check_digit(number[-9:])
    wrong = str((int(right) + off) % 10)
    assert classify(number + wrong, TODAY).kind is IdentityKind.INVALID


@settings(deadline=None)
@given(st.text() | st.from_regex(r"[0-9SE+\-., ]{0,16}", fullmatch=True), days)
def test_any_text_is_answered_and_a_flaw_stands_exactly_at_what_is_invalid(text: str, today: date) -> None:
    identity = classify(text, today)
    assert (identity.kind is IdentityKind.INVALID) == (identity.flaw is not None) == (identity.normal == "")
    assert isinstance(identity, Identity)
    assert conceal(text) is not None
    assert shown_as_typed(text) is not None
    assert holds_personal_number(text, today) in {True, False}


@settings(deadline=None)
@given(days, st.integers(0, 9999), st.sampled_from(["", "-", "+", " ", "–", " - ", "/", "_", "\u200b", ".", "x"]))
def test_a_mistyped_personal_number_is_not_echoed(born: date, tail: int, between: str) -> None:
    for written in (f"{born:%Y%m%d}{between}{tail:04}", f"{born:%y%m%d}{between}{tail:04}"):
        assert shown_as_typed(written) == HIDDEN
        if between != "x":
            assert conceal(f"Namn {written} Ort") == f"Namn {HIDDEN} Ort"


@pytest.mark.parametrize("text", ["559999-0470", "165599990470", "5,56E+09", "okänd innehavare"])
def test_a_mistyped_organisation_number_is_echoed(text: str) -> None:
    assert shown_as_typed(text) == text


@pytest.mark.parametrize("text", ["1,98112E+11", "8,11218E+09", "2,01E+11", "81121898", "811218-98766", "198112-9876"])
def test_what_may_be_half_a_personal_number_is_not_echoed(text: str) -> None:
    assert shown_as_typed(text) == HIDDEN


def test_a_phone_number_in_a_name_is_no_personal_number() -> None:
    assert not any(holds_personal_number(f"Kiosk 070-174 06 {last:02}", TODAY) for last in range(5, 100))
    assert not holds_personal_number("Org 559999-0016", TODAY)
