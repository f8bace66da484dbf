"""A weak line among good ones: ``python -m tests.bench.simulcast_bottleneck [WIDTH HEIGHT FPS] [--video vp8]``.

A lecturer in real Chromium publishes two or three encodings (Chromium makes three from 960 x 540 on, two below); three
viewers in real Chromium watch, one of them through a proxy with a token bucket and a bounded queue. Told each second:
height, pictures, freezes of each viewer, and of the weak one what the relay knows and decides: estimate, round trip,
how its last try to climb ended, what is sent beside the picture or how long until the next try. The line is wide, then
400 kbit/s, then wide again.
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
from tests.doubles.browsers import chromium
from tests.doubles.narrow_line import NarrowLine
from tests.doubles.relay import relay
from tests.doubles.simulcast_page import WATCH, publish, served, watch

CALM_S, WEAK_S, AGAIN_S = 12, 30, 35
WEAK_BPS = 400_000
DOWN_S, UP_S = 10, 30
KEY = "of-the-bench"


class Seen(msgspec.Struct, frozen=True):
    """A viewer's own statistics (webrtc-stats, inbound-rtp of the picture)."""

    height: int
    frames: int
    freezes: int
    frozen: float
    """Seconds."""
    lost: int


class Watching:
    """What one viewer saw, second by second."""

    def __init__(self, name: str, page: Page) -> None:
        self.name = name
        self._page = page
        self.rows: list[tuple[float, Seen]] = []

    async def look(self, now: float) -> Seen:
        """Read once."""
        seen = msgspec.convert(await self._page.evaluate(WATCH), Seen)
        self.rows.append((now, seen))
        return seen

    def between(self, begin: float, end: float) -> list[Seen]:
        """What was read in that time."""
        return [seen for at, seen in self.rows if begin <= at <= end]

    def change(self, begin: float, heights: set[int]) -> float | None:
        """Seconds from ``begin`` until the picture first had one of these heights."""
        return next((at - begin for at, seen in self.rows if at >= begin and seen.height in heights), None)


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
        cells = [f"{one.height}p {one.frames}f {one.freezes}x{one.frozen:.1f}s -{one.lost}" for one in seen]
        row = f"{time.monotonic() % 1000:7.1f}  " + "   ".join(f"{one:26}" for one in cells) + f"drop {line.dropped}"
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
            narrowed = time.monotonic()
            line.bps = WEAK_BPS
            await watch_for(watchers, WEAK_S, line, decided)
            lifted = time.monotonic()
            line.bps = None
            await watch_for(watchers, AGAIN_S, line, decided)
            return judged(tell(watchers, narrowed, lifted, height))


def tell(watchers: list[Watching], narrowed: float, lifted: float, top: int) -> dict[str, bool]:
    """The figures that count, and whether they are what they should be."""
    weak = watchers[0]
    lower = {seen.height for _, seen in weak.rows if seen.height < top}
    down, up = weak.change(narrowed, lower), weak.change(lifted, {top})
    print(f"weak line: lower encoding after {down} s, the full one again {up} s after the line was wide again")
    goals = {
        f"lower within {DOWN_S} s": down is not None and down <= DOWN_S,
        f"up again within {UP_S} s": up is not None and up <= UP_S,
    }
    settled = weak.between(narrowed + DOWN_S, lifted)
    if len(settled) > 1:
        frozen, freezes = settled[-1].frozen - settled[0].frozen, settled[-1].freezes - settled[0].freezes
        frames = settled[-1].frames - settled[0].frames
        print(f"  from 10 s on: {frames} pictures in {len(settled)} s, {freezes} freezes, {frozen:.2f} s frozen in all")
        goals["no freeze on the weak line from then on"] = freezes == 0
    for one in watchers[1:]:
        heights = sorted({seen.height for seen in one.between(narrowed, lifted + AGAIN_S)})
        first, last = one.between(narrowed, lifted)[0], one.between(narrowed, lifted)[-1]
        print(f"{one.name} line: heights {heights}, {last.freezes - first.freezes} freezes meanwhile")
    others = {seen.height for one in watchers[1:] for seen in one.between(narrowed, lifted + AGAIN_S)}
    return goals | {"the others stay at the top": others == {top}}


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("sizes", nargs="*", type=int, metavar="WIDTH HEIGHT FPS")
    options.add_argument("--video", choices=["h264", "vp8"], default="h264")
    asked = options.parse_args()
    width, height, fps = asked.sizes or [640, 360, 20]
    sys.exit(asyncio.run(main(width, height, fps, asked.video)))
