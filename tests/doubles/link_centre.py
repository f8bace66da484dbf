"""The centre's links over a real server and a real database, and sites that speak to it: well behaved, or by hand."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import sqlalchemy as sa
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from orchestrator.clock import CentreClock
from orchestrator.links.events import RecordConflict, RecordSetAside, RecordsMissing, SecondBootRefused
from orchestrator.links.model import Enrolment
from orchestrator.links.records import Intake
from orchestrator.links.routes import routes
from orchestrator.links.service import SiteLinks
from orchestrator.live.memory import MemoryBus
from orchestrator.live.port import Event
from orchestrator.storage.after_commit import after_commit
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Identity as Person
from orchestrator.web.kit import Route
from orchestrator.web.server import application, listening_socket, serving
from site_agent.link.clock import ClockDiscipline, monotonic_ns
from site_agent.link.identity import Identity
from site_agent.link.outbox import Outbox
from site_agent.link.uplink import LineState, Uplink
from wire.codec import decode_down, decode_one, encode, encode_record
from wire.handshake import signed_hello, welcome_is_signed
from wire.ids import BootId, EnrolmentId, SessionId, SiteId, new_id
from wire.link import Frame, Link
from wire.messages import (
    SUBPROTOCOL,
    Challenge,
    Committed,
    DeclaredCount,
    Down,
    Heartbeat,
    Hello,
    LectureOff,
    Records,
    Refusal,
    StreamIs,
    Welcome,
)

TROUBLES = (RecordConflict, RecordSetAside, RecordsMissing, SecondBootRefused)


class OpenGate:
    """Lets everybody in: the link's own handshake is what is tested."""

    async def admit(self, request: web.Request, route: Route) -> Person | None:
        return None


class LinkCentre:
    """Links, intake, and what came up; `enrol` makes a site known."""

    def __init__(self, database: Database, key: Ed25519PrivateKey) -> None:
        self.key = key
        self.database = database
        self.bus = MemoryBus()
        self.enrolled: dict[EnrolmentId, Enrolment | Refusal] = {}
        self.heartbeats: dict[SiteId, int] = {}
        self.applied: list[tuple[SiteId, int, int]] = []
        self.troubles: list[Event] = []
        self.base = ""
        self.port = 0
        self.clock = CentreClock()
        self.links = SiteLinks(self.bus, self.clock, self.key, self._authenticate)
        self.intake = Intake(database, self.bus, self.clock, self.links.send)
        self.links.on(Heartbeat, self._beat)
        self.links.on(StreamIs, self.intake.announce)
        self.links.on(Records, self.intake.take)
        self.intake.on_record(DeclaredCount, self._declared)

    def enrol(self, server: str | None = None) -> Identity:
        """Return the identity of a new paired site that calls `server` (this centre itself by default)."""
        key = Ed25519PrivateKey.generate()
        site, enrolment = SiteId(new_id("site")), EnrolmentId(new_id("enrolment"))
        self.enrolled[enrolment] = Enrolment(site, enrolment, key.public_key().public_bytes_raw())
        return Identity(
            server=server or self.base,
            site=site,
            site_code="DC01",
            site_name="Trường 1",
            enrolment=enrolment,
            sign_key=key.private_bytes_raw(),
            box_key=secrets.token_bytes(32),
            centre_key=self.key.public_key().public_bytes_raw(),
            exam_key=bytes(32),
            site_secret=bytes(32),
        )

    def numbers(self, site: SiteId) -> list[int]:
        """Declared numbers applied for a site, in order."""
        return [number for at, _, number in self.applied if at == site]

    async def watch(self) -> None:
        """Collect what somebody must look at, until cancelled."""
        async with self.bus.subscribe(*TROUBLES) as events:
            async for event in events:
                self.troubles.append(event)

    async def _authenticate(self, hello: Hello) -> Enrolment | Refusal:
        return self.enrolled.get(hello.enrolment, Refusal(code="not_enrolled", message="unknown"))

    async def _beat(self, site: SiteId, _enrolment: EnrolmentId, _beat: Heartbeat) -> None:
        self.heartbeats[site] = self.heartbeats.get(site, 0) + 1

    def _declared(
        self, conn: sa.Connection, site: SiteId, _enrolment: EnrolmentId, sequence: int, record: DeclaredCount
    ) -> None:
        if record.number == 999_999:
            raise ValueError("a record that a feature chokes on")
        after_commit(conn, lambda: self.applied.append((site, sequence, record.number)))


@asynccontextmanager
async def link_centre(folder: Path, before: LinkCentre | None = None) -> AsyncIterator[LinkCentre]:
    """Yield a running centre of links on a free port of loopback; one that was stopped `before` lives on in it."""
    database = await Database.open(f"sqlite:///{folder / 'centre.sqlite3'}")
    try:
        centre = LinkCentre(database, before.key if before else Ed25519PrivateKey.generate())
        centre.enrolled |= before.enrolled if before else {}
        bound = listening_socket("127.0.0.1", 0)
        async with serving(application(routes(centre.links), OpenGate()), bound), asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(centre.watch())
            centre.port = bound.getsockname()[1]
            centre.base = f"http://127.0.0.1:{centre.port}"
            try:
                yield centre
            finally:
                await centre.links.close_all()
                watching.cancel()
    finally:
        await database.close()


class Agent:
    """A site's real uplink with its outbox and clock, and what came down to it."""

    def __init__(self, identity: Identity, outbox: Outbox) -> None:
        self.identity = identity
        self.outbox = outbox
        self.clock = ClockDiscipline()
        self.down: list[Down] = []
        self.uplink = Uplink(
            identity,
            outbox,
            self.clock,
            lambda: Heartbeat(at_ns=self.clock.now_ns(), agent_version="test"),
            agent_version="test",
            platform="test",
            mono_ns=monotonic_ns,
            heartbeat_s=0.2,
            backoff=lambda _attempt: 0.02,
        )

    def listen(self, *kinds: type[Down]) -> None:
        """Collect messages of these kinds."""
        for kind in kinds:
            self.uplink.on(kind, self._take)

    async def declare(self, *numbers: int) -> list[int]:
        """Put declared counts into the outbox."""
        return await self.outbox.append_many(
            [DeclaredCount(roll_call=None, number=number, at_ns=1) for number in numbers]
        )

    async def _take(self, message: Down) -> None:
        self.down.append(message)


@asynccontextmanager
async def agent_running(identity: Identity, folder: Path, *, clock: bool = False) -> AsyncIterator[Agent]:
    """Yield a site whose uplink (and clock, if asked) runs."""
    outbox = await Outbox.open(folder / f"{identity.enrolment}.sqlite3")
    try:
        agent = Agent(identity, outbox)
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(agent.uplink.run())]
            if clock:
                running.append(tasks.create_task(agent.clock.run(agent.uplink)))
            try:
                yield agent
            finally:
                for task in running:
                    task.cancel()
    finally:
        await outbox.close()


class Hand:
    """A site played by hand: it does the handshake, then says what the test likes."""

    def __init__(self, socket: ClientConnection, welcome: Welcome, boot: BootId) -> None:
        self.socket = socket
        self.welcome = welcome
        self.boot = boot
        self.link: Link[Down] = Link(decode_down)

    async def hear(self) -> Down:
        """Return the next message that is not a bare acknowledgement."""
        while True:
            octets = await self.socket.recv()
            assert isinstance(octets, bytes)
            message = self.link.receive(octets, time.monotonic())
            if message is not None:
                return message

    async def refusal(self) -> Refusal:
        """Return the refusal that ends the link, whatever comes before it, once the socket is closed."""
        while not isinstance(message := await self.hear(), Refusal):
            pass
        await self.socket.wait_closed()
        return message


async def heard_by_hand(socket: ClientConnection) -> bytes:
    """Return the next binary frame."""
    octets = await socket.recv()
    assert isinstance(octets, bytes)
    return octets


@asynccontextmanager
async def by_hand(
    identity: Identity, *, boot: BootId | None = None, centre_boot: str = "", received: int = 0, **changes: object
) -> AsyncIterator[Hand | Refusal]:
    """Yield a link that stands, or the refusal. `changes` replace fields of the hello after it was signed."""
    boot = boot or BootId(new_id("boot"))
    address = identity.server.replace("http://", "ws://") + "/agent/link"
    async with connect(address, subprotocols=[Subprotocol(SUBPROTOCOL)], proxy=None, close_timeout=1) as socket:
        challenge = decode_one(await heard_by_hand(socket), Challenge)
        plain = Hello(
            version=1,
            site=identity.site,
            enrolment=identity.enrolment,
            boot=boot,
            agent_version="hand",
            platform="hand",
            centre_boot=centre_boot,
            received=received,
            nonce=secrets.token_bytes(32),
            signature=b"",
        )
        hello = signed_hello(identity.signer(), challenge, plain)
        await socket.send(encode(msgspec.structs.replace(hello, **changes)))
        reply = decode_one(await heard_by_hand(socket), Welcome | Refusal)  # type: ignore[arg-type]
        if isinstance(reply, Refusal):
            yield reply
            return
        assert welcome_is_signed(identity.centre_key, challenge, hello, reply)
        yield Hand(socket, reply, boot)


def up(agent: Agent) -> Callable[[], bool]:
    """Asks whether the agent is linked."""
    return lambda: agent.uplink.state is LineState.UP


def frame(seq: int, body: bytes, ack: int = 0) -> bytes:
    """What goes over the line when a site speaks by hand."""
    return msgspec.msgpack.encode(Frame(seq, ack, msgspec.Raw(body)))


def declared(number: int) -> bytes:
    """A durable record that says a number."""
    return encode_record(DeclaredCount(roll_call=None, number=number, at_ns=1))


def off(number: int) -> LectureOff:
    """Something to send down that can be told from others."""
    return LectureOff(session=SessionId(f"session-{number}"))


async def committed(hand: Hand) -> Committed:
    """The next word of the centre on what it has kept."""
    while not isinstance(message := await hand.hear(), Committed):
        pass
    return message


async def refused(identity: Identity, **changes: object) -> str:
    """Why somebody who calls like this is not let in."""
    async with by_hand(identity, **changes) as reply:  # type: ignore[arg-type]
        assert isinstance(reply, Refusal)
        return reply.code
