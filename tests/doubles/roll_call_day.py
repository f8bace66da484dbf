"""A real centre process, agents that count, a session, and roll calls during which some of them are away."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from demo.children import Children
from demo.drill.main import first_sign_in
from demo.operator import Operator
from demo.province import make_province, workbook
from demo.room import CAPACITY, write_room
from demo.stage import start_centre
from tests.doubles.counting_agents import Orders, Told, Wish
from tests.doubles.lean import LEAN

UP_S = 300.0
LATE_S = 300.0
"""A site that comes back later is not asked any more."""
CUT_AT = 0.5
"""Those that have the order lose their line at this share of the time until its moment."""

Say = Callable[[str], None]


class Plan(msgspec.Struct, frozen=True):
    """``agents`` in ``processes``, of which ``real`` count pictures. In the second of three roll calls ``away`` are
    gone: a quarter of them after they have the order, the others before it. ``back`` of them return, evenly within
    ``return_s`` of the moment; ``too_late``: one more does, after five minutes."""

    agents: int
    real: int
    away: int
    back: int
    return_s: float
    processes: int = 4
    too_late: bool = True
    frames: int = 10
    span_ms: int = 10_000
    lead_ms: int = 8000


class Row(msgspec.Struct, frozen=True):
    """A site in the roll call: what it did, how many are there, what the centre has, and of which moment, in seconds
    after the ordered one."""

    code: str
    did: str
    people: int
    counted: int | None
    state: str
    late: bool
    moment_s: float | None
    received_s: float | None


class Outcome(msgspec.Struct, frozen=True):
    """What is judged. ``verified`` is what the command said, ``verdict`` its exit code."""

    rows: list[Row]
    lost: int
    doubled: int
    wrong: int
    unasked: int
    calls: int
    counts: int
    again: int
    verdict: int
    verified: dict[str, Any]
    table: list[str]


class Herd:
    """One process of agents."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def heard(self) -> None:
        """Wait for its next line."""
        assert self._process.stdout is not None
        if not await self._process.stdout.readline():
            raise RuntimeError("a process of agents ended")

    async def tell(self, told: Told) -> None:
        """Cut lines off or let them come back; returns when it is done."""
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(told) + b"\n")
        await self.heard()

    async def end(self) -> None:
        """Let it end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(10):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


class Day:
    """The centre, its operator, the session, and the agents by place."""

    def __init__(self, admin: Operator, url: str, sites: list[dict[str, Any]], session: str, herds: list[Herd]) -> None:
        self.admin, self.url, self.sites, self.session = admin, url, sites, session
        self._herds = herds

    async def tell(self, *, away: Sequence[int] = (), back: Sequence[int] = ()) -> None:
        """Cut these agents off, let those come back."""
        n = len(self._herds)
        for place, herd in enumerate(self._herds):
            mine = Told([each // n for each in away if each % n == place], [x // n for x in back if x % n == place])
            if mine.away or mine.back:
                await herd.tell(mine)

    async def order(self, plan: Plan) -> dict[str, Any]:
        """A roll call; returns its id and moment."""
        wish = {"lead_ms": plan.lead_ms, "frames": plan.frames, "span_ms": plan.span_ms}
        ordered: dict[str, Any] = await self.admin.post(f"/api/v1/sessions/{self.session}/roll-calls", wish)
        return ordered

    async def numbers(self, call: str) -> dict[str, Any]:
        """The four numbers of every room."""
        told: dict[str, Any] = await self.admin.get(f"/api/v1/roll-calls/{call}/numbers")
        return told

    async def answered(self, call: str, wanted: int, limit_s: float) -> int:
        """Wait until so many rooms have answered, or as long as the limit; returns how many did."""
        until = time.monotonic() + limit_s
        while True:
            found = int((await self.numbers(call))["total"]["answered"])
            if found >= wanted or time.monotonic() > until:
                return found
            await asyncio.sleep(0.3)


def people_of(place: int, expected: int) -> int:
    """How many sit in the room of an agent: most of those expected, in some rooms far fewer."""
    return max(1, min(CAPACITY, expected) - _ABSENT[place % len(_ABSENT)])


_ABSENT = (0, 1, 0, 2, 1, 0, 9, 0, 3, 0, 1)


@asynccontextmanager
async def roll_call_day(folder: Path, plan: Plan) -> AsyncIterator[tuple[Day, Children]]:
    """Everything up, every agent linked, the session live."""
    async with aiohttp.ClientSession() as http, Children(folder, {}) as children:
        _, url = await start_centre(children, folder, 0, LEAN)
        admin = Operator(http, url)
        await first_sign_in(admin, folder)
        book = await asyncio.to_thread(workbook, make_province(plan.agents))
        await admin.upload("/api/v1/sites/import?filename=tinh.xlsx", book)
        sites = await admin.get("/api/v1/sites")
        now = round(time.time() * 1000)
        wish = {"topic": "Đổi mới sinh hoạt chuyên môn", "starts_ms": now, "ends_ms": now + 2 * 3_600_000}
        session = str((await admin.post("/api/v1/sessions", wish))["id"])
        await admin.post(f"/api/v1/sessions/{session}/orders", {"order": "go_live"})
        wishes = [await _wish(admin, folder, plan, sites[place], place) for place in range(plan.agents)]
        herds = [await _herd(folder, url, wishes[at :: plan.processes], at) for at in range(plan.processes)]
        try:
            async with asyncio.timeout(UP_S):
                await asyncio.gather(*(herd.heard() for herd in herds))
            yield Day(admin, url, sites, session, herds), children
        finally:
            await asyncio.gather(*(herd.end() for herd in herds))


async def _wish(admin: Operator, folder: Path, plan: Plan, site: dict[str, Any], place: int) -> Wish:
    code = str((await admin.post(f"/api/v1/sites/{site['id']}/pairing-code"))["code"])
    people = people_of(place, site["expected"])
    if place >= plan.real:
        return Wish(code, people)
    room = folder / f"room-{place}"
    await asyncio.to_thread(write_room, room, people, frames=4, seed=place + 1)
    return Wish(code, people, str(room))


async def _herd(folder: Path, url: str, wishes: list[Wish], place: int) -> Herd:
    file = folder / f"herd-{place}.json"
    await asyncio.to_thread(file.write_bytes, msgspec.json.encode(Orders(url, str(folder / f"homes-{place}"), wishes)))
    command = [sys.executable, "-m", "tests.doubles.counting_agents", str(file)]
    pipe = asyncio.subprocess.PIPE
    return Herd(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe))


async def hold(folder: Path, plan: Plan, say: Say) -> Outcome:
    """Three roll calls, the second with an outage; then the centre is stopped and the command verifies all."""
    async with roll_call_day(folder, plan) as (day, children):
        say(f"{plan.agents} agents linked, {plan.real} of them with pictures")
        everybody, grace_s = plan.agents, plan.span_ms / 1000 + plan.lead_ms / 1000 + 60
        first = await day.order(plan)
        say(f"first roll call: {await day.answered(first['id'], everybody, grace_s)} answered")
        gone = random.Random(plan.agents).sample(range(plan.real, plan.agents), plan.away)
        rows = await _outage(day, plan, gone, say)
        third = await day.order(plan)
        left = everybody - plan.away + plan.back + plan.too_late
        say(f"third roll call: {await day.answered(third['id'], left, grace_s)} answered")
        await children.__aexit__()
        code, told = await _verify(folder, "--json")
        _, table = await _verify(folder)
        counts, again = await asyncio.to_thread(_rows_in, folder)
        return _judged(rows, plan, counts, again, code, json.loads(told), table.splitlines())


async def _outage(day: Day, plan: Plan, gone: list[int], say: Say) -> list[Row]:
    spooled = gone[: plan.away // 4]
    returning = [*spooled[: plan.back // 2], *gone[len(spooled) :]][: plan.back]
    never = [place for place in gone if place not in returning]
    await day.tell(away=gone[len(spooled) :])
    await asyncio.sleep(1)
    call = await day.order(plan)
    await asyncio.sleep(CUT_AT * plan.lead_ms / 1000)
    await day.tell(away=spooled)
    here = plan.agents - plan.away
    say(f"second roll call, {plan.away} away: {await day.answered(call['id'], here, 60)} answered")
    for turn, place in enumerate(returning, 1):
        due = call["at_ms"] / 1000 + plan.return_s * turn / len(returning)
        await asyncio.sleep(max(0.0, due - time.time()))
        await day.tell(back=[place])
    found = await day.answered(call["id"], here + len(returning), plan.span_ms / 1000 + 40)
    say(f"{len(returning)} came back within {plan.return_s:.0f} s: {found} answered")
    if plan.too_late:
        late = next(place for place in never if place not in spooled)
        await asyncio.sleep(max(0.0, call["at_ms"] / 1000 + LATE_S + 5 - time.time()))
        await day.tell(back=[late])
        await asyncio.sleep(plan.span_ms / 1000 + 8)
    did = dict.fromkeys(spooled, "has the order, cut off") | {
        place: "away before the order" for place in gone if place not in spooled
    }
    did |= {place: f"{did[place]}, back" for place in returning}
    if plan.too_late:
        did[late] = "away before the order, back after 5 min"
    return _rows(day, await day.numbers(call["id"]), plan, did)


def _rows(day: Day, told: dict[str, Any], plan: Plan, did: dict[int, str]) -> list[Row]:
    rooms = {room["site"]: room for room in told["rooms"]}
    rows = []
    for place in range(plan.agents):
        room = rooms[day.sites[place]["id"]]
        rows.append(
            Row(
                code=room["code"],
                did=did.get(place, "pictures" if place < plan.real else "here"),
                people=people_of(place, day.sites[place]["expected"]),
                counted=room["camera"],
                state=room["state"],
                late=room["late"],
                moment_s=_after(told, room["moment_ms"]),
                received_s=_after(told, room["received_ms"]),
            )
        )
    return rows


def _after(told: dict[str, Any], ms: int | None) -> float | None:
    return None if ms is None else round((ms - told["at_ms"]) / 1000, 1)


async def _verify(folder: Path, *options: str) -> tuple[int, str]:
    """The command, on the stopped centre's database."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "orchestrator.cli", "attendance", "verify", *options,
        stdout=asyncio.subprocess.PIPE, env={**os.environ, "DIEMCAU_STORAGE__FOLDER": str(folder / "centre")},
    )  # fmt: skip
    told, _ = await process.communicate()
    return process.returncode or 0, told.decode()


def _rows_in(folder: Path) -> tuple[int, int]:
    database = sqlite3.connect(folder / "centre" / "diemcau.sqlite3")
    try:
        counts, again = (database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _TABLES)
    finally:
        database.close()
    return counts, again


_TABLES = ("site_count", "count_again")


def _judged(
    rows: list[Row], plan: Plan, counts: int, again: int, code: int, verified: dict[str, Any], table: list[str]
) -> Outcome:
    silent = [row for row in rows if row.counted is None]
    owed = plan.agents - plan.away + plan.back
    answered = plan.agents + owed + owed + plan.too_late
    return Outcome(
        rows=rows,
        lost=owed - (len(rows) - len(silent)),
        doubled=counts - answered,
        wrong=sum(row.counted is not None and row.counted != row.people for row in rows),
        unasked=sum(row.counted is not None and "after 5 min" in row.did for row in rows),
        calls=3,
        counts=counts,
        again=again,
        verdict=code,
        verified=verified,
        table=table,
    )
