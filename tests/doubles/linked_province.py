"""A real centre process and a province of real uplinks, each district behind a line of its own that can fail."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec

from demo.children import Children
from demo.drill.main import first_sign_in
from demo.operator import Operator
from demo.stage import start_centre
from site_agent.link.clock import ClockDiscipline, monotonic_ns
from site_agent.link.outbox import Outbox
from site_agent.link.pairing import pair
from site_agent.link.uplink import Uplink
from tests.doubles.lean import LEAN
from tests.doubles.proxy import Line, proxied
from wire.ids import ClockState
from wire.messages import ClockHealth, Heartbeat

HANDS = 8
UP_S = 120.0
HEADINGS = (
    "Mã điểm cầu",
    "Tên điểm cầu",
    "Cấp học",
    "Tỉnh/Thành phố",
    "Quận/Huyện",
    "Số học viên",
    "Người phụ trách",
    "Điện thoại",
    "Nhà mạng",
)
PROVIDERS = ("VNPT", "Viettel", "FPT Telecom")


class LinkedProvince:
    """The centre, who administers it, the districts' lines, and what the wall said of alarms, each with its moment."""

    def __init__(self, admin: Operator, url: str, children: Children) -> None:
        self.admin, self.url, self.children = admin, url, children
        self.lines: dict[str, Line] = {}
        self.alarms: list[dict[str, Any]] = []
        self.seen: list[tuple[float, list[dict[str, Any]]]] = []
        self.states: dict[str, str] = {}
        self._changed = asyncio.Event()

    async def follow(self) -> None:
        """Read the wall's feed as an operator's page does, until cancelled."""
        async with await self.admin.wall() as feed:
            async for message in feed:
                told = json.loads(message.data)
                self.states.update({tile["id"]: tile["state"] for tile in told["sites"]})
                if "alarms" in told:
                    self.alarms = told["alarms"]
                    self.seen.append((time.monotonic(), self.alarms))
                self._changed.set()
                self._changed = asyncio.Event()

    def online(self) -> int:
        return sum(state == "online" for state in self.states.values())

    async def until(self, holds: Any, what: str, limit_s: float) -> float:
        """Wait until ``holds()`` after a message of the wall; the moment."""
        try:
            async with asyncio.timeout(limit_s):
                while not holds():
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"{what} did not happen within {limit_s:.0f} s: {self.alarms}") from None
        return time.monotonic()


def sites_csv(districts: Mapping[str, int]) -> bytes:
    """So many schools a district."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(HEADINGS)
    number = 0
    for district, schools in districts.items():
        for _ in range(schools):
            number += 1
            school = (f"DC{number:04}", f"Trường THCS số {number}", "THCS", "Tỉnh Thanh Giang", district)
            rows.writerow((*school, 30, "Cô Hà", f"09120{number:05}", PROVIDERS[number % len(PROVIDERS)]))
    return out.getvalue().encode("utf-8-sig")


@asynccontextmanager
async def linked_province(
    folder: Path, districts: Mapping[str, int], configured: Mapping[str, str], *, heartbeat_s: float = 5.0
) -> AsyncIterator[LinkedProvince]:
    """Everybody paired and linked, the wall followed."""
    async with aiohttp.ClientSession() as http, Children(folder, {}) as children, AsyncExitStack() as stack:
        _, url = await start_centre(children, folder, 0, {**LEAN, **configured})
        admin = Operator(http, url)
        await first_sign_in(admin, folder)
        await admin.upload("/api/v1/sites/import?filename=tinh.csv", sites_csv(districts))
        made = LinkedProvince(admin, url, children)
        address = urlsplit(url)
        for district in districts:
            line = Line()
            await stack.enter_async_context(proxied(str(address.hostname), int(address.port or 0), line))
            made.lines[district] = line
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(made.follow())]
            try:
                running += await _link_all(made, folder, tasks, stack, heartbeat_s)
                await made.until(lambda: made.online() == sum(districts.values()), "all links", UP_S)
                yield made
            finally:
                for task in running:
                    task.cancel()


SET = ClockHealth(state=ClockState.SYNCED, offset_ms=0.0, bound_ms=5.0)
"""What a site says that has asked for the time, which these need not."""


async def _link_all(
    province: LinkedProvince, folder: Path, tasks: asyncio.TaskGroup, stack: AsyncExitStack, heartbeat_s: float
) -> list[asyncio.Task[None]]:
    hands, running = asyncio.Semaphore(HANDS), list[asyncio.Task[None]]()

    async def link(site: dict[str, Any]) -> None:
        async with hands:
            code = (await province.admin.post(f"/api/v1/sites/{site['id']}/pairing-code"))["code"]
            home = folder / "homes" / site["code"]
            identity = await pair(province.url, code, home, "bench", insecure=True)
            outbox = await Outbox.open(home / "outbox.sqlite3")
        stack.push_async_callback(outbox.close)
        clock = ClockDiscipline()
        uplink = Uplink(
            msgspec.structs.replace(identity, server=province.lines[site["path"][1]].url),
            outbox,
            clock,
            lambda: Heartbeat(at_ns=max(0, clock.now_ns()), agent_version="bench", clock=SET),
            agent_version="bench",
            platform="bench",
            mono_ns=monotonic_ns,
            heartbeat_s=heartbeat_s,
        )
        running.append(tasks.create_task(uplink.run()))

    async with asyncio.TaskGroup() as linking:
        for site in await province.admin.get("/api/v1/sites"):
            linking.create_task(link(site))
    return running
