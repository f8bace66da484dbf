"""A real centre with many simulated sites and a lecture on air, for the wall's bench and its tests.

Sites and lecturer yield to the centre and to the page: on the day they are other computers, whose work takes no
processor from those two. A site that is late for it sends its change later, and that is when the change counts.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from demo.children import Children
from demo.drill.main import first_sign_in
from demo.operator import Operator
from demo.province import make_province, workbook
from demo.stage import Stage, start_centre, start_publisher
from tests.doubles.wall_sites import Orders

UP_S = 300.0
YIELDS = 10
"""How much nicer the doubles are than what is measured (setpriority(2))."""
ASK_S = 0.05
NEVER_SHARE, AWAY_SHARE = 0.004, 0.006
"""Of all sites: never paired, and paired but switched off."""


class Change(msgspec.Struct, frozen=True):
    """A site's change of state when it was sent (Unix ms), and the colour its tile must take."""

    site: str
    at_ms: float
    face: str


class Herd:
    """One process of sites."""

    def __init__(self, process: asyncio.subprocess.Process, changes: list[Change]) -> None:
        self._process = process
        self._changes = changes
        self.up = asyncio.Event()

    async def listen(self) -> None:
        """Take in what it says until it ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            if "up" in told:
                self.up.set()
            else:
                self._changes.append(Change(**told))

    def tell(self, *words: str) -> None:
        """A line of its orders."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{' '.join(words)}\n".encode())

    async def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(10):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


class Province:
    """What runs, and what its sites have said."""

    def __init__(self, stage: Stage, http: aiohttp.ClientSession, sites: list[dict[str, Any]]) -> None:
        self.stage = stage
        self.url = stage.url
        self.centre_pid = stage.centre.pid
        self.sites = sites
        self.username, self.password = "nguoixem", ""
        self.changes: list[Change] = []
        self.herds: list[Herd] = []
        self._http = http

    def start_changing(self) -> None:
        for herd in self.herds:
            herd.tell("go")

    def ill(self, site: str) -> None:
        """The site's disk is nearly full."""
        self.herds[0].tell("ill", site)

    def well(self, site: str) -> None:
        self.herds[0].tell("well", site)

    async def ask_often(self, waits: list[float]) -> None:
        """How long the centre takes to say that it lives, ms, twenty times a second. Runs until cancelled."""
        while True:
            began = time.perf_counter()
            async with self._http.get(f"{self.url}/healthz") as reply:
                await reply.read()
            waits.append((time.perf_counter() - began) * 1e3)
            await asyncio.sleep(ASK_S)


@asynccontextmanager
async def province(
    folder: Path,
    sites: int,
    *,
    processes: int = 1,
    changes_per_s: float = 0.0,
    readers: int = 0,
    lecture: bool = True,
    port: int = 0,
) -> AsyncIterator[Province]:
    """Everything up and linked; sites change only from `start_changing` on."""
    async with aiohttp.ClientSession() as http, Children(folder, {}) as children:
        centre, url = await start_centre(children, folder, port, {"DIEMCAU_LOG__LEVEL": "info"})
        admin = Operator(http, url)
        await first_sign_in(admin, folder)
        await admin.upload("/api/v1/sites/import?filename=tinh.xlsx", await asyncio.to_thread(_book, sites))
        known = await admin.get("/api/v1/sites")
        stage = Stage(folder, url, centre, admin, children)
        made = Province(stage, http, known)
        person = {"username": made.username, "name": "Trần Văn Trực", "role": "viewer"}
        made.password = (await admin.post("/api/v1/people", person))["password"]
        if lecture:
            await _on_air(stage, folder)
        paired = known[: sites - round(NEVER_SHARE * sites)]
        codes = [(await admin.post(f"/api/v1/sites/{site['id']}/pairing-code"))["code"] for site in paired]
        linked = codes[: len(codes) - round(AWAY_SHARE * sites)]
        async with asyncio.TaskGroup() as tasks:
            made.herds = [
                await _herd(tasks, folder, linked[place::processes], place, changes_per_s / processes, made)
                for place in range(processes)
            ]
            others = [tasks.create_task(_read(admin)) for _ in range(readers)]
            try:
                async with asyncio.timeout(UP_S):
                    for herd in made.herds:
                        await herd.up.wait()
                yield made
            finally:
                for other in others:
                    other.cancel()
                await asyncio.gather(*(herd.end() for herd in made.herds))


def _book(sites: int) -> bytes:
    return workbook(make_province(sites))


async def _on_air(stage: Stage, folder: Path) -> None:
    """A session of every site, live, with the generated lecture."""
    now_ms = time.time_ns() // 1_000_000
    plan = {
        "topic": "Chuyển đổi số trong dạy học và kiểm tra, đánh giá",
        "starts_ms": now_ms,
        "ends_ms": now_ms + 4 * 3600 * 1000,
    }
    session = await stage.admin.post("/api/v1/sessions", plan)
    await stage.admin.post(f"/api/v1/sessions/{session['id']}/orders", {"order": "go_live"})
    ticket = await stage.admin.get(f"/api/v1/sessions/{session['id']}/publish")
    lecturer = await start_publisher(stage, folder, ticket)
    os.setpriority(os.PRIO_PROCESS, lecturer.pid, YIELDS)


async def _herd(
    tasks: asyncio.TaskGroup, folder: Path, codes: list[str], place: int, changes_per_s: float, made: Province
) -> Herd:
    orders = Orders(made.url, codes, str(folder / f"herd-{place}"), changes_per_s=changes_per_s, seed=place + 1)
    file = folder / f"herd-{place}.json"
    await asyncio.to_thread(file.write_bytes, msgspec.json.encode(orders))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.doubles.wall_sites", str(file),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 20,
    )  # fmt: skip
    os.setpriority(os.PRIO_PROCESS, process.pid, YIELDS)
    herd = Herd(process, made.changes)
    tasks.create_task(herd.listen())
    return herd


async def _read(admin: Operator) -> None:
    """Another page on the wall: takes everything and looks at nothing."""
    async with await admin.wall() as feed:
        async for _ in feed:
            pass
