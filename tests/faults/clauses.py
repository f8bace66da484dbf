"""The list of faults that the exam must stand, clause by clause, and the tests of each.

A test is named ``file::function`` from the folder ``tests``; a test of the pages ``dashboard/...::its sentence``.
"""

AGENT = "faults/test_agent_disk.py"
JOURNAL = "faults/test_journal_power_cut.py"
CLOCK = "faults/test_clock.py"
RELEASE = "faults/test_release.py"
NETWORK = "faults/test_network.py"
RECORDS = "faults/test_centre_records.py"
GONE = "faults/test_centre_gone_at_t0.py"
DIED = "faults/test_agent_killed.py"
OUTCOME = "contracts/test_outcome_http.py"
KILLED = "faults/test_centre_killed.py"
WINDOW = "unit/site_agent/exam/test_window.py"
DESK = "browser/test_exam_desk.py"
SAFE = "browser/test_exam_safe.py"
TALK = "unit/site_agent/exam/test_conversation.py"
POWER_CUT = "contracts/test_invigilation_power_cut.py"
GONE_ON = "test_after_a_power_cut_without_line_and_clock_the_window_goes_on_and_the_gap_is_proposed_once_it_is_known"

LONG = "DIEMCAU_TEST_LONG"
"""Set in the environment: tests that have a long form (`python -m tests.faults --long`) run in it."""

CLAUSES: dict[str, dict[str, tuple[str, ...]]] = {
    "agent": {
        "kill -9 during commit": (f"{JOURNAL}::test_no_acknowledged_answer_is_missing_after_a_kill",),
        "kill between COMMIT and ack": (
            f"{AGENT}::test_an_agent_that_dies_between_commit_and_tick_has_the_answer_and_ticks_it_once_asked_again",
        ),
        "disk full": (
            f"{JOURNAL}::test_a_full_disk_is_told_and_nothing_is_acknowledged_until_there_is_room",
            "browser/test_exam_resent.py::test_answers_that_a_full_disk_refused_get_their_ticks_when_there_is_room_again",
        ),
        "read-only disk": (f"{AGENT}::test_a_disk_that_has_become_read_only_is_told_and_ticks_nothing",),
        "SQLITE_BUSY from a file that another program holds": (
            f"{AGENT}::test_a_file_held_by_another_program_is_told_at_the_start_and_out_of_reach_afterwards",
        ),
        "power cut": (f"{JOURNAL}::test_no_acknowledged_answer_is_missing_after_a_power_cut",),
        "a sync that fails": (f"{JOURNAL}::test_a_sync_that_fails_acknowledges_nobody_of_its_group",),
        "restart loop": (
            f"{DIED}::test_answers_and_the_window_outlive_an_agent_that_dies_while_candidates_answer",
            f"{JOURNAL}::test_no_acknowledged_answer_is_missing_after_a_kill",
        ),
        "second agent on the same computer": (
            "unit/site_agent/exam/test_journal.py::test_a_second_agent_on_the_same_computer_is_refused",
            "unit/site_agent/link/test_outbox.py::test_a_second_process_is_refused",
        ),
        "wrong exam version": (f"{AGENT}::test_a_plan_of_an_older_version_changes_nothing",),
        "corrupted blob": (f"{AGENT}::test_a_damaged_paper_is_fetched_again",),
        "corrupted wrap": (f"{AGENT}::test_a_damaged_wrap_opens_nothing_until_the_plan_comes_whole",),
    },
    "clock": {
        "+1 h, -1 h, daylight saving, leap second, BIOS in 2002, before T0": (
            f"{CLOCK}::test_a_wall_clock_that_is_set_moves_nothing",
        ),
        "the same during the exam": (
            f"{CLOCK}::test_a_window_that_is_open_ends_after_its_length_whatever_the_wall_clock_says",
        ),
        "power cut during the exam, the battery of the clock empty, the line away": (
            f"{WINDOW}::test_without_centre_time_a_restarted_computer_goes_on_from_its_last_sign_of_life",
            f"{POWER_CUT}::{GONE_ON}",
            f"{POWER_CUT}::test_a_clock_that_was_stopped_stands_over_a_power_cut_without_line_and_clock",
        ),
        "drift of 500 ppm, wandering included": (f"{CLOCK}::test_on_every_line_and_with_480_ppm_the_bound_holds",),
        "suspend 10 min before T0": (f"{CLOCK}::test_a_computer_that_slept_ten_minutes_before_t0_opens_at_t0",),
        "suspend across T0": (
            f"{CLOCK}::test_a_computer_that_slept_across_t0_opens_as_it_wakes_for_the_full_length",
            f"{DIED}::test_an_agent_that_slept_through_t0_with_the_secret_opens_at_once_for_the_full_length",
        ),
        "suspend during the exam": (f"{CLOCK}::test_sleep_in_the_exam_counts_as_time_that_passed",),
        "a line 300 ms slower one way; the server standing still for 2 s in a burst": (
            "unit/wire/test_clock_truth.py::test_the_bound_holds_the_truth_on_every_line",
            f"{CLOCK}::test_on_every_line_and_with_480_ppm_the_bound_holds",
        ),
    },
    "release": {
        "push lost": (
            f"{TALK}::test_a_typed_code_opens_a_site_that_missed_the_push",
            f"{RELEASE}::test_a_lost_push_and_a_host_that_is_down_leave_the_other_host",
        ),
        "static host A down": (f"{RELEASE}::test_a_lost_push_and_a_host_that_is_down_leave_the_other_host",),
        "code typed with an error": (
            f"{RELEASE}::test_a_code_with_a_wrong_sign_is_refused_at_once_and_the_right_one_opens",
            "unit/wire/test_seal.py::test_every_single_wrong_character_is_refused",
        ),
        "certificate forged": (f"{RELEASE}::test_a_forged_certificate_opens_nothing_and_the_true_one_does",),
        "5 min early": (f"{RELEASE}::test_a_secret_five_minutes_early_opens_nothing_before_t0",),
        "20 min late": (
            f"{RELEASE}::test_a_secret_twenty_minutes_late_opens_at_once_with_the_full_length_and_loses_nothing",
        ),
        "centre killed at T0 - 1 s": (
            f"{GONE}::test_a_centre_killed_a_second_before_the_start_and_back_a_minute_after_delays_no_site",
            f"{GONE}::test_a_centre_killed_before_the_release_and_never_back_opens_every_site_by_the_officers_code",
        ),
        "restart finds a release that is due": (
            f"{KILLED}::test_an_armed_exam_opens_though_the_centre_is_away_at_its_moment",
            "contracts/test_exam_service.py::test_a_centre_that_was_down_over_the_start_catches_up",
        ),
    },
    "browser": {
        "reload, two tabs": (f"{DESK}::test_a_reload_and_a_second_tab_go_on_where_the_first_was",),
        "two devices": (f"{TALK}::test_the_newest_page_is_the_live_one",),
        "agent gone, page lives": (f"{DESK}::test_fifty_questions_are_sat_through_two_killed_agents",),
        "an answer 50 ms before the close": (
            f"{TALK}::test_an_answer_counts_until_the_very_close_by_the_agents_clock_whatever_the_page_thinks",
        ),
        "back button, cache cleared, storage quota exceeded, hidden tab at T0": (
            f"{SAFE}::test_mistakes_of_a_person_and_a_full_browser",
        ),
        "offline at the close, hidden tab or not": (
            f"{SAFE}::test_offline_at_the_close_there_is_a_rescue_file_and_the_next_person_may_sit_down",
            f"{TALK}::test_a_window_closes_at_its_own_end_and_what_comes_later_goes_to_a_person",
        ),
        "clock changed by the user": (
            f"{SAFE}::test_mistakes_of_a_person_and_a_full_browser",
            "dashboard/src/exam/clock.test.ts::the site's time goes on by the page's own monotonic clock",
        ),
    },
    "network": {
        "away from T0 - 1 min until T_close + 3 h": (
            f"{NETWORK}::test_a_line_that_is_away_from_before_the_opening_until_after_the_close_loses_nothing",
        ),
        "30 % loss": (f"{NETWORK}::test_a_line_that_breaks_again_and_again_loses_nothing",),
        "duplicated, reordered, truncated batches": (
            f"{NETWORK}::test_batches_that_come_twice_in_disorder_or_cut_short_are_each_kept_once",
        ),
        "reply lost after the commit": (f"{NETWORK}::test_a_reply_lost_after_the_commit_makes_nothing_twice",),
        "captive portal": (f"{NETWORK}::test_a_captive_portal_is_not_taken_for_the_province",),
        "NAT rebinding": (f"{NETWORK}::test_a_line_that_goes_on_from_another_address_loses_nothing",),
    },
    "centre": {
        "killed during ingest": (
            f"{KILLED}::test_an_exam_outlives_the_centre_that_dies_while_candidates_answer",
            "contracts/test_intake.py::test_a_fault_of_the_database_keeps_nothing_of_the_batch",
        ),
        "set back to an older copy": (
            "faults/test_way_home.py::test_a_centre_set_back_to_an_older_copy_gets_everything_again",
        ),
        "replay of yesterday's batch": (f"{RECORDS}::test_yesterdays_batch_played_again_changes_nothing",),
        "another site's events": (
            f"{RECORDS}::test_events_of_another_sites_candidate_are_kept_for_a_person_beside_the_true_ones",
            f"{RECORDS}::test_events_with_a_forged_hash_are_not_taken_for_answers",
        ),
        "the centre's clock is set": (f"{RECORDS}::test_a_step_of_the_centres_wall_clock_moves_no_exam",),
    },
    "people": {
        "wrong code assigned": (f"{RELEASE}::test_a_paper_of_the_wrong_code_is_put_right_by_a_new_plan_before_t0",),
        "candidate moves to another site mid-exam": (
            "faults/test_way_home.py::test_a_candidate_who_moves_mid_exam_while_the_old_site_is_offline_loses_nothing",
            "contracts/test_exam_moves.py::test_a_candidate_moved_by_an_operator_goes_on_with_chain_answers_and_time",
        ),
        "time granted after the close": (
            "contracts/test_invigilation_site.py::test_time_granted_after_the_close_reopens_nothing_and_says_so",
            "contracts/test_exam_fairness.py::test_time_that_reaches_a_site_after_its_close_is_left_to_a_person",
        ),
        "key revised after publishing": (
            f"{OUTCOME}::test_a_key_revised_after_publishing_is_shown_first_approved_by_another_and_published_again",
        ),
    },
    "load": {
        "all open at T0, all hand in within the last 10 s (1,000 sites: `diemcau drill`)": (
            "faults/test_load.py::test_whoever_opens_and_hands_in_together_loses_nothing",
        ),
    },
}

WITHOUT_ANSWERS: dict[str, tuple[str, ...]] = {
    "a clock or a window alone": (
        f"{CLOCK}::test_a_wall_clock_that_is_set_moves_nothing",
        f"{CLOCK}::test_a_window_that_is_open_ends_after_its_length_whatever_the_wall_clock_says",
        f"{CLOCK}::test_on_every_line_and_with_480_ppm_the_bound_holds",
        f"{CLOCK}::test_a_computer_that_slept_ten_minutes_before_t0_opens_at_t0",
        f"{CLOCK}::test_a_computer_that_slept_across_t0_opens_as_it_wakes_for_the_full_length",
        f"{CLOCK}::test_sleep_in_the_exam_counts_as_time_that_passed",
        f"{WINDOW}::test_without_centre_time_a_restarted_computer_goes_on_from_its_last_sign_of_life",
        f"{POWER_CUT}::{GONE_ON}",
        f"{POWER_CUT}::test_a_clock_that_was_stopped_stands_over_a_power_cut_without_line_and_clock",
        "unit/wire/test_clock_truth.py::test_the_bound_holds_the_truth_on_every_line",
        f"{RECORDS}::test_a_step_of_the_centres_wall_clock_moves_no_exam",
    ),
    "over before anybody has a paper": (
        f"{AGENT}::test_a_plan_of_an_older_version_changes_nothing",
        f"{AGENT}::test_a_damaged_paper_is_fetched_again",
        f"{RELEASE}::test_a_secret_five_minutes_early_opens_nothing_before_t0",
        "unit/wire/test_seal.py::test_every_single_wrong_character_is_refused",
        "contracts/test_exam_service.py::test_a_centre_that_was_down_over_the_start_catches_up",
    ),
    "about records of any kind": ("unit/site_agent/link/test_outbox.py::test_a_second_process_is_refused",),
    "a forgery that was never told ✓": (f"{RECORDS}::test_events_with_a_forged_hash_are_not_taken_for_answers",),
    "about time that is granted": (
        "contracts/test_invigilation_site.py::test_time_granted_after_the_close_reopens_nothing_and_says_so",
        "contracts/test_exam_fairness.py::test_time_that_reaches_a_site_after_its_close_is_left_to_a_person",
    ),
}
"""Tests in which nobody is told ✓, by why. Every other one says how many ✓ there were and how many are lost."""
