"""A real centre process with sites to pair, and processes of agents with clocks that lie, for `tests.bench.opening`."""

import asyncio
import json
import random
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
from demo.drill.paper import gift
from demo.operator import Operator
from demo.province import make_province, workbook
from demo.stage import start_centre
from tests.doubles.lean import LEAN
from tests.doubles.opening_agents import Orders, Wish

QUESTIONS = 20
UP_S = 240.0


class Herd:
    """One process of agents; what it says is in `told`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.clocks: asyncio.Queue[list[dict[str, Any]]] = asyncio.Queue()
        self.openings: list[dict[str, Any]] = []
        self.up = asyncio.Event()

    async def listen(self) -> None:
        """Take in what it says until it ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            if "up" in told:
                self.up.set()
            elif "clocks" in told:
                self.clocks.put_nowait(told["clocks"])
            else:
                self.openings.append(told["opened"])

    async def ask(self) -> list[dict[str, Any]]:
        """What its clocks believe now."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"clocks\n")
        return await self.clocks.get()

    async def end(self) -> None:
        """Tell it to end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(10):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


class Province:
    """The centre, its operator, and pairing codes."""

    def __init__(self, admin: Operator, url: str, folder: Path, sites: list[dict[str, Any]]) -> None:
        self.admin, self.url, self.folder, self.sites = admin, url, folder, sites

    async def code(self, place: int) -> str:
        reply = await self.admin.post(f"/api/v1/sites/{self.sites[place]['id']}/pairing-code")
        return str(reply["code"])

    async def exam(
        self, sites: list[int], in_s: float, *, duration_s: int, release_lead_s: float, armed: bool = True
    ) -> dict[str, Any]:
        """Sealed and armed, for these sites."""
        wish = {
            "title": "Mở đề",
            "starts_ms": round((time.time() + in_s) * 1000),
            "duration_s": duration_s,
            "questions": QUESTIONS,
            "codes": 2,
            "sites": [self.sites[place]["id"] for place in sites],
            "release_lead_s": release_lead_s,
            "sign_in_lead_s": 3600.0,
            "upload_jitter_s": 1.0,
            "late_cap_s": 30.0,
        }
        exam: dict[str, Any] = await self.admin.post("/api/v1/exams", wish)
        for order in ("seal", "arm")[: 2 if armed else 1]:
            exam = await self.admin.post(f"/api/v1/exams/{exam['id']}/orders", {"order": order})
        return exam


@asynccontextmanager
async def province(folder: Path, sites: int) -> AsyncIterator[Province]:
    """A centre of so many sites with one candidate each."""
    async with aiohttp.ClientSession() as http, Children(folder, {}) as children:
        _, url = await start_centre(children, folder, 0, LEAN)
        admin = Operator(http, url)
        await first_sign_in(admin, folder)
        book = await asyncio.to_thread(workbook, make_province(sites, sites))
        await admin.upload("/api/v1/sites/import?filename=tinh.xlsx", book)
        await admin.upload("/api/v1/bank/import?format=gift", gift(QUESTIONS).encode())
        yield Province(admin, url, folder, await admin.get("/api/v1/sites"))


@asynccontextmanager
async def herds(province: Province, wishes: list[Wish], processes: int, truth_ns: int) -> AsyncIterator[list[Herd]]:
    """The agents, spread over processes, all linked."""
    async with asyncio.TaskGroup() as tasks:
        made = []
        for place in range(processes):
            orders = Orders(province.url, str(province.folder / f"herd-{place}"), truth_ns, wishes[place::processes])
            file = province.folder / f"herd-{place}.json"
            await asyncio.to_thread(file.write_bytes, msgspec.json.encode(orders))
            herd = Herd(
                await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "tests.doubles.opening_agents",
                    str(file),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    limit=1 << 24,
                )
            )
            tasks.create_task(herd.listen())
            made.append(herd)
        try:
            async with asyncio.timeout(UP_S):
                for herd in made:
                    await herd.up.wait()
            yield made
        finally:
            await asyncio.gather(*(herd.end() for herd in made))


def wild(code: str, chance: random.Random) -> Wish:
    """A line of 20 to 300 ms with a stated asymmetry, jitter and stalls; a clock up to 10 minutes and 100 ppm wrong.

    One agent in ten has up to 100 ms between its two directions, the others up to 20 ms: half of that is what no
    exchange of stamps can see.
    """
    round_s = chance.uniform(0.020, 0.300)
    apart_s = min(round_s, chance.uniform(0, 0.1 if chance.random() < 0.1 else 0.02))
    up_s = (round_s + chance.choice((-1, 1)) * apart_s) / 2
    return Wish(
        code=code,
        up_s=up_s,
        down_s=round_s - up_s,
        jitter_s=chance.uniform(0, 0.03),
        stalls=True,
        ahead_s=chance.uniform(-600, 600),
        rate=chance.uniform(-100e-6, 100e-6),
    )
