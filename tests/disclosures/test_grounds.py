"""The legal bases: what fits, what needs balancing, and why the rest does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.authorities.rules import AuthorityKind, Field
from samsyn.disclosures.grounds import (
    Body,
    Situation,
    Verdict,
    Why,
    bodies_of,
    find_basis,
    judge,
    legal_bases,
    marking_of,
)

NOW = date(2026, 11, 25)
REAL = [Body.MUNICIPAL, Body.POLICE, Body.TAX, Body.WORK_ENVIRONMENT, Body.STATE]
one_body = st.sampled_from(REAL).map(lambda one: frozenset({one}))
situations = st.builds(
    Situation,
    giver=one_body,
    receiver=st.none() | one_body,
    fields=st.frozensets(st.sampled_from(list(Field)), min_size=1, max_size=3),
    on=st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    requested=st.booleans(),
    done=st.booleans(),
)
HERE = Situation(frozenset({Body.MUNICIPAL}), frozenset({Body.POLICE}), frozenset({Field.TOBACCO}), NOW, True, True)


def verdict(situation: Situation, code: str) -> Verdict:
    return next(one for one in judge(situation) if one.basis.code == code)


def test_every_channel_of_the_law_is_there_once_with_its_source() -> None:
    codes = [one.code for one in legal_bases()]
    assert set(codes) == {
        *("LTLP_7_20", "LTLP_7_21", "LTN_35", "LTN_36", "ALKL_9_7", "ALKL_9_8", "L2025_170_4", "L2025_170_5"),
        *("L2025_170_6", "L2024_307_4", "MB_26_2", "OSL_10_2", "OSL_10_15a", "OSL_10_24", "OSL_10_27", "OSL_10_28"),
        *("PUBLIC", "CONSENT"),
    }
    assert len(codes) == len(set(codes))
    assert all(one.source and one.sv.name and one.en.name for one in legal_bases())
    assert find_basis("nothing") is None


@given(situations)
def test_each_basis_is_judged_once_and_fits_just_when_nothing_speaks_against_it(situation: Situation) -> None:
    verdicts = judge(situation)
    assert sorted(one.basis.code for one in verdicts) == sorted(one.code for one in legal_bases())
    assert [one.fits for one in verdicts] == sorted((one.fits for one in verdicts), reverse=True)
    assert all(one.fits == (not one.why) for one in verdicts)
    assert all(not one.needs_balancing or any(c.needs_balancing for c in one.basis.channels) for one in verdicts)


@given(situations)
def test_to_be_asked_and_to_be_done_never_closes_a_way(situation: Situation) -> None:
    def fitting(where: Situation) -> set[str]:
        return {one.basis.code for one in judge(where) if one.fits}

    assert fitting(replace(situation, requested=False)) <= fitting(replace(situation, requested=True))
    assert fitting(replace(situation, done=False)) <= fitting(replace(situation, done=True))


@given(situations)
def test_to_everybody_only_what_is_public_leaves(situation: Situation) -> None:
    fits = {one.basis.code for one in judge(replace(situation, receiver=None)) if one.fits}
    assert fits == ({"PUBLIC"} if situation.done else set())


@given(situations)
def test_a_section_about_something_else_lets_no_finding_out(situation: Situation) -> None:
    for code in ("ALKL_9_7", "L2025_170_4"):
        assert Why.ABOUT in verdict(situation, code).why


def test_tobacco_between_the_municipality_and_the_police_needs_no_balancing() -> None:
    assert verdict(HERE, "LTLP_7_20").fits
    assert not verdict(HERE, "LTLP_7_20").needs_balancing
    assert judge(HERE)[0].basis.code == "LTLP_7_20"
    assert verdict(replace(HERE, fields=frozenset({Field.FOOD})), "LTLP_7_20").why == (Why.FIELD,)
    assert verdict(replace(HERE, receiver=frozenset({Body.MUNICIPAL})), "LTLP_7_20").why == (Why.RECEIVER,)


@pytest.mark.parametrize(("day", "fits"), [(-1, False), (0, True), (400, True)])
def test_fifteen_a_is_in_force_from_december_2025(day: int, *, fits: bool) -> None:
    found = verdict(replace(HERE, on=date(2025, 12, 1) + timedelta(day)), "OSL_10_15a")
    assert found.fits is fits
    assert fits or found.why == (Why.NOT_YET,)


def test_fifteen_a_does_not_lift_the_secrecy_of_what_is_planned() -> None:
    assert verdict(replace(HERE, done=False), "OSL_10_15a").why == (Why.NOT_DONE,)
    basis = find_basis("OSL_10_15a")
    assert basis is not None
    assert "17 kap. 1 §" in basis.sv.lifts_not
    assert "18 kap. 1 §" in basis.sv.lifts_not


def test_the_municipality_gives_of_alcohol_on_request_and_the_police_unasked() -> None:
    tax = replace(HERE, receiver=frozenset({Body.TAX}), fields=frozenset({Field.ALCOHOL}))
    assert verdict(tax, "ALKL_9_8").fits
    assert verdict(replace(tax, requested=False), "ALKL_9_8").why == (Why.NO_REQUEST,)
    police = replace(tax, giver=frozenset({Body.POLICE}), receiver=frozenset({Body.MUNICIPAL}), requested=False)
    assert verdict(police, "ALKL_9_8").fits


def test_the_municipality_is_none_of_the_nine_state_authorities() -> None:
    assert verdict(HERE, "L2024_307_4").why == (Why.GIVER,)
    state = replace(HERE, giver=frozenset({Body.TAX}))
    assert verdict(state, "L2024_307_4").needs_balancing


def test_an_authority_is_what_its_kind_and_its_units_say() -> None:
    assert bodies_of(AuthorityKind.FEDERATION, [Field.FIRE]) == {Body.MUNICIPAL}
    assert bodies_of(AuthorityKind.NATIONAL, [Field.POLICE]) == {Body.POLICE}
    assert bodies_of(AuthorityKind.NATIONAL, [Field.OTHER]) == {Body.STATE}


def test_a_copy_is_marked_by_who_gives_and_what_it_is_about() -> None:
    assert marking_of({Body.MUNICIPAL}, {Field.TOBACCO}) == "OSL 30 kap. 20 §"
    assert marking_of({Body.MUNICIPAL}, {Field.FOOD}) == "OSL 30 kap. 27 §"
    assert marking_of({Body.TAX}, {Field.TAX}) == "OSL 27 kap. 1 §"
    assert marking_of({Body.CUSTOMS}, {Field.TAX}) == ""
