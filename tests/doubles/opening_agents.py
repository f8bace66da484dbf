"""Real exam parts of many agents in a process of their own, each behind a line of its own and with clocks that lie.

``python -m tests.doubles.opening_agents ORDERS``: pairs them, runs them, and tells on stdout, one JSON object a line:
`up` once every line stands; `clocks` when asked (a line on stdin): each agent's idea of centre time beside the truth;
`opened` whenever a candidate's page got a paper, with the true lateness. Ends when stdin does.
"""

import asyncio
import random
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec

from site_agent.exam.clocks import SiteClocks
from site_agent.exam.download import PaperDownload
from site_agent.exam.feed import Feed
from site_agent.exam.freeze import hold_clock
from site_agent.exam.hall import Hall
from site_agent.exam.journal import Journal
from site_agent.exam.ledger import Session
from site_agent.exam.service import ExamSite
from site_agent.exam.vault import Vault
from site_agent.link.clock import ClockDiscipline
from site_agent.link.outbox import Outbox
from site_agent.link.pairing import pair
from site_agent.link.uplink import Uplink
from site_agent.logs import configure
from tests.doubles.proxy import Line, proxied
from wire.ids import Assurance
from wire.messages import ExamCancelled, ExamPlan, ExamRelease, Heartbeat

MS = 1e6
STALL_EVERY_S, STALL_S = 20.0, 0.4


class Wish(msgspec.Struct, frozen=True):
    """One agent: its pairing code, its line in seconds each way, and how its clocks lie."""

    code: str
    up_s: float
    down_s: float
    jitter_s: float
    stalls: bool
    ahead_s: float
    rate: float


class Orders(msgspec.Struct, frozen=True):
    """All agents of one process; `truth_ns`: centre time − CLOCK_MONOTONIC, as it is."""

    server: str
    folder: str
    truth_ns: int
    agents: list[Wish]


class LyingClock:
    """This computer's monotonic clock, too fast by `rate` and set elsewhere; its wall clock is ahead."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._from_ns = time.monotonic_ns()

    def mono_ns(self) -> int:
        passed = time.monotonic_ns() - self._from_ns
        return 10**15 + round(self._wish.ahead_s * 1e9) + passed + int(passed * self._wish.rate)

    def wall_ns(self) -> int:
        return time.time_ns() + round(self._wish.ahead_s * 1e9)


class Watcher:
    """A page that notes when the paper came."""

    def __init__(self, site: str, hall: Hall, truth_ns: int) -> None:
        self._site, self._hall, self._truth_ns = site, hall, truth_ns

    def send(self, text: str) -> None:
        at = time.monotonic_ns() + self._truth_ns
        if text.startswith('{"type":"opened"'):
            late_ms = (at - self._hall.held.manifest.t0_ns) / MS
            say({"opened": {"site": self._site, "exam": self._hall.exam, "late_ms": late_ms}})


def say(told: object) -> None:
    """One line."""
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


class Agent:
    """One of them, composed as the agent composes its exam part."""

    def __init__(self, place: int, wish: Wish, orders: Orders, lies: LyingClock) -> None:
        self.place, self._wish, self._orders, self.lies = place, wish, orders, lies
        self.clock = ClockDiscipline(lies.mono_ns, lies.wall_ns)
        self.line = Line(up_s=wish.up_s, down_s=wish.down_s, jitter_s=wish.jitter_s, seed=place)
        self._watched: set[str] = set()

    async def run(self, stack: AsyncExitStack, tasks: asyncio.TaskGroup) -> None:
        """Pair past the line, then call through it."""
        orders, home = self._orders, Path(self._orders.folder) / f"{self.place:04d}"
        identity = await pair(orders.server, self._wish.code, home, "bench")
        self.site = identity.site_code
        host, port = orders.server.removeprefix("http://").split(":")
        await stack.enter_async_context(proxied(host, int(port), self.line))
        outbox = await Outbox.open(home / "outbox.sqlite3")
        stack.push_async_callback(outbox.close)
        self.exams = ExamSite(
            name=identity.site_code,
            vault=Vault(home / "vault.sqlite3", identity.site_secret, identity.exam_key),
            journal=Journal(home / "journal.sqlite3"),
            source=PaperDownload(orders.server, home / "papers"),
            clocks=SiteClocks(self.clock),
        )
        await self.exams.start()
        stack.push_async_callback(self.exams.stop)
        self.uplink = Uplink(
            msgspec.structs.replace(identity, server=self.line.url),
            outbox,
            self.clock,
            self._heartbeat,
            agent_version="bench",
            platform="bench",
            mono_ns=self.lies.mono_ns,
        )
        self.uplink.on(ExamPlan, self._plan)
        self.uplink.on(ExamRelease, self.exams.on_release)
        self.uplink.on(ExamCancelled, self.exams.on_cancelled)
        feed = Feed(self.exams.journal, outbox, self.exams.confirmed)
        for life in (self.uplink.run(), self.clock.run(self.uplink), self.exams.run(), feed.run(), self._stalls()):
            tasks.create_task(life)
        tasks.create_task(hold_clock(self.clock, self.exams.halls))

    async def _plan(self, plan: ExamPlan) -> None:
        """Besides keeping it: the first of the roster sits before a page."""
        await self.exams.on_plan(plan)
        for hall in self.exams.halls.values():
            if hall.exam not in self._watched and hall.roster:
                self._watched.add(hall.exam)
                number = next(iter(hall.roster))
                session = Session(f"s-{hall.exam[-8:]}", hall.exam, number, 1, "00" * 32, Assurance.PIN)
                hall.seat(session, Watcher(self.site, hall, self._orders.truth_ns))

    def _heartbeat(self) -> Heartbeat:
        return Heartbeat(
            at_ns=max(0, self.clock.now_ns()),
            agent_version="bench",
            clock=self.clock.health(),
            exams=self.exams.progress(),
        )

    async def _stalls(self) -> None:
        chance = random.Random(self.place)
        while self._wish.stalls:
            await asyncio.sleep(chance.expovariate(1 / STALL_EVERY_S))
            self.line.stall()
            await asyncio.sleep(STALL_S)
            self.line.flow()

    def reading(self) -> dict[str, object]:
        """What it believes, beside what is so."""
        before = time.monotonic_ns()
        believed, (lo, hi) = self.clock.now_ns(), self.clock.interval_ns()
        after = time.monotonic_ns()
        so, width = (before + after) // 2 + self._orders.truth_ns, after - before
        return {
            "site": self.site,
            "error_ms": (believed - so) / MS,
            "bound_ms": self.clock.bound_ms,
            "inside": lo - width <= so <= hi + width,
            "read_ms": width / MS,
            "state": self.clock.state,
        }


async def main(orders: Orders) -> None:
    """Until stdin ends."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        agents = [Agent(place, wish, orders, LyingClock(wish)) for place, wish in enumerate(orders.agents)]
        for agent in agents:
            await agent.run(stack, tasks)
        for agent in agents:
            await agent.uplink.up()
        say({"up": len(agents)})
        while await reader.readline():
            say({"clocks": [agent.reading() for agent in agents]})
        raise SystemExit(0)


if __name__ == "__main__":
    configure("error")
    asyncio.run(main(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Orders)))
