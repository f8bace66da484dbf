"""Sites that certify whatever a test wants over the real link, and rehearse as an agent does, many in a process.

``python -m tests.doubles.ready_agents --sites 164``: a centre with so many of them whose troubles are those of a real
province, for whoever wants to look at the board. Ends on Ctrl-C.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import aiohttp

from demo.children import Children
from demo.operator import Operator
from demo.province import make_province, workbook
from demo.stage import start_centre
from site_agent.link.clock import ClockDiscipline, monotonic_ns
from site_agent.link.identity import Identity
from site_agent.link.outbox import Outbox
from site_agent.link.pairing import pair
from site_agent.link.uplink import Uplink
from site_agent.logs import configure
from tests.doubles.lean import LEAN
from tests.doubles.servers import free_port
from wire.ids import OrderId, RehearsalId, new_id
from wire.messages import Certificate, Down, Heartbeat, MeasureTurn, OrderSeen, RehearsalOff, RehearsalOrder
from wire.readiness import REASONS, Check, CheckName, CheckState

MS = 1_000_000


class ReadyAgent:
    """One site: its real uplink and outbox, and a certificate that the test makes up."""

    def __init__(self, identity: Identity, outbox: Outbox, *, heartbeat_s: float = 5.0) -> None:
        self.identity = identity
        self.outbox = outbox
        self.clock = ClockDiscipline()
        self.checks: dict[CheckName, Check] = {name: Check(name=name, state=CheckState.GOOD) for name in CheckName}
        self.orders: list[Down] = []
        self.turns: list[MeasureTurn] = []
        self._ordered: asyncio.Queue[RehearsalOrder] = asyncio.Queue()
        self.opens_late_ms: float | None = 12.0
        """When it would open, in ms after the simulated start; None: it misses it."""
        self.uplink = Uplink(
            identity,
            outbox,
            self.clock,
            lambda: Heartbeat(at_ns=max(0, self.clock.now_ns()), agent_version="test"),
            agent_version="test",
            platform="Windows 10 22H2",
            mono_ns=monotonic_ns,
            heartbeat_s=heartbeat_s,
            backoff=lambda _attempt: 0.05,
        )
        self.uplink.on(RehearsalOrder, self._order)
        self.uplink.on(RehearsalOff, self._note)
        self.uplink.on(MeasureTurn, self._turn)

    async def run(self) -> None:
        """Keep the line and the clock, rehearse what is ordered. Runs until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.uplink.run())
            tasks.create_task(self.clock.run(self.uplink))
            while True:
                tasks.create_task(self._rehearse(await self._ordered.get()))

    async def certify(self, *checks: Check, rehearsal: RehearsalId | None = None, age_s: float = 0.0) -> None:
        """Look at everything anew: what is given, all else as before."""
        self.checks |= {each.name: each for each in checks}
        await self.outbox.append(
            Certificate(
                id=new_id("certificate"),
                at_ns=time.time_ns() - round(age_s * 1e9),
                rehearsal=rehearsal,
                agent_version="test",
                platform="Windows 10 22H2",
                checks=list(self.checks.values()),
            )
        )

    async def _order(self, order: RehearsalOrder) -> None:
        self.orders.append(order)
        self._ordered.put_nowait(order)

    async def _rehearse(self, order: RehearsalOrder) -> None:
        self.uplink.seen(OrderSeen(order=OrderId(order.id)))
        await self.certify(rehearsal=order.id)
        await asyncio.sleep(max(0.0, (order.t0_ns - time.time_ns()) / 1e9))
        await self.certify(self._start(), rehearsal=order.id)

    def _start(self) -> Check:
        name, at_ns = CheckName.REHEARSAL, time.time_ns()
        if self.opens_late_ms is None:
            return Check(name=name, state=CheckState.BAD, reason="missed", at_ns=at_ns)
        figures = {"lo_ms": self.opens_late_ms - 10, "hi_ms": self.opens_late_ms + 10}
        return Check(name=name, state=CheckState.GOOD, at_ns=at_ns, figures=figures)

    async def _note(self, message: Down) -> None:
        self.orders.append(message)

    async def _turn(self, message: MeasureTurn) -> None:
        self.turns.append(message)


class ReadyProvince:
    """A running centre whose sites are played here."""

    def __init__(
        self, url: str, admin: Operator, accounts: dict[str, str], folder: Path, heartbeat_s: float = 5.0
    ) -> None:
        self.url = url
        self.admin = admin
        self.accounts = accounts
        self.folder = folder
        self.heartbeat_s = heartbeat_s
        self.sites: list[dict[str, Any]] = []
        self.agents: list[ReadyAgent] = []

    async def row(self, site: str) -> dict[str, Any] | None:
        """How the board shows a site; None before the register has it."""
        board = await self.admin.get("/api/v1/readiness/board")
        return next((each for each in board["rows"] if each["site"] == site), None)

    async def join(self, stack: AsyncExitStack, tasks: asyncio.TaskGroup, site: dict[str, Any]) -> ReadyAgent:
        """Pair a site and let it call."""
        code = (await self.admin.post(f"/api/v1/sites/{site['id']}/pairing-code"))["code"]
        home = self.folder / site["code"]
        identity = await pair(self.url, code, home, "test")
        outbox = await Outbox.open(home / "outbox.sqlite3")
        stack.push_async_callback(outbox.close)
        agent = ReadyAgent(identity, outbox, heartbeat_s=self.heartbeat_s)
        running = tasks.create_task(agent.run())
        stack.callback(running.cancel)
        await agent.uplink.up()
        self.agents.append(agent)
        return agent


@asynccontextmanager
async def ready_province(
    folder: Path,
    *,
    sites: int,
    port: int = 0,
    configured: Mapping[str, str] = MappingProxyType({}),
    heartbeat_s: float = 5.0,
) -> AsyncIterator[ReadyProvince]:
    """A centre process with a province of so many sites; none has joined yet."""
    async with aiohttp.ClientSession() as http, Children(folder, {}) as children:
        _, url = await start_centre(children, folder, port or free_port(), {**LEAN, **configured})
        admin = Operator(http, url)
        username, one_time = (folder / "centre" / "first-password.txt").read_text(encoding="utf-8").split()
        await admin.sign_in(username, one_time)
        password = secrets.token_urlsafe(9)
        await admin.change_password(one_time, password)
        await admin.upload("/api/v1/sites/import?filename=tinh.xlsx", workbook(make_province(sites, 0)))
        province = ReadyProvince(url, admin, {"admin": password}, folder, heartbeat_s)
        province.sites = await admin.get("/api/v1/sites")
        yield province


# --- to look at ---------------------------------------------------------------------------------------------------

_TROUBLES = (
    (CheckName.CAMERA, CheckState.BAD, "dark"),
    (CheckName.MICROPHONE, CheckState.BAD, "silent"),
    (CheckName.PATH, CheckState.WEAK, "udp_blocked"),
    (CheckName.CLOCK, CheckState.BAD, "wall_clock_off"),
    (CheckName.DISK, CheckState.BAD, "disk_full"),
    (CheckName.PHONE, CheckState.WAITING, "not_tried"),
    (CheckName.PHONE, CheckState.BAD, "not_arrived"),
    (CheckName.SPEAKER, CheckState.WAITING, "not_tried"),
    (CheckName.BANDWIDTH, CheckState.WEAK, "slow_down"),
    (CheckName.POWER, CheckState.WEAK, "sleeps"),
    (CheckName.RESTART, CheckState.WEAK, "restart_pending"),
    (CheckName.VERSIONS, CheckState.WEAK, "old_browser"),
)


def _made_up(chance: random.Random) -> list[Check]:
    assert all(reason in REASONS[name] for name, _, reason in _TROUBLES)
    how_many = chance.choices((0, 1, 2, 4), (70, 15, 10, 5))[0]
    return [
        Check(name=name, state=state, reason=reason, figures={"free_mb": 120.0} if name is CheckName.DISK else {})
        for name, state, reason in chance.sample(_TROUBLES, how_many)
    ]


async def _show(sites: int, port: int) -> None:
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        async with (
            ready_province(Path(name), sites=sites, port=port) as province,
            AsyncExitStack() as stack,
            asyncio.TaskGroup() as tasks,
        ):
            print(f"{province.url}/readiness  admin  {province.accounts['admin']}", flush=True)  # noqa: T201
            for site in province.sites:
                if chance.random() < 0.95:
                    agent = await province.join(stack, tasks, site)
                    await agent.certify(*_made_up(chance), age_s=200_000 if chance.random() < 0.03 else 0)
            print("all here", flush=True)  # noqa: T201
            await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--sites", type=int, default=164)
    parser.add_argument("--port", type=int, default=0)
    asked = parser.parse_args()
    configure("error")
    asyncio.run(_show(asked.sites, asked.port))
