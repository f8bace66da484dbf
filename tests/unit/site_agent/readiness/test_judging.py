"""Every check: from what was looked at to a state and a reason."""

from __future__ import annotations

import numpy as np
import pytest

from site_agent.camera.gate import Fault
from site_agent.camera.headcount import Tally, uncounted
from site_agent.camera.view import View
from site_agent.platform.computer import Address, Power, Restart
from site_agent.readiness.judging.computer import judge_address, judge_power, judge_restart, judge_versions
from site_agent.readiness.judging.disk import judge_disk, judge_flush
from site_agent.readiness.judging.line import Passed, Ways, judge_bandwidth, judge_paired, judge_path
from site_agent.readiness.judging.room import judge_camera, judge_count
from site_agent.readiness.judging.show import HeldPaper, judge_paper, judge_phone, judge_screen
from site_agent.readiness.judging.sound import judge_microphone, judge_no_sound, judge_speaker
from site_agent.readiness.judging.time import judge_clock, judge_start
from site_agent.sound.chirp import Hearing
from tests.doubles.ready_site import black, lively_room
from wire.ids import CameraState, ClockState, ExamState, ScreenState
from wire.messages import ClockHealth, ScreenHealth
from wire.readiness import COMMON_REASONS, REASONS, Check, CheckName, CheckState

S, C = CheckState, CheckName
HOUR_NS = 3600 * 10**9
DAY_NS = 24 * HOUR_NS


def said(check: Check) -> tuple[CheckState, str]:
    """State and reason; every reason must be one that both ends know."""
    assert (check.state is S.GOOD) == (check.reason == "")
    assert check.reason in {"", *REASONS[check.name], *COMMON_REASONS}
    return check.state, check.reason


def hearing(**changes: float) -> Hearing:
    plain = {"match": 0.6, "delay_ms": 30.0, "level_dbfs": -30.0, "noise_dbfs": -60.0, "peak": 0.2, "clipped": 0.0}
    return Hearing(**{**plain, **changes})


def test_a_camera_is_good_when_its_pictures_differ_and_show_something() -> None:
    check = judge_camera(CameraState.WORKING, "camera 0", [lively_room(number) for number in range(3)])
    assert said(check) == (S.GOOD, "")
    assert check.figures == {"width": 640, "height": 360}


def test_a_camera_whose_every_picture_is_spoilt_is_not_good_though_the_faults_differ() -> None:
    grey = [np.full((360, 640, 3), 128, dtype=np.uint8)] * 2
    assert said(judge_camera(CameraState.WORKING, "c", [black(0), *grey])) == (S.BAD, "covered")
    assert said(judge_camera(CameraState.WORKING, "c", [black(0), *grey[:1], lively_room(1)])) == (S.GOOD, "")


def test_a_camera_that_is_black_frozen_or_gone_is_named() -> None:
    frozen = [lively_room(1)] * 3
    assert said(judge_camera(CameraState.COVERED, "c", [black(number) for number in range(3)])) == (S.BAD, "dark")
    assert said(judge_camera(CameraState.WORKING, "c", frozen)) == (S.BAD, "frozen")
    assert said(judge_camera(CameraState.ABSENT, "c", [])) == (S.BAD, "no_camera")
    assert said(judge_camera(CameraState.FAILED, "c", [])) == (S.BAD, "camera_lost")


def test_what_passes_before_the_lens_for_a_moment_is_no_fault() -> None:
    frames = [black(1), lively_room(2), lively_room(3)]
    assert said(judge_camera(CameraState.WORKING, "c", frames)) == (S.GOOD, "")


@pytest.mark.parametrize(
    ("tally", "has_polygon", "counting", "in_view"),
    [
        (Tally(12, 11, 13, 3, 0.9, None), False, (S.GOOD, ""), (S.WEAK, "no_reference")),
        (Tally(0, 0, 0, 3, 1.0, None), False, (S.GOOD, ""), (S.WEAK, "nobody_seen")),
        (Tally(0, 0, 0, 3, 1.0, None), True, (S.GOOD, ""), (S.WEAK, "no_reference")),
        (uncounted(Fault.DARK), True, (S.WAITING, "camera_first"), (S.WAITING, "camera_first")),
        (uncounted(Fault.PARTLY_COVERED), True, (S.WAITING, "camera_first"), (S.WEAK, "partly_covered")),
    ],
)
def test_counting_and_the_room_in_view_come_from_one_burst(
    tally: Tally, has_polygon: bool, counting: tuple[CheckState, str], in_view: tuple[CheckState, str]
) -> None:
    assert [said(check) for check in judge_count(tally, has_polygon=has_polygon)] == [counting, in_view]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (View(0.7, 0.001, 0.0), (S.GOOD, "")),
        (View(0.6, 0.1, 0.0), (S.WEAK, "moved")),
        (View(0.6, 0.0, -0.2), (S.WEAK, "moved")),
        (View(0.05, 0.3, 0.1), (S.BAD, "turned_away")),
    ],
)
def test_a_camera_that_was_moved_or_turned_is_found_against_its_reference(
    view: View, expected: tuple[CheckState, str]
) -> None:
    counted = judge_count(Tally(0, 0, 0, 3, 1.0, None), has_polygon=True, has_reference=True, view=view)
    assert said(counted[1]) == expected


def test_a_count_without_its_model_says_nothing_of_where_the_camera_looks() -> None:
    assert [said(check) for check in judge_count(uncounted(Fault.NO_MODEL), has_polygon=True)] == [(S.BAD, "no_model")]


def test_a_reference_that_no_picture_came_for_is_not_missing() -> None:
    counted = judge_count(Tally(7, 7, 7, 3, 1.0, None), has_polygon=True, has_reference=True, view=None)
    assert said(counted[1]) == (S.WAITING, "camera_first")


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (hearing(), (S.GOOD, "")),
        (hearing(peak=0.0, match=0.0), (S.BAD, "silent")),
        (hearing(clipped=0.01), (S.WEAK, "clipping")),
        (hearing(noise_dbfs=-20.0), (S.WEAK, "noisy")),
        (hearing(level_dbfs=-62.0), (S.WEAK, "quiet")),
        (hearing(level_dbfs=-62.0, match=0.0), (S.GOOD, "")),
    ],
)
def test_a_microphone_is_judged_by_its_levels(heard: Hearing, expected: tuple[CheckState, str]) -> None:
    assert said(judge_microphone(heard, played=True)) == expected


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (hearing(), (S.GOOD, "")),
        (hearing(match=0.15), (S.WEAK, "faint")),
        (hearing(match=0.05), (S.BAD, "not_heard")),
        (hearing(peak=0.0), (S.WAITING, "microphone_first")),
    ],
)
def test_a_loudspeaker_is_judged_by_what_was_found_again(heard: Hearing, expected: tuple[CheckState, str]) -> None:
    assert said(judge_speaker(heard)) == expected


def test_a_computer_without_sound_is_never_called_good() -> None:
    for code in ("no_sound_system", "no_speaker", "no_microphone"):
        assert all(said(check)[0] is not S.GOOD for check in judge_no_sound(code))


def test_a_computer_is_paired_connected_or_neither() -> None:
    assert said(judge_paired(paired=False, line="never", refusal=None)) == (S.BAD, "not_paired")
    assert said(judge_paired(paired=True, line="up", refusal=None)) == (S.GOOD, "")
    assert said(judge_paired(paired=True, line="down", refusal=None)) == (S.BAD, "line_down")
    assert said(judge_paired(paired=True, line="never", refusal="revoked")) == (S.BAD, "refused")


def test_a_path_has_a_class() -> None:
    assert said(judge_path(Ways(udp=True, connect_ms=80))) == (S.GOOD, "")
    assert said(judge_path(Ways(udp=False, tcp=True))) == (S.WEAK, "tcp_only")
    assert said(judge_path(Ways(udp=False, tcp=False, tls=True))) == (S.WEAK, "tls_only")
    assert said(judge_path(Ways(udp=False, tcp=False))) == (S.BAD, "udp_blocked")
    assert said(judge_path(Ways())) == (S.WAITING, "not_looked")
    assert said(judge_path(Ways(udp=True, lost_per_s=0.4))) == (S.GOOD, "")
    assert said(judge_path(Ways(udp=True, lost_per_s=12.0))) == (S.WEAK, "udp_lossy")


@pytest.mark.parametrize(
    ("down_kbps", "up_kbps", "expected"),
    [
        (8000, 2000, (S.GOOD, "")),
        (2000, 2000, (S.WEAK, "slow_down")),
        (400, 2000, (S.BAD, "slow_down")),
        (8000, 500, (S.WEAK, "slow_up")),
        (8000, 100, (S.BAD, "slow_up")),
    ],
)
def test_a_line_that_is_too_slow_is_named_by_its_way(
    down_kbps: int, up_kbps: int, expected: tuple[CheckState, str]
) -> None:
    assert said(judge_bandwidth(Passed(down_kbps * 125, 1000), Passed(up_kbps * 125, 1000))) == expected


def test_a_line_that_was_not_measured_waits() -> None:
    assert said(judge_bandwidth(None, Passed(1, 1))) == (S.WAITING, "not_measured")
    assert said(judge_bandwidth(None, None, waits=True)) == (S.WAITING, "centre_busy")


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        (ClockHealth(state=ClockState.SYNCED, offset_ms=20.0, bound_ms=5.0), (S.GOOD, "")),
        (ClockHealth(state=ClockState.SYNCED, offset_ms=-180_000.0, bound_ms=5.0), (S.BAD, "wall_clock_off")),
        (ClockHealth(state=ClockState.SYNCED, offset_ms=7_000.0, bound_ms=5.0), (S.WEAK, "wall_clock_off")),
        (ClockHealth(state=ClockState.LOOSE, offset_ms=20.0, bound_ms=900.0), (S.WEAK, "clock_loose")),
        (ClockHealth(state=ClockState.BLIND), (S.BAD, "clock_unknown")),
    ],
)
def test_a_clock_is_judged_by_both_its_ideas_of_time(health: ClockHealth, expected: tuple[CheckState, str]) -> None:
    assert said(judge_clock(health)) == expected


def test_a_start_is_told_as_an_interval_around_it() -> None:
    check = judge_start(1_000 * 10**6, 998 * 10**6, 1_004 * 10**6)
    assert said(check) == (S.GOOD, "")
    assert check.figures == {"lo_ms": -2.0, "hi_ms": 4.0}
    assert said(judge_start(0, 10**9, 2 * 10**9)) == (S.WEAK, "opened_loose")
    assert said(judge_start(0, 60 * 10**9, 61 * 10**9)) == (S.BAD, "missed")
    assert said(judge_start(0, 0, 0, known=False)) == (S.BAD, "clock_unknown")


def test_a_disk_is_full_low_or_refuses() -> None:
    assert said(judge_disk(60_000)) == (S.GOOD, "")
    assert said(judge_disk(900)) == (S.WEAK, "disk_low")
    assert said(judge_disk(50, writes=False)) == (S.BAD, "disk_full")
    assert said(judge_disk(60_000, writes=False)) == (S.BAD, "cannot_write")


@pytest.mark.parametrize(
    ("took_ms", "spins", "expected"),
    [
        ([8.0] * 9, True, (S.GOOD, "")),
        ([0.4] * 9, True, (S.WEAK, "flush_too_fast")),
        ([0.4] * 9, False, (S.GOOD, "")),
        ([0.4] * 9, None, (S.GOOD, "")),
        ([0.002] * 9, None, (S.WEAK, "flush_too_fast")),
        ([400.0] * 9, False, (S.WEAK, "flush_slow")),
        ([], None, (S.BAD, "cannot_write")),
    ],
)
def test_a_disk_that_flushes_too_fast_to_have_written_is_not_believed(
    took_ms: list[float], spins: bool | None, expected: tuple[CheckState, str]
) -> None:
    assert said(judge_flush(took_ms, spins=spins)) == expected


def screen(state: ScreenState, fps: float = 25.0, audio: float | None = -20.0) -> ScreenHealth:
    return ScreenHealth(state=state, fps=fps, frames_decoded=100, audio_dbfs=audio)


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        (screen(ScreenState.PLAYING), (S.GOOD, "")),
        (screen(ScreenState.PLAYING, fps=3.0), (S.WEAK, "few_frames")),
        (screen(ScreenState.PLAYING, audio=None), (S.WEAK, "no_sound")),
        (screen(ScreenState.STALLED), (S.BAD, "stalled")),
        (screen(ScreenState.DARK), (S.BAD, "dark")),
        (screen(ScreenState.IDLE), (S.WAITING, "no_lecture")),
    ],
)
def test_a_screen_is_judged_by_the_frames_it_counted(health: ScreenHealth, expected: tuple[CheckState, str]) -> None:
    assert said(judge_screen(health, browser=True, page_alive=True)) == expected


def test_a_screen_without_a_browser_or_with_a_dead_page_is_named() -> None:
    idle = screen(ScreenState.IDLE)
    assert said(judge_screen(idle, browser=False, page_alive=False)) == (S.BAD, "no_browser")
    assert said(judge_screen(idle, browser=True, page_alive=False)) == (S.BAD, "page_silent")


def test_a_screen_that_showed_the_stream_today_stays_good_with_its_moment() -> None:
    before = Check(name=C.SCREEN, state=S.GOOD, at_ns=HOUR_NS)
    idle = screen(ScreenState.IDLE)
    assert judge_screen(idle, browser=True, page_alive=True, before=before, now_ns=2 * HOUR_NS) == before
    later = judge_screen(idle, browser=True, page_alive=True, before=before, now_ns=2 * DAY_NS)
    assert said(later) == (S.WAITING, "no_lecture")


def test_a_paper_must_be_here_and_one_must_have_been_opened_here_before() -> None:
    ready, missing = HeldPaper("Thi", ExamState.READY), HeldPaper("Thi", ExamState.MISSING)
    assert said(judge_paper([], "")) == (S.WAITING, "no_paper")
    assert said(judge_paper([missing], "Thi thử")) == (S.BAD, "paper_missing")
    assert said(judge_paper([HeldPaper("Thi", ExamState.MISSING, damaged=True)], "")) == (S.BAD, "paper_damaged")
    assert said(judge_paper([ready], "")) == (S.WEAK, "not_opened")
    assert said(judge_paper([ready], "Thi thử")) == (S.GOOD, "")
    assert said(judge_paper([HeldPaper("Thi thử", ExamState.CLOSED)], "Thi thử")) == (S.GOOD, "")


def test_a_phone_comes_or_does_not() -> None:
    def phone(shown_s: float | None, reached_ns: int | None, address: str = "10.0.0.5") -> tuple[CheckState, str]:
        return said(judge_phone(address=address, shown_s=shown_s, reached_ns=reached_ns, now_ns=8 * DAY_NS))

    assert phone(None, None, "") == (S.BAD, "no_network")
    assert phone(5.0, None) == (S.WAITING, "not_tried")
    assert phone(120.0, None) == (S.WEAK, "not_arrived")
    assert phone(120.0, 7 * DAY_NS) == (S.GOOD, "")
    assert phone(None, 0) == (S.WAITING, "not_tried")


def test_an_address_should_stay() -> None:
    def address(found: Address, before: str = "", age_ns: int = 0) -> tuple[CheckState, str]:
        return said(judge_address(found, before=before, since_ns=DAY_NS, now_ns=DAY_NS + age_ns))

    assert address(Address()) == (S.BAD, "no_network")
    assert address(Address("10.0.0.5", dynamic=False)) == (S.GOOD, "")
    assert address(Address("10.0.0.5", dynamic=True)) == (S.WEAK, "address_dynamic")
    assert address(Address("10.0.0.5", dynamic=True), age_ns=2 * DAY_NS) == (S.GOOD, "")
    assert address(Address("10.0.0.5", dynamic=False), before="10.0.0.4") == (S.WEAK, "address_changed")


def test_power_comes_from_the_wall_and_the_computer_stays_awake() -> None:
    assert said(judge_power(Power(), held_awake=True)) == (S.GOOD, "")
    assert said(judge_power(Power(80.0, plugged=False), held_awake=True)) == (S.WEAK, "on_battery")
    assert said(judge_power(Power(20.0, plugged=False), held_awake=True)) == (S.BAD, "battery_low")
    assert said(judge_power(Power(sleeps_after_min=10.0), held_awake=False)) == (S.WEAK, "sleeps")
    assert said(judge_power(Power(sleeps_after_min=10.0), held_awake=True)) == (S.GOOD, "")


def test_a_restart_is_due_or_long_ago() -> None:
    assert said(judge_restart(Restart(pending=True))) == (S.WEAK, "restart_pending")
    assert said(judge_restart(Restart(up_h=800.0))) == (S.WEAK, "up_too_long")
    assert said(judge_restart(Restart(up_h=5.0))) == (S.GOOD, "")


@pytest.mark.parametrize(
    ("browser", "system", "expected"),
    [
        ("Chromium 130.0.6723.58", "Linux-6.1", (S.GOOD, "")),
        ("chrome 79.0.1", "Windows-10-10.0.19045", (S.WEAK, "old_browser")),
        ("msedge 130.0.1", "Windows-7-6.1.7601", (S.WEAK, "old_system")),
        ("", "Windows-10-10.0.19045", (S.BAD, "no_browser")),
    ],
)
def test_versions_that_are_too_old_are_named(browser: str, system: str, expected: tuple[CheckState, str]) -> None:
    check = judge_versions(agent="1", python="3.11.7", sqlite="3.40.1", system=system, browser=browser)
    assert said(check) == expected
    assert system in check.note
