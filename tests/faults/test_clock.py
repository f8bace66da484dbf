"""Clocks that lie: set, stopped, drifting. Nobody opens before T0 and no window ends early or late by them."""

import random

import msgspec
import pytest

from site_agent.exam.window import Phase, Reading, Release, Source, Step, Window, anchor
from site_agent.link.clock import ClockDiscipline
from tests.doubles.centre_time import S, reading
from tests.doubles.clock_days import Truth, live_one_day
from tests.doubles.link_models import MODELS, Model
from wire.ids import ClockState, ExamId
from wire.paper import Manifest, Plan
from wire.timesync import Exchange

T0 = 100_000
HOUR = 3600
BIOS_2002_S = -23 * 365 * 24 * HOUR
CENTRE_AHEAD = 1_700_000_000 * S
PLAN = Plan(1800.0, 60.0, 1800.0, 20.0)
MANIFEST = Manifest(ExamId("exam-1"), "Bài", T0 * S, 7200, b"r" * 32, {"101": b"p" * 32}, PLAN)


class Computer:
    """A computer whose clocks a test moves; its line to the centre takes 10 ms each way."""

    def __init__(self) -> None:
        self.mono = 50_000 * S
        self.wall = CENTRE_AHEAD + self.mono
        self.clock = ClockDiscipline(lambda: self.mono, lambda: self.wall)

    def pass_s(self, seconds: float) -> None:
        """Time passes, looked at every second."""
        for _ in range(int(seconds)):
            self.mono += S
            self.wall += S
            self.clock.look()

    def burst(self) -> None:
        sent = self.mono - 20_000_000
        at = sent + 10_000_000 + CENTRE_AHEAD
        self.clock.take([Exchange(t0=sent, t1=at, t2=at, t3=self.mono)] * 3)

    @property
    def error_ns(self) -> int:
        return self.clock.now_ns() - (self.mono + CENTRE_AHEAD)


@pytest.mark.parametrize("jump_s", [HOUR, -HOUR, 1, -1, BIOS_2002_S], ids=["+1h", "-1h", "leap+", "leap-", "BIOS 2002"])
def test_a_wall_clock_that_is_set_moves_nothing(jump_s: int) -> None:
    """+1 h and −1 h are daylight saving time too, where a computer keeps local time in its hardware clock."""
    computer = Computer()
    computer.pass_s(2)
    computer.burst()
    computer.wall += jump_s * S
    computer.pass_s(2)
    assert abs(computer.error_ns) < 20_000_000
    assert computer.clock.state == "blind"
    computer.burst()
    assert computer.clock.state == "synced"
    assert abs(computer.error_ns) < 20_000_000


@pytest.mark.parametrize("jump_s", [HOUR, -HOUR, BIOS_2002_S])
def test_a_window_that_is_open_ends_after_its_length_whatever_the_wall_clock_says(jump_s: int) -> None:
    window = opened(reading(T0))
    later = reading(T0 + 7199, wall_s=T0 + 7199 + jump_s)
    assert window.due(later) is None
    assert window.due(msgspec.structs.replace(later, mono_ns=later.mono_ns + S)) is Step.TIME_UP


def opened(at: Reading) -> Window:
    window = Window(MANIFEST, Phase.OPEN)
    window.opened = anchor(at)
    return window


def armed(at_s: float, source: Source = Source.PUSH) -> Window:
    window = Window(MANIFEST, Phase.ARMED)
    window.release = Release(source, anchor(reading(at_s)))
    return window


def test_a_computer_that_slept_ten_minutes_before_t0_opens_at_t0() -> None:
    computer = Computer()
    computer.pass_s(2)
    computer.burst()
    computer.mono += 600 * S
    computer.wall += 600 * S
    computer.clock.look()
    assert computer.clock.state == "blind"
    computer.burst()
    assert computer.clock.state == "synced"
    assert armed(T0 - 60).due(reading(T0 - 0.001)) is None
    assert armed(T0 - 60).due(reading(T0)) is Step.MOMENT


def test_a_computer_that_slept_across_t0_opens_as_it_wakes_for_the_full_length() -> None:
    awake = reading(T0 + 300, bound_ms=None, state=ClockState.BLIND)
    window = armed(T0 - 50)
    assert window.due(awake) is Step.MOMENT
    window.apply(Step.MOMENT)
    window.opened = anchor(awake)
    assert window.left_ns(awake) == 7200 * S


def test_sleep_in_the_exam_counts_as_time_that_passed() -> None:
    window = opened(reading(T0))
    woke = reading(T0 + 1800, bound_ms=None, state=ClockState.BLIND)
    assert window.left_ns(woke) == 5400 * S


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_on_every_line_and_with_480_ppm_the_bound_holds(model: Model) -> None:
    """Asymmetric by 300 ms, the server standing still for 2 s in a burst, and the rest; 10 ppm are left to wander."""
    truth, chance = Truth(), random.Random(f"fault {model.name}")
    for _ in range(8):
        live_one_day(truth, model, chance, bursts=12, most_rate=480e-6)
    assert truth.violations == 0
    assert truth.looked > 200
