"""What to think of: each row on both sides, the tools' data, and the computed rows against a brute force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.authorities.rules import Field
from samsyn.findings.rules import Verified
from samsyn.outcomes.cautions import CAUTIONS, Earlier, Facts, cautions_for, doubled, months_after, years_after
from samsyn.outcomes.rules import DecidedBy, OutcomeState
from samsyn.outcomes.tools import CHARGES, PENALTIES, Measure, every_tool, tools_of
from samsyn.texts import has, say

TODAY = date(2027, 3, 5)
TOOLS = every_tool()
PART = uuid4()
CODES = [row.code for row in CAUTIONS]


def facts(code: str, **said: object) -> Facts:
    """An outcome in good order: decided by its board, with reasons and a party that was heard."""
    given = {
        "state": OutcomeState.DECIDED,
        "on": TODAY,
        "decided_by": DecidedBy.BOARD,
        "delegation": "§ 12",
        "text": "Skäl",
        "heard_on": TODAY,
        "first_seen": TODAY,
        "part_id": PART,
        **said,
    }
    return Facts(tool=TOOLS[code], **given)  # type: ignore[arg-type]


def earlier(code: str, days: int = 30, point: str = "TOB-01", **said: object) -> Earlier:
    one = Earlier(uuid4(), TOOLS[code], OutcomeState.DECIDED, TODAY - timedelta(days=days), frozenset({point}))
    return replace(one, **said)  # type: ignore[arg-type]


def shown(one: Facts) -> set[str]:
    return {row.code for row in cautions_for(one)}


POINT = frozenset({"TOB-01"})
BOTH_SIDES: list[tuple[str, Facts, Facts]] = [
    ("not_delegable", facts("LSO_5_2_VITE"), facts("LSO_5_2")),
    ("not_delegable", facts("LSO_5_2_BEKOSTNAD"), facts("LBE_25_VITE")),
    ("no_power", facts("LTLP_7_10", state=OutcomeState.PROPOSED), facts("LTLP_7_10")),
    ("no_power", facts("LTLP_7_10", delegation=""), facts("ADVICE", state=OutcomeState.PROPOSED)),
    ("purchase_tobacco", facts("LTLP_7_11"), facts("LTLP_10")),
    ("purchase_tobacco", facts("LTLP_7_9_VITE"), facts("MB_26_9_VITE")),
    ("purchase_nicotine", facts("LTN_29"), facts("LTLP_7_11")),
    ("purchase_alcohol", facts("ALKL_9_19"), facts("LIVSL_22")),
    (
        "covered_crime_tobacco",
        facts("LTLP_10", points=POINT, earlier=(earlier("LTLP_7_9_VITE"),)),
        facts("LTLP_10", points=POINT, earlier=(earlier("LTLP_7_9"),)),
    ),
    (
        "covered_charge",
        facts("MB_30", points=POINT, earlier=(earlier("MB_26_9_VITE"),)),
        facts("MB_30", points=POINT, earlier=(earlier("MB_26_9_VITE", point="MIL-01"),)),
    ),
    (
        "covered_crime_food",
        facts("LIVSL_ATAL", points=POINT, earlier=(earlier("LIVSL_23"),)),
        facts("LIVSL_ATAL", points=POINT, earlier=(earlier("LIVSL_23", state=OutcomeState.PROPOSED),)),
    ),
    (
        "covered_fine_food",
        facts("LIVSL_30A", points=POINT, earlier=(earlier("LIVSL_23"),)),
        facts("AML_8_5", points=POINT, earlier=(earlier("AML_7_7_VITE"),)),
    ),
    (
        "covered_fee",
        facts("SFL_50", points=POINT, earlier=(earlier("AML_7_7_VITE"),)),
        facts("SFL_50", points=POINT, earlier=(earlier("SFL_50"),)),
    ),
    (
        "charge_doubled",
        facts("MB_30", points=POINT, earlier=(earlier("MB_30", 730),)),
        facts("MB_30", points=POINT, earlier=(earlier("MB_30", 732),)),
    ),
    (
        "food_doubled",
        facts("LIVSL_30A", points=POINT, earlier=(earlier("LIVSL_30A", 365),)),
        facts("LIVSL_30A", points=POINT, earlier=(earlier("LIVSL_30A", 366),)),
    ),
    (
        "fee_raised",
        facts("SFL_50", points=POINT, earlier=(earlier("SFL_50", 10),)),
        facts("SFL_50", points=POINT, earlier=(earlier("SFL_50", 400),)),
    ),
    ("report_crime", facts("MB_26_9", deficiencies=1), facts("MB_26_9")),
    ("report_crime", facts("MB_30", deficiencies=1), facts("MB_26_2", deficiencies=1)),
    (
        "report_crime",
        facts("MB_26_9", deficiencies=1, earlier=(earlier("MB_26_2", part_id=uuid4()),)),
        facts("MB_26_9", deficiencies=1, earlier=(earlier("MB_26_2", part_id=PART),)),
    ),
    ("charge_whose", facts("MB_30"), facts("MB_26_9")),
    ("building_heard", facts("PBL_11_51", heard_on=None), facts("PBL_11_51")),
    (
        "building_heard",
        facts("PBL_11_51", first_seen=date(2022, 3, 4)),
        facts("PBL_11_51", first_seen=date(2022, 3, 5)),
    ),
    ("building_corrected", facts("PBL_11_51"), facts("PBL_11_33")),
    ("food_heard", facts("LIVSL_30A", first_seen=date(2025, 3, 4)), facts("LIVSL_30A", first_seen=date(2025, 3, 5))),
    ("food_heard", facts("LIVSL_30A", heard_on=None), facts("AML_8_5", heard_on=None)),
    ("ban_ecig", facts("LTLP_7_13", until_on=date(2027, 9, 6)), facts("LTLP_7_13", until_on=date(2027, 9, 5))),
    ("ban_ecig", facts("LTLP_7_13"), facts("LTLP_7_9_FORBUD")),
    ("ban_nicotine", facts("LTN_29_FORBUD", until_on=date(2027, 9, 6)), facts("LTN_29")),
    ("ban_beer", facts("ALKL_9_19_FORBUD", until_on=date(2027, 8, 5)), facts("ALKL_9_19")),
    ("ban_beer", facts("ALKL_9_19_FORBUD"), facts("ALKL_9_19_FORBUD", until_on=date(2027, 9, 5))),
    ("ban_beer", facts("ALKL_9_19_FORBUD", until_on=date(2028, 3, 6)), facts("ALKL_9_18")),
    ("communicate", facts("LTLP_7_9", heard_on=None), facts("REMARK", heard_on=None)),
    ("communicate", facts("MB_30", heard_on=None), facts("MB_30")),
    ("reasons", facts("LTLP_7_9", text=""), facts("LTLP_7_9")),
    ("reasons", facts("LIVSL_24", text=""), facts("REMARK", text="")),
    ("copy_tobacco", facts("LTLP_7_11"), facts("LTLP_7_11", state=OutcomeState.PROPOSED)),
    ("copy_nicotine", facts("LTN_29"), facts("LTLP_7_11")),
    ("copy_alcohol", facts("ALKL_9_18"), facts("ALKL_9_18", state=OutcomeState.PROPOSED)),
]


@pytest.mark.parametrize(("code", "yes", "no"), BOTH_SIDES)
def test_each_row_is_shown_where_it_holds_and_not_beside(code: str, yes: Facts, no: Facts) -> None:
    assert code in shown(yes)
    assert code not in shown(no)


def test_every_row_was_tried_on_both_sides_and_has_words_source_and_mark() -> None:
    assert {code for code, _, _ in BOTH_SIDES} == set(CODES)
    assert len(set(CODES)) == len(CODES)
    for row in CAUTIONS:
        assert row.source
        assert row.verified in Verified
        assert has(f"outcomes.caution.{row.code}")


def test_what_was_withdrawn_asks_for_nothing() -> None:
    for code in TOOLS:
        assert cautions_for(facts(code, state=OutcomeState.WITHDRAWN, heard_on=None, text="")) == []


def test_a_repeated_charge_is_twice_the_amount_and_never_above_the_cap() -> None:
    again = facts("MB_30", points=POINT, earlier=(earlier("MB_30"),))
    assert [doubled(replace(again, amount=n)) for n in (None, 3000, 500_000, 600_000)] == [
        None,
        6000,
        1_000_000,
        1_000_000,
    ]
    assert doubled(replace(again, amount=3000, earlier=())) is None


DAYS = st.dates(date(2023, 1, 1), date(2028, 12, 31))
SEVERAL = st.sets(st.sampled_from(["TOB-01", "TOB-02", "MIL-01", "MIL-02"]), max_size=2).map(frozenset)
EARLIER = st.builds(
    Earlier,
    st.uuids(),
    st.sampled_from([TOOLS[c] for c in ("MB_30", "MB_26_9_VITE", "MB_26_9", "MB_26_9_FORBUD_VITE", "MB_26_2")]),
    st.sampled_from([OutcomeState.PROPOSED, OutcomeState.DECIDED]),
    st.none() | DAYS,
    SEVERAL,
    st.sampled_from([None, PART]),
)


@settings(deadline=None, max_examples=400)
@given(st.lists(EARLIER, max_size=5), SEVERAL, DAYS, st.integers(0, 2))
def test_the_computed_rows_equal_a_brute_force(
    before: list[Earlier], points: frozenset[str], on: date, deficiencies: int
) -> None:
    """Day by day and point by point: no clever comparison is shared with the table."""
    one = facts("MB_30", on=on, points=points, earlier=tuple(before), deficiencies=deficiencies)
    covered = doubled_ = reported = False
    for other in before:
        same = [p for p in sorted(points) for q in sorted(other.points) if p == q]
        is_decided = str(other.state) == "decided"
        if same and is_decided and "vite" in str(other.tool.code).lower():
            covered = True
        if same and is_decided and other.tool.code == "MB_30" and other.decided_on is not None:
            day, window = other.decided_on, set()
            last = date(day.year + 2, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
            while day <= last:
                window.add(day)
                day += timedelta(days=1)
            doubled_ = doubled_ or on in window
        if other.tool.code == "MB_26_2" and other.part_id == PART:
            reported = True
    said = shown(one)
    assert ("covered_charge" in said) is covered
    assert ("charge_doubled" in said) is doubled_
    assert ("report_crime" in said) is (deficiencies > 0 and not reported)


@given(DAYS, st.integers(1, 30))
def test_months_are_counted_as_people_do(day: date, n: int) -> None:
    after = months_after(day, n)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == n
    assert after.day == day.day or (after + timedelta(days=1)).day == 1
    assert years_after(day, 1) - day in {timedelta(days=365), timedelta(days=366), timedelta(days=364)}


def test_every_field_has_tools_and_every_tool_words_a_source_and_a_mark() -> None:
    for field in set(Field) - {Field.OTHER}:
        own = [tool for tool in tools_of({field}) if tool.fields]
        assert own, field
    for tool in TOOLS.values():
        for language in ("sv", "en"):
            assert say(language, f"outcomes.measure.{tool.kind}")
        assert tool.charge is (tool.kind in CHARGES)
        assert tool.penalty is (tool.kind in PENALTIES)
        assert (tool.sv == "") is (tool.en == "")


def test_no_tool_is_a_test_purchase() -> None:
    """A kontrollköp is no tool to choose: it is a record of its own (LTLP 7:23, AlkL 9:15 b)."""
    assert [code for code in TOOLS if "KONTROLL" in code] == []
    assert [kind for kind in Measure if "purchase" in kind] == []
