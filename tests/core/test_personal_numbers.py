from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from samsyn.core.personal_numbers import find_personal_numbers, has_personal_number, mask_personal_numbers

NOT_DIGITS = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=40)
# What could stand between the digits of a number would change which digits belong together.
AROUND = NOT_DIGITS.map(lambda text: f"{text}x")
GAPS = st.sampled_from(["", "-", "+", " ", "–", " - ", "\u00a0", "."])


def check_digit(nine: str) -> str:
    total = sum(sum(divmod(int(sign) * (2 - n % 2), 10)) for n, sign in enumerate(nine))
    return str(-total % 10)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """A personnummer or samordningsnummer as somebody might type it."""
    born = draw(st.dates(date(1880, 1, 1), date(2030, 12, 31)))
    day = born.day + draw(st.sampled_from([0, 60]))
    nine = f"{born:%y%m}{day:02}{draw(st.integers(0, 999)):03}"
    gap, inner = draw(GAPS), draw(st.sampled_from(["", "-", " "]))
    century = f"{born.year // 100}{inner}" if draw(st.booleans()) else ""
    return f"{century}{nine[:2]}{inner}{nine[2:4]}{inner}{nine[4:6]}{gap}{nine[6:]}{check_digit(nine)}"


@given(numbers(), AROUND, AROUND)
def test_every_number_is_found_and_none_of_its_digits_is_left(number: str, before: str, after: str) -> None:
    text = f"{before}{number}x{after}"
    assert has_personal_number(text)
    masked = mask_personal_numbers(text)
    assert not any(sign.isdecimal() for sign in masked)
    assert len(masked) == len(text)
    assert masked.startswith(before)
    assert masked.endswith(after)


@given(st.text(max_size=200))
def test_masking_changes_digits_alone_and_leaves_no_number(text: str) -> None:
    masked = mask_personal_numbers(text)
    assert not has_personal_number(masked)
    assert all(now == was or (now == "*" and was.isdecimal()) for now, was in zip(masked, text, strict=True))
    assert mask_personal_numbers(masked) == masked


def test_what_looks_alike_and_is_none_stands() -> None:
    for text in (
        "070-174 06 05",
        "559999-0016",
        "19121212-1213",
        "19121312-1212",
        "2012:259, 11:19 a",
        "732 31 Arboga",
    ):
        assert mask_personal_numbers(text) == text


def test_a_false_candidate_does_not_hide_a_true_number() -> None:
    assert mask_personal_numbers("rum 11, 121212-1212") == "rum 11, ******-****"
    assert max(end for _, end in find_personal_numbers("kvitto 20 701063-2391")) == len("kvitto 20 701063-2391")
    assert mask_personal_numbers("１９１２１２１２-１２１２") == "********-****"
