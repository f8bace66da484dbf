"""The centre's floors over real links and real SQLite with the agents' real part; the media plane only notes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from orchestrator.access.audit import Audit
from orchestrator.errors import Refused
from orchestrator.floor.guarding import Guard
from orchestrator.floor.ports import Ticket
from orchestrator.floor.questions import Questions
from orchestrator.floor.service import Floors
from orchestrator.floor.telling import Teller
from orchestrator.floor.voices import Voices
from orchestrator.web.kit import Identity
from site_agent.floor.service import SiteFloor
from site_agent.link.clock import ClockDiscipline, monotonic_ns
from site_agent.link.outbox import Outbox
from site_agent.link.uplink import Uplink
from site_agent.state import FloorView, SiteName, SiteState, SiteView
from tests.doubles.eventually import eventually
from tests.doubles.link_centre import LinkCentre, link_centre
from tests.doubles.manual_clock import ManualClock
from wire.floor import FLOOR
from wire.ids import SessionId, SiteId
from wire.messages import FloorNow, FloorQuestion, HandWish, Heartbeat

LAN = Identity("person-lan", "lan", "Nguyễn Thị Lan", "operator")
ONE, TWO = SessionId("session-one"), SessionId("session-two")


class Plan:
    """Which rooms are in which session, and which sessions are on."""

    def __init__(self) -> None:
        self.rooms: dict[SessionId, set[SiteId]] = {ONE: set(), TWO: set()}
        self.on = [ONE, TWO]

    def session_at(self, site: SiteId) -> SessionId | None:
        return next((session for session in self.on if site in self.rooms[session]), None)

    def on_screen(self) -> list[SessionId]:
        return list(self.on)

    def sites_of(self, session: SessionId) -> frozenset[SiteId]:
        return frozenset(self.rooms.get(session, ()))

    def token_end_ns(self, session: SessionId) -> int:
        return 1 << 62


class NotedMedia:
    """A media plane that notes what it is told, in order; ``away``: it answers nothing. While ``slow`` is not set it
    keeps whoever asks ``waiting``."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.away = False
        self.slow = asyncio.Event()
        self.slow.set()
        self.waiting = 0

    def about(self, session: SessionId) -> list[str]:
        """What was told of one session's floor."""
        return [what for what in self.told if what.endswith(f" {session}-floor")]

    def publish(self, session: SessionId, stream: str, subject: str, until_ns: int) -> Ticket:
        return Ticket(f"http://centre.example/whip/{stream}", f"publish {stream} {subject} {until_ns}")

    def view(self, session: SessionId, stream: str, subject: str, until_ns: int) -> Ticket:
        return Ticket(f"http://centre.example/whep/{stream}", f"view {stream} {subject}")

    async def hush(self, stream: str, *, hushed: bool) -> None:
        await self._note(f"{'hush' if hushed else 'unhush'} {stream}")

    async def end_publisher(self, stream: str) -> None:
        await self._note(f"end {stream}")

    async def close_stream(self, stream: str) -> None:
        await self._note(f"close {stream}")

    async def _note(self, what: str) -> None:
        self.waiting += 1
        await self.slow.wait()
        self.waiting -= 1
        if self.away:
            raise Refused("media_unavailable", "away", 503)
        self.told.append(what)


class Room:
    """One site's part of the floor over its real line."""

    def __init__(self, site: SiteId) -> None:
        self.site = site
        self.state = SiteState(SiteView(site=SiteName(site, site, site)))
        self.stack = AsyncExitStack()
        self.takes = [FLOOR]
        self.voice = ""

    async def compose(self, links: LinkCentre, folder: Path) -> None:
        identity = links.enrol()
        self.site = identity.site
        self.outbox = await Outbox.open(folder / f"{identity.site}.sqlite3")
        self.uplink = Uplink(
            identity,
            self.outbox,
            ClockDiscipline(),
            lambda: Heartbeat(at_ns=1, agent_version="test", takes=self.takes, voice=self.voice),
            agent_version="test",
            platform="test",
            mono_ns=monotonic_ns,
            heartbeat_s=0.2,
            backoff=lambda _attempt: 0.02,
        )
        self.floor = SiteFloor(
            identity.site,
            self.state,
            tell=self.uplink.tell,
            connection=lambda: self.uplink.connection,
            keep=self.outbox.append,
            now_ns=lambda: 0,
        )
        self.uplink.on(FloorNow, self.floor.on_floor)

    @property
    def told(self) -> FloorView | None:
        """What this room's pages are told."""
        return self.state.view.floor

    async def link(self) -> None:
        """Run until `unlink`."""
        tasks = await self.stack.enter_async_context(asyncio.TaskGroup())
        running = [tasks.create_task(self.uplink.run()), tasks.create_task(self.floor.run())]
        self.stack.callback(lambda: [task.cancel() for task in running])
        await self.uplink.up()

    async def unlink(self) -> None:
        await self.stack.aclose()

    async def until_hand(self, hand: str, place: int = 0) -> None:
        await eventually(lambda: self.told is not None and (self.told.hand, self.told.place) == (hand, place))

    async def until_speaks(self, *, speaks: bool) -> None:
        await eventually(lambda: self.told is not None and (self.told.speak is not None) is speaks)


class FloorWorld:
    """Floors, questions and some rooms. `again`: as after a restart of the centre, over the same database."""

    def __init__(self, links: LinkCentre, folder: Path, clock: ManualClock, plan: Plan) -> None:
        self.links, self.folder, self.clock, self.plan = links, folder, clock, plan
        self.rooms: list[Room] = []
        self.media = NotedMedia()
        self.audit = Audit(clock)
        self.teller = Teller(clock, links.links.send, plan, self.media, lambda site: (site[-4:], f"Phòng {site}", ""))
        self.voices = Voices()
        self.floors = Floors(
            links.database,
            clock,
            self.audit,
            links.bus,
            sessions=plan,
            teller=self.teller,
            guard=Guard(self.media),
            linked=links.links.linked,
            can_speak=self.voices.check,
        )
        self.questions = Questions(links.database, clock, self.audit, links.bus, sessions=plan, teller=self.teller)
        self.teller.ask(self.floors.of, self.questions.of_site)

    def connect(self) -> None:
        """To the links, which pass on what sites say."""
        links = self.links.links
        links.on_linked(self.teller.on_linked)
        links.on(Heartbeat, self.voices.on_heartbeat)
        links.on(Heartbeat, self.teller.on_heartbeat)
        links.on(HandWish, self.floors.on_wish)
        self.links.intake.on_record(FloorQuestion, self.questions.take)

    def again(self) -> FloorWorld:
        return FloorWorld(self.links, self.folder, self.clock, self.plan)

    async def room(self, session: SessionId, stack: AsyncExitStack) -> Room:
        """One more room in a session, linked."""
        room = Room(SiteId("none"))
        await room.compose(self.links, self.folder)
        stack.push_async_callback(room.outbox.close)
        self.plan.rooms[session].add(room.site)
        self.rooms.append(room)
        stack.push_async_callback(room.unlink)
        await room.link()
        await eventually(lambda: room.told is not None)
        return room

    async def pass_s(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.floors.tick()

    def said_voice(self, room: Room, voice: str) -> bool:
        """Whether the centre knows the room's voice as this."""
        return self.voices.of(room.site) == voice

    async def trail(self) -> list[str]:
        rows = await self.links.database.read(lambda conn: self.audit.newest(conn, 100))
        return [f"{row.who} {row.action}" for row in reversed(rows)]


@asynccontextmanager
async def floor_world(folder: Path, *sessions: SessionId) -> AsyncIterator[FloorWorld]:
    """A centre with one linked room for each of these sessions."""
    async with link_centre(folder) as links, AsyncExitStack() as stack:
        world = FloorWorld(links, folder, ManualClock(), Plan())
        world.connect()
        await world.floors.load()
        await world.questions.load()
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        telling = tasks.create_task(world.questions.run())
        stack.callback(telling.cancel)
        for session in sessions:
            await world.room(session, stack)
        yield world
