"""The monotonic clock of a machine start that is over goes on from its last sign of life."""

import msgspec

from site_agent.exam.clocks import SiteClocks
from site_agent.exam.window import Anchor, anchor, elapsed_ns
from tests.doubles.centre_time import S, SteadyTime
from wire.ids import ClockState

NOBODY_KNOWS = SteadyTime(ClockState.BLIND, None)


def on(boot: str) -> SiteClocks:
    return SiteClocks(NOBODY_KNOWS, boot)


def later(at: Anchor, seconds: int) -> Anchor:
    return msgspec.structs.replace(at, mono_ns=at.mono_ns + seconds * S)


def test_time_goes_on_over_two_restarts_of_the_computer_and_one_of_the_program() -> None:
    opened = anchor(on("boot-1").read())
    second = on("boot-2")
    second.go_on_from(later(opened, 3600))
    beat = later(anchor(second.read()), 600)
    again = on("boot-2")
    again.go_on_from(opened)
    again.go_on_from(beat)
    third = on("boot-3")
    third.go_on_from(opened)
    third.go_on_from(anchor(again.read()))
    # The program of the second machine start was away for some instants of the test, on a clock that went on; the
    # ten minutes of its sign of life lie ahead of that clock.
    first = elapsed_ns(opened, second.read())
    assert 3600 * S <= first <= elapsed_ns(opened, again.read()) <= elapsed_ns(opened, third.read()) < 3700 * S


def test_what_is_found_to_have_passed_is_put_on_once_and_goes_along() -> None:
    opened = anchor(on("boot-1").read())
    second = on("boot-2")
    second.go_on_from(later(opened, 3600))
    second.put_on(900 * S)
    third = on("boot-3")
    third.go_on_from(anchor(second.read()))
    assert 4500 * S <= elapsed_ns(opened, third.read()) < 4600 * S
