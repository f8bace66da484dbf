"""Sources in processes of their own: files played to a real relay, and what becomes of a process that dies."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from orchestrator.media.sources.job import Bounds, Job, Order, State, Told, Way, Why
from orchestrator.media.sources.supervising import SourceProcess
from tests.doubles.eventually import eventually
from tests.doubles.films import HIGH, film
from tests.doubles.relay import RunningRelay, relay
from tests.doubles.webrtc import Viewer

NOWHERE = "http://127.0.0.1:9/whip/nobody"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningRelay]:
    with relay("--open") as one:
        yield one


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    film(folder / "short.mp4", seconds=2)
    film(folder / "long.mkv", *HIGH, brightness=120, seconds=14, size="160x90")
    film(
        folder / "rare.mp4",
        "-c:v",
        "libx264",
        "-profile:v",
        "baseline",
        "-g",
        "1000",
        "-preset",
        "ultrafast",
        seconds=30,
    )
    (folder / "broken.mp4").write_bytes(bytes(range(256)) * 400)
    return folder


class Watched:
    """A source's process and all that it told."""

    def __init__(self, job: Job) -> None:
        self.told: list[Told] = []
        self.process = SourceProcess("test", lambda: job, self.told.append)
        self.task: asyncio.Task[Told] | None = None

    @property
    def last(self) -> Told:
        return self.told[-1]

    async def end(self) -> Told:
        assert self.task is not None
        return await asyncio.wait_for(asyncio.shield(self.task), 60)


@asynccontextmanager
async def played(job: Job) -> AsyncIterator[Watched]:
    watched = Watched(job)
    watched.task = asyncio.get_running_loop().create_task(watched.process.run())
    try:
        yield watched
    finally:
        watched.task.cancel()
        with suppress(asyncio.CancelledError):
            await watched.task


def file_job(file: Path, whip_url: str, bounds: Bounds | None = None) -> Job:
    return Job(Way.FILE, str(file), whip_url, "none", bounds or Bounds())


async def test_a_film_is_seen_and_heard_whole_and_then_ends(running: RunningRelay, films: Path) -> None:
    async with (
        Viewer(running.whep("short")) as viewer,
        played(file_job(films / "short.mp4", running.whip("short"))) as watched,
    ):
        await viewer.see(200)
        assert await viewer.sound() > 1000
        last = await watched.end()
        assert (last.state, last.passes, last.pictures, last.length_s) == (State.ENDED, True, 50, 2.0)


async def test_a_film_is_held_moved_converted_and_goes_on_after_a_death(running: RunningRelay, films: Path) -> None:
    async with (
        Viewer(running.whep("long")) as viewer,
        played(file_job(films / "long.mkv", running.whip("long"))) as watched,
    ):
        await viewer.see(120)
        watched.process.order(Order("pause"))
        await eventually(lambda: watched.last.state is State.PAUSED, limit_s=30)
        watched.process.order(Order("seek", 8.0))
        watched.process.order(Order("resume"))
        await eventually(lambda: watched.last.at_s > 7.5, limit_s=30)
        assert watched.last.converted is Why.B_FRAMES
        assert watched.process.pid is not None
        os.kill(watched.process.pid, signal.SIGKILL)
        await eventually(lambda: watched.process.starts == 2 and watched.process.pid is not None, limit_s=30)
        os.kill(watched.process.pid, signal.SIGKILL)  # before this life could tell where it is
        await eventually(lambda: watched.process.starts == 3 and watched.last.state is State.RUNNING, limit_s=30)
        assert watched.last.at_s > 6
        await viewer.see(120)


async def test_where_rooms_see_vp8_a_film_that_would_pass_is_converted(films: Path) -> None:
    with relay("--open", "--video", "vp8") as other:
        job = file_job(films / "rare.mp4", other.whip("vp8"), Bounds(video="vp8"))
        async with played(job) as watched:
            # Long after the only keyframe that the film has.
            await eventually(lambda: bool(watched.told) and watched.last.pictures > 80, limit_s=30)
            async with Viewer(other.whep("vp8")) as viewer:
                await viewer.see(200)
            assert (watched.last.passes, watched.last.converted) == (False, Why.CENTRE_CODEC)


async def test_keyframes_too_far_apart_change_passing_to_converting(running: RunningRelay, films: Path) -> None:
    bounds = Bounds(keyframe_s=1.0)
    async with played(file_job(films / "rare.mp4", running.whip("rare"), bounds)) as watched:
        await eventually(lambda: bool(watched.told) and watched.last.converted is Why.KEYFRAMES, limit_s=30)
        async with Viewer(running.whep("rare")) as viewer:
            await viewer.see(200)


@pytest.mark.parametrize(("name", "why"), [("broken.mp4", Why.UNREADABLE), ("missing.mp4", Why.NO_FILE)])
async def test_a_file_that_cannot_be_read_says_so_once(films: Path, name: str, why: Why) -> None:
    async with played(file_job(films / name, NOWHERE)) as watched:
        last = await watched.end()
        assert (last.state, last.why, watched.process.starts) == (State.FAILED, why, 1)


async def test_a_film_with_too_little_memory_fails_alone(films: Path) -> None:
    async with played(file_job(films / "long.mkv", NOWHERE, Bounds(memory_mb=64))) as watched:
        await eventually(lambda: any(told.why is Why.BROKEN for told in watched.told), limit_s=30)


async def test_a_camera_that_is_not_there_is_tried_again(running: RunningRelay) -> None:
    job = Job(Way.RTSP, "rtsp://user:secret@127.0.0.1:9/camera", running.whip("camera"), "none")
    async with played(job) as watched:
        await eventually(lambda: watched.process.starts >= 2, limit_s=30)
        assert any(told.why is Why.UNREACHABLE for told in watched.told)
