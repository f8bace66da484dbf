"""A site whose computer lost power during the exam, or does not know the time: what people and invigilator get."""

import time
from pathlib import Path

import msgspec
import pytest

from site_agent.exam.clocks import SiteClocks
from site_agent.exam.invigilation.service import ITSELF
from site_agent.exam.window import LOST_NS, Phase, Reading
from tests.doubles.centre_time import SteadyTime
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.invigilator import WHO, Room, act, browser, come_in, invigilated, opened, records
from wire.exam_fairness import Cause, ExamResumed
from wire.ids import ClockState

S = 1_000_000_000


YEARS_23 = 23 * 365 * 24 * 3600 * S


async def cut_off(tmp_path: Path, centre: ExamCentre, passed_s: int, *, burning: bool = False) -> SteadyTime:
    """The exam opens, and after so long the power goes; returns what the computer knows of the time afterwards: its
    battery is empty, and there is no line."""
    async with invigilated(tmp_path, centre, clocks=SiteClocks(SteadyTime(), "boot-1")) as room:
        await opened(room, centre)
        if burning:
            await room.invigilation.stop(WHO, centre.exam, "cháy")
        await eventually(lambda: room.invigilation.beating(centre.exam))
    await room.let_pass(tmp_path, centre.exam, passed_s * S)
    return SteadyTime(ClockState.BLIND, None, ahead_ns=-YEARS_23)


class LongBegun(SiteClocks):
    """A program that began so long before it did."""

    before_ns = 0

    def read(self) -> Reading:
        now = super().read()
        return msgspec.structs.replace(now, began_ns=now.began_ns - self.before_ns)


def left_min(room: Room, centre: ExamCentre) -> float:
    return room.exams.halls[centre.exam].left_ns("SBD001", room.exams.read()) / (60 * S)


def about(minutes: float) -> object:
    """So many minutes, less those that the test itself may take on a busy computer."""
    return pytest.approx(minutes - 4, abs=4.001)


@pytest.mark.parametrize(
    ("away_min", "counted_min", "told_by"),
    [(30, 30, []), (65, 50, [ITSELF]), (240, 50, [ITSELF])],
    ids=["counted whole", "ten minutes are left", "long after the end"],
)
async def test_after_a_power_cut_without_line_and_clock_the_window_goes_on_and_the_gap_is_proposed_once_it_is_known(
    tmp_path: Path, away_min: int, counted_min: int, told_by: list[str]
) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=7200)
    known = await cut_off(tmp_path, centre, 3600)
    for _ in range(2):  # the program is begun anew meanwhile
        async with invigilated(tmp_path, centre, clocks=SiteClocks(known, "boot-2")) as room:
            await eventually(lambda room=room: room.invigilation.beating(centre.exam))  # type: ignore[misc]
            assert left_min(room, centre) == about(60)
            assert room.exams.halls[centre.exam].allowance.outages == []
    known.state, known.bound_ms, known.ahead_ns = ClockState.SYNCED, 5.0, (60 + away_min) * 60 * S
    async with invigilated(tmp_path, centre, clocks=SiteClocks(known, "boot-2")) as room:
        allowance = room.exams.halls[centre.exam].allowance
        await eventually(lambda: len(allowance.outages) > 0)
        await eventually(lambda: left_min(room, centre) == about(60 - counted_min))
        (outage,) = allowance.outages
        assert (outage.cause, outage.exact) == (Cause.COMPUTER, False)
        # From the last sign of life on, which may have been a moment before the power went.
        assert outage.gap_ms / 60_000 == pytest.approx(counted_min, abs=4)
    async with invigilated(tmp_path, centre, clocks=SiteClocks(known, "boot-2")) as room:
        await eventually(lambda: room.invigilation.beating(centre.exam))
        assert left_min(room, centre) == about(60 - counted_min)
        allowance = room.exams.halls[centre.exam].allowance
        assert allowance.outages == [outage]
        assert [each.who for each in allowance.incidents] == told_by


async def test_a_clock_that_was_stopped_stands_over_a_power_cut_without_line_and_clock(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=7200)
    known = await cut_off(tmp_path, centre, 1860, burning=True)
    async with invigilated(tmp_path, centre, clocks=SiteClocks(known, "boot-2")) as room, browser() as http:
        await come_in(room, http)
        hall = room.exams.halls[centre.exam]
        assert left_min(room, centre) == about(120)
        told = (await room.ask(http, room.here, "state"))[1]["room"]
        assert told["stopped_s"] >= 1800
        await room.invigilation.resume(WHO, centre.exam)
        assert left_min(room, centre) == about(120)
        (resumed,) = [each for each in await records(room) if isinstance(each, ExamResumed)]
        assert resumed.gap_ms >= 1_800_000
        assert hall.allowance.outages == []


async def test_an_invigilator_of_a_site_that_does_not_know_the_time_is_asked_for_the_code(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=600)
    nobody = SteadyTime(ClockState.BLIND, None, ahead_ns=-600 * S)
    clocks = LongBegun(nobody, "boot-1")
    async with invigilated(tmp_path, centre, clocks=clocks) as room, browser() as http:
        await come_in(room, http)
        await room.exams.on_plan(centre.exam_plan())
        hall = room.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.SEALED)

        async def shown() -> tuple[bool, bool, bool]:
            told = (await room.ask(http, room.here, "state"))[1]["room"]
            return told["lost"], told["wants_code"], hall.card(room.exams.read()).wants_code

        assert await shown() == (False, False, False)
        clocks.before_ns = LOST_NS
        assert await shown() == (True, True, True)
        await act(room, http, "code", exam=centre.exam, text=centre.release_code())
        await eventually(lambda: hall.window.phase is Phase.OPEN)
        assert await shown() == (True, False, False)
