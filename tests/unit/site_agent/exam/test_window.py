import itertools

import msgspec
import pytest

from site_agent.exam.window import (
    OVER,
    TRANSITIONS,
    IllegalStep,
    Phase,
    Reading,
    Release,
    Source,
    Step,
    Window,
    anchor,
    elapsed_ns,
    moment_of,
    wait_for_opening_ns,
)
from tests.doubles.centre_time import S, reading
from wire.ids import ClockState, ExamId
from wire.paper import Manifest, Plan

T0 = 100_000
PUSHED = Release(Source.PUSH, anchor(reading(T0 - 60)))


def manifest(**changes: object) -> Manifest:
    plan = Plan(1800.0, 60.0, 1800.0, 20.0)
    made = Manifest(ExamId("exam-1"), "Bài", T0 * S, 7200, b"r" * 32, {"101": b"p" * 32}, plan)
    return msgspec.structs.replace(made, **changes)


def armed(release: Release = PUSHED) -> Window:
    window = Window(manifest(), Phase.ARMED)
    window.release = release
    return window


def opened(at: Reading, longest_extra_s: int = 0) -> Window:
    window = Window(manifest(), Phase.OPEN, longest_extra_s)
    window.opened = anchor(at)
    return window


@pytest.mark.parametrize(("phase", "step"), list(itertools.product(Phase, Step)))
def test_every_phase_takes_the_steps_of_the_table_and_no_other(phase: Phase, step: Step) -> None:
    window = Window(manifest(), phase)
    after = TRANSITIONS[phase].get(step)
    if after is None:
        with pytest.raises(IllegalStep):
            window.apply(step)
        assert window.phase is phase
    else:
        assert window.apply(step) is after
        assert window.phase is after


def test_nothing_opens_without_the_secret() -> None:
    for phase in (Phase.WAITING, Phase.SEALED):
        assert Window(manifest(), phase).due(reading(T0 + 10)) is None


@pytest.mark.parametrize("state", [ClockState.SYNCED, ClockState.LOOSE])
def test_a_site_that_knows_the_time_opens_at_t0_and_not_before(state: ClockState) -> None:
    assert armed().due(reading(T0 - 0.000_001, state=state)) is None
    assert armed().due(reading(T0, state=state)) is Step.MOMENT
    assert wait_for_opening_ns(manifest(), PUSHED, reading(T0 - 0.5, state=state)) == S // 2


def test_a_code_typed_early_opens_nothing_early() -> None:
    early = armed(Release(Source.CODE, anchor(reading(T0 - 300))))
    assert early.due(reading(T0 - 299)) is None


def test_a_blind_site_opens_one_release_lead_after_the_push() -> None:
    at_push = reading(0, mono_s=500, state=ClockState.BLIND, bound_ms=None)
    window = armed(Release(Source.PUSH, anchor(at_push)))
    assert window.due(reading(0, mono_s=559.9, state=ClockState.BLIND, bound_ms=None)) is None
    assert window.due(reading(0, mono_s=560, state=ClockState.BLIND, bound_ms=None)) is Step.MOMENT


def test_a_blind_site_opens_at_once_on_a_code() -> None:
    typed = reading(0, mono_s=500, state=ClockState.BLIND, bound_ms=None)
    assert armed(Release(Source.CODE, anchor(typed))).due(typed) is Step.MOMENT


@pytest.mark.parametrize("source", list(Source))
def test_a_blind_site_whose_bound_still_excludes_t0_waits(source: Source) -> None:
    window = armed(Release(source, anchor(reading(T0 - 400))))
    assert window.due(reading(T0 - 10, state=ClockState.BLIND, bound_ms=5000)) is None
    assert window.due(reading(T0 - 4, state=ClockState.BLIND, bound_ms=5000)) is Step.MOMENT


def test_a_blind_site_that_finds_the_time_again_opens_by_it() -> None:
    window = armed(Release(Source.PUSH, anchor(reading(T0 + 300, state=ClockState.BLIND, bound_ms=None))))
    assert window.due(reading(T0 + 301, state=ClockState.BLIND, bound_ms=None)) is None
    assert window.due(reading(T0 + 302)) is Step.MOMENT


def test_a_late_secret_opens_with_the_full_length_until_the_cap() -> None:
    late = Release(Source.CODE, anchor(reading(T0 + 1700)))
    assert armed(late).due(reading(T0 + 1700)) is Step.MOMENT
    assert opened(reading(T0 + 1700)).left_ns(reading(T0 + 1700)) == 7200 * S
    assert armed(late).due(reading(T0 + 1800)) is Step.CAP
    assert Window(manifest(), Phase.SEALED).due(reading(T0 + 1800)) is Step.CAP


def test_an_open_window_closes_after_its_own_length() -> None:
    window = opened(reading(T0 + 90))
    assert window.due(reading(T0 + 90 + 7199)) is None
    assert window.due(reading(T0 + 90 + 7200)) is Step.TIME_UP


def test_a_window_waits_for_the_longest_extra_time() -> None:
    window = opened(reading(T0), longest_extra_s=600)
    assert window.due(reading(T0 + 7200)) is None
    assert window.left_ns(reading(T0 + 7200)) == 0
    assert window.due(reading(T0 + 7800)) is Step.TIME_UP


def test_a_jump_of_centre_time_or_wall_clock_does_not_move_the_close() -> None:
    window = opened(reading(T0, mono_s=50))
    assert window.left_ns(reading(T0 + 99_999, mono_s=51, wall_s=0)) == 7199 * S


def test_after_a_restart_of_the_computer_the_close_goes_by_centre_time() -> None:
    window = opened(reading(T0, mono_s=5000))
    after = reading(T0 + 600, mono_s=20, boot="boot-2", wall_s=3)
    assert window.left_ns(after) == 6600 * S


BIOS_2002_S = -23 * 365 * 24 * 3600


@pytest.mark.parametrize("wall_s", [BIOS_2002_S, T0 + 60, T0 + 90_000], ids=["BIOS 2002", "right", "a day ahead"])
def test_without_centre_time_a_restarted_computer_goes_on_from_its_last_sign_of_life(wall_s: int) -> None:
    """An hour had passed when the power went; the clock on the wall has no say."""
    window = opened(reading(T0, mono_s=5000))
    gone_on = {"boot-1": 8600 * S - 20 * S}
    for up_s in (20, 50, 3620):
        now = reading(
            0, mono_s=up_s, boot="boot-2", wall_s=wall_s, state=ClockState.BLIND, bound_ms=None, earlier=gone_on
        )
        assert window.left_ns(now) == (3600 - (up_s - 20)) * S
    assert window.due(now) is Step.TIME_UP


def test_without_any_sign_of_life_what_has_passed_since_the_program_began_is_certain() -> None:
    window = opened(reading(T0, mono_s=5000))
    now = reading(0, mono_s=80, boot="boot-2", began_s=20, wall_s=BIOS_2002_S, state=ClockState.BLIND, bound_ms=None)
    assert window.left_ns(now) == (7200 - 60) * S


def test_a_push_that_came_before_a_restart_opens_one_lead_after_the_program_began() -> None:
    window = armed(Release(Source.PUSH, anchor(reading(T0 - 60, mono_s=5000, state=ClockState.BLIND, bound_ms=None))))

    def at(mono_s: float) -> Reading:
        return reading(0, mono_s=mono_s, boot="boot-2", began_s=20, state=ClockState.BLIND, bound_ms=None)

    assert window.due(at(79)) is None
    assert window.due(at(80)) is Step.MOMENT


def test_an_opening_of_which_nothing_was_known_is_not_taken_for_one_of_2002() -> None:
    blind = reading(BIOS_2002_S, mono_s=5000, state=ClockState.BLIND, bound_ms=None)
    assert elapsed_ns(anchor(blind), reading(T0, mono_s=80, boot="boot-2", began_s=20)) == 60 * S


def test_time_never_runs_backwards() -> None:
    since = anchor(reading(T0, mono_s=5000))
    assert elapsed_ns(since, reading(T0 - 5, mono_s=20, boot="boot-2")) == 0
    assert elapsed_ns(since, reading(T0, mono_s=20, boot="boot-2", earlier={"boot-1": 0})) == 0


def test_a_moved_t0_moves_an_armed_window() -> None:
    window = armed()
    window.replan(manifest(t0_ns=(T0 + 600) * S, version=2))
    assert window.phase is Phase.ARMED
    assert window.due(reading(T0)) is None
    assert window.due(reading(T0 + 600)) is Step.MOMENT


def test_a_plan_with_another_secret_seals_the_window_again() -> None:
    window = armed()
    window.replan(manifest(release_sha256=b"s" * 32, version=2))
    assert window.phase is Phase.SEALED
    assert window.release is None


def test_a_plan_with_other_papers_waits_for_them() -> None:
    window = armed()
    window.replan(manifest(papers={"101": b"q" * 32}, version=2))
    assert window.phase is Phase.WAITING


@pytest.mark.parametrize("phase", [Phase.OPEN, *sorted(OVER)])
def test_no_plan_changes_a_window_that_has_opened(phase: Phase) -> None:
    window = Window(manifest(), phase)
    with pytest.raises(IllegalStep):
        window.replan(manifest(version=2))


def test_an_instant_of_which_nothing_was_known_gets_its_place_once_the_time_is_known() -> None:
    blind, later = reading(T0 + 7, state=ClockState.BLIND, bound_ms=None), reading(T0 + 17)
    moment = moment_of(anchor(blind), later)
    assert moment is not None
    lo, hi = moment
    assert lo <= (T0 + 7) * S <= hi
    assert moment_of(anchor(blind), blind) is None
    assert moment_of(anchor(blind), msgspec.structs.replace(later, boot="another start")) is None
