"""A real Chromium on the wall that notes when each tile changes its colour, and which tasks of the page were long."""

from __future__ import annotations

import asyncio
import bisect
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from playwright.async_api import Page, ViewportSize, expect

from tests.doubles.browsers import chromium, page_of, sign_in
from tests.doubles.wall_province import Change

HD, UHD = ViewportSize(width=1920, height=1080), ViewportSize(width=3840, height=2160)
PHONE = ViewportSize(width=390, height=844)
SEEN_WITHIN_MS = 5_000
MAP = ".band-tiles .tile, .sites .tile"

NOTES = """
() => {
  const notes = { tiles: [], tasks: [] };
  window.wallNotes = notes;
  const now = () => performance.timeOrigin + performance.now();
  const face = tile => (/face-(\\w+)/.exec(tile.className) ?? [])[1];
  new PerformanceObserver(list => {
    for (const each of list.getEntries()) notes.tasks.push(each.duration);
  }).observe({ type: "longtask" });
  new MutationObserver(records => {
    const at = now();
    const fresh = [];
    for (const { target, oldValue } of records) {
      if (!target.matches(".band-tiles .tile, .sites .tile")) continue;
      const is = face(target);
      if (!(oldValue ?? "").includes(`face-${is}`)) fresh.push([target.dataset.site, is, at, 0]);
    }
    notes.tiles.push(...fresh);
    // These very notes, not their places: whoever takes some away meanwhile moves the others.
    if (fresh.length) requestAnimationFrame(() => {
      const frame = now();
      for (const note of fresh) note[3] = frame;
    });
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["class"], attributeOldValue: true });
}
"""
TAKE = """
() => {
  const { tiles, tasks } = window.wallNotes;
  const ready = tiles.filter(note => note[3]);
  const rest = tiles.filter(note => !note[3]);
  tiles.splice(0, tiles.length, ...rest);
  return [ready, tasks.splice(0)];
}
"""


class Delays(msgspec.Struct):
    """From a change sent to its tile, ms. `overtaken`: the tile took the colour of a later change of its site instead.
    `missed`: what the tiles showed around changes whose colour never came, nor that of a later one."""

    sent: int = 0
    overtaken: int = 0
    missed: list[str] = []
    tile_ms: list[float] = []
    frame_ms: list[float] = []


class Watched:
    """A page on the wall. Made by `wall_page`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.long_tasks: list[float] = []
        self._seen: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        self._since_ms = 0.0
        self._until_ms = 0.0

    async def until_tiles(self, sites: int) -> None:
        await expect(self.page.locator(MAP)).to_have_count(sites, timeout=60_000)

    async def start(self) -> None:
        """Note from now on."""
        await self.page.evaluate(NOTES)
        self._since_ms = await self._now_ms()

    async def collect(self) -> None:
        """Take the notes out of the page, so that they do not weigh on it."""
        tiles, tasks = await self.page.evaluate(TAKE)
        for site, face, at_ms, frame_ms in tiles:
            self._seen[site, face].append((at_ms, frame_ms))
        self.long_tasks.extend(tasks)
        self._until_ms = await self._now_ms()

    async def _now_ms(self) -> float:
        return float(await self.page.evaluate("performance.timeOrigin + performance.now()"))

    async def heap_mb(self) -> float:
        """What is in use after a collection."""
        devtools = await self.page.context.new_cdp_session(self.page)
        await devtools.send("HeapProfiler.collectGarbage")
        used: dict[str, Any] = await devtools.send("Runtime.getHeapUsage")
        await devtools.detach()
        return float(used["usedSize"]) / 1e6

    def delays(self, changes: Sequence[Change]) -> Delays:
        """Each change beside the first time after it that the site's tile took its colour."""
        found = Delays()
        later: dict[str, Change] = {}
        for change in sorted(changes, key=lambda each: -each.at_ms):
            following = later.get(change.site)
            later[change.site] = change
            if not self._since_ms < change.at_ms < self._until_ms - SEEN_WITHIN_MS:
                continue
            found.sent += 1
            if took := self._took(change):
                found.tile_ms.append(took[0] - change.at_ms)
                found.frame_ms.append(took[1] - change.at_ms)
            elif following and following.at_ms - change.at_ms < SEEN_WITHIN_MS and self._took(following):
                found.overtaken += 1
            else:
                found.missed.append(self._around(change))
        return found

    def _took(self, change: Change) -> tuple[float, float] | None:
        """When the tile took this colour, and the frame after that."""
        seen = self._seen[change.site, change.face]
        at = bisect.bisect_left(seen, (change.at_ms - 1.0, 0.0))
        return seen[at] if at < len(seen) and seen[at][0] - change.at_ms <= SEEN_WITHIN_MS else None

    def _around(self, change: Change) -> str:
        """The colours that a site's tile took around a change, each with the ms from then."""
        near = sorted(
            (round(at_ms - change.at_ms), face)
            for (site, face), seen in self._seen.items()
            for at_ms, _ in seen
            if site == change.site and abs(at_ms - change.at_ms) < 4 * SEEN_WITHIN_MS
        )
        return f"{change.site} → {change.face}: " + ", ".join(f"{face} {ms:+d}" for ms, face in near)

    async def pictures(self, folder: Path) -> None:
        """The wall at the sizes that it hangs at."""
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        for name, size in (("1920x1080", HD), ("3840x2160", UHD), ("390x844", PHONE)):
            await self.page.set_viewport_size(size)
            await self.page.wait_for_timeout(1500)
            await self.page.screenshot(path=folder / f"wall-{name}.png")
        await self.page.set_viewport_size(HD)


@asynccontextmanager
async def wall_page(url: str, username: str, one_time: str, path: str = "/wall") -> AsyncIterator[Watched]:
    """The wall as somebody sees it who signs in for the first time."""
    async with chromium() as browser, page_of(browser, HD) as page:
        await page.goto(f"{url}{path}")
        await sign_in(page, username, one_time)
        yield Watched(page)
