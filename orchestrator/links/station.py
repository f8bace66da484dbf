"""One site's end of its link at the centre: what waits to go out, and the three loops of a connection.

Reading never waits for a database (messages pass through a bounded inbox to the delivering loop), so that pings are
stamped on arrival. Writing that makes no headway for 10 s drops the site: nobody else is hurt by one that won't read.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from orchestrator.links.model import SILENT_AFTER_S, Allowance, Enrolment, Holder
from wire.codec import ProtocolError, decode_up
from wire.ids import BootId
from wire.link import Link, LinkFull
from wire.messages import TRANSIENT, Down, Refusal, TimePing, TimePong, Up

log = structlog.get_logger()

SEND_LIMIT_S = 10.0
CLOSE_LIMIT_S = 0.8
INBOX = 64
TRANSIENTS = 256

Begin = Callable[[], Awaitable[None]]
Deliver = Callable[[Up], Awaitable[None]]


class Station:
    """The link of one boot of one paired computer; it outlives connections, `attend` is one of them."""

    def __init__(self, enrolment: Enrolment, boot: BootId, monotonic: Callable[[], float]) -> None:
        self.enrolment = enrolment
        self.link: Link[Up] = Link(decode_up)
        self.broken = False
        self.idle = asyncio.Event()
        self.idle.set()
        self._boot = boot
        self._monotonic = monotonic
        self._heard_at = monotonic()
        self._transients: deque[Down] = deque()
        self._wake = asyncio.Event()
        self._refusal: Refusal | None = None
        self._gone = ""
        self._abort: Callable[[], None] | None = None
        self._abort_timer: asyncio.TimerHandle | None = None

    @property
    def holder(self) -> Holder:
        """What a second caller is judged against."""
        enrolment = self.enrolment.enrolment
        return Holder(enrolment=enrolment, boot=self._boot, attended=not self.idle.is_set(), heard_at=self._heard_at)

    def send(self, message: Down) -> None:
        """Queue a message; raise `LinkFull` when too much waits, `ProtocolError` if it is too large."""
        if not isinstance(message, TRANSIENT):
            self.link.queue(message)
        elif self.idle.is_set():
            return
        elif len(self._transients) >= TRANSIENTS:
            raise LinkFull(f"{TRANSIENTS} transient messages wait")
        else:
            self._transients.append(message)
        self._wake.set()

    def close(self, code: str, message: str) -> None:
        """Send what is transient, then a refusal, then close; cut the line if that takes 0.8 s."""
        if self.idle.is_set() or self._refusal is not None:
            return
        self._refusal = Refusal(code=code, message=message)
        self._wake.set()
        if self._abort is not None:
            self._abort_timer = asyncio.get_running_loop().call_later(CLOSE_LIMIT_S, self._abort)

    def seat(self, abort: Callable[[], None]) -> None:
        """Take a connection; `abort` cuts it. The caller must `attend` or `leave`."""
        self.idle.clear()
        self._abort = abort
        self._refusal, self._gone = None, ""
        self._transients.clear()
        self._heard_at = self._monotonic()

    def leave(self) -> str:
        """Give the connection up; return why it ended."""
        if self._abort_timer is not None:
            self._abort_timer.cancel()
        self._abort = self._abort_timer = None
        self.idle.set()
        return self._refusal.code if self._refusal else self._gone or "lost"

    async def attend(
        self, socket: web.WebSocketResponse, now_ns: Callable[[], int], begin: Begin, deliver: Deliver
    ) -> None:
        """Speak on the connection until it ends; `begin` comes before the first message is delivered.

        Every message received has been delivered when this returns, or the station is `broken`.
        """
        inbox: asyncio.Queue[Up | None] = asyncio.Queue(INBOX)
        async with asyncio.TaskGroup() as loops:
            loops.create_task(self._write(socket))
            loops.create_task(self._deliver(inbox, begin, deliver))
            await self._read(socket, now_ns, inbox)
            await inbox.put(None)

    async def _read(
        self, socket: web.WebSocketResponse, now_ns: Callable[[], int], inbox: asyncio.Queue[Up | None]
    ) -> None:
        allowance = Allowance(self._monotonic())
        try:
            while (octets := await self._octets(socket)) is not None:
                arrived_ns, now = now_ns(), self._monotonic()
                self._heard_at = now
                if self._refusal is not None:
                    continue
                if not allowance.take(now):
                    self.close("too_fast", "more than 500 messages a second")
                    return
                message = self.link.receive(octets, now)
                self._wake.set()
                if isinstance(message, TimePing):
                    await self._answer(socket, message, arrived_ns, now_ns)
                elif message is not None:
                    await inbox.put(message)
        except ProtocolError as error:
            self.close(error.code, error.message[:300])
        except ConnectionError:
            self._lost("lost")

    async def _octets(self, socket: web.WebSocketResponse) -> bytes | None:
        try:
            message = await socket.receive(timeout=SILENT_AFTER_S)
        except TimeoutError:
            self.close("silent", f"nothing heard for {SILENT_AFTER_S:.0f} s")
            return None
        if message.type is WSMsgType.BINARY:
            return bytes(message.data)
        if message.type is WSMsgType.TEXT:
            raise ProtocolError("malformed", "text frames have no place here")
        self._lost("too_large" if socket.close_code == WSCloseCode.MESSAGE_TOO_BIG else "lost")
        return None

    async def _answer(
        self, socket: web.WebSocketResponse, ping: TimePing, arrived_ns: int, now_ns: Callable[[], int]
    ) -> None:
        """Answer a ping at once, past everything that waits: a later stamp would only widen the site's bound."""
        if self._refusal is None:
            pong = TimePong(id=ping.id, t0_ns=ping.t0_ns, t1_ns=arrived_ns, t2_ns=now_ns())
            await socket.send_bytes(self.link.transient(pong))

    async def _deliver(self, inbox: asyncio.Queue[Up | None], begin: Begin, deliver: Deliver) -> None:
        await self._guarded(begin())
        while (message := await inbox.get()) is not None:
            if not self.broken:
                await self._guarded(deliver(message))

    async def _guarded(self, reaction: Awaitable[None]) -> None:
        try:
            await reaction
        except ProtocolError as error:
            self._break(error.code, error.message[:300])
        except Exception:
            log.exception("reaction_failed", site=self.enrolment.site)
            self._break("fault", "the centre failed on a message; call again later")

    def _break(self, code: str, message: str) -> None:
        # What was received but not delivered is lost to this link, so it must not be resumed.
        self.broken = True
        self.close(code, message)

    async def _write(self, socket: web.WebSocketResponse) -> None:
        try:
            while not self._gone:
                while (octets := self._next()) is not None:
                    async with asyncio.timeout(SEND_LIMIT_S):
                        await socket.send_bytes(octets)
                if self._refusal is not None:
                    await self._say_goodbye(socket, self._refusal)
                    return
                await self._sleep()
        except TimeoutError:
            self._lost("not_reading")
            if self._abort is not None:
                self._abort()
        except ConnectionError:
            self._lost("lost")

    async def _say_goodbye(self, socket: web.WebSocketResponse, refusal: Refusal) -> None:
        await socket.send_bytes(self.link.transient(refusal))
        await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=refusal.code.encode())

    def _next(self) -> bytes | None:
        if self._transients:
            return self.link.transient(self._transients.popleft())
        return None if self._refusal is not None else self.link.next_frame(self._monotonic())

    async def _sleep(self) -> None:
        due = self.link.ack_due_at()
        try:
            async with asyncio.timeout(None if due is None else max(0.0, due - self._monotonic())):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()

    def _lost(self, reason: str) -> None:
        self._gone = self._gone or reason
        self._wake.set()
