"""One Janus server over its WebSocket API: a session, its handles, requests and what the server says by itself.

Source: the Janus documentation, "JavaScript Session Establishment over WebSockets" (sub-protocol ``janus-protocol``).
A connection that breaks need not end the session: it is claimed again on the next one, where the server keeps it
(``general.reclaim_session_timeout`` of its configuration). If it does not, or is gone itself, every handle is gone, and
whoever holds one is told by ``on_lost``. A server that hangs still takes connections: only its answers tell that it
lives, so it is asked all the time, and one that is silent is treated as one that cannot be reached.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import msgspec
import structlog

from orchestrator.media.janus.asking import MOST_ASKED, NEWCOMERS_ASK, Event, JanusError, Questions
from wire.unreadable import UNREADABLE

log = structlog.get_logger()
SUBPROTOCOL = "janus-protocol"
ANSWER_S = 10.0
ALIVE_EVERY_S = 1.5
ALIVE_S = 2.5
"""A server that does not acknowledge within this hangs. A claim costs little where that was wrong."""
AGAIN_S = (0.5, 5.0)
"""First and longest pause between two attempts to reach a server."""
AT_ONCE_S = 0.05
"""The pause after a connection that had stood."""
GRACE_S = 5.0
"""How long a server that cannot be reached may still have everybody on it."""
CONNECT_S = 3.0
"""For the connection, and for each answer before it is of use."""
CLOSE_S = 0.5
MOST_BYTES = 4 << 20

Body = Mapping[str, Any]


class Said(msgspec.Struct, frozen=True):
    """The answer of a plugin: its data and a session description, if it gave one."""

    data: dict[str, Any]
    jsep: dict[str, str] | None = None


class Handle:
    """One peer connection, or the right to give orders to a plugin. ``heard`` gets what comes without being asked."""

    def __init__(self, server: JanusServer, number: int, heard: Callable[[Event], None]) -> None:
        self._server = server
        self.number = number
        self.heard = heard

    async def ask(self, body: Body, jsep: Mapping[str, str] | None = None) -> Said:
        """A request to the plugin and its answer. Raises :class:`JanusError`."""
        message: dict[str, Any] = {"janus": "message", "handle_id": self.number, "body": dict(body)}
        if jsep is not None:
            message["jsep"] = dict(jsep)
        told = await self._server.request(message)
        plugin = told.get("plugindata", {}).get("data", {})
        if "error_code" in plugin:
            raise JanusError(int(plugin["error_code"]), str(plugin.get("error", "")))
        return Said(plugin, told.get("jsep"))

    async def trickle(self, candidates: list[dict[str, Any]]) -> None:
        """Candidates of the far end, and the end of them as ``{"completed": True}``."""
        message = {"janus": "trickle", "handle_id": self.number, "candidates": candidates}
        await self._server.tell(message)

    async def detach(self) -> None:
        """Give the handle back; harmless when the server has forgotten it."""
        await self._server.detach(self)


class JanusServer:
    """A server by its URL. ``run`` keeps the connection until cancelled; requests fail while there is none. ``on_new``
    is awaited in a new session before anybody may use it."""

    def __init__(
        self,
        url: str,
        secret: str = "",
        *,
        on_lost: Callable[[], None] = lambda: None,
        on_up: Callable[[], None] = lambda: None,
        on_info: Callable[[Event], None] = lambda _info: None,
        on_new: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.url = url
        self._secret = secret
        self._on_lost = on_lost
        self._on_up = on_up
        self._on_info = on_info
        self._on_new = on_new
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._session = 0
        self._begun = False
        self.questions = Questions()
        self._handles: dict[int, Handle] = {}
        self._owed: list[int] = []
        """Handles that were given back while there was no connection: a claimed session has them still."""
        self._up = False
        self._grace: asyncio.TimerHandle | None = None
        self.silences = 0
        """How often it took what was sent and said nothing."""

    @property
    def up(self) -> bool:
        """Whether a session stands, and a connection to it."""
        return self._up and self._socket is not None

    @property
    def session(self) -> int:
        """Its number, 0 without one."""
        return self._session

    async def run(self) -> None:
        """Connect, keep, connect again. Runs until cancelled."""
        pause, longest = AGAIN_S
        limits = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S)
        try:
            async with aiohttp.ClientSession(timeout=limits) as http:
                while True:
                    stood = await self._connection(http)
                    pause = AT_ONCE_S if stood else max(AGAIN_S[0], min(longest, pause * 2))
                    await asyncio.sleep(pause)
        finally:
            self._forget()

    async def _connection(self, http: aiohttp.ClientSession) -> bool:
        """One, from its beginning to its end; returns whether it was of use."""
        try:
            async with asyncio.timeout(CONNECT_S):
                socket = await http.ws_connect(
                    self.url,
                    protocols=[SUBPROTOCOL],
                    max_msg_size=MOST_BYTES,
                    timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_S),
                )
            try:
                self._socket = socket
                await self._live(socket)
            finally:
                await _close(socket)
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            log.warning("janus_away", url=self.url, error=str(fault) or "no answer")
            if _nobody_listens(fault):
                self._forget()
        except ExceptionGroup as faults:
            log.warning("janus_away", url=self.url, error=str(faults.exceptions[0]))
        finally:
            stood = self._broke()
        return stood

    async def _live(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(self._read(socket))
            await self._enter()
            self._stands()
            settling = group.create_task(self._settle())
            keeping = group.create_task(self._keep(socket))
            await reading
            keeping.cancel()
            settling.cancel()

    def _stands(self) -> None:
        self._up = True
        self._end_grace()
        self._on_up()
        log.info("janus_up", url=self.url)

    async def _enter(self) -> None:
        """The session of before, if the server has kept it; else a new one. Raises :class:`JanusError`."""
        if self._session:
            try:
                await self.request({"janus": "claim"}, within=CONNECT_S)
            except JanusError as fault:
                if fault.code == 0:
                    raise
                self._forget()
            if self._session:
                log.info("janus_claimed", url=self.url)
                await self._begin()
                return
        self._on_info(await self.request({"janus": "info"}, within=CONNECT_S))
        told = await self.request({"janus": "create"}, within=CONNECT_S)
        self._session = int(told["data"]["id"])
        self._begun = False
        await self._begin()

    async def _begin(self) -> None:
        """Let the session be prepared, unless it was. Raises :class:`JanusError`."""
        if not self._begun and self._on_new is not None:
            await self._on_new()
        self._begun = True

    async def hang_up(self) -> None:
        """For drills: the connection breaks."""
        if self._socket is not None:
            await self._socket.close()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            try:
                told: Event = msgspec.json.decode(message.data, type=dict[str, Any])
            except UNREADABLE:
                log.warning("janus_garbled", url=self.url)
                continue
            self._heard(told)
            if told.get("janus") == "timeout":
                log.warning("janus_session_timeout", url=self.url)
                self._forget()
                await socket.close()
        # Whoever is told so looks for another server at once, and must not find this one.
        self._socket = None
        self.questions.broke()

    def _heard(self, told: Event) -> None:
        if not self.questions.heard(told):
            handle = self._handles.get(int(told.get("sender", 0)))
            if handle is not None:
                handle.heard(told)

    async def _keep(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Ask whether it lives, and break the connection with a server that does not say so."""
        while True:
            await asyncio.sleep(ALIVE_EVERY_S)
            try:
                await self.request({"janus": "keepalive"}, by_ack=True, within=ALIVE_S)
            except JanusError as fault:
                if fault.code == 0 and not socket.closed:
                    log.warning("janus_silent", url=self.url, error=str(fault))
                    self.silences += 1
                await _close(socket)
                return

    def _broke(self) -> bool:
        """There is no connection; returns whether there was a whole one."""
        stood, self._up, self._socket = self._up, False, None
        self.questions.broke()
        if stood:
            self._end_grace()
            self._grace = asyncio.get_running_loop().call_later(GRACE_S, self._forget)
        return stood

    def _end_grace(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None

    def _forget(self) -> None:
        """The session is gone with all its handles."""
        self._up = False
        self._end_grace()
        self._handles.clear()
        self._owed.clear()
        if self._session:
            self._session = 0
            log.warning("janus_lost", url=self.url)
            self._on_lost()

    async def request(
        self, message: Body, *, by_ack: bool = False, within: float = ANSWER_S, most: int = MOST_ASKED
    ) -> Event:
        """Send and wait for the answer, at most ``within`` seconds; ``by_ack``: an acknowledgement is one. Raises
        :class:`JanusError`, :class:`asking.Full` where ``most`` wait already."""
        question, answered = self.questions.put(message["janus"], by_ack=by_ack, most=most), True
        try:
            async with asyncio.timeout(within):
                await self._send(message, question.transaction)
                told = await question.answer
        except TimeoutError as late:
            answered = False
            raise JanusError(0, f"no answer within {within:g} s") from late
        finally:
            self.questions.drop(question, answered=answered)
        if told.get("janus") == "error":
            fault = told.get("error", {})
            raise JanusError(int(fault.get("code", 0)), str(fault.get("reason", "")))
        return told

    async def tell(self, message: Body) -> None:
        """Send what needs no answer. Raises :class:`JanusError`."""
        try:
            async with asyncio.timeout(ALIVE_S):
                await self._send(message, secrets.token_hex(8))
        except TimeoutError as late:
            raise JanusError(0, "the connection is clogged") from late

    async def _send(self, message: Body, transaction: str) -> None:
        socket = self._socket
        if socket is None or socket.closed:
            raise JanusError(0, "no connection")
        frame = {**message, "transaction": transaction}
        if self._session:
            frame["session_id"] = self._session
        if self._secret:
            frame["apisecret"] = self._secret
        try:
            await socket.send_str(msgspec.json.encode(frame).decode())
        except (ConnectionError, RuntimeError) as broken:
            raise JanusError(0, str(broken)) from broken

    async def attach(self, plugin: str, heard: Callable[[Event], None]) -> Handle:
        """A handle of a plugin. Raises :class:`JanusError`."""
        told = await self.request({"janus": "attach", "plugin": plugin}, most=NEWCOMERS_ASK)
        handle = Handle(self, int(told["data"]["id"]), heard)
        self._handles[handle.number] = handle
        return handle

    async def detach(self, handle: Handle) -> None:
        """Give a handle back."""
        if self._handles.pop(handle.number, None) is not None:
            await self._give_back(handle.number)

    async def _give_back(self, number: int) -> None:
        try:
            await self.request({"janus": "detach", "handle_id": number})
        except JanusError as fault:
            log.info("janus_not_detached", url=self.url, error=fault.reason)
            if fault.code == 0 and self._session:
                self._owed.append(number)

    async def _settle(self) -> None:
        owed, self._owed = self._owed, []
        for number in owed:
            await self._give_back(number)


async def _close(socket: aiohttp.ClientWebSocketResponse) -> None:
    """Say goodbye, but do not wait for a server that hangs."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(2 * CLOSE_S):
            await socket.close()


def _nobody_listens(fault: Exception) -> bool:
    """The server's process is gone: what it held is gone for certain."""
    return isinstance(fault, aiohttp.ClientConnectorError) and fault.os_error.errno == errno.ECONNREFUSED
