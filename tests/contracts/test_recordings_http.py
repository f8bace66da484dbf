"""Sessions recorded, switched off and on, watched, taken away and erased, over real HTTP with real recorders."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import av
import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from demo.lecture import LectureSettings, lecture_file
from demo.recorded import RecordedLecture
from orchestrator.courses.model import Course, Rule
from orchestrator.courses.store import put_course
from orchestrator.recordings import store
from orchestrator.recordings.files import scan
from orchestrator.recordings.model import RecordingRule
from orchestrator.sessions.model import SessionState
from tests.doubles.centre import Page
from tests.doubles.eventually import eventually
from tests.doubles.lecture_hall import OnAir, relay
from tests.doubles.recorded_day import SESSION, RecordedDay, recorded_day
from tests.doubles.relay import relay as relay_process
from tests.doubles.webrtc import PICTURE, Publisher

LIMIT_S = 60
BASE = f"/api/v1/recordings/{SESSION}"
SWITCH = f"/api/v1/sessions/{SESSION}/recording"
DAY_NS = 24 * 3600 * 10**9


@pytest.fixture(scope="module")
def lecture(tmp_path_factory: pytest.TempPathFactory) -> RecordedLecture:
    folder = tmp_path_factory.mktemp("lecture")
    return RecordedLecture.read(lecture_file(folder, LectureSettings(width=320, height=180, seconds=3)))


@asynccontextmanager
async def on_air(lecture: RecordedLecture, folder: Path, *, spare: bool = False) -> AsyncIterator[RecordedDay]:
    async with relay() as url, recorded_day(folder, url, spare=spare) as one:
        air = OnAir(url, lecture)
        air.begin()
        await air.shown()
        yield one
        await air.end()


@pytest.fixture
async def day(lecture: RecordedLecture, tmp_path: Path) -> AsyncIterator[RecordedDay]:
    async with on_air(lecture, tmp_path) as one:
        yield one


async def running(day: RecordedDay, seconds: float = 1.5) -> None:
    """Wait until so much of the session is safe."""
    for _ in range(LIMIT_S * 20):
        found = [one for one in await day.segments() if one.track == "lecture"]
        if sum(one.ends - one.starts for one in found) > seconds * 90000:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it is not recorded")


async def look(page: Page, purpose: str = "watch") -> str:
    status, told = await page.call("POST", f"{BASE}/looks", {"purpose": purpose})
    assert status == 201, told
    return str(told["key"])


async def fetched(page: Page, path: str, **headers: str) -> tuple[int, bytes, Any]:
    async with page.http.get(page.base + path, headers=headers) as reply:
        return reply.status, await reply.read(), reply.headers


async def test_a_live_session_is_recorded_and_a_break_is_not(day: RecordedDay) -> None:
    async with day.centre.page("operator") as page:
        assert await day.segments() == []
        await day.becomes(SessionState.LIVE)
        await running(day)
        _, told = await page.call("GET", SWITCH)
        assert (told["on"], told["running"], told["trouble"]) == (True, True, "")
        await day.becomes(SessionState.BREAK)
        await eventually(lambda: day.recordings.recording(SESSION) is None, LIMIT_S)
        (segment,) = await day.segments()
        path = day.recordings.folder(SESSION) / segment.file
        assert (segment.why, segment.size) == ("stopped", path.stat().st_size)
        await day.becomes(SessionState.LIVE)
        await running(day, 3)
        first, second = await day.segments()
        assert (second.number, second.starts) == (2, first.ends)
        _, told = await page.call("GET", BASE)
        assert [one["kind"] for one in told["marks"]] == ["session_live", "session_break", "session_live"]
        assert told["marks"][0]["place_ms"] == 0


async def test_the_switch_truly_stops_and_says_who_and_when(day: RecordedDay) -> None:
    await day.becomes(SessionState.LIVE)
    await running(day)
    recording = day.recordings.recording(SESSION)
    assert recording is not None
    assert recording.process is not None
    process = recording.process.pid
    assert process is not None
    async with day.centre.page("lecturer") as page:
        status, told = await page.call("POST", SWITCH, {"on": False})
        assert (status, told["on"], told["running"]) == (200, False, False)
        # When the page hears of it the recorder is gone, not on its way out.
        assert not Path(f"/proc/{process}").exists()
        held = {path: path.stat().st_size for path in day.recordings.folder(SESSION).iterdir()}
        before = await day.segments()
        await asyncio.sleep(0.7)
        assert {path: path.stat().st_size for path in day.recordings.folder(SESSION).iterdir()} == held
        assert await day.segments() == before
        assert day.recordings.recording(SESSION) is None
        assert told["switched"]["who"] == "Lecturer"
        _, told = await page.call("GET", BASE)
        assert told["marks"][-1]["kind"] == "switched_off"
        assert [one["on"] for one in told["switches"]] == [False]
        await page.call("POST", SWITCH, {"on": True})
        await running(day, 3)
    assert [(who, action) for who, action, _ in await day.deeds()] == [("lecturer", "recordings.switch")] * 2


async def test_a_recorder_that_dies_is_replaced_and_its_file_is_mended(day: RecordedDay) -> None:
    await day.becomes(SessionState.LIVE)
    await running(day)
    recording = day.recordings.recording(SESSION)
    assert recording is not None
    assert recording.process is not None
    recording.process.kill()
    await running(day, 4)
    first, second = await day.segments()
    assert (first.why, second.number) == ("mended", 2)
    assert first.digest is not None
    assert second.starts == first.ends


async def test_it_is_watched_in_one_file_with_ranges_and_every_look_is_on_record(day: RecordedDay) -> None:
    await day.becomes(SessionState.LIVE)
    await running(day)
    await day.becomes(SessionState.BREAK)
    await eventually(lambda: day.recordings.recording(SESSION) is None, LIMIT_S)
    await day.becomes(SessionState.LIVE)
    await running(day, 3)
    async with day.centre.page("operator") as page:
        assert (await fetched(page, f"{BASE}/lecture.mp4"))[0] == 403
        key = await look(page)
        status, whole, headers = await fetched(page, f"{BASE}/lecture.mp4?look={key}")
        assert (status, headers["Accept-Ranges"], headers["Content-Type"]) == (200, "bytes", "video/mp4")
        with av.open(io.BytesIO(whole), "r") as container:
            assert container.duration is not None
            assert container.duration > 2_500_000
            assert sum(1 for _ in container.decode(video=0)) > 30
        status, part, headers = await fetched(page, f"{BASE}/lecture.mp4?look={key}", Range="bytes=100-999")
        assert (status, part) == (206, whole[100:1000])
        assert headers["Content-Range"] == f"bytes 100-999/{len(whole)}"
        status, part, _ = await fetched(page, f"{BASE}/lecture.mp4?look={key}", Range="bytes=-10")
        assert (status, part) == (206, whole[-10:])
        for asked in (f"bytes={len(whole)}-", "bytes=9-2", "lines=1-2"):
            assert (await fetched(page, f"{BASE}/lecture.mp4?look={key}", Range=asked))[0] == 416
        saved = await look(page, "download")
        status, content, headers = await fetched(page, f"{BASE}/lecture/1.mp4?look={saved}&save=1")
        assert headers["Content-Disposition"] == f'attachment; filename="{SESSION}-0001.mp4"'
        with av.open(io.BytesIO(content), "r") as container:
            assert container.start_time is not None
            assert abs(container.start_time) < 100_000
        for path in ("lecture/9.mp4", "floor.mp4"):
            assert (await fetched(page, f"{BASE}/{path}?look={key}"))[0] == 404
    deeds = [action for _, action, _ in await day.deeds()]
    assert deeds == ["recordings.watched", "recordings.taken"]


async def test_who_may_see_and_switch(day: RecordedDay) -> None:
    async with day.centre.page("viewer") as viewer, day.centre.page("planner") as planner:
        for path in ("/api/v1/recordings", BASE):
            assert (await viewer.call("GET", path))[0] == 403
            assert (await planner.call("GET", path))[0] == 200
        assert (await planner.call("POST", SWITCH, {"on": False}))[0] == 403
        assert (await viewer.call("POST", SWITCH, {"on": False}))[0] == 403
    others = day.plan.sessions[SESSION]
    day.plan.sessions[SESSION] = msgspec.structs.replace(others, lecturer=None)
    async with day.centre.page("lecturer") as page:
        assert (await page.call("GET", BASE))[0] == 403
        assert (await page.call("POST", SWITCH, {"on": False}))[0] == 403
        _, told = await page.call("GET", "/api/v1/recordings")
        assert told["rows"] == []


async def test_a_rule_says_whether_and_for_how_long_and_erasing_leaves_its_proof(
    lecture: RecordedLecture, tmp_path: Path
) -> None:
    rule = RecordingRule(record=False, keep_days=30)
    async with relay() as url, recorded_day(tmp_path, url, rule=rule) as day:
        air = OnAir(url, lecture)
        air.begin()
        await air.shown()
        await day.becomes(SessionState.LIVE)
        async with day.centre.page("operator") as page, day.centre.page("planner") as planner:
            _, told = await page.call("GET", SWITCH)
            assert (told["on"], told["running"]) == (False, False)
            await page.call("POST", SWITCH, {"on": True})
            await running(day)
            status, told = await planner.call("POST", f"{BASE}/erase", {"why": "thử"})
            assert (status, told["code"]) == (409, "recording_now")
            await page.call("POST", SWITCH, {"on": False})
            (segment,) = await day.segments()
            file = day.recordings.folder(SESSION) / segment.file
            assert segment.keep_days == 30
            assert await day.retention.erase_due() == 0
            day.clock.ahead_ns = 31 * DAY_NS
            day.offsets_ms[:] = [31 * 24 * 3600e3] * 5
            assert await day.retention.erase_due() == 0  # the sites' clocks say that it is not yet time
            day.offsets_ms[:] = [0.0] * 5
            assert await day.retention.erase_due() == 1
            assert not file.exists()
            _, told = await planner.call("GET", BASE)
            (erased,) = told["erasures"]
            assert segment.digest is not None
            assert (erased["digest"], erased["who"], told["segments"]) == (segment.digest.hex(), "clock", [])
            assert (await planner.call("POST", f"{BASE}/looks", {"purpose": "watch"}))[0] == 404
            assert (await page.call("POST", f"{BASE}/erase", {"why": "thử"}))[0] == 403
            assert (await planner.call("POST", f"{BASE}/erase", {"why": " "}))[0] == 422
        assert ("clock", "recordings.erased", f"{SESSION}/{segment.file}") in await day.deeds()
        await air.end()


async def test_what_a_dead_centre_left_open_is_mended_at_the_next_start(day: RecordedDay) -> None:
    await day.becomes(SessionState.LIVE)
    await running(day)
    await day.becomes(SessionState.ENDED)
    await eventually(lambda: day.recordings.recording(SESSION) is None, LIMIT_S)
    (whole,) = await day.segments()
    file = day.recordings.folder(SESSION) / whole.file
    # The newest fragment may be sound that ends no later than the picture before it: what reaches the end is torn.
    found = scan(file)
    last = next(spot for spot in found.spots if spot.ends == found.ends)
    file.write_bytes(file.read_bytes()[: last.offset + last.size - 50])
    torn = msgspec.structs.replace(whole, why="", digest=None, size=1, ends=whole.starts)
    await day.centre.database.write(lambda conn: store.put_segment(conn, torn))
    await day.recordings.mend_all()
    (mended,) = await day.segments()
    assert (mended.why, mended.size) == ("mended", file.stat().st_size)
    assert whole.starts < mended.ends < whole.ends


async def test_a_course_has_a_rule_of_its_own_for_its_sessions(tmp_path: Path) -> None:
    path = "/api/v1/courses/course-1/recording-rule"
    async with recorded_day(tmp_path, "http://127.0.0.1:9", run=False) as day, day.centre.page("planner") as page:
        assert (await page.call("PUT", path, {"record": False, "keep_days": 7}))[0] == 404
        course = Course("course-1", "Bồi dưỡng hè", 0, 1, (SESSION,), None, Rule(), 1, 0)
        await day.centre.database.write(lambda conn: put_course(conn, course))
        status, told = await page.call("GET", path)
        assert (status, told["version"], told["rule"]) == (200, 0, {"record": True, "keep_days": 365})
        assert (await page.call("PUT", path, {"record": False, "keep_days": 0}))[0] == 422
        status, told = await page.call("PUT", path, {"record": False, "keep_days": 7})
        assert (status, told["version"], told["who"]) == (200, 1, "planner")
        await day.recordings.refresh()
        assert day.recordings.rule(SESSION) == RecordingRule(record=False, keep_days=7)
        assert not day.recordings.is_on(SESSION)
        async with day.centre.page("operator") as operator:
            assert (await operator.call("PUT", path, {"record": True, "keep_days": 7}))[0] == 403
        assert ("planner", "recordings.rule", "course-1") in await day.deeds()


async def test_before_a_session_begins_a_recorder_waits_and_it_is_the_one_that_writes(
    lecture: RecordedLecture, tmp_path: Path
) -> None:
    async with on_air(lecture, tmp_path, spare=True) as day:
        await eventually(lambda: day.recordings.waiting is not None, LIMIT_S)
        waiting = day.recordings.waiting
        await day.becomes(SessionState.LIVE)
        await running(day)
        recording = day.recordings.recording(SESSION)
        assert recording is not None
        assert recording.process is not None
        assert recording.process.pid == waiting
        await eventually(lambda: day.recordings.waiting not in {None, waiting}, LIMIT_S)


async def test_a_lecture_in_vp8_is_recorded_mended_and_watched_as_one_file(tmp_path: Path) -> None:
    with relay_process("--open", "--video", "vp8") as other:
        async with (
            recorded_day(tmp_path, other.url) as day,
            Publisher(other.whip(f"{SESSION}-lecture"), codec="video/VP8"),
            day.centre.page("operator") as page,
        ):
            await day.becomes(SessionState.LIVE)
            await running(day)
            recording = day.recordings.recording(SESSION)
            assert recording is not None
            assert recording.process is not None
            recording.process.kill()
            await running(day, 4)
            first, second = await day.segments()
            assert (first.why, first.width, first.height) == ("mended", *PICTURE)
            assert second.starts == first.ends
            assert day.recordings.troubles() == []
            key = await look(page)
            _, whole, _ = await fetched(page, f"{BASE}/lecture.mp4?look={key}")
            with av.open(io.BytesIO(whole), "r") as container:
                assert [one.codec_context.name for one in container.streams] == ["vp8", "opus"]
                assert container.duration is not None
                assert container.duration > 3_500_000
                assert sum(1 for _ in container.decode(video=0)) > 60


async def test_what_no_disk_took_is_counted(day: RecordedDay) -> None:
    day.recordings.settings = msgspec.structs.replace(day.recordings.settings, reserve=1 << 60)
    await day.becomes(SessionState.LIVE)
    await eventually(lambda: day.recordings.troubles() == [(SESSION, "disk_full")], LIMIT_S)
    await day.becomes(SessionState.ENDED)
    await eventually(lambda: day.recordings.counters()["recorder_fragments_lost_total"] > 0, LIMIT_S)
    assert await day.segments() == []


async def test_a_lecture_in_another_codec_is_told_as_trouble_not_left_unsaid(tmp_path: Path) -> None:
    async def refuse(request: web.Request) -> web.Response:
        assert {"a=rtpmap:102 H264/90000", "a=rtpmap:100 VP8/90000"} <= set((await request.text()).splitlines())
        return web.json_response({"code": "not_acceptable", "message": "video must be AV1"}, status=406)

    app = web.Application()
    app.router.add_post("/whep/{stream}", refuse)
    async with TestServer(app) as other, recorded_day(tmp_path, str(other.make_url("")).rstrip("/")) as day:
        await day.becomes(SessionState.LIVE)
        await eventually(lambda: day.recordings.troubles() == [(SESSION, "other_codec")], LIMIT_S)
        assert await day.segments() == []
