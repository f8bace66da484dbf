"""Many agents that count, in a process of their own, each behind a line of its own: real link, outbox, ledger, chain.

``python -m tests.doubles.counting_agents ORDERS``: pairs them and runs them as the agent composes its work for the
room. An agent with a folder of pictures counts them with the real detector; the others have a counter that knows its
answer, behind the same port. Says ``up`` on stdout once every line stands. A JSON object a line on stdin cuts lines off
(``{"away": [0, 3]}``) and lets them come back (``{"back": [0]}``); ends when stdin does.
"""

import asyncio
import sys
import time
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import msgspec

from site_agent.camera.counter import BurstOrder, HeadCount
from site_agent.camera.headcount import Tally
from site_agent.camera.owner import CameraOwner
from site_agent.camera.sources import parse_source
from site_agent.exam.invigilation.pin import InvigilatorPin
from site_agent.exam.invigilation.pin_door import PinDoor
from site_agent.link.clock import ClockDiscipline
from site_agent.link.outbox import Outbox
from site_agent.link.pairing import pair
from site_agent.link.uplink import Uplink
from site_agent.lives import Life, keep_alive
from site_agent.logs import configure
from site_agent.room_work import room_work
from site_agent.state import SiteName, SiteState, SiteView
from tests.doubles.opening_agents import say
from tests.doubles.proxy import Line, proxied
from wire.messages import Heartbeat

BACKOFF_S = 1.0


class Wish(msgspec.Struct, frozen=True):
    """One agent: its pairing code, and the people its counter says; ``pictures``: a folder to count instead."""

    code: str
    people: int
    pictures: str = ""


class Orders(msgspec.Struct, frozen=True):
    """All agents of one process."""

    server: str
    folder: str
    agents: list[Wish]


class Told(msgspec.Struct, frozen=True):
    """What is told on stdin: whose line goes and whose comes back, by place."""

    away: list[int] = []
    back: list[int] = []


class ScriptedCounter:
    """Knows how many there are; the moment is its clock's."""

    def __init__(self, people: int, clock: ClockDiscipline) -> None:
        self._people = people
        self._clock = clock

    async def count(self, order: BurstOrder) -> HeadCount:
        """At the ordered moment, or at once when that is past, as the camera does."""
        await asyncio.sleep(max(0, order.at_ns - self._clock.now_ns()) / 1e9)
        lo_ns = max(0, self._clock.interval_ns()[0])
        await asyncio.sleep(order.span_ms / 1000)
        tally = Tally(self._people, self._people, self._people, order.frames, 1.0, None)
        return HeadCount(tally, lo_ns, self._clock.interval_ns()[1], settings="scripted")


class Agent:
    """One of them."""

    def __init__(self, place: int, wish: Wish, orders: Orders) -> None:
        self._wish, self._orders = wish, orders
        self._home = Path(orders.folder) / f"{place:04d}"
        self.clock = ClockDiscipline(time.monotonic_ns)
        self.line = Line(seed=place)

    async def run(self, stack: AsyncExitStack, tasks: asyncio.TaskGroup) -> None:
        """Pair past the line, then call through it."""
        orders, wish = self._orders, self._wish
        identity = await pair(orders.server, wish.code, self._home, "bench")
        host, port = orders.server.removeprefix("http://").split(":")
        await stack.enter_async_context(proxied(host, int(port), self.line))
        outbox = await Outbox.open(self._home / "outbox.sqlite3")
        stack.push_async_callback(outbox.close)
        camera = CameraOwner(parse_source(wish.pictures or str(self._home)))
        if wish.pictures:
            await stack.enter_async_context(camera)
        name = SiteName(identity.site, identity.site_code, identity.site_name)
        room = await room_work(
            self._home,
            identity,
            camera,
            self.clock,
            outbox,
            SiteState(SiteView(site=name)),
            PinDoor(InvigilatorPin(self._home)),
            stack,
            calm=lambda: None,
            line=lambda: self.uplink,
            counter=None if wish.pictures else ScriptedCounter(wish.people, self.clock),
        )
        self.uplink = Uplink(
            msgspec.structs.replace(identity, server=self.line.url),
            outbox,
            self.clock,
            self._heartbeat,
            agent_version="bench",
            platform="bench",
            mono_ns=time.monotonic_ns,
            backoff=lambda _attempt: BACKOFF_S,
        )
        for kind, reaction in room.reactions.items():
            self.uplink.on(kind, reaction)
        lives: dict[str, Life] = {
            "uplink": self.uplink.run,
            "clock": partial(self.clock.run, self.uplink),
            **room.lives,
        }
        tasks.create_task(keep_alive(lives))

    def _heartbeat(self) -> Heartbeat:
        return Heartbeat(at_ns=max(0, self.clock.now_ns()), agent_version="bench", clock=self.clock.health())


async def main(orders: Orders) -> None:
    """Until stdin ends."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        agents = [Agent(place, wish, orders) for place, wish in enumerate(orders.agents)]
        for agent in agents:
            await agent.run(stack, tasks)
        for agent in agents:
            await agent.uplink.up()
        say({"up": len(agents)})
        while line := await reader.readline():
            told = msgspec.json.decode(line, type=Told)
            for place in told.away:
                agents[place].line.partition()
            for place in told.back:
                agents[place].line.heal()
            say({"done": line.decode().strip()})
        raise SystemExit(0)


if __name__ == "__main__":
    configure("error")
    asyncio.run(main(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Orders)))
