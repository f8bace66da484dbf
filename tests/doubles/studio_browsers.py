"""A lecturer, a standby and rooms, each in real Chromium, whose pictures can be told apart by their colour.

A camera is a file of one colour that Chromium takes for its own (`--use-file-for-fake-video-capture`). A room looks at
what it decodes fifty times a second and writes down when that changed. Connections are counted where they are made: in
each page, before anything of it is loaded, the browser's own kind gives way to one that counts. A room may view by the
code of the screen's page (``player``), which asks again by itself; else it asks once.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import psutil
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.doubles.browsers import CHROMIUM, FLAGS, page_of
from tests.doubles.small_day import until_told

WIDTH, HEIGHT, FPS = 320, 180, 10
COLOURS = {"lecturer": (150, 44, 21), "standby": (81, 90, 240)}
"""Green and red, as Y, Cb and Cr."""
UP_MS = 60_000
LIMIT_S = 60.0

T = TypeVar("T")

COUNT = """
  window.made = 0;
  window.states = [];
  window.newest = null;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given) {
      super(...given);
      window.made++;
      window.newest = this;
      this.addEventListener("connectionstatechange", () => window.states.push(this.connectionState));
    }
  };
"""
ASK_ONCE = """
async ([url, token]) => {
  const peer = new RTCPeerConnection();
  peer.addTransceiver("video", { direction: "recvonly" });
  peer.addTransceiver("audio", { direction: "recvonly" });
  const video = document.querySelector("video");
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
}
"""
ASK_AGAIN = """
([whep_url, token]) => {
  const lecture = { session: "s", stream: "lecture", whep_url, token, title: "", lecturer: "" };
  window.player = new viewing.Player(document.querySelector("video"), () => undefined);
  window.player.show(lecture);
}
"""
PLAYER = 'export { Player } from "./src/screen/player";'
LOOK = """
() => {
  const seen = (window.seen = []);
  const video = Object.assign(document.createElement("video"), { autoplay: true, muted: true });
  document.body.replaceChildren(video);
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


Change = tuple[float, str]
"""Since when a room has seen whom; Unix time in seconds."""


def in_words(changes: Sequence[Change], after: float) -> str:
    """What a room saw, in words; times in seconds from ``after``, or from the first change."""
    zero = after or (changes[0][0] if changes else 0.0)
    return ", ".join(f"{at - zero:+.2f} s {who}" for at, who in changes) or "nothing"


def came_back(changes: Sequence[Change], shown: Sequence[float], after: float) -> tuple[float, float]:
    """When, after that moment, a room that sees the lecturer now saw the lecturer no more, and when again. A room that
    saw nobody else meanwhile had a picture that stood still: the longest time without a new one (``shown``: when each
    came). All in Unix time in seconds."""
    later = [(at, who) for at, who in changes if at >= after]
    gone = next((at for at, who in later if who != "lecturer"), None)
    if gone is not None:
        return gone, later[-1][0]
    before = max((at for at in shown if at <= after), default=after)
    moments = [before, *(at for at in shown if at > after)]
    return max(pairwise(moments), key=lambda pair: pair[1] - pair[0], default=(after, after))


class Room:
    """One page that views."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def changes(self) -> list[Change]:
        """Whom it saw, and since when."""
        return [(at / 1000, who) for at, who in await self._page.evaluate("window.seen")]

    async def sees(self, who: str, *, after: float = 0.0) -> float:
        """The moment since which the room sees them, Unix time in seconds, once it does; not before ``after``. Fails
        with all that it did see."""

        async def there() -> float | None:
            changes = await self.changes()
            return changes[-1][0] if changes and changes[-1][1] == who and changes[-1][0] >= after else None

        return await self._until(there, f"a room seeing the {who}", after)

    async def _until(self, true: Callable[[], Awaitable[T | None]], what: str, after: float) -> T:
        try:
            return await until_told(true, what, LIMIT_S)
        except AssertionError as late:
            made, states = await self.connections()
            saw = in_words(await self.changes(), after)
            raise AssertionError(f"{late}; it saw: {saw}; {made} connections: {', '.join(states)}") from None

    async def shows(self, who: str, after: float) -> bool:
        """Whether it sees them now, and did not until then."""
        changes = await self.changes()
        return bool(changes) and changes[-1][1] == who and changes[-1][0] > after

    async def back(self, after: float, again: float) -> tuple[float, float]:
        """:func:`came_back` since ``after``, once the room sees the lecturer and has got a new picture since ``again``,
        when the centre had the lecturer on air again."""

        async def there() -> tuple[float, float] | None:
            changes, shown = await self.changes(), await self._shown()
            fresh = bool(shown) and shown[-1] > again and bool(changes) and changes[-1][1] == "lecturer"
            return came_back(changes, shown, after) if fresh else None

        return await self._until(there, "the lecturer back in a room", after)

    async def _shown(self) -> list[float]:
        return [at / 1000 for at in await self._page.evaluate("window.shown")]

    async def size(self) -> tuple[int, int]:
        """Of the picture that it decodes now."""
        size = "(({ videoWidth, videoHeight }) => [videoWidth, videoHeight])(document.querySelector('video'))"
        width, height = await self._page.evaluate(size)
        return int(width), int(height)

    async def still(self, after: float) -> float:
        """The longest time since that moment, in seconds, in which no new picture came; the present one counts."""
        shown = await self._shown()
        before = max((at for at in shown if at <= after), default=after)
        moments = [before, *(at for at in shown if at > after), time.time()]
        return float(max(later - earlier for earlier, later in pairwise(moments)))

    async def connections(self) -> tuple[int, list[str]]:
        """How many connections the room ever made, and the states that it went through."""
        made, states = await self._page.evaluate("[window.made, window.states]")
        return int(made), list(states)

    async def address(self) -> str:
        """From which address the newest connection gets its packets."""
        return str(
            await self._page.evaluate("""async () => {
              const told = [...(await window.newest.getStats()).values()];
              const pair = told.find(({ type, state, nominated }) => type === "candidate-pair" && nominated
                && state === "succeeded");
              return told.find(({ id }) => id === pair.remoteCandidateId).address;
            }""")
        )

    async def connected_once(self) -> bool:
        """Whether it saw everything over one connection; what a busy computer interrupts for a moment comes back."""
        made, states = await self.connections()
        return made == 1 and "connected" in states and not {"failed", "closed"} & set(states)


@asynccontextmanager
async def room(browser: Browser, url: str, ticket: dict[str, Any], player: Path | None = None) -> AsyncIterator[Room]:
    """A room that views by this ticket of the centre's (`/api/v1/sessions/<id>/view`); by the script ``player``, if it
    is given: :data:`PLAYER`, bundled as ``viewing``."""
    async with page_of(browser) as page:
        await page.add_init_script(COUNT)
        if player is not None:
            await page.add_init_script(player.read_text(encoding="utf-8") + ";window.viewing = viewing;")
        await page.goto(f"{url}/healthz")
        await page.evaluate(LOOK)
        await page.evaluate(ASK_AGAIN if player is not None else ASK_ONCE, [ticket["whep_url"], ticket["token"]])
        yield Room(page)
