"""An order to a whole province, a part of it away: ``python -m tests.bench.orders_164``.

A real centre process; the parts of the agents that take orders in a few processes, with real links, ledgers and
outboxes; one whole agent process whose kiosk Chromium is really restarted. "Restart the screen" is ordered to all while
some are away. Nothing may leave for five seconds; those that are there answer; half of the absent return and are told;
the rest stays away until the order is over, and returns too late. Counts are judged, times are told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import psutil

from demo.children import Child, Children
from demo.room import write_room
from demo.stage import logged, until
from tests.bench.quantiles import quantile
from tests.doubles.browsers import KIOSK
from tests.doubles.opening_centre import Province, province
from tests.doubles.order_agents import Orders, Site

MINUTES = 1
RETURN_AFTER_S = 20.0
LATE_S = 25.0
WHOLE = 0
"""The site that is a whole agent with a browser."""


def main(argv: list[str] | None = None) -> int:
    """Order, wait, print; 1 if a count is not what it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.orders_164")
    parser.add_argument("--sites", type=int, default=164)
    parser.add_argument("--away", type=int, default=20)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="diemcau-orders-") as folder:
        return asyncio.run(measure(options, Path(folder)))


async def measure(options: argparse.Namespace, folder: Path) -> int:
    """The whole of it; the exit code."""
    away = list(range(options.sites - options.away, options.sites))
    returning, gone = away[: len(away) // 2], away[len(away) // 2 :]
    async with province(folder, options.sites) as centre, herds(centre, options, away) as told:
        async with whole_agent(centre, folder) as profile:
            there = options.sites - options.away
            print(f"{there} sites linked, {options.away} away", file=sys.stderr, flush=True)
            browser = leader(profile)
            order = await centre.admin.post(
                "/api/v1/orders",
                {"kind": "restart_screen", "sites": [each["id"] for each in centre.sites], "minutes": MINUTES},
            )
            held = await held_back(centre, order)
            await told_by(centre, order, lambda counts: counts.get("done", 0) >= there, 60)
            first = await centre.admin.get(f"/api/v1/orders/{order['id']}")
            await asyncio.sleep(max(0.0, order["leaves_ms"] / 1000 + RETURN_AFTER_S - time.time()))
            await told.link(returning)
            await told_by(centre, order, lambda counts: counts.get("done", 0) >= there + len(returning), 60)
            await told_by(centre, order, lambda counts: counts.get("expired", 0) >= len(gone), 90)
            await told.link(gone)
            await asyncio.sleep(LATE_S)
            last = await centre.admin.get(f"/api/v1/orders/{order['id']}")
            replaced = leader(profile) != browser
            screens = await told.screens()
        trail = await centre.admin.get("/api/v1/audit?limit=1000")
        verdict = await centre.admin.get("/api/v1/audit/verify")
    return tell(order, held, first, last, screens, replaced, trail, verdict, returning, gone)


async def held_back(centre: Province, order: dict[str, Any]) -> bool:
    """Look every 0.5 s until the order leaves; whether nothing had left before."""
    while (left := order["leaves_ms"] / 1000 - time.time()) > 0.2:
        page = await centre.admin.get(f"/api/v1/orders/{order['id']}")
        if set(page["order"]["counts"]) != {"held"}:
            return False
        await asyncio.sleep(min(0.5, left - 0.1))
    return True


async def told_by(
    centre: Province, order: dict[str, Any], enough: Callable[[dict[str, int]], bool], limit_s: float
) -> None:
    """Wait until the counts of an order say so, at most so long; what is missing shows in the table."""
    until_s = time.monotonic() + limit_s
    while time.monotonic() < until_s:
        page = await centre.admin.get(f"/api/v1/orders/{order['id']}")
        if enough(page["order"]["counts"]):
            return
        await asyncio.sleep(0.3)


def tell(
    order: dict[str, Any],
    held: bool,
    first: dict[str, Any],
    last: dict[str, Any],
    screens: dict[int, int],
    replaced: bool,
    trail: list[dict[str, Any]],
    verdict: dict[str, Any],
    returning: list[int],
    gone: list[int],
) -> int:
    """The table; 1 if anything is not as it must be."""
    leaves = order["leaves_ms"]
    at_once = [site for site in first["sites"] if site["state"] == "done"]
    names = {site["site"] for site in at_once}
    later = [site for site in last["sites"] if site["state"] == "done" and site["site"] not in names]
    print(f"order {order['kind']} to {order['sites']} sites, good for {MINUTES} min")
    print(f"  nothing left during the 5 s in which it could be undone: {held}")
    for word, rows in (("done by those that were there", at_once), ("done by those that returned", later)):
        seen = [site["seen_ms"] - leaves for site in rows]
        done = [site["ended_ms"] - leaves for site in rows]
        figures = "  ".join(
            f"{name} p50 {quantile(values, 0.5) / 1000:6.2f} s, max {max(values) / 1000:6.2f} s"
            for name, values in (("receipt", seen), ("outcome", done))
            if values
        )
        print(f"  {word:<32} {len(rows):4}   {figures}")
    states = Counter(site["state"] for site in last["sites"])
    late = [site["ended_ms"] - order["expires_ms"] for site in last["sites"] if site["state"] == "expired"]
    lateness = max(late, default=0) / 1000
    print(f"  {'expired for those that did not':<32} {states['expired']:4}   at most {lateness:.2f} s late")
    ran = Counter(screens.values())
    print(f"  screens restarted once {ran[1]}, never {ran[0]}, twice or more {sum(ran.values()) - ran[0] - ran[1]}")
    print(f"  the real kiosk's Chromium was replaced: {replaced}")
    entries = Counter(row["action"] for row in trail if row["target"].startswith(order["id"]))
    print(
        f"  audit entries of this order: {dict(sorted(entries.items()))}; chain whole: {verdict['broken_at'] is None}"
    )
    here = order["sites"] - len(returning) - len(gone)
    good = (
        held
        and replaced
        and len(at_once) == here
        and len(later) == len(returning)
        and states["expired"] == len(gone)
        and ran == Counter({1: here - 1 + len(returning), 0: len(gone)})
        and entries == {"order.given": 1, "order.done": here + len(returning), "order.expired": len(gone)}
        and verdict["broken_at"] is None
    )
    print(f"  as it must be: {good}")
    return 0 if good else 1


class Herds:
    """The processes of agents."""

    def __init__(self, processes: list[asyncio.subprocess.Process]) -> None:
        self._processes = processes

    async def link(self, numbers: list[int]) -> None:
        """Bring these sites back."""
        for place, process in enumerate(self._processes):
            mine = [str(number) for number in numbers if number % len(self._processes) == place]
            if mine:
                self._write(process, f"link {' '.join(mine)}")

    async def screens(self) -> dict[int, int]:
        """How often each site's screen was restarted."""
        found: dict[int, int] = {}
        for process in self._processes:
            self._write(process, "screens")
            found |= {int(number): count for number, count in (await heard(process))["screens"].items()}
        return found

    def _write(self, process: asyncio.subprocess.Process, line: str) -> None:
        assert process.stdin is not None
        process.stdin.write(line.encode() + b"\n")


async def heard(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """The next line of a process."""
    assert process.stdout is not None
    told: dict[str, Any] = json.loads(await process.stdout.readline())
    return told


@asynccontextmanager
async def herds(centre: Province, options: argparse.Namespace, away: list[int]) -> AsyncIterator[Herds]:
    """All agents but the whole one, spread over processes; those that are not away are linked."""
    processes: list[asyncio.subprocess.Process] = []
    try:
        for place in range(options.processes):
            numbers = [each for each in range(options.sites) if each % options.processes == place and each != WHOLE]
            sites = [Site(each, await centre.code(each), each in away) for each in numbers]
            orders = Orders(centre.url, str(centre.folder / f"herd-{place}"), sites)
            file = centre.folder / f"herd-{place}.json"
            await asyncio.to_thread(file.write_bytes, msgspec.json.encode(orders))
            processes.append(
                await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "tests.doubles.order_agents",
                    str(file),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                )
            )
        for process in processes:
            await heard(process)
        yield Herds(processes)
    finally:
        for process in processes:
            assert process.stdin is not None
            process.stdin.close()
        for process in processes:
            try:
                async with asyncio.timeout(10):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


@asynccontextmanager
async def whole_agent(centre: Province, folder: Path) -> AsyncIterator[Path]:
    """A whole agent process with a kiosk browser; yields the browser's profile once its page reports."""
    room, home = folder / "room", folder / "whole"
    await asyncio.to_thread(write_room, room, 12, frames=2, seed=1)
    async with Children(folder, {"DIEMCAU_SCREEN__BROWSER_FLAGS": ";".join(KIOSK)}) as children:
        pairing = ["pair", "--server", centre.url, "--code", await centre.code(WHOLE)]
        await children.run("pair", ["site_agent.cli", "--home", str(home), *pairing], 40)
        agent = await children.add("agent", run_command(home, room))
        await agent_up(agent, folder / "agent.log")
        await until(lambda: leader(home / "browser"), "a kiosk browser")
        yield home / "browser"


def run_command(home: Path, room: Path) -> list[str]:
    """An agent with a browser, its camera being a folder of drawn pictures."""
    ports = ["--screen-port", "0", "--desk-bind", "127.0.0.1", "--desk-port", "0"]
    return ["site_agent.cli", "--home", str(home), "run", "--camera", str(room), *ports]


async def agent_up(agent: Child, log: Path) -> dict[str, Any]:
    """What the agent said when it was up."""

    def up() -> dict[str, Any] | None:
        agent.check()
        return logged(log, "agent_up")

    found: dict[str, Any] = await until(up, "the agent's start")
    return found


def leader(profile: Path) -> int | None:
    """The first process of the browser with this profile."""
    flag = f"--user-data-dir={profile}"
    found = [each.pid for each in psutil.process_iter(["cmdline"]) if flag in (each.info["cmdline"] or [])]
    return min(found, default=None)


if __name__ == "__main__":
    sys.exit(main())
