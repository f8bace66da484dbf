"""A lecturer, a standby and rooms, each in real Chromium, whose pictures can be told apart by their colour.

A camera is a file of one colour that Chromium takes for its own (`--use-file-for-fake-video-capture`). A room looks at
what it decodes fifty times a second and writes down when that changed and how often it had to connect.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.doubles.browsers import CHROMIUM, FLAGS, page_of
from tests.doubles.small_day import until_told

WIDTH, HEIGHT, FPS = 320, 180, 10
COLOURS = {"lecturer": (150, 44, 21), "standby": (81, 90, 240)}
"""Green and red, as Y, Cb and Cr."""
UP_MS = 60_000
LIMIT_S = 60.0

ROOM = """
async ([url, token]) => {
  const seen = (window.seen = []);
  window.made = 0;
  window.states = [];
  const peer = new RTCPeerConnection();
  window.made++;
  peer.addTransceiver("video", { direction: "recvonly" });
  peer.addTransceiver("audio", { direction: "recvonly" });
  peer.onconnectionstatechange = () => window.states.push(peer.connectionState);
  const video = Object.assign(document.createElement("video"), { autoplay: true, muted: true });
  document.body.replaceChildren(video);
  peer.ontrack = ({ streams }) => (video.srcObject = streams[0]);
  await peer.setLocalDescription(await peer.createOffer());
  const say = (method, url) => fetch(url, {
    method,
    headers: { "Content-Type": "application/sdp", Authorization: `Bearer ${token}` },
    body: peer.localDescription.sdp,
  });
  const answer = await say("POST", url);
  const sdp = await answer.text();
  if (answer.status === 406 && sdp.startsWith("v=0")) {
    await peer.setRemoteDescription({ type: "offer", sdp });
    await peer.setLocalDescription();
    await say("PATCH", new URL(answer.headers.get("Location"), url));
  } else {
    if (answer.status !== 201) throw new Error(`${answer.status} ${sdp}`);
    await peer.setRemoteDescription({ type: "answer", sdp });
  }
  const shown = (window.shown = []);
  const note = (at) => {
    shown.push(performance.timeOrigin + at);
    if (shown.length > 2000) shown.shift();
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
  const canvas = Object.assign(document.createElement("canvas"), { width: 16, height: 9 });
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const word = ([r, g, b]) =>
    r > 120 && g < 100 ? "standby" : g > r + 40 && g > b + 40 ? "lecturer" : b > r && b < 110 ? "slate" : "";
  setInterval(() => {
    if (!video.videoWidth) return;
    brush.drawImage(video, 0, 0, 16, 9);
    const now = word(brush.getImageData(0, 4, 1, 1).data);
    if (now && now !== seen.at(-1)?.[1]) seen.push([performance.timeOrigin + performance.now(), now]);
  }, 20);
}
"""


def camera_file(folder: Path, who: str) -> Path:
    """Two pictures of one colour as a camera of Chromium's (YUV4MPEG2)."""
    luma, blue, red = COLOURS[who]
    picture = (
        bytes([luma]) * (WIDTH * HEIGHT) + bytes([blue]) * (WIDTH * HEIGHT // 4) + bytes([red]) * (WIDTH * HEIGHT // 4)
    )
    path = folder / f"{who}.y4m"
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FPS}:1 Ip A1:1 C420jpeg\n".encode() + (b"FRAME\n" + picture) * 2)
    return path


@asynccontextmanager
async def chromium_of(folder: Path, who: str, shares: str = "") -> AsyncIterator[Browser]:
    """A Chromium of its own for the lecturer or the standby, which may be killed. ``shares``: how the title of the page
    begins that is chosen whenever a page asks for a screen."""
    camera = camera_file(folder, who)
    accept = [f"--auto-select-tab-capture-source-by-title={shares}", "--auto-accept-camera-and-microphone-capture"]
    flags = ["--use-fake-device-for-media-stream", *(accept if shares else ["--use-fake-ui-for-media-stream"])]
    flags += [f"--use-file-for-fake-video-capture={camera}", f"--diemcau-who={who}"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
        yield browser
        await browser.close()


def kill_chromium(who: str) -> float:
    """SIGKILL to every process of that Chromium of ours; returns the moment, Unix time in seconds."""
    ours = psutil.Process().children(recursive=True)
    marked = [one for one in ours if f"--diemcau-who={who}" in _command(one)]
    doomed = {one.pid for top in marked for one in (top, *top.children(recursive=True))}
    at = time.time()
    for pid in doomed:
        os.kill(pid, signal.SIGKILL)
    return at


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


async def go_on_air(page: Page, address: str) -> None:
    """Open a lecture link and press the one big button."""
    await page.goto(address)
    await page.get_by_role("button", name="LÊN SÓNG", exact=True).click()
    await expect(page.get_by_role("button", name="DỪNG", exact=True)).to_be_visible(timeout=UP_MS)


class Room:
    """One page that views."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def sees(self, who: str, *, after: float = 0.0) -> float:
        """The moment since which the room sees them, Unix time in seconds, once it does; not before ``after``."""

        async def there() -> float | None:
            changes = await self._page.evaluate("window.seen")
            last: Any = changes[-1] if changes else None
            return last[0] / 1000 if last and last[1] == who and last[0] / 1000 >= after else None

        return await until_told(there, f"a room seeing the {who}", LIMIT_S)

    async def shows(self, who: str, after: float) -> bool:
        """Whether it sees them now, and did not until then."""
        changes = await self._page.evaluate("window.seen")
        return bool(changes) and changes[-1][1] == who and changes[-1][0] / 1000 > after

    async def back(self, after: float) -> tuple[float, float]:
        """Once the room sees the lecturer: when, after that moment, it saw somebody else, and when the lecturer again.
        Both are ``after`` for a room that never saw anybody else."""
        await self.sees("lecturer")
        changes = [(at / 1000, who) for at, who in await self._page.evaluate("window.seen") if at / 1000 >= after]
        gone = next((at for at, who in changes if who != "lecturer"), after)
        return gone, changes[-1][0] if changes else after

    async def size(self) -> tuple[int, int]:
        """Of the picture that it decodes now."""
        size = "(({ videoWidth, videoHeight }) => [videoWidth, videoHeight])(document.querySelector('video'))"
        width, height = await self._page.evaluate(size)
        return int(width), int(height)

    async def still(self, after: float) -> float:
        """The longest time since that moment, in seconds, in which no new picture came; the present one counts."""
        shown = [at / 1000 for at in await self._page.evaluate("window.shown")]
        before = max((at for at in shown if at <= after), default=after)
        moments = [before, *(at for at in shown if at > after), time.time()]
        return float(max(later - earlier for earlier, later in pairwise(moments)))

    async def connections(self) -> tuple[int, list[str]]:
        """How many connections the room ever made, and the states that it went through."""
        made, states = await self._page.evaluate("[window.made, window.states]")
        return int(made), list(states)

    async def connected_once(self) -> bool:
        """Whether it saw everything over one connection; what a busy computer interrupts for a moment comes back."""
        made, states = await self.connections()
        return made == 1 and "connected" in states and not {"failed", "closed"} & set(states)


@asynccontextmanager
async def room(browser: Browser, url: str, ticket: dict[str, Any]) -> AsyncIterator[Room]:
    """A room that views by this ticket of the centre's (`/api/v1/sessions/<id>/view`)."""
    async with page_of(browser) as page:
        await page.goto(f"{url}/healthz")
        await page.evaluate(ROOM, [ticket["whep_url"], ticket["token"]])
        yield Room(page)
