"""The parts of many agents that take orders, in a process of their own: real lines, ledgers and outboxes, no rooms.

``python -m tests.doubles.order_agents ORDERS``: pairs them all, links those that are not away, and tells on stdout, one
JSON object a line: `up` once these lines stand; `screens` when asked: how often each site's screen was restarted. On
stdin, `link` with numbers brings sites back and `screens` asks. Ends when stdin does.
"""

import asyncio
import random
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec

from site_agent.lecture.port import Lecture
from site_agent.link.clock import ClockDiscipline, monotonic_ns
from site_agent.link.identity import Identity
from site_agent.link.outbox import Outbox
from site_agent.link.pairing import pair
from site_agent.link.uplink import Uplink
from site_agent.logs import configure
from site_agent.orders.chat import SiteChat
from site_agent.orders.deeds import deeds
from site_agent.orders.file import OrderFile
from site_agent.orders.service import SiteOrders
from site_agent.state import SiteName, SiteState, SiteView
from site_agent.views import show_notice, take_down
from wire.messages import Heartbeat, ScreenHealth
from wire.orders import CHAT, ChatLine, OrderWithdrawn, SiteOrder


class Site(msgspec.Struct, frozen=True):
    """One agent: its number among all, its pairing code, whether it is away at first."""

    number: int
    code: str
    away: bool = False


class Orders(msgspec.Struct, frozen=True):
    """All agents of one process."""

    server: str
    folder: str
    sites: list[Site]
    restart_s: float = 2.0
    """The longest that a screen takes to come back."""


class CountedScreen:
    """A BigScreen that notes how often it was restarted."""

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s
        self.restarts = 0

    async def start(self) -> None:
        return

    async def stop(self) -> None:
        return

    def show(self, lecture: Lecture | None) -> None:
        return

    async def restart(self) -> bool:
        self.restarts += 1
        await asyncio.sleep(random.uniform(0.1, self._longest_s) if self._longest_s else 0)
        return True

    def health(self) -> ScreenHealth:
        return ScreenHealth()

    @property
    def page_alive(self) -> bool:
        return True


class OrderAgent:
    """One of them, composed as the agent composes its orders. `open`, then `run` for as long as it is linked."""

    def __init__(self, home: Path, screen: CountedScreen) -> None:
        self._home = home
        self.screen = screen
        self.restarts_asked = 0
        self.exam = ""
        self.takes: list[str] | None = None

    async def open(self, server: str, code: str, stack: AsyncExitStack) -> None:
        """Pair it and open its files."""
        await self.be(await pair(server, code, self._home, "bench"), stack)

    async def be(self, identity: Identity, stack: AsyncExitStack) -> None:
        """Open its files as this site."""
        self.clock = ClockDiscipline()
        self.outbox = await Outbox.open(self._home / "outbox.sqlite3")
        stack.push_async_callback(self.outbox.close)
        self.file = await OrderFile.open(self._home / "orders.sqlite3")
        stack.push_async_callback(self.file.close)
        self.state = SiteState(SiteView(site=SiteName(identity.site, identity.site_code, identity.site_name)))
        self.uplink = Uplink(
            identity,
            self.outbox,
            self.clock,
            self._heartbeat,
            agent_version="bench",
            platform="bench",
            mono_ns=monotonic_ns,
        )
        self.compose()

    def compose(self) -> None:
        """Connect its orders and its chat to the line."""
        self.orders = SiteOrders(
            self.file,
            deeds(
                show=lambda notice: show_notice(self.state, notice),
                screen=lambda: self.screen,
                restart=self._restart,
                disturbs=lambda: self.exam,
                logs=self._home / "logs",
                keep_all=self.outbox.append_many,
            ),
            keep=self.outbox.append,
            seen=self.uplink.seen,
            take_down=lambda order: take_down(self.state, order),
            time=self.clock,
        )
        self.chat = SiteChat(
            self.file, self.state, keep=self.outbox.append, seen=self.uplink.seen, now_ns=self.clock.now_ns
        )
        self.outbox.on_committed(self.chat.on_committed)
        self.uplink.on(SiteOrder, self.orders.on_order)
        self.uplink.on(OrderWithdrawn, self.orders.on_withdrawn)
        self.uplink.on(ChatLine, self.chat.on_line)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for life in (self.uplink.run, self.orders.run, self.chat.run):
                tasks.create_task(life())
            tasks.create_task(self.clock.run(self.uplink))

    def _restart(self) -> None:
        self.restarts_asked += 1

    def _heartbeat(self) -> Heartbeat:
        takes = [*self.orders.kinds, CHAT] if self.takes is None else self.takes
        return Heartbeat(
            at_ns=max(0, self.clock.now_ns()), agent_version="bench", clock=self.clock.health(), takes=takes
        )


def say(told: object) -> None:
    """One line."""
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


async def main(orders: Orders) -> None:
    """Until stdin ends."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        agents: dict[int, OrderAgent] = {}
        for site in orders.sites:
            agent = OrderAgent(Path(orders.folder) / f"{site.number:04d}", CountedScreen(orders.restart_s))
            await agent.open(orders.server, site.code, stack)
            agents[site.number] = agent
        there = [agents[site.number] for site in orders.sites if not site.away]
        for agent in there:
            tasks.create_task(agent.run())
        for agent in there:
            await agent.uplink.up()
        say({"up": len(there)})
        while line := await reader.readline():
            asked, *numbers = line.decode().split()
            if asked == "link":
                for number in numbers:
                    tasks.create_task(agents[int(number)].run())
            else:
                say({"screens": {number: agent.screen.restarts for number, agent in agents.items()}})
        raise SystemExit(0)


if __name__ == "__main__":
    configure("error")
    asyncio.run(main(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Orders)))
