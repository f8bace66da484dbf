"""The agent's line to the centre: connects, resumes, sends heartbeats and durable records, passes on what comes down.

It tries for ever, with full jitter from 1 to 30 s, so that a thousand sites do not return in step after an outage.
"""

import asyncio
import random
import secrets
import time
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any, TypeVar

import structlog
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from site_agent.link.clock import ClockDiscipline, NoExchange
from site_agent.link.dialling import OPEN_WITHIN_S, LinkRefused, dial, greet, heard, leaves, within
from site_agent.link.identity import Identity
from site_agent.link.outbox import Outbox, OutboxRefused
from site_agent.link.pump import RecordPump
from wire.codec import ProtocolError, decode_down
from wire.ids import BootId, new_id
from wire.link import Link, LinkFull
from wire.messages import (
    PROTOCOL_VERSION,
    Challenge,
    Committed,
    Down,
    Heartbeat,
    Hello,
    OrderSeen,
    Refusal,
    Revoked,
    TimePing,
    TimePong,
    Up,
)
from wire.timesync import Exchange

log = structlog.get_logger()

HEARTBEAT_S = 5.0
ANSWER_WITHIN_S = 3.0
STEADY_AFTER_S = 30.0
INBOX = 256
"""Orders that may wait for their turn; while so many do, nothing is read from the line."""
BACKOFF_FROM_S, BACKOFF_TO_S = 1.0, 30.0
BACKOFF_IN_NEED_S = 4.0
"""The longest pause while an exam cannot open for want of the line."""

_M = TypeVar("_M", bound=Down)


class LineState(StrEnum):
    """What the line is, in the words of the pages."""

    NEVER = "never"
    UP = "up"
    DOWN = "down"


def backoff_s(
    attempt: int, draw: Callable[[float, float], float] = random.uniform, *, at_most_s: float = BACKOFF_TO_S
) -> float:
    """Return the pause before attempt 1, 2, 3, …: anything up to a ceiling that doubles from 1 s to `at_most_s`."""
    return draw(0.0, min(at_most_s, BACKOFF_FROM_S * 2 ** min(attempt - 1, 10)))


class Uplink:
    """One line for the life of the agent's process. Fill in `on`, then `run` until cancelled."""

    def __init__(
        self,
        identity: Identity,
        outbox: Outbox,
        clock: ClockDiscipline,
        heartbeat: Callable[[], Heartbeat],
        *,
        agent_version: str,
        platform: str,
        mono_ns: Callable[[], int],
        changed: Callable[[], None] = lambda: None,
        heartbeat_s: float = HEARTBEAT_S,
        backoff: Callable[[int], float] = backoff_s,
    ) -> None:
        self._identity = identity
        self._clock = clock
        self._heartbeat = heartbeat
        self._agent_version = agent_version
        self._platform = platform
        self._mono_ns = mono_ns
        self._changed = changed
        self._heartbeat_s = heartbeat_s
        self._backoff = backoff
        self._boot = BootId(new_id("boot"))
        self._centre_boot = ""
        self._link: Link[Down] = Link(decode_down)
        self._reactions: dict[type[Any], Callable[[Any], Awaitable[None]]] = {}
        self._inbox: asyncio.Queue[Down] = asyncio.Queue(INBOX)
        self._room = asyncio.Event()
        self._room.set()
        self._wake = asyncio.Event()
        self._state = LineState.NEVER
        self._since_ns = time.time_ns()
        self._refusal: str | None = None
        self._connection = 0
        self._socket: ClientConnection | None = None
        self._is_up = asyncio.Event()
        self._pings: dict[int, tuple[int, asyncio.Future[Exchange]]] = {}
        self._origin_ns = mono_ns()
        self._pump = RecordPump(outbox)

    @property
    def state(self) -> LineState:
        """Whether the line is up, down, or has never been up."""
        return self._state

    @property
    def since_ns(self) -> int:
        """Wall-clock time since which the state holds."""
        return self._since_ns

    @property
    def refusal(self) -> str | None:
        """Code of the centre's last refusal (`revoked`, `other_boot`, …), None once a link stood after it."""
        return self._refusal

    def hold(self, seconds: float) -> None:
        """Send no durable records for so long; see :meth:`site_agent.link.pump.RecordPump.hold`."""
        self._pump.hold(seconds)

    def on(self, kind: type[_M], reaction: Callable[[_M], Awaitable[None]]) -> None:
        """Call `reaction(message)` for each message of this kind, one at a time, in the order they were sent."""
        self._reactions[kind] = reaction

    @property
    def connection(self) -> int:
        """Which connection stands: 1, 2, 3, …; 0 while the line is down."""
        return self._connection if self._is_up.is_set() else 0

    def seen(self, message: OrderSeen) -> None:
        """Tell the centre, reliably, that an order is here; dropped if the centre takes nothing."""
        self.tell(message)

    def tell(self, message: Up) -> None:
        """Send a message reliably over this link; dropped if the centre takes nothing."""
        try:
            self._link.queue(message)
        except LinkFull:
            log.warning("line_full")
        self._wake.set()

    async def pass_by(self, message: Up) -> bool:
        """Send a transient message over the line that stands, as fast as it takes it; False when there is none."""
        if self._socket is None or not self._is_up.is_set():
            return False
        try:
            await self._socket.send(self._link.transient(message))
        except WebSocketException:
            return False
        return True

    async def up(self) -> int:
        """Wait until the line is up; return which connection it is."""
        await self._is_up.wait()
        return self._connection

    async def exchange(self) -> Exchange:
        """Ping the centre; return the four stamps, raise `NoExchange` without an answer within 3 s."""
        if self._socket is None or not self._is_up.is_set():
            raise NoExchange("the line is down")
        number = secrets.randbits(48)
        answer: asyncio.Future[Exchange] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                t0 = self._mono_ns()
                self._pings[number] = (t0, answer)
                await self._socket.send(self._link.transient(TimePing(id=number, t0_ns=t0 - self._origin_ns)))
                return await answer
        except (TimeoutError, WebSocketException) as error:
            raise NoExchange("no answer") from error
        finally:
            self._pings.pop(number, None)

    async def run(self) -> None:
        """Keep the line until cancelled; raise nothing a line can cause."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._react())
            attempt = 0
            while True:
                began = time.monotonic()
                stood = await self._try_once()
                attempt = 1 if stood and time.monotonic() - began >= STEADY_AFTER_S else attempt + 1
                await asyncio.sleep(self._backoff(attempt))

    async def _try_once(self) -> bool:
        before = self._connection
        try:
            await self._connect()
        except* LinkRefused as group:
            self._refusal = next((error.code for error in leaves(group) if isinstance(error, LinkRefused)), None)
            log.warning("link_refused", code=self._refusal)
        except* (OSError, WebSocketException, ProtocolError, TimeoutError, OutboxRefused) as group:
            log.info("line_lost", reasons=sorted({type(error).__name__ for error in leaves(group)}))
        except* Exception:
            log.exception("line_failed")
        finally:
            self._is_up.clear()
            self._socket = None
            if self._state is LineState.UP:
                self._become(LineState.DOWN)
        return self._connection > before

    async def _connect(self) -> None:
        async with dial(self._identity.server) as socket:
            async with asyncio.timeout(OPEN_WITHIN_S):
                await self._shake_hands(socket)
            await self._speak(socket)

    async def _shake_hands(self, socket: ClientConnection) -> None:
        link, boot = self._link, self._centre_boot
        challenge = await heard(socket, Challenge)
        welcome = await greet(
            socket, challenge, self._identity, self._plain_hello(challenge, known=challenge.centre_boot == boot)
        )
        self._centre_boot = ""  # until the link stands: whatever fails now, the next hello begins anew
        if welcome.resumed and welcome.centre_boot == boot:
            link.connected(welcome.received)
        else:
            self._link = Link(decode_down)
        self._centre_boot = welcome.centre_boot
        self._clock.follow(welcome.centre_boot)

    def _plain_hello(self, challenge: Challenge, *, known: bool) -> Hello:
        return Hello(
            version=PROTOCOL_VERSION,
            site=self._identity.site,
            enrolment=self._identity.enrolment,
            boot=self._boot,
            agent_version=self._agent_version,
            platform=self._platform,
            centre_boot=challenge.centre_boot if known else "",
            received=self._link.received if known else 0,
            nonce=secrets.token_bytes(32),
            signature=b"",
        )

    async def _speak(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._connection += 1
        self._refusal = None
        self._become(LineState.UP)
        self._is_up.set()

        async def send(message: Up) -> None:
            await socket.send(self._link.transient(message))

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._write(socket))
            tasks.create_task(self._beat(socket))
            tasks.create_task(self._pump.run(send))
            await self._read(socket)

    async def _read(self, socket: ClientConnection) -> None:
        while True:
            # What is taken off the wire counts as received and is never sent again: none is taken that has no place.
            await self._room.wait()
            octets = await socket.recv()
            arrived = self._mono_ns()
            if isinstance(octets, str):
                raise ProtocolError("malformed", "the centre sent text")
            message = self._link.receive(octets, time.monotonic())
            self._wake.set()
            match message:
                case None:
                    pass
                case TimePong():
                    self._pong(message, arrived)
                case Committed():
                    self._pump.heard(message)
                case Refusal():
                    raise LinkRefused(message.code, message.message)
                case Revoked():
                    raise LinkRefused("revoked", "this computer's pairing was withdrawn")
                case _:
                    self._inbox.put_nowait(message)
                    if self._inbox.full():
                        self._room.clear()

    def _pong(self, pong: TimePong, arrived: int) -> None:
        sent, answer = self._pings.get(pong.id, (0, None))
        if answer is not None and not answer.done():
            answer.set_result(Exchange(t0=sent, t1=pong.t1_ns, t2=pong.t2_ns, t3=arrived))

    async def _write(self, socket: ClientConnection) -> None:
        while True:
            while (octets := self._link.next_frame(time.monotonic())) is not None:
                await socket.send(octets)
            due = self._link.ack_due_at()
            await within(None if due is None else due - time.monotonic(), self._wake)
            self._wake.clear()

    async def _beat(self, socket: ClientConnection) -> None:
        while True:
            await socket.send(self._link.transient(self._heartbeat()))
            await asyncio.sleep(self._heartbeat_s)

    async def _react(self) -> None:
        while True:
            message = await self._inbox.get()
            self._room.set()
            reaction = self._reactions.get(type(message))
            if reaction is None:
                log.warning("message_without_reaction", message=type(message).__name__)
                continue
            try:
                await reaction(message)
            except Exception:
                log.exception("reaction_failed", message=type(message).__name__)

    def _become(self, state: LineState) -> None:
        self._state = state
        self._since_ns = time.time_ns()
        log.info("line_state", state=state)
        self._changed()
