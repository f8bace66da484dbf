"""A recorded session in Chromium: listed, played from any moment, the room that spoke beside it, taken away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Locator, Page, ViewportSize, expect

from demo.lecture import LectureSettings, lecture_file
from demo.recorded import RecordedLecture
from orchestrator.media.recorder.take import Take
from orchestrator.recordings.files import joined
from orchestrator.recordings.model import Segment, on_line
from orchestrator.recordings.serving import serve
from orchestrator.sessions.model import SessionState
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, log_in, page_of, picture
from tests.doubles.centre import PASSWORD
from tests.doubles.eventually import eventually
from tests.doubles.lecture_hall import OnAir, relay
from tests.doubles.recorded_day import SESSION, RecordedDay, recorded_day
from tests.doubles.rtp_lecture import KeptFiles
from tests.doubles.vp8_lecture import Vp8Encoder, Vp8Lecture

pytestmark = pytest.mark.timeout(240)

SIZES = (ViewportSize(width=1920, height=1080), ViewportSize(width=390, height=844))
LIMIT_S = 90
WAIT_MS = 30_000


@asynccontextmanager
async def on_air(url: str, stream: str, lecture: RecordedLecture) -> AsyncIterator[None]:
    one = OnAir(url, lecture, stream)
    one.begin()
    yield
    await one.end()


async def until(day: RecordedDay, track: str, seconds: float) -> None:
    """So much of a track is safe."""
    found: list[Segment] = []
    for _ in range(LIMIT_S * 20):
        found = [one for one in await day.segments() if one.track == track]
        if sum(one.ends - one.starts for one in found) > seconds * 90000:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{track} is not recorded: {found}")


async def recorded(day: RecordedDay, url: str, folder: Path) -> None:
    """Some seconds of a lecture; in their midst a room speaks and a slide is turned."""
    lecture = RecordedLecture.read(lecture_file(folder, LectureSettings(width=640, height=360, seconds=6)))
    async with on_air(url, f"{SESSION}-lecture", lecture):
        await day.becomes(SessionState.LIVE)
        await until(day, "lecture", 1)
        async with on_air(url, f"{SESSION}-floor", lecture):
            await until(day, "floor", 2)
        await day.marks.mark(SESSION, "slide", day.clock.now_ns(), "2")
        await until(day, "lecture", 6)
        await day.becomes(SessionState.ENDED)
        await eventually(lambda: day.recordings.recording(SESSION) is None, LIMIT_S)


async def holds(video: Locator, true: str) -> None:
    """Wait until an expression of a video holds. (The page's policy lets nothing be evaluated from strings there.)"""
    for _ in range(LIMIT_S * 10):
        if await video.evaluate(f"video => {true}"):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(true)


async def shown(page: Page, name: str) -> list[str]:
    """Nothing runs out of the page, axe finds nothing, a picture for whoever looks."""
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await picture(page, name)
    return await serious_faults(page)


async def test_a_recording_is_listed_played_from_any_moment_and_taken_away(tmp_path: Path) -> None:
    async with relay() as url, recorded_day(tmp_path, url) as day, chromium() as browser:
        await recorded(day, url, tmp_path)
        async with page_of(browser, SIZES[0]) as page:
            await page.goto(f"{day.centre.base}/recordings")
            await log_in(page, "planner", PASSWORD)
            await expect(page.get_by_text("Đánh giá theo năng lực")).to_be_visible(timeout=WAIT_MS)
            faults = await shown(page, "recordings-list")
            await page.get_by_text("Đánh giá theo năng lực").click()
            video = page.locator("video.recording-video")
            await expect(video).to_be_visible(timeout=WAIT_MS)
            await holds(video, "video.readyState >= 2")
            length = float(await video.evaluate("video => video.duration"))
            segments = [one for one in await day.segments() if one.track == "lecture"]
            assert abs(length - sum(one.length_ns for one in segments) / 1e9) < 0.3

            slide = page.get_by_role("button", name="Trang chiếu 2")
            await slide.click()
            await holds(video, "!video.seeking && video.currentTime > 2")
            await holds(video, "video.readyState >= 2")

            spoke = next(one for one in await day.segments() if one.track == "floor")
            place = on_line(segments, spoke.at_ns)
            assert place is not None
            beside = place / 90000
            await video.evaluate("(video, at) => { video.muted = true; video.currentTime = at }", beside + 0.5)
            floor = page.locator(".recording-floor video")
            await expect(floor).to_be_visible(timeout=WAIT_MS)
            await video.evaluate("video => video.play()")
            await holds(floor, "video.currentTime > 0.2")
            faults += await shown(page, "recording-1920")
            await video.evaluate("video => video.pause()")
            await page.get_by_role("button", name="Nền tối").click()
            faults += await shown(page, "recording-dark")
            await page.set_viewport_size(SIZES[1])
            faults += await shown(page, "recording-390")
            async with page.expect_download(timeout=WAIT_MS) as saving:
                await page.get_by_role("button", name="Tải cả buổi").click()
            saved = await saving.value
            assert saved.suggested_filename == f"{SESSION}.mp4"
            await page.get_by_role("button", name="Xóa bản ghi này").click()
            await page.get_by_label("Lý do").fill("thử máy")
            await page.get_by_role("dialog").get_by_role("button", name="Xóa bản ghi này").click()
            await expect(page.get_by_text("thử máy")).to_have_count(2, timeout=WAIT_MS)
            assert list(day.recordings.settings.folder.iterdir()) == []
        assert "\n".join(faults) == ""


async def test_a_joined_recording_of_vp8_is_played_from_any_moment_through_its_sizes(tmp_path: Path) -> None:
    kept, now, lecture = KeptFiles(), 0.0, Vp8Lecture()
    take = Take(kept, starts=0, segment_s=300, wall=lambda: now)
    sizes = [Vp8Encoder(width, height, picture=1, layer=1) for width, height in ((160, 120), (64, 48))]
    for at, kind, packet in [one for size in sizes for one in lecture.of(size, 120)]:
        now = at
        take.packet(kind, packet, now)
        take.tick(now)
    take.finish("stopped")
    paths = [tmp_path / f"lecture-{number:04d}.mp4" for number in (1, 2)]
    for path, head, body in zip(paths, kept.heads, kept.bodies, strict=True):
        path.write_bytes(head + body)
    whole = joined([(path, path.stat().st_size) for path in paths])

    async def file(request: web.Request) -> web.StreamResponse:
        return await serve(request, whole, tag="whole")

    async def empty(_: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><title>vp8</title><video muted></video>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", empty)
    app.router.add_get("/whole.mp4", file)
    async with TestServer(app) as server, chromium() as browser, page_of(browser, SIZES[0]) as page:
        await page.goto(str(server.make_url("/")))
        video = page.locator("video")
        await video.evaluate("video => { video.src = '/whole.mp4' }")
        await holds(video, "video.readyState >= 2")
        assert abs(float(await video.evaluate("video => video.duration")) - 8.0) < 0.1
        for at, height in ((6.5, 48), (1.5, 120)):
            await video.evaluate("(video, at) => { video.currentTime = at }", at)
            await holds(video, f"!video.seeking && video.readyState >= 2 && video.videoHeight === {height}")
        await video.evaluate("video => { video.currentTime = 3.5; return video.play() }")
        await holds(video, "video.currentTime > 4.5 && video.videoHeight === 48 && !video.error")
