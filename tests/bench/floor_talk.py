"""A room speaks to another and to the one who called it: ``python -m tests.bench.floor_talk``.

A real centre with its relay, real agents, and real Chromium for two rooms' screens and for the lecturer, who came by a
link, is on air with camera and microphone all the while, and gives the floor. The speaking room's microphone plays
beeps from a file; its camera is a folder in which this program keeps a picture of the time, so that a picture seen in
the other room tells how old it is. Printed are: how soon a room that is called is heard and one that is silenced is
not; the way of the voice from the speaking page's microphone to the other page's ear; the age of the picture; their
difference about each beep, which is what lips are off by, judged by its median and its 95th percentile
(``floor_judging``); and what becomes of the lecture in the room that listens. Both ways are measured at what the other
room's browser has decoded: the sound as it goes to the loudspeaker, the picture when it is due on the screen. Not in it
is what devices add: a real microphone and loudspeaker some tens of milliseconds to the voice, a real camera and screen
to the picture. The folder is looked at ten times a second, as the agent's camera does with any folder, so a picture is
up to 100 ms old before it begins its way through the program; that is counted.

Meanwhile a second session is live with two rooms of its own, of which one has the floor and is silenced: whatever of
one session shows or is heard in the other is counted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import aiohttp
import cv2
import numpy as np
from playwright.async_api import Page, expect

from demo.operator import OrderRefused
from demo.stage import School
from tests.bench.floor_judging import UNREADABLE_MS, Moment, goals, lip_spread, lips, spread, voices
from tests.bench.goals import judged
from tests.doubles.floor_day import UP_MS, FloorDay, floor_day, open_screen, until_floor_at, until_loud, until_quiet
from tests.doubles.small_day import live_session, local_state, until_told
from tests.doubles.studio_browsers import go_on_air
from tests.doubles.webrtc import Viewer

BITS, BLOCK, EVERY_S = 16, 40, 0.02
MOST_S, SPARE_S = 150, 600
"""Of speech: the floor is given for three minutes. And for everything else on a busy computer."""
LISTEN_S = 5.0

HOOK = """
() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => (window.microphone = await ask(wish));
}
"""
LISTEN = """
(name) => {
  const stream = name === "microphone" ? window.microphone : document.querySelector(".floor .others").srcObject;
  const context = new AudioContext();
  const ear = context.createScriptProcessor(256, 1, 1);
  window.onsets = [];
  let quiet = 0;
  // The wall clock now and not that of the page's start: pages may be older than the clock's last correction.
  const wall = (at) => Date.now() + at - performance.now();
  ear.onaudioprocess = ({ inputBuffer, playbackTime }) => {
    const { contextTime, performanceTime } = context.getOutputTimestamp();
    const samples = inputBuffer.getChannelData(0);
    for (let at = 0; at < samples.length; at++) {
      if (Math.abs(samples[at]) < 0.02) quiet++;
      else {
        const seconds = playbackTime + at / context.sampleRate - contextTime;
        if (quiet > 0.3 * context.sampleRate)
          window.onsets.push(wall(performanceTime) + seconds * 1000);
        quiet = 0;
      }
    }
  };
  context.createMediaStreamSource(stream).connect(ear);
  ear.connect(context.destination);
  void context.resume();
}
"""
FRAMES = "() => document.querySelector('.picture video').getVideoPlaybackQuality().totalVideoFrames"
WATCH = """
() => {
  const video = document.querySelector(".floor .others");
  const canvas = document.createElement("canvas");
  canvas.width = 640;
  canvas.height = 360;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  window.ages = [];
  const look = (_now, { expectedDisplayTime }) => {
    pen.drawImage(video, 0, 0, 640, 360);
    let stamp = 0;
    for (let bit = 0; bit < 16; bit++) {
      const [red] = pen.getImageData(bit * 40 + 20, 60, 1, 1).data;
      stamp = stamp * 2 + (red > 128 ? 1 : 0);
    }
    const shownAt = Date.now() + expectedDisplayTime - performance.now();
    window.ages.push([shownAt, (((shownAt - stamp) % 65536) + 65536) % 65536]);
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
}
"""


def main(argv: list[str] | None = None) -> int:
    """Talk, print; 1 if something crossed, or lips are further off than they may be."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.floor_talk")
    parser.add_argument("--seconds", type=int, default=30, help=f"of speech that is measured, at most {MOST_S}")
    options = parser.parse_args(argv)
    if not 5 <= options.seconds <= MOST_S:
        parser.error(f"--seconds: 5 to {MOST_S}")
    with tempfile.TemporaryDirectory(prefix="diemcau-floor-") as folder:
        return asyncio.run(within(Path(folder), options.seconds))


async def within(folder: Path, seconds: int) -> int:
    """It ends, whatever does not happen."""
    async with asyncio.timeout(SPARE_S + seconds):
        return await measure(folder, seconds)


async def measure(folder: Path, seconds: int) -> int:
    """The whole of it; the exit code."""
    async with floor_day(folder, sites=4, screens=2) as day:
        first, _, third, fourth = day.schools
        other: str = (await live_session(day.stage, "Buổi thứ hai", [third, fourth]))["id"]
        for school in (third, fourth):
            await until_floor_at(day.stage, school, other)
        clock = ClockCamera(folder / f"room-{first.people}")
        clock.start()
        try:
            lecturer = await on_air(day)
            told = await talk(day, lecturer, first, seconds)
        finally:
            clock.end()
        told["crossed"] = await crossings(day, other)
    json.dump(told, sys.stdout, indent=2)
    print()
    return judged(goals(told))


class ClockCamera(threading.Thread):
    """Keeps one picture in a folder: the time in milliseconds, as 16 black and white blocks."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self._folder = folder
        self._over = threading.Event()
        self._drawn = folder / "clock.png"

    def run(self) -> None:
        others = [path for path in self._folder.iterdir() if path.suffix in (".png", ".jpg")]
        self._write()
        for path in others:
            path.unlink()
        while not self._over.wait(EVERY_S):
            self._write()

    def end(self) -> None:
        self._over.set()
        self.join()

    def _write(self) -> None:
        frame = np.full((360, 640, 3), 90, np.uint8)
        stamp = round(time.time() * 1000) % (1 << BITS)
        for bit in range(BITS):
            white = stamp >> (BITS - 1 - bit) & 1
            frame[20:100, bit * BLOCK : (bit + 1) * BLOCK] = 255 * white
        new = self._folder / "clock.new"
        new.write_bytes(cv2.imencode(".png", frame, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes())
        os.replace(new, self._drawn)


async def on_air(day: FloorDay) -> Page:
    """The lecturer's page, by a link of one use, once both rooms see what its camera sees."""
    link = await day.stage.admin.post(f"/api/v1/sessions/{day.session}/links", {"kind": "lecturer"})
    page = await (await day.browser.new_context(viewport={"width": 1280, "height": 800}, locale="vi-VN")).new_page()
    await go_on_air(page, link["address"])
    await expect(page.locator(".floor-card")).to_be_visible(timeout=UP_MS)

    async def shown() -> bool:
        air = await day.stage.admin.get(f"/api/v1/sessions/{day.session}/air")
        return bool(air["now"]["air"] == "lecturer")

    await until_told(shown, "the lecturer on air", UP_MS / 1000)
    for room in day.rooms:
        await until_seen(room, await room.evaluate(FRAMES) + 50)
    return page


async def until_seen(room: Page, frames: int) -> None:
    """Until the room has been shown more of the lecture."""

    async def seen() -> bool:
        return bool(await room.evaluate(FRAMES) > frames)

    await until_told(seen, "the lecture in the room", UP_MS / 1000)


async def talk(day: FloorDay, lecturer: Page, school: School, seconds: int) -> dict[str, Any]:
    """Hand, floor, speech, silence; what was measured."""
    asks, hears = day.rooms
    name = school.site.name
    await asks.evaluate(HOOK)
    began = time.monotonic()
    await asks.keyboard.press("F2")
    row = lecturer.locator(".hands li", has_text=name)
    await expect(row).to_be_visible(timeout=UP_MS)
    hand_s = time.monotonic() - began
    began = time.monotonic()
    await row.get_by_role("button", name="Mời").click()
    await expect(asks.locator(".on-air")).to_be_visible(timeout=UP_MS)
    mark_s = time.monotonic() - began
    await until_loud(hears, ".floor .others")
    heard_s = time.monotonic() - began
    await until_loud(lecturer, ".room-voice")
    await asks.evaluate(LISTEN, "microphone")
    await hears.evaluate(LISTEN, "others")
    await hears.evaluate(WATCH)
    frames = await hears.evaluate(FRAMES)
    await asyncio.sleep(seconds)
    frames = await hears.evaluate(FRAMES) - frames
    volume = await hears.evaluate("document.querySelector('.picture video').volume")
    said = await onsets(asks)
    voice = voices(said, await onsets(hears))
    shown = [Moment(at, age) for at, age in await hears.evaluate("window.ages")]
    began = time.monotonic()
    await lecturer.get_by_role("button", name="Dừng phát biểu").click()
    await expect(asks.locator(".on-air")).to_have_count(0, timeout=UP_MS)
    gone_s = time.monotonic() - began
    silent = await quiet(hears)
    picture = [one.age for one in shown if one.age < UNREADABLE_MS]
    offsets = lips(voice, shown)
    if len(voice) < seconds // 2 or not offsets:
        # Each page's own findings say which end did not see what the other did.
        raise SystemExit(
            f"{len(said)} beeps said, {len(voice)} heard; {len(shown)} pictures seen, {len(picture)} readable"
        )
    return {
        "hand_at_the_operator_s": round(hand_s, 2),
        "on_air_mark_after_call_s": round(mark_s, 2),
        "beep_heard_after_call_s": round(heard_s, 2),
        "mark_gone_after_take_back_s": round(gone_s, 2),
        "silent_after_take_back": silent,
        "beeps_said": len(said),
        "voice_mouth_to_ear_ms": spread([one.age for one in voice]),
        "picture_age_ms": spread(picture),
        "pictures_a_second": round(len(shown) / seconds, 1),
        "lecture_meanwhile": {"pictures_a_second": round(frames / seconds, 1), "volume": volume},
        "unreadable_pictures": len(shown) - len(picture),
        "lip_offset_ms": lip_spread(offsets),
    }


async def quiet(page: Page) -> bool:
    """Whether the room came to hear nothing of the one that spoke."""
    try:
        await until_quiet(page, ".floor .others")
    except AssertionError:
        return False
    return True


async def onsets(page: Page) -> list[float]:
    found: list[float] = await page.evaluate("window.onsets")
    return found


async def grant(day: FloorDay, session: str, school: School) -> None:
    """Give a room the floor, once the centre knows that it could be heard."""

    async def given() -> bool:
        try:
            await day.stage.admin.post(f"/api/v1/sessions/{session}/floor/grant", {"site": school.id})
        except OrderRefused as refused:
            if refused.status != 409:
                raise
            return False
        return True

    await until_told(given, f"the floor for {school.site.code}", UP_MS / 1000)


async def crossings(day: FloorDay, other: str) -> list[str]:
    """Of each session a floor, an order and a roll call at once: whatever shows where it does not belong."""
    first, second, third, fourth = day.schools
    ours, theirs = (first, second), (third, fourth)
    admin = day.stage.admin
    await open_screen(day.browser, third)
    await grant(day, day.session, first)
    await grant(day, other, third)
    calls = {}
    for session in (day.session, other):
        await admin.post(f"/api/v1/sessions/{session}/notice", {"text_vi": f"Chỉ {session}", "seconds": 600})
        calls[session] = (await admin.post(f"/api/v1/sessions/{session}/roll-calls", {}))["id"]

    async def counted() -> bool:
        states = [await local_state(day.stage, school) for school in day.schools]
        return all(each["counted"] and each["notices"] and each["floor"]["speaker"] for each in states)

    await until_told(counted, "the counts of both sessions", 180)
    crossed = []
    for schools, speaker, session in ((ours, first, day.session), (theirs, third, other)):
        for school in schools:
            told = await local_state(day.stage, school)
            floor = told["floor"]
            if floor["session"] != session or floor["speaker"]["code"] != speaker.site.code:
                crossed.append(f"floor at {school.site.code}")
            if session not in floor["hear"]["url"] or session not in told["lecture"]["whep_url"]:
                crossed.append(f"stream at {school.site.code}")
            if [each["text_vi"] for each in told["notices"]] != [f"Chỉ {session}"]:
                crossed.append(f"order at {school.site.code}")
            if told["counted"]["roll_call"] != calls[session]:
                crossed.append(f"roll call at {school.site.code}")
            if bool(floor["speak"]) is not (school is speaker):
                crossed.append(f"right to speak at {school.site.code}")
    # Two rooms speak; the second session's is silenced at the relay, so whatever is heard there is not its own.
    await admin.post(f"/api/v1/sessions/{other}/floor/mute", {"muted": True})
    await until_loud(day.rooms[1], ".floor .others")
    theirs_hears = (await local_state(day.stage, fourth))["floor"]["hear"]
    async with Viewer(theirs_hears["url"], token=theirs_hears["token"]) as silent:
        if await silent.hears(LISTEN_S):
            crossed.append("voice of one session in the other")
        if silent.state != "connected":
            crossed.append(f"nothing could be heard in the other session at all: {silent.state}")
    right = (await local_state(day.stage, first))["floor"]["speak"]["token"]
    foreign = (await local_state(day.stage, third))["floor"]["speak"]["url"]
    headers = {"Authorization": f"Bearer {right}", "Content-Type": "application/sdp"}
    async with aiohttp.ClientSession() as http, http.post(foreign, data="v=0", headers=headers) as reply:
        if reply.status not in (401, 403):
            crossed.append(f"token of one session at the other: {reply.status}")
    return crossed


if __name__ == "__main__":
    sys.exit(main())
