"""The lecturer's computer dies before four rooms: ``python -m tests.bench.never_dark [--janus]``.

A real centre process with its relay and its slates; lecturer, standby and rooms in real Chromium. SIGKILL to the
lecturer's browser: how long until each room sees the slate; the standby on order; the first lecturer back on order; the
lecturer's page loaded anew; then SIGKILL to the relay and to the slates. Rooms look fifty times a second, and view by
the code of the screen's page, which connects anew after two seconds without packets. Counted: the connections that each
room made. Judged: slate and standby within 2 s, the lecturer back, the page that was loaded anew back on air within
3 s, and no connection made but the first. With ``--janus`` the same over two Janus servers and SIGKILL to that of the
lecturer in place of the relay.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import aiohttp
import psutil
from playwright.async_api import Browser, Page, expect

from tests.bench.goals import judged
from tests.doubles.browsers import chromium, page_of
from tests.doubles.bundled_page import bundle
from tests.doubles.janus_server import ADMIN_SECRET, RunningJanus, janus_server, media_network
from tests.doubles.lean import FULL
from tests.doubles.lecture_centre import LectureCentre, lecture_centre
from tests.doubles.small_day import until_told
from tests.doubles.studio_browsers import PLAYER, Room, chromium_of, go_on_air, kill_chromium, room

SETTLE_S = 8.0
"""More than a slate ever took to come again."""
UP_MS = 60_000
LOST_S, ORDERED_S, RELOADED_S = 2.0, 2.0, 3.0
SLATE, STANDBY, LECTURER, RELOADED = (
    "lecturer's browser killed (SIGKILL) → slate",
    "standby ordered → standby",
    "lecturer ordered back → lecturer",
    "lecturer page reloaded → lecturer again",
)


def main(argv: list[str] | None = None) -> int:
    """Do it all and print; 1 if something took too long or a room connected anew."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.never_dark")
    parser.add_argument("--rooms", type=int, default=4)
    parser.add_argument("--janus", action="store_true", help="over two Janus servers; needs root")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="diemcau-dark-") as folder, ExitStack() as stack:
        servers = []
        if options.janus:
            servers = [stack.enter_context(janus_server(one)) for one in media_network()]
        return asyncio.run(measure(options.rooms, Path(folder), servers))


def goals(found: Mapping[str, float], anew: int) -> dict[str, bool]:
    """What must hold: of each step's seconds until the last room saw it, and of the connections that were made beyond
    each room's first."""
    return {
        f"slate within {LOST_S:.0f} s of the kill": found.get(SLATE, math.inf) <= LOST_S,
        f"standby within {ORDERED_S:.0f} s of the order": found.get(STANDBY, math.inf) <= ORDERED_S,
        "the first lecturer back on order": found.get(LECTURER, math.inf) < math.inf,
        f"the lecturer's page, loaded anew, back on air within {RELOADED_S:.0f} s": found.get(RELOADED, math.inf)
        <= RELOADED_S,
        "no room made another connection": anew == 0,
    }


class Day:
    """The centre, its rooms, and what was measured: each step's seconds until the last room saw it."""

    def __init__(self, centre: LectureCentre, rooms: list[Room]) -> None:
        self.centre = centre
        self.path = f"/api/v1/sessions/{centre.session}"
        self.rooms = rooms
        self.found: dict[str, float] = {}

    async def tell(self, what: str, who: str, since: float) -> None:
        """Print how long after ``since`` the first and the last room saw them; what a room saw instead where one never
        did, which is for ever."""
        try:
            times = [await each.sees(who, after=since) - since for each in self.rooms]
        except AssertionError as never:
            print(f"{what:<58} NEVER: {never}", flush=True)
            times = [math.inf]
        self.keep(what, times)

    def keep(self, what: str, times: Sequence[float]) -> None:
        """Print a step's seconds and remember the last room's."""
        self.found[what] = max(times)
        print(f"{what:<58} {min(times):6.2f} s {max(times):6.2f} s", flush=True)

    async def order(self, step: str) -> float:
        at = time.time()
        await self.centre.admin.post(f"{self.path}/air", {"order": step})
        return at

    async def anew(self) -> int:
        """Connections that the rooms made beyond the first of each, counted in their pages; one that failed counts."""
        made = [await each.connections() for each in self.rooms]
        failed = sum(len({"failed", "closed"} & set(states)) for _, states in made)
        print(f"connections made by {len(made)} rooms: {sum(count for count, _ in made)}; ", end="")
        print(f"states {', '.join(sorted({' '.join(states) for _, states in made}))}", flush=True)
        return sum(abs(count - 1) for count, _ in made) + failed


async def measure(count: int, folder: Path, servers: list[RunningJanus]) -> int:
    """The whole of it; the exit code."""
    told = {"DIEMCAU_JANUS__SERVERS": ";".join(one.told for one in servers)} if servers else {}
    if servers:
        told |= {"DIEMCAU_JANUS__VIEWERS_EACH": str(count // 2), "DIEMCAU_JANUS__ADMIN_SECRET": ADMIN_SECRET}
    async with lecture_centre(folder, {**FULL, **told}) as centre, chromium() as browser, AsyncExitStack() as stack:
        path = f"/api/v1/sessions/{centre.session}"
        await centre.admin.post(f"{path}/orders", {"order": "go_live"})
        ticket = await centre.admin.get(f"{path}/view")
        player = folder / "player.js"
        await bundle(PLAYER, "viewing", player)
        day = Day(
            centre, [await stack.enter_async_context(room(browser, centre.url, ticket, player)) for _ in range(count)]
        )
        for each in day.rooms:
            await each.sees("slate")
        print(f"{count} rooms see the slate; first and last room:", flush=True)
        lecturer = await stack.enter_async_context(chromium_of(folder, "lecturer"))
        page = await _studio(stack, lecturer, centre, "lecturer")
        await _all(day, "lecturer")
        standby = await stack.enter_async_context(chromium_of(folder, "standby"))
        await _studio(stack, standby, centre, "standby")
        await _sends(day, "standby")
        await day.tell(SLATE, "slate", kill_chromium("lecturer"))
        await day.tell(STANDBY, "standby", await day.order("standby"))
        again = await stack.enter_async_context(chromium_of(folder, "lecturer"))
        page = await _studio(stack, again, centre, "lecturer")
        await _sends(day, "lecturer")
        await day.tell(LECTURER, "lecturer", await day.order("lecturer"))
        await _reload(day, page)
        await day.tell("slate ordered → slate", "slate", await day.order("slate"))
        await day.tell("slate ended → lecturer", "lecturer", await day.order("auto"))
        anew = await day.anew()
        await _record(day)
        later = await (_lose_server(day, servers) if servers else _lose_processes(day, page))
        return judged(goals(day.found, max(anew, later)))


async def _studio(stack: AsyncExitStack, browser: Browser, centre: LectureCentre, kind: str) -> Page:
    page = await stack.enter_async_context(page_of(browser))
    page.on("dialog", lambda dialog: dialog.accept())
    await go_on_air(page, (await centre.link(kind))["address"])
    return page


async def _all(day: Day, who: str) -> None:
    for each in day.rooms:
        await each.sees(who)


async def _sends(day: Day, seat: str) -> None:
    async def sending() -> bool:
        told = await day.centre.admin.get(f"{day.path}/air")
        return bool(told["now"][seat])

    await until_told(sending, f"the {seat} sending")


async def _reload(day: Day, page: Page) -> None:
    """F5 on the lecturer's page: until the rooms see the lecturer again after whatever they saw meanwhile."""
    at = time.time()
    await page.reload(wait_until="commit")
    await expect(page.get_by_role("status").filter(has_text="ĐANG PHÁT")).to_be_visible(timeout=UP_MS)
    again = time.time()
    try:
        back = [await each.back(at, again) for each in day.rooms]
    except AssertionError as never:
        print(f"{RELOADED:<58} NEVER: {never}", flush=True)
        return
    day.keep(RELOADED, [until - at for _, until in back])
    gone = [since - at for since, _ in back]
    print(f"{'  who stood in meanwhile came after':<58} {min(gone):6.2f} s {max(gone):6.2f} s", flush=True)


async def _record(day: Day) -> None:
    told = await day.centre.admin.get(f"{day.path}/air")
    print("record of the air:", flush=True)
    for turn in told["turns"]:
        length = "" if turn["until_ms"] is None else f"{(turn['until_ms'] - turn['from_ms']) / 1000:8.2f} s"
        print(f"  {turn['seat'] or '-':<9} {turn['why']:<16} {turn['by']:<8} {length}", flush=True)


async def _lose_processes(day: Day, page: Page) -> int:
    """SIGKILL to the slates while a slate is on air, then to the relay; connections made anew until the latter."""
    await day.order("disarm")
    await page.get_by_role("button", name="DỪNG", exact=True).click()
    await _all(day, "slate")
    at = await _kill("orchestrator.media.slate.main")
    await asyncio.sleep(SETTLE_S)
    still = [await each.still(at) for each in day.rooms]
    what = "slates' process killed → longest time without a new picture"
    print(f"{what:<58} {min(still):6.2f} s {max(still):6.2f} s", flush=True)
    anew = await day.anew()
    at = await _kill("orchestrator.media.relay.main")
    print(f"{'relay worker killed → slate sends again':<58} {await _slate_since(at, day) - at:6.2f} s", flush=True)
    return anew


async def _lose_server(day: Day, servers: list[RunningJanus]) -> int:
    """SIGKILL to the lecturer's server: rooms at the other see the slate, and then the lecturer, whose page comes again
    by itself. Connections that those rooms made anew; the others must ask again, and do."""
    async with aiohttp.ClientSession() as http, http.get(f"{day.centre.url}/metrics") as reply:
        figures = await reply.text()
    print("".join(f"{line}\n" for line in figures.splitlines() if line.startswith("diemcau_janus_")), flush=True)
    found = re.search(r'seat_sending\{[^}]*seat="lecturer",server="(\d)"', figures)
    assert found is not None
    busy = servers[int(found[1])]
    day.rooms = [each for each in day.rooms if await each.address() != busy.address]
    assert day.rooms, "no room is at the other server"
    await day.order("disarm")
    at = time.time()
    busy.kill()
    await day.tell("Janus of the lecturer killed → slate at the other", "slate", at)
    await day.tell("  → lecturer again", "lecturer", at)
    return await day.anew()


async def _kill(module: str) -> float:
    """SIGKILL to that child of the centre; when, once another is there."""
    ours = psutil.Process().children(recursive=True)
    # Of several the oldest works and another waits to replace it.
    victim = min((one for one in ours if module in _command(one)), key=lambda one: one.create_time())
    at = time.time()
    os.kill(victim.pid, signal.SIGKILL)

    async def other() -> bool:
        found = [one for one in psutil.Process().children(recursive=True) if module in _command(one)]
        return any(one.pid != victim.pid for one in found)

    await until_told(other, f"another {module}")
    return at


async def _slate_since(at: float, day: Day) -> float:
    """When, after ``at``, the relay has had packets of the slate again."""

    async def back() -> float | None:
        now = (await day.centre.admin.get(f"{day.path}/air"))["now"]
        return now["since_ms"] / 1000 if now["air"] == "slate" and now["since_ms"] / 1000 > at else None

    return await until_told(back, "the slate on air again")


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


if __name__ == "__main__":
    sys.exit(main())
