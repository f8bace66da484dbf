"""What sees: a camera against its reference, a count that fails, a line that waits or loses packets."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from site_agent.camera.counter import BurstOrder, HeadCount
from site_agent.camera.frames import Frame, to_grey
from site_agent.camera.owner import CameraOwner
from site_agent.camera.room import Room
from site_agent.camera.sources import parse_source
from site_agent.readiness.looking.line import LOSS_OVER_S, PATIENT_S, LineLooks
from site_agent.readiness.looking.room import RoomLooks
from tests.doubles.camera import ScriptedCapture, ScriptedCounter, SleptClock
from tests.doubles.eventually import eventually
from tests.doubles.ready_site import black, lively_room
from tests.unit.site_agent.camera.test_view import later, room
from wire.messages import MeasureAsk, Up
from wire.readiness import Check, CheckName, CheckState


class FallingCounter:
    """A counter that a picture brings down."""

    async def count(self, order: BurstOrder) -> HeadCount:
        raise ValueError("the detector does not like this picture")


class Line:
    """A line whose centre never gives the turn."""

    connection = 1

    def __init__(self) -> None:
        self.asked: list[Up] = []

    async def pass_by(self, message: Up) -> bool:
        self.asked.append(message)
        return True


@asynccontextmanager
async def looking(
    frames: Sequence[Frame], reference: Frame | None, before: Check | None = None
) -> AsyncIterator[RoomLooks]:
    clock = SleptClock()
    known = Room(polygon=((0, 0), (1, 0), (1, 1)), reference=None if reference is None else to_grey(reference))
    capture = ScriptedCapture(frames, endless=True)
    async with CameraOwner(parse_source("0"), open_with=lambda _source: capture, sleep=clock.sleep) as camera:
        yield RoomLooks(
            camera, ScriptedCounter(12), lambda: known, clock.now_ns, said=lambda _name: before, sleep=clock.sleep
        )


def said_of_the_view(reason: str, state: CheckState = CheckState.WEAK) -> Check:
    return Check(name=CheckName.ROOM_IN_VIEW, state=state, reason=reason)


async def in_view(frames: Sequence[Frame], reference: Frame | None) -> Check:
    async with looking(frames, reference) as looks:
        return (await looks.count())[1]


async def test_a_camera_turned_elsewhere_is_found_by_the_reference() -> None:
    day = [later(room(1), seed) for seed in range(5)]
    assert (await in_view(day, room(1))).reason == ""
    assert (await in_view([later(room(8), seed) for seed in range(5)], room(1))).reason == "turned_away"
    assert (await in_view([later(room(8), seed) for seed in range(5)], None)).reason == "no_reference"


async def test_a_camera_turned_during_a_lecture_is_found_without_a_count_and_so_is_its_return() -> None:
    day, elsewhere = [later(room(1), seed) for seed in range(5)], [later(room(8), seed) for seed in range(5)]
    turned, covered = said_of_the_view("turned_away"), said_of_the_view("partly_covered")
    for frames, before, expected in (
        (day, None, [(CheckState.GOOD, "")]),
        (day, Check(name=CheckName.ROOM_IN_VIEW, state=CheckState.GOOD), []),
        (day, said_of_the_view("nobody_seen"), []),
        (day, said_of_the_view("not_now", CheckState.WAITING), [(CheckState.GOOD, "")]),
        (elsewhere, None, [(CheckState.BAD, "turned_away")]),
        (day, turned, [(CheckState.GOOD, "")]),
        (day, covered, [(CheckState.GOOD, "")]),
    ):
        async with looking(frames, room(1), before) as looks:
            camera, *view = await looks.camera()
        assert camera.state is CheckState.GOOD
        assert [(check.name, check.state, check.reason) for check in view] == [
            (CheckName.ROOM_IN_VIEW, *each) for each in expected
        ]


async def test_a_room_without_a_reference_says_so_once_and_takes_back_what_was_said_against_an_older_one() -> None:
    for before, expected in (
        (None, ["no_reference"]),
        (said_of_the_view("turned_away"), ["no_reference"]),
        (said_of_the_view("no_reference"), []),
        (said_of_the_view("nobody_seen"), []),
    ):
        async with looking([later(room(1), seed) for seed in range(5)], None, before) as looks:
            camera, *view = await looks.camera()
        assert camera.state is CheckState.GOOD
        assert [check.reason for check in view] == expected


async def test_pictures_that_show_nothing_say_nothing_of_where_the_camera_looks() -> None:
    async with looking([black(seed) for seed in range(5)], room(1)) as looks:
        assert [check.reason for check in await looks.camera()] == ["dark"]


async def test_somebody_who_walks_past_turns_no_camera() -> None:
    before = [lively_room(3), later(room(1)), lively_room(4)]
    assert (await in_view(before, room(1))).reason == ""


async def test_a_count_that_fails_of_itself_says_so() -> None:
    looks = RoomLooks(CameraOwner(parse_source("0")), FallingCounter(), Room, lambda: 0)
    assert [(check.name, check.reason) for check in await looks.count()] == [(CheckName.COUNTING, "cannot_count")]


async def test_packets_that_do_not_come_are_found_while_a_lecture_plays() -> None:
    now_s, lost, playing = 0.0, 0, "udp"
    looks = LineLooks(
        "http://centre",
        Line,
        playing=lambda: playing,
        busy=lambda: True,
        measured=lambda: None,
        lost=lambda: lost,
        mono_s=lambda: now_s,
    )

    async def path() -> str:
        return (await looks.look())[0].reason

    assert await path() == ""
    now_s, lost = now_s + LOSS_OVER_S, lost + 30
    assert await path() == ""
    now_s, lost = now_s + LOSS_OVER_S, lost + 300
    assert await path() == "udp_lossy"
    now_s = now_s + LOSS_OVER_S
    assert await path() == ""
    lost, playing = lost + 300, ""
    assert await path() == "not_looked"


async def test_a_site_that_waits_for_its_turn_says_that_the_centre_is_busy() -> None:
    now_s, line = 0.0, Line()
    looks = LineLooks(
        "http://centre",
        lambda: line,
        playing=lambda: "",
        busy=lambda: False,
        measured=lambda: None,
        mono_s=lambda: now_s,
    )

    async def bandwidth() -> str:
        return (await looks.look())[1].reason

    assert await bandwidth() == "not_measured"
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(looks.run())
        await eventually(lambda: [type(each) for each in line.asked] == [MeasureAsk])
        assert await bandwidth() == "not_measured"
        now_s = PATIENT_S
        assert await bandwidth() == "centre_busy"
        life.cancel()
