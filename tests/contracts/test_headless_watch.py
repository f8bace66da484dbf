from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from demo.lecture import LectureSettings, lecture_file
from demo.recorded import RecordedLecture
from site_agent.lecture.headless import HeadlessScreen
from tests.doubles.eventually import eventually
from tests.doubles.lecture_hall import OnAir, relay
from wire.ids import ScreenState
from wire.ladder import PHONE

LEVEL_DBFS = -20.0


@pytest.fixture(scope="module")
def lecture(tmp_path_factory: pytest.TempPathFactory) -> RecordedLecture:
    folder: Path = tmp_path_factory.mktemp("lecture")
    return RecordedLecture.read(lecture_file(folder, LectureSettings(seconds=6, tone_dbfs=LEVEL_DBFS)))


@pytest.fixture
async def on_air(lecture: RecordedLecture) -> AsyncIterator[OnAir]:
    async with relay() as address:
        hall = OnAir(address, lecture)
        hall.begin()
        yield hall
        await hall.end()


def plays(screen: HeadlessScreen, frames: int) -> bool:
    health = screen.health()
    return health.state is ScreenState.PLAYING and health.frames_decoded >= frames and health.audio_dbfs is not None


async def test_two_rooms_really_decode_picture_and_sound(on_air: OnAir) -> None:
    screens = [HeadlessScreen(), HeadlessScreen()]
    for screen in screens:
        await screen.start()
        screen.show(on_air.to_view())
    await eventually(lambda: all(plays(screen, 30) for screen in screens), 30, 0.05)
    told = [screen.health() for screen in screens]
    for health in told:
        assert (health.width, health.height, health.session) == (1280, 720, "session-a")
        assert health.audio_dbfs == pytest.approx(LEVEL_DBFS, abs=1.5)
    for screen in screens:
        await screen.stop()


async def test_a_room_comes_back_by_itself_when_the_lecturer_does(on_air: OnAir) -> None:
    screen = HeadlessScreen()
    await screen.start()
    screen.show(on_air.to_view())
    await eventually(lambda: plays(screen, 5), 30, 0.05)
    await on_air.end()
    await eventually(lambda: screen.health().state is ScreenState.STALLED, 30, 0.05)
    before = screen.health().frames_decoded
    on_air.begin()
    await eventually(lambda: plays(screen, before + 5), 40, 0.05)
    screen.show(None)
    assert screen.health().state is ScreenState.IDLE
    await screen.stop()


async def test_a_stream_that_does_not_exist_yet_is_waited_for(lecture: RecordedLecture) -> None:
    async with relay() as address:
        hall = OnAir(address, lecture)
        screen = HeadlessScreen()
        await screen.start()
        screen.show(hall.to_view())
        await eventually(lambda: screen.health().state is ScreenState.STALLED, 10, 0.05)
        hall.begin()
        await eventually(lambda: plays(screen, 5), 40, 0.05)
        await screen.stop()
        await hall.end()


async def test_a_room_that_is_sent_to_the_telephone_leaves_the_stream_and_comes_back(on_air: OnAir) -> None:
    screen = HeadlessScreen()
    await screen.start()
    lecture = on_air.to_view()
    screen.show(lecture)
    await eventually(lambda: plays(screen, 5), 30, 0.05)
    screen.show(msgspec.structs.replace(lecture, rung=PHONE))
    assert (screen.health().state, screen.health().rung) == (ScreenState.IDLE, PHONE)
    before = screen.health().frames_decoded
    screen.show(lecture)
    await eventually(lambda: plays(screen, before + 5), 30, 0.05)
    await screen.stop()


class HandSet:
    """A clock that stands until it is moved, and counts how often somebody looked at it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.looks = 0

    def __call__(self) -> float:
        self.looks += 1
        return self.now

    async def looked_at(self, times: int) -> None:
        """Until that many more looks."""
        until = self.looks + times
        await eventually(lambda: self.looks >= until, 30, 0.02)


async def test_a_room_waits_as_long_as_a_lecturers_death_takes_and_no_longer(on_air: OnAir) -> None:
    clock = HandSet()
    screen = HeadlessScreen(clock)
    await screen.start()
    screen.show(on_air.to_view())
    await goes_on(screen)
    for connections in (1, 1, 2):
        await on_air.end()
        # What was under way has come by then.
        await clock.looked_at(8)
        for _ in range(4):
            clock.now += 0.4 if connections == 1 else 0.6
            await clock.looked_at(2)
        on_air.begin()
        await goes_on(screen)
        assert screen.connections == connections
    await screen.stop()


async def goes_on(screen: HeadlessScreen) -> None:
    before = screen.health().frames_decoded
    await eventually(lambda: screen.health().frames_decoded >= before + 5, 40, 0.05)
