"""A centre that orders and talks over real links, and sites with the agents' real parts; time is moved by hand."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from orchestrator.access.audit import Audit
from orchestrator.orders import store
from orchestrator.orders.chat import Chats
from orchestrator.orders.logbook import Logbook
from orchestrator.orders.model import Author, Order, OrderState, Wish
from orchestrator.orders.service import Orders
from orchestrator.orders.standing import Standings
from tests.doubles.eventually import eventually
from tests.doubles.link_centre import LinkCentre, link_centre
from tests.doubles.manual_clock import ManualClock
from tests.doubles.order_agents import CountedScreen, OrderAgent
from wire.ids import OrderId, RollCallId, SiteId
from wire.messages import Heartbeat, OrderSeen
from wire.orders import ChatSaid, LogPiece, OrderAnswer, OrderKind

WHO = Author("person-op", "truchoi", "Trần Văn Trực", "operator")
MINUTE = 60


class Rounds:
    """Attendance: every room but those without a session gets the same round."""

    def __init__(self) -> None:
        self.without: set[SiteId] = set()
        self.refused: set[SiteId] = set()
        self.asked: list[frozenset[SiteId]] = []
        self.late: dict[SiteId, str] = {}
        self.withdrawn: list[RollCallId] = []

    async def call(self, order: OrderId, by: Author, sites: frozenset[SiteId]) -> Mapping[SiteId, RollCallId | None]:
        self.asked.append(sites)
        calls: dict[SiteId, RollCallId | None] = dict.fromkeys(sites - self.without, RollCallId("rollcall-1"))
        return calls | dict.fromkeys(sites & self.refused)

    async def counts(self, roll_call: RollCallId) -> Mapping[SiteId, str]:
        return self.late

    def withdraw(self, roll_call: RollCallId) -> None:
        self.withdrawn.append(roll_call)


class Room:
    """One site: its agent's parts, and whether they run."""

    def __init__(self, site: SiteId, agent: OrderAgent) -> None:
        self.site, self.agent = site, agent
        self.stack = AsyncExitStack()

    async def link(self, world: World) -> None:
        """Run the agent until `unlink`."""
        running = await self.stack.enter_async_context(_running(self.agent))
        assert running
        await eventually(lambda: self.site in world.links.links.linked())

    async def unlink(self) -> None:
        await self.stack.aclose()


class World:
    """The centre's orders and chats over its links, and some sites."""

    def __init__(self, links: LinkCentre, folder: Path, clock: ManualClock, rounds: Rounds) -> None:
        self.links, self.folder, self.clock, self.rounds = links, folder, clock, rounds
        self.rooms: list[Room] = []
        self.audit = Audit(clock)
        self.orders = Orders(
            Standings(links.database, self.audit, lambda site: f"DC-{site[-4:]}"),
            clock,
            links.bus,
            send=links.links.send,
            linked=links.links.linked,
            all_sites=self.sites,
            roll_calls=rounds,
        )
        self.logbook = Logbook(links.database, clock, self.audit)
        self.chats = Chats(
            links.database,
            clock,
            send=links.links.send,
            session_at=lambda _site: "session-1",
            all_sites=self.sites,
        )
        for part in (self.orders, self.chats):
            links.links.on_linked(part.on_linked)
            links.links.on(Heartbeat, part.on_heartbeat)
            links.links.on(OrderSeen, part.on_seen)
        links.intake.on_record(OrderAnswer, self.orders.take_answer)
        links.intake.on_record(LogPiece, self.logbook.take_piece)
        links.intake.on_record(ChatSaid, self.chats.take_said)

    async def sites(self) -> frozenset[SiteId]:
        return frozenset(room.site for room in self.rooms)

    async def room(self, stack: AsyncExitStack) -> Room:
        """One more site; not linked."""
        identity = self.links.enrol()
        home = self.folder / identity.site
        agent = OrderAgent(home, CountedScreen(0))
        await agent.be(identity, stack)
        room = Room(identity.site, agent)
        stack.push_async_callback(room.unlink)
        self.rooms.append(room)
        return room

    async def give(
        self, kind: OrderKind, *rooms: Room, minutes: int = 5, text: str = "", forced: bool = False
    ) -> Order:
        sites = [room.site for room in rooms or self.rooms]
        return await self.orders.give(WHO, Wish(kind, sites, "tất cả", minutes, forced, text))

    async def pass_s(self, seconds: float) -> None:
        """Time goes on, and what is due happens."""
        self.clock.advance(seconds)
        await self.orders.tick()

    async def sql(self, statement: str) -> None:
        """What a person at the database, or a fault of it, might do."""
        await self.links.database.write(lambda conn: conn.exec_driver_sql(statement))

    async def standing(self, order: Order) -> Counter[OrderState]:
        found = await self.links.database.read(lambda conn: store.standing(conn, order.id))
        return Counter(told.state for told in found.values())

    async def until(self, order: Order, **counts: int) -> None:
        """Until the order stands so."""
        wanted = Counter({OrderState(state): number for state, number in counts.items()})
        for _ in range(200):
            await self.orders.tick()
            if await self.standing(order) == wanted:
                return
            await eventually_a_moment()
        raise AssertionError(f"{await self.standing(order)} instead of {wanted}")

    async def trail(self, order: Order) -> Counter[str]:
        rows = await self.links.database.read(lambda conn: self.audit.newest(conn, 1000))
        return Counter(row.action for row in rows if row.target.startswith(order.id))


async def eventually_a_moment() -> None:
    """Let other tasks do what they wait for."""
    waited = iter(range(2))
    await eventually(lambda: next(waited, None) is None, step_s=0.02)


@asynccontextmanager
async def _running(agent: OrderAgent) -> AsyncIterator[bool]:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(agent.run())
        yield True
        task.cancel()


@asynccontextmanager
async def world(folder: Path, rooms: int = 1) -> AsyncIterator[World]:
    """A centre with so many sites, none linked."""
    async with link_centre(folder) as links, AsyncExitStack() as stack:
        made = World(links, folder, ManualClock(), Rounds())
        await made.orders.load()
        await made.chats.load()
        for _ in range(rooms):
            await made.room(stack)
        yield made
