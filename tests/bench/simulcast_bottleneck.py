"""A weak line among good ones: ``python -m tests.bench.simulcast_bottleneck [WIDTH HEIGHT FPS] [--video vp8]``.

A lecturer in real Chromium publishes two or three encodings (Chromium makes three from 960 x 540 on, two below); three
viewers in real Chromium watch, one of them through a proxy with a token bucket and a bounded queue. Told each second:
height, pictures, freezes and the longest time without a picture of each viewer, and of the weak one what the relay
knows and decides: estimate, round trip, how its last try to climb ended, what is sent beside the picture or how long
until the next try. The line is wide, then 400 kbit/s, then wide again. What is judged: ``simulcast_judging``.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time

import aiohttp
import msgspec
from playwright.async_api import Page

from orchestrator.media.port import ViewerStats
from tests.bench.goals import judged
from tests.bench.simulcast_judging import Encoded, Line, Seen, tell
from tests.doubles.browsers import chromium
from tests.doubles.narrow_line import NarrowLine
from tests.doubles.relay import relay
from tests.doubles.simulcast_page import ENCODED, WATCH, publish, served, watch

CALM_S, WEAK_S, AGAIN_S = 12, 30, 40
WEAK_BPS = 400_000
KEY = "of-the-bench"


class Watching:
    """A page that watches, and what it saw."""

    def __init__(self, name: str, page: Page) -> None:
        self.line = Line(name)
        self._page = page

    async def look(self, now: float) -> Seen:
        """Read once."""
        seen = msgspec.convert(await self._page.evaluate(WATCH), Seen)
        self.line.rows.append((now, seen))
        return seen


class Decided:
    """What the relay decides for whoever came first."""

    def __init__(self, web: aiohttp.ClientSession, relay_url: str) -> None:
        self._web = web
        self._url = f"{relay_url}/streams/bottleneck/viewers"

    async def first(self) -> ViewerStats | None:
        """None before anybody is there."""
        async with self._web.get(self._url, headers={"X-Control-Key": KEY}) as reply:
            viewers = msgspec.json.decode(await reply.read(), type=list[ViewerStats])
        return viewers[0] if viewers else None

    async def somebody(self) -> None:
        """Wait until somebody watches."""
        for _ in range(100):
            if await self.first() is not None:
                return
            await asyncio.sleep(0.1)
        raise TimeoutError("nobody watches")

    async def words(self) -> str:
        """One line."""
        one = await self.first()
        if one is None:
            return "nobody"
        sent = f"+{one.padding_bps // 1000}k" if one.padding_bps else f"wait {one.wait_s:.1f}s"
        trip = f"{one.round_trip_s * 1000:.0f}ms" if one.round_trip_s is not None else "-"
        return f"{one.why} {(one.estimate_bps or 0) // 1000}k {trip} {one.tried or '-'} {sent}"


async def watch_for(watchers: list[Watching], seconds: float, line: NarrowLine, decided: Decided) -> None:
    """Print a row a second."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        now = time.monotonic()
        seen = [await one.look(now) for one in watchers]
        cells = [
            f"{one.height}p {one.frames}f {one.freezes}x{one.frozen:.1f}s {one.gap:.1f}s -{one.lost}" for one in seen
        ]
        row = f"{time.monotonic() % 1000:7.1f}  " + "   ".join(f"{one:30}" for one in cells) + f"drop {line.dropped}"
        print(f"{row}   {await decided.words()}", flush=True)
        await asyncio.sleep(max(0.0, now + 1.0 - time.monotonic()))


async def main(width: int, height: int, fps: int, video: str) -> int:
    """Print what each of the three saw, and the figures that count; 1 when one of them is not what it should be."""
    with relay("--open", "--video", video, environment={"DIEMCAU_RELAY__CONTROL_KEY": KEY}) as running:
        async with (
            NarrowLine(("127.0.0.1", running.udp_port)) as line,
            chromium() as browser,
            served() as address,
            aiohttp.ClientSession() as web,
        ):
            decided = Decided(web, running.url)
            context = await browser.new_context()
            lecturer = await context.new_page()
            await lecturer.goto(address)
            rids = await publish(lecturer, running.whip("bottleneck"), width, height, fps, video)
            print(f"{video}, encodings on offer: {', '.join(rids)} of {width} x {height}, {fps} pictures a second")
            watchers = []
            for name in ("weak", "good", "good"):
                page = await context.new_page()
                await page.goto(address)
                await watch(page, running.whep("bottleneck"), line.port if name == "weak" else 0)
                watchers.append(Watching(name, page))
                await decided.somebody()
            await watch_for(watchers, CALM_S, line, decided)
            narrowed, made = time.monotonic(), int(await lecturer.evaluate(ENCODED))
            line.bps = WEAK_BPS
            await watch_for(watchers, WEAK_S, line, decided)
            lifted = time.monotonic()
            line.bps = None
            await watch_for(watchers, AGAIN_S, line, decided)
            encoded = Encoded(made, int(await lecturer.evaluate(ENCODED)))
            return judged(tell([one.line for one in watchers], encoded, narrowed, lifted, height))


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("sizes", nargs="*", type=int, metavar="WIDTH HEIGHT FPS")
    options.add_argument("--video", choices=["h264", "vp8"], default="h264")
    asked = options.parse_args()
    width, height, fps = asked.sizes or [640, 360, 20]
    sys.exit(asyncio.run(main(width, height, fps, asked.video)))
