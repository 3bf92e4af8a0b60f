"""The 25 judgements of CALENDARS.md 4, and where each is made: none without a test or a measurement that exists."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parents[1]
POINTS: Final[dict[int, tuple[str, ...]]] = {
    1: (
        "interop/test_readers.py::test_our_own_judge_and_libicals_table_of_itip_have_no_objection",
        "interop/test_readers.py::test_all_readers_see_the_same_events",
        "interop/test_readers.py::test_taken_times_are_what_libicals_table_asks_of_them_and_every_reader_takes_them",
        "interop/test_node_ical.py::test_node_ical_sees_the_same_events",
    ),
    2: ("interop/test_readers.py::test_a_thousand_strange_events_are_folded_right_and_read_back_identical",),
    # Of its all-day weeks nothing: they are campaigns' (CALENDARS 3), and until there are campaigns no feed writes one.
    3: ("interop/test_readers.py::test_the_nights_when_the_clock_changes_are_where_the_database_has_them",),
    4: ("calendars/test_message.py::test_every_message_keeps_the_rules_of_imip",),
    5: ("calendars/test_message.py::test_300_swedish_subjects_decode_exactly_after_a_real_server",),
    6: ("calendars/test_life_of_an_invitation.py::test_each_change_is_told_to_whom_it_touches_and_to_nobody_else",),
    7: ("calendars/test_life_of_an_invitation.py::test_each_change_is_told_to_whom_it_touches_and_to_nobody_else",),
    8: ("calendars/test_life_of_an_invitation.py::test_each_change_is_told_to_whom_it_touches_and_to_nobody_else",),
    9: ("calendars/test_life_of_an_invitation.py::test_each_change_is_told_to_whom_it_touches_and_to_nobody_else",),
    10: ("faults/test_kill_storm.py::test_of_200_invitations_in_a_storm_of_kills_none_is_lost",),
    11: ("calendars/test_replies.py::test_every_program_s_answer_is_applied_with_its_comment",),
    12: (
        "calendars/test_replies_hostile.py::test_a_forged_answer_is_set_aside_and_nothing_is_sent",
        "calendars/test_receive.py::test_a_forgery_changes_nothing_is_kept_for_a_look_and_is_never_answered",
    ),
    13: (
        "calendars/test_replies.py::test_what_is_no_fresh_answer_changes_nothing",
        "calendars/test_replies.py::test_two_answers_end_in_the_same_state_in_either_order",
        "calendars/test_receive.py::test_the_same_mail_twice_does_nothing_the_second_time",
    ),
    14: (
        "calendars/test_receive.py::test_a_forgery_changes_nothing_is_kept_for_a_look_and_is_never_answered",
        "calendars/test_queue.py::test_another_time_waits_for_the_lead_and_is_granted_in_one_press",
        "calendars/test_queue.py::test_a_colleague_who_is_named_is_asked_instead_by_the_own_planner",
    ),
    15: (
        "calendars/test_replies_hostile.py::test_no_bytes_make_it_raise_or_apply",
        "calendars/test_replies_hostile.py::test_a_mail_over_the_limit_is_accounted_for_by_its_headers",
    ),
    16: (
        "web/test_feed_http.py::test_what_it_says_of_itself",
        "web/test_feed_http.py::test_who_has_it_is_told_so_without_a_body_and_nothing_but_the_etag_counts",
        "web/test_feed_http.py::test_the_etag_changes_when_something_visible_does",
        "calendars/test_feed_life.py::test_whatever_happens_what_is_served_is_what_the_rows_say",
    ),
    17: (
        "interop/test_clients.py::test_each_lists_all_five_hundred_at_the_times_that_the_database_has",
        "interop/test_desktop_clients.py::test_evolution_data_server_lists_them_at_the_database_s_times",
        "interop/test_desktop_clients.py::test_thunderbird_lists_them_at_the_database_s_times",
    ),
    18: (
        "interop/test_clients.py::"
        "test_a_change_and_a_cancellation_are_in_the_next_sync_and_a_revoked_address_is_gone_everywhere",
    ),
    19: (
        "secrecy/test_http.py::test_a_feed_says_what_its_level_allows_and_no_more",
        "secrecy/test_http.py::test_a_feed_of_more_than_the_own_says_no_more_than_a_word_and_the_own_authority",
        "web/test_feed_http.py::test_no_log_holds_the_secret_or_what_the_feed_says",
    ),
    20: (
        "web/test_feed_http.py::test_a_secret_opens_its_own_scope_and_every_other_is_the_same_404",
        "web/test_feed_http.py::test_the_whole_database_holds_no_secret_of_a_feed",
        "bench/bench_subscribers.py::guessed",
    ),
    21: ("bench/bench_subscribers.py::bench", "bench/bench_feed.py::bench"),
    22: ("web/test_freebusy.py::test_it_is_the_union_of_what_is_known",),
    23: (
        "planning/busy/test_fetching.py::test_each_calendar_is_right_or_unknown_and_says_no_word",
        "planning/busy/test_fetching.py::test_no_name_leads_to_a_private_address",
        "planning/busy/test_keeping.py::test_kept_and_told_is_what_an_independent_reckoning_says",
    ),
    24: (
        "calendars/test_signing.py::test_every_kind_of_mail_verifies_after_a_relay_and_a_changed_one_fails",
        "calendars/test_signing.py::test_a_mail_that_is_sent_again_is_the_same_bytes",
    ),
    25: (
        "interop/test_planted_faults.py::test_a_fault_planted_in_an_invitation_is_named",
        "interop/test_planted_faults.py::test_a_sequence_that_was_not_raised_is_named",
        "interop/test_planted_faults.py::test_a_stamp_from_the_clock_makes_two_fetches_differ",
        "interop/test_planted_faults.py::test_the_library_s_own_time_zones_make_the_readers_disagree",
        "interop/test_planted_faults.py::test_an_attendee_in_a_feed_is_named_by_us_and_by_libical",
        "interop/test_planted_faults.py::test_a_cancellation_without_status_is_named",
        "interop/test_planted_faults.py::test_the_library_s_subject_that_loses_a_space_is_named",
        "core/test_logs.py::test_a_log_that_cuts_nothing_out_is_seen",
    ),
}


@cache
def functions(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_there_are_25_and_each_is_judged() -> None:
    assert sorted(POINTS) == list(range(1, 26))
    assert all(POINTS.values())


@pytest.mark.parametrize("point", sorted(POINTS))
def test_what_judges_a_point_is_there(point: int) -> None:
    for place in POINTS[point]:
        file, _, name = place.partition("::")
        assert name in functions(file), place
