import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from aiohttp import web
from aiortc import MediaStreamTrack

from demo.lecture import LectureSettings, lecture_file
from demo.publisher import Publisher
from demo.recorded import RecordedLecture
from tests.doubles.eventually import eventually
from tests.doubles.recorded_stream import RecordedStream


@pytest.fixture(scope="module")
def lecture(tmp_path_factory: pytest.TempPathFactory) -> RecordedLecture:
    folder: Path = tmp_path_factory.mktemp("lecture")
    return RecordedLecture.read(lecture_file(folder, LectureSettings(width=320, height=180, seconds=3)))


@pytest.fixture
async def stream(lecture: RecordedLecture) -> AsyncIterator[tuple[RecordedStream, str]]:
    double = RecordedStream(lecture)
    runner = web.AppRunner(double.app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield double, f"http://127.0.0.1:{runner.addresses[0][1]}/whip/session-a-lecture"
    await double.close()
    await runner.cleanup()


class Tokens:
    """Gives a wrong token first, as after its expiry."""

    def __init__(self) -> None:
        self.given = 0

    async def __call__(self) -> str:
        self.given += 1
        return "expired" if self.given == 1 else "right"


async def test_a_lecture_arrives_as_it_was_recorded(
    stream: tuple[RecordedStream, str], lecture: RecordedLecture
) -> None:
    double, url = stream
    publisher = Publisher(url, Tokens(), lecture)
    task = asyncio.get_running_loop().create_task(publisher.run())
    await eventually(lambda: len(double.published) == 2, 20, 0.05)
    assert publisher.stats.failures >= 1
    assert publisher.stats.last_failure.startswith("401")
    tracks = [track for track in double.published if isinstance(track, MediaStreamTrack)]
    for track in tracks:
        for _ in range(3):
            await asyncio.wait_for(track.recv(), 10)
    await eventually(lambda: publisher.stats.packets_sent > 0, 10, 0.05)
    assert publisher.stats.state == "publishing"
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_lecturer_whose_relay_went_away_publishes_again(
    stream: tuple[RecordedStream, str], lecture: RecordedLecture
) -> None:
    double, url = stream
    double.token = "expired"
    publisher = Publisher(url, _expired, lecture)
    task = asyncio.get_running_loop().create_task(publisher.run())
    await eventually(lambda: publisher.stats.connections == 1, 20, 0.05)
    await double.close()
    await eventually(lambda: publisher.stats.connections == 2, 30, 0.05)
    assert publisher.stats.failures >= 1
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_relay_that_is_not_there_is_tried_again(lecture: RecordedLecture) -> None:
    publisher = Publisher("http://127.0.0.1:9/whip/x", _expired, lecture)
    task = asyncio.get_running_loop().create_task(publisher.run())
    await eventually(lambda: publisher.stats.failures == 2, 10, 0.05)
    assert publisher.stats.state == "connecting"
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _expired() -> str:
    return "expired"
