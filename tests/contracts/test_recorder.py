"""The recorder's process against the real relay and a real publisher: killed, out of room, cut off, stopped."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from demo.lecture import LectureSettings, lecture_file
from demo.recorded import RecordedLecture
from orchestrator.media.recorder.disk import Closed, Grew, Opened, Trouble
from orchestrator.media.recorder.talk import Figures, Line
from orchestrator.recordings.files import repair, scan
from tests.doubles.eventually import eventually
from tests.doubles.lecture_hall import OnAir, relay
from tests.doubles.relay_door import OwnRecorder, recorder
from tests.doubles.small_disk import small_disk

LIMIT_S = 60


@pytest.fixture(scope="module")
def lecture(tmp_path_factory: pytest.TempPathFactory) -> RecordedLecture:
    folder = tmp_path_factory.mktemp("lecture")
    return RecordedLecture.read(lecture_file(folder, LectureSettings(width=320, height=180, seconds=3)))


@pytest.fixture
async def air(lecture: RecordedLecture) -> AsyncIterator[OnAir]:
    async with relay() as url:
        one = OnAir(url, lecture)
        one.begin()
        await one.shown()
        yield one
        await one.end()


def probed(path: Path) -> dict[str, float]:
    """What ffprobe finds: seconds, and packets of each kind; a file that it complains about fails."""
    command = ["ffprobe", "-v", "error", "-count_packets", "-of", "json", "-show_entries"]
    command += ["format=duration:stream=codec_type,nb_read_packets", str(path)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert done.stderr == b""
    found = json.loads(done.stdout)
    packets = {one["codec_type"]: float(one["nb_read_packets"]) for one in found["streams"]}
    return {"seconds": float(found["format"]["duration"]), **packets}


def decodes(path: Path) -> None:
    """ffmpeg decodes all of it without a word."""
    # By the file's own times: counted in whole pictures, two that came late and close together would share a number.
    own_times = ["-fps_mode", "passthrough", "-enc_time_base", "-1"]
    command = ["ffmpeg", "-v", "error", "-i", str(path), *own_times, "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert done.stderr == b""


def safe_s(one: OwnRecorder) -> float:
    return max((grew.ends for grew in one.of(Grew)), default=0) / 90000


async def viewers(url: str) -> int:
    async with aiohttp.ClientSession() as http, http.get(f"{url}/stats") as reply:
        return sum(one["viewers"] for one in (await reply.json())["streams"])


async def test_a_killed_recorder_leaves_a_file_that_plays_to_what_it_said_was_safe(air: OnAir, tmp_path: Path) -> None:
    async with recorder(air.address, tmp_path) as one:
        await eventually(lambda: safe_s(one) > 3, LIMIT_S)
        one.process.kill()
        assert one.task is not None
        assert await one.task == -9
        path = tmp_path / "lecture-0001.mp4"
        found = await asyncio.to_thread(probed, path)
        assert found["seconds"] >= safe_s(one) - 0.1
        assert found["video"] > 30
        assert found["audio"] > 30
        mended = repair(path)
        assert mended is not None
        assert mended.ends / 90000 >= safe_s(one)
        await asyncio.to_thread(decodes, path)
        # Nobody holds a seat at the relay for one who is dead.
        assert await viewers(air.address) == 0


async def test_a_stopped_recorder_closes_its_file_and_leaves_the_relay(air: OnAir, tmp_path: Path) -> None:
    async with recorder(air.address, tmp_path, starts=90000 * 100, number=7) as one:
        await eventually(lambda: safe_s(one) > 101, LIMIT_S)
        assert await viewers(air.address) == 1
        await one.end()
        (closed,) = one.of(Closed)
        path = tmp_path / "lecture-0007.mp4"
        assert (closed.number, closed.size, closed.why) == (7, path.stat().st_size, "stopped")
        assert scan(path).good == closed.size
        assert await viewers(air.address) == 0


async def test_a_recorder_whose_centre_died_closes_its_file_and_ends(air: OnAir, tmp_path: Path) -> None:
    async with recorder(air.address, tmp_path) as one:
        await eventually(lambda: safe_s(one) > 1, LIMIT_S)
        one.process.hang_up()
        assert one.task is not None
        assert await one.task == 0
        assert one.of(Closed)[0].size == (tmp_path / "lecture-0001.mp4").stat().st_size


async def test_a_full_disk_ends_the_file_whole_and_recording_goes_on_once_there_is_room(
    air: OnAir, tmp_path: Path
) -> None:
    async with small_disk(tmp_path / "disk", 1) as disk, recorder(air.address, disk.path, reserve=0) as one:
        await eventually(lambda: bool(one.of(Opened)), LIMIT_S)
        filler = disk.path / "filler"
        filler.write_bytes(bytes(max(0, shutil.disk_usage(disk.path).free - 60_000)))
        await eventually(lambda: any(each.word == "disk_full" for each in one.of(Trouble)), LIMIT_S)
        (closed,) = one.of(Closed)
        assert closed.why == "disk"
        path = disk.path / "lecture-0001.mp4"
        assert scan(path).good == closed.size == path.stat().st_size
        filler.unlink()
        await eventually(lambda: len(one.of(Opened)) == 2, LIMIT_S)
        await eventually(lambda: one.of(Trouble)[-1].word == "", LIMIT_S)
        await eventually(lambda: one.of(Grew)[-1].number == 2, LIMIT_S)
        await one.end()
        assert one.of(Figures)[-1].let_go > 0
        await asyncio.to_thread(decodes, disk.path / "lecture-0002.mp4")


async def test_a_lecturer_who_comes_back_after_a_pause_is_a_new_file(air: OnAir, tmp_path: Path) -> None:
    async with recorder(air.address, tmp_path) as one:
        await eventually(lambda: safe_s(one) > 1, LIMIT_S)
        await air.end()
        await eventually(lambda: any(each.why == "silence" for each in one.of(Closed)), LIMIT_S)
        before = safe_s(one)
        air.begin()
        await eventually(lambda: safe_s(one) > before + 1, LIMIT_S)
        first, second, *_ = one.of(Opened)
        assert second.starts == one.of(Closed)[0].ends
        assert second.at_ns - first.at_ns > (second.starts - first.starts) * 10**9 // 90000


async def test_a_refused_stream_is_told_and_tried_again(tmp_path: Path) -> None:
    async with recorder("http://127.0.0.1:9", tmp_path) as one:
        await eventually(lambda: len([each for each in one.of(Line) if each.state == "refused"]) >= 2, LIMIT_S)
        assert one.of(Line)[1].why == "media_unavailable"
        assert one.of(Opened) == []
