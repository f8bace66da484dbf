"""Rooms that speak, in a real browser: its microphone plays a file of beeps, and its pages are listened to."""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from playwright.async_api import Browser, Page, async_playwright, expect

from demo.stage import School, Stage
from tests.doubles.browsers import CHROMIUM, FLAGS, page_of, sign_in
from tests.doubles.small_day import live_session, local_state, small_day, until_told

BEEP_HZ, BEEP_S, EVERY_S = 1000, 0.4, 1.0
RATE = 48_000
UP_MS = 60_000
QUIET_DB, LOUD_DB = -75.0, -60.0
"""Of the one line of the spectrum at which the beeps are; what is not there is below -100."""

EAR = """
(selector) => {
  window.ears = window.ears || {};
  const video = document.querySelector(selector);
  if (!video || !video.srcObject || !video.srcObject.getAudioTracks().length) return null;
  let ear = window.ears[selector];
  if (!ear || ear.stream !== video.srcObject) {
    const context = ear ? ear.context : new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 2048, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(video.srcObject).connect(analyser);
    ear = window.ears[selector] = { stream: video.srcObject, context, analyser, heard: [] };
    const bins = new Float32Array(analyser.frequencyBinCount);
    const line = Math.round((BEEP_HZ * analyser.fftSize) / context.sampleRate);
    setInterval(() => {
      analyser.getFloatFrequencyData(bins);
      ear.heard.push({ at: performance.now(), db: Math.max(...bins.slice(line - 2, line + 3)) });
      ear.heard = ear.heard.filter(({ at }) => performance.now() - at < 2500);
    }, 40);
  }
  void ear.context.resume();
  // Two beeps fit into this window: the loudest moment of it.
  return ear.heard.length < 20 ? null : Math.max(-200, ...ear.heard.map(({ db }) => db));
}
""".replace("BEEP_HZ", str(BEEP_HZ))


class FloorDay(msgspec.Struct):
    """A session that is live: its rooms' screens, and the page of whoever gives the floor."""

    stage: Stage
    browser: Browser
    session: str
    rooms: list[Page]
    console: Page

    @property
    def schools(self) -> list[School]:
        return self.stage.schools


def beeps(file: Path, seconds: float = 10.0) -> Path:
    """A file of beeps for a microphone."""
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        for number in range(round(seconds * RATE)):
            on = (number / RATE) % EVERY_S < BEEP_S
            level = math.sin(2 * math.pi * BEEP_HZ * number / RATE) * 12000 if on else 0.0
            out.writeframesraw(struct.pack("<h", round(level)))
    return file


@asynccontextmanager
async def beeping_browser(folder: Path, *more: str) -> AsyncIterator[Browser]:
    """Chromium as a room's kiosk is started, but for where its microphone comes from, and for ``more`` flags."""
    flags = [
        *FLAGS,
        "--auto-accept-camera-and-microphone-capture",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={beeps(folder / 'beeps.wav')}",
        *more,
    ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        await browser.close()


async def until_loud(page: Page, selector: str) -> None:
    """Until the beeps are heard in what this element plays."""

    async def loud() -> bool:
        level = await page.evaluate(EAR, selector)
        return level is not None and level > LOUD_DB

    await until_told(loud, f"beeps in {selector}", UP_MS / 1000)


async def until_quiet(page: Page, selector: str) -> None:
    """Until nothing of them is heard any more."""

    async def quiet() -> bool:
        level = await page.evaluate(EAR, selector)
        return level is not None and level < QUIET_DB

    await until_told(quiet, f"silence in {selector}", UP_MS / 1000)


async def until_floor_at(stage: Stage, school: School, session: str) -> None:
    """Until the room knows the floor of the session."""

    async def there() -> bool:
        floor = (await local_state(stage, school))["floor"]
        return floor is not None and floor["session"] == session

    await until_told(there, f"the floor at {school.site.code}")


async def open_screen(browser: Browser, school: School) -> Page:
    """A room's big screen, with the floor of its session."""
    page = await (await browser.new_context(viewport={"width": 1280, "height": 720})).new_page()
    await page.goto(school.screen_url)
    await expect(page.locator("button.hand")).to_be_visible(timeout=UP_MS)
    return page


@asynccontextmanager
async def floor_day(folder: Path, *, sites: int = 2, screens: int = 2) -> AsyncIterator[FloorDay]:
    """A live session of the first ``screens`` sites, each with its screen in a browser, and an operator's page."""
    async with small_day(folder, sites=sites, candidates=0) as stage, beeping_browser(folder) as browser:
        session: str = (await live_session(stage, "Dạy học kết hợp", stage.schools[:screens]))["id"]
        operator = await stage.admin.post(
            "/api/v1/people", {"username": "dieuhanh", "name": "Nguyễn Thị Lan", "role": "operator"}
        )
        rooms: list[Page] = []
        for school in stage.schools[:screens]:
            await until_floor_at(stage, school, session)
            rooms.append(await open_screen(browser, school))
        async with page_of(browser) as console:
            await console.goto(f"{stage.url}/lecturer/{session}")
            await sign_in(console, "dieuhanh", operator["password"])
            await expect(console.locator(".floor-card")).to_be_visible(timeout=UP_MS)
            yield FloorDay(stage, browser, session, rooms, console)
