"""The embedded media plane: relay processes started, watched and spoken to over loopback.

A stream lives in one worker, chosen by its name, so several workers share the streams but not one stream's viewers.
A worker's DTLS keys die with it: pages notice that nothing comes and ask again (design of the lecture).
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import zlib
from collections.abc import Mapping
from urllib.parse import quote

import aiohttp
import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.clock import CentreClock
from orchestrator.errors import Refused
from orchestrator.media.children import Process, end
from orchestrator.media.kept_orders import KeptOrders
from orchestrator.media.port import AirOrder, Rung, StreamStats, ViewerStats, Want
from orchestrator.media.relay import metrics
from orchestrator.media.relay.figures import RelayFigures
from orchestrator.media.spare import STOP_S, Spare
from orchestrator.media.tokens import Right, Seat, StreamToken, sign
from orchestrator.media.worker_start import RelaySettings, command, environment
from wire.unreadable import UNREADABLE

log = structlog.get_logger()
READY_S = 20.0
BEGIN_S = 60.0
"""So long a worker that is started again may take; then another is tried."""
MISSES = 3
"""Questions in a row that a worker does not answer before it is held to hang, and is replaced."""
ASK_S = 10.0
TELL_S = 5.0
PARK_S = 4.0
"""How long an offer waits for a worker that is just starting anew, before its sender is told to ask again."""
PARKED = 2000
PASSED = ("/whip/", "/whep/")
REFUSED = "diemcau_relay_orders_refused_total"
"""Orders that a worker that was started again did not take, each try counted."""
RESTART_S = (0.05, 5.0)
"""First and longest pause before a dead worker is started again; doubled at each early death."""


class Reply(msgspec.Struct, frozen=True):
    """A worker's answer to WHIP or WHEP."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class _Ready(msgspec.Struct, frozen=True):
    udp_port: int
    http_port: int


class _Figures(msgspec.Struct, frozen=True):
    streams: list[StreamStats]


class EmbeddedRelay:
    """:class:`orchestrator.media.port.MediaPlane` by workers of our own, and the door for their WHIP and WHEP."""

    def __init__(self, settings: RelaySettings, key: Ed25519PrivateKey, public_url: str) -> None:
        self._settings = settings
        self._key = key
        self._public_url = public_url.rstrip("/")
        self._control_key = secrets.token_urlsafe(24)
        self._anchor = CentreClock().anchor
        self._control = {"X-Control-Key": self._control_key}
        self._kept = KeptOrders(self._told)
        self._inside: aiohttp.ClientSession | None = None
        """For orders and figures: one connection to each worker. Of several, each would be used again before it is
        idle for long enough to be closed, so that the most that were ever needed would stay open."""
        self._passing: aiohttp.ClientSession | None = None
        """For what comes from outside."""
        self._ports: list[int | None] = [None] * settings.workers
        self._again: list[int] = [0] * settings.workers
        """HTTP ports of the lives before: a worker that is started again is found where it was."""
        self._up = [asyncio.Event() for _ in self._ports]
        self._parked = 0
        self._spare = Spare(self._spawn, "relay")
        self._watches: list[asyncio.Task[None]] = []
        self._processes: dict[int, Process] = {}
        self.restarts = 0

    def down(self) -> list[int]:
        """The workers that do not answer now, by number."""
        return [index for index, port in enumerate(self._ports) if port is None]

    # Life

    async def start(self) -> None:
        """Start the workers; returns when all are ready. Raises :class:`Refused` when one is not in time."""
        limit = aiohttp.ClientTimeout(total=ASK_S)
        self._inside = aiohttp.ClientSession(timeout=limit, connector=aiohttp.TCPConnector(limit_per_host=1))
        self._passing = aiohttp.ClientSession(timeout=limit)
        loop = asyncio.get_running_loop()
        ready = [loop.create_future() for _ in self._ports]
        # Held and awaited by stop(): the workers live as long as this object, not as one call.
        self._watches = [loop.create_task(self._watch(index, ready[index])) for index in range(len(ready))]
        if self._settings.spare:
            self._watches.append(loop.create_task(self._spare.keep(self._all_up)))
        try:
            async with asyncio.timeout(READY_S):
                await asyncio.gather(*ready)
        except TimeoutError as error:
            await self.stop()
            raise Refused(
                "media_unavailable", "Máy chủ hình ảnh không chạy. / The relay did not start.", 503
            ) from error

    async def stop(self) -> None:
        """End the workers, gently, then not."""
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        self._watches = []
        await self._spare.stop()
        for client in (self._inside, self._passing):
            if client is not None:
                await client.close()
        self._inside = self._passing = None

    async def _watch(self, index: int, ready: asyncio.Future[None]) -> None:
        pause, longest = RESTART_S
        while True:
            began = asyncio.get_running_loop().time()
            try:
                code = await self._live(index, ready)
            except (OSError, ValueError) as error:  # no process to be had, or a line without an end
                log.error("relay_worker_not_started", worker=index, error=str(error))
                code = None
            if self._ports[index] is None:
                self._again[index] = 0  # it did not come up: somebody else may have the port
            self._ports[index] = None
            self._up[index].clear()
            self.restarts += 1
            log.error("relay_worker_died", worker=index, code=code)
            if asyncio.get_running_loop().time() - began > 10 * longest:
                pause = RESTART_S[0]
            await asyncio.sleep(pause)
            pause = min(longest, pause * 2)

    async def _live(self, index: int, ready: asyncio.Future[None]) -> int | None:
        """One life of one worker; returns its exit code."""
        process = self._spare.take() or await self._spawn()
        self._processes[index] = process
        refused: list[str] = []
        settings = self._settings
        try:
            if process.stdout is None or process.stdin is None:
                raise RuntimeError("a worker without standard input and output")
            udp_port = settings.udp_port + index if settings.udp_port else 0
            process.stdin.write(b"%d %d\n" % (udp_port, self._again[index]))
            async with asyncio.timeout(BEGIN_S):
                line = await process.stdout.readline()
            if line:
                told = msgspec.json.decode(line, type=_Ready)
                self._ports[index] = self._again[index] = told.http_port
                refused = await self._kept.give(
                    index, [one for one in self._kept.streams() if self._index(one) == index]
                )
                self._up[index].set()
                log.info("relay_worker_ready", worker=index, udp_port=told.udp_port)
                if not ready.done():
                    ready.set_result(None)
            return await self._guarded(index, process, refused)
        except UNREADABLE:
            log.error("relay_worker_garbled", worker=index)
            return None
        finally:
            await end(process, STOP_S)

    async def _guarded(self, index: int, process: Process, refused: list[str]) -> int:
        """Wait for the worker's end, and bring it about when it hangs; returns its exit code. Meanwhile give it the
        orders of the streams of which it ``refused`` some."""
        async with asyncio.TaskGroup() as tasks:
            asking = tasks.create_task(self._ask_after(index, process))
            giving = tasks.create_task(self._kept.give_again(index, refused))
            code = await process.wait()
            asking.cancel()
            giving.cancel()
        return code

    async def _ask_after(self, index: int, process: Process) -> None:
        missed, patience = 0, self._settings.hang_s / MISSES
        while missed < MISSES:
            await asyncio.sleep(patience / 10)
            try:
                async with asyncio.timeout(patience):
                    await self._ask(index, "GET", "/healthz", {}, b"")
                missed = 0
            except (Refused, TimeoutError):
                missed += 1
        log.error("relay_worker_hangs", worker=index)
        with contextlib.suppress(ProcessLookupError):
            process.kill()

    async def _all_up(self) -> None:
        for up in self._up:
            await up.wait()

    @property
    def ready(self) -> bool:
        """Whether every worker is up."""
        return all(port is not None for port in self._ports)

    def kill_worker_of(self, stream: str) -> None:
        """For drills: the stream's worker dies as if by accident, and is started again."""
        self._processes[self._index(stream)].kill()

    def _index(self, stream: str) -> int:
        return zlib.crc32(stream.encode()) % len(self._ports)

    async def _spawn(self) -> Process:
        """A worker that waits to be told its ports."""
        return await asyncio.create_subprocess_exec(
            *command(self._settings),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=environment(self._settings, self._key.public_key(), self._control_key, self._anchor),
        )

    # MediaPlane

    def publish_url(self, stream: str) -> str:
        return f"{self._public_url}/whip/{stream}"

    def inside_url(self, stream: str) -> str | None:
        """Where WHIP is spoken for the stream on this computer, by its worker itself; None while that is down."""
        port = self._ports[self._index(stream)]
        return f"http://127.0.0.1:{port}/whip/{stream}" if port is not None else None

    def view_url(self, stream: str) -> str:
        return f"{self._public_url}/whep/{stream}"

    def token(
        self,
        session: str,
        stream: str,
        right: Right,
        subject: str,
        expires_ns: int,
        *,
        seat: Seat = Seat.LECTURER,
    ) -> str:
        return sign(StreamToken(session, stream, right, subject, expires_ns, seat), self._key)

    async def stats(self, stream: str) -> StreamStats:
        """As the stream's worker counts it. Raises :class:`Refused` while that worker is down."""
        reply = await self.ask("GET", stream, "/stats", {}, b"")
        streams = msgspec.json.decode(reply.body, type=_Figures).streams
        return next((one for one in streams if one.stream == stream), StreamStats(stream))

    async def set_air(self, stream: str, want: Want, *, standby_armed: bool, auto_return: bool) -> None:
        order = AirOrder(want, standby_armed, auto_return)
        if order == AirOrder():
            self._kept.air.pop(stream, None)
        else:
            self._kept.air[stream] = order
        # A worker that is down gets its orders when it is up again.
        if self._ports[self._index(stream)] is not None:
            await self._order("PUT", stream, f"/streams/{stream}/air", msgspec.json.encode(order))

    async def viewers(self, stream: str) -> list[ViewerStats]:
        reply = await self.ask("GET", stream, f"/streams/{stream}/viewers", self._control, b"")
        return msgspec.json.decode(reply.body, type=list[ViewerStats])

    async def set_rungs(self, stream: str, rungs: Mapping[str, Rung]) -> None:
        self._kept.rungs.pop(stream, None)
        if rungs:
            self._kept.rungs[stream] = dict(rungs)
        if self._ports[self._index(stream)] is not None:
            await self._order("PUT", stream, f"/streams/{stream}/rungs", msgspec.json.encode(rungs))

    async def close_stream(self, stream: str) -> None:
        self._kept.forget(stream)
        await self.ask("DELETE", stream, f"/streams/{stream}", self._control, b"")

    async def hush(self, stream: str, *, hushed: bool) -> None:
        """Whether the stream's worker drops its sound, whoever sends it. Raises :class:`Refused`; a worker that is
        down drops it from its start on."""
        (self._kept.hushed.add if hushed else self._kept.hushed.discard)(stream)
        await self._order("PUT" if hushed else "DELETE", stream, f"/streams/{stream}/hush")

    async def end_publisher(self, stream: str, subject: str = "") -> None:
        """End whoever publishes, or only ``subject``; those who view stay. Raises :class:`Refused`."""
        of = f"?subject={quote(subject, safe='')}" if subject else ""
        await self._order("DELETE", stream, f"/streams/{stream}/publisher{of}")

    async def _order(self, method: str, stream: str, path: str, content: bytes = b"") -> None:
        status = await self._told(method, stream, path, content)
        if status >= 300:
            log.error("relay_refused_control", path=path, status=status)
            raise _unavailable()

    async def _told(self, method: str, stream: str, path: str, content: bytes) -> int:
        return (await self.ask(method, stream, path, self._control, content)).status

    async def metrics(self) -> str:
        """Of all workers that answer; those that do not are 0 in ``diemcau_relay_up``."""
        told = await asyncio.gather(*(self._told_by(index) for index in range(len(self._ports))))
        found = {str(index): figures for index, figures in enumerate(told) if figures is not None}
        up = [f'diemcau_relay_up{{worker="{index}"}} {str(index) in found:d}\n' for index in range(len(self._ports))]
        refused = self._kept.refused
        lost = [f'{REFUSED}{{worker="{index}"}} {refused[index]}\n' for index in range(len(self._ports))]
        own = ["# TYPE diemcau_relay_up gauge\n", *up, f"# TYPE {REFUSED} counter\n", *lost]
        return "".join(own) + metrics.text(found)

    async def _told_by(self, index: int) -> RelayFigures | None:
        """One worker's figures; None when it does not tell them before whoever asked has gone."""
        try:
            async with asyncio.timeout(TELL_S):
                reply = await self._ask(index, "GET", "/stats", {}, b"")
            return msgspec.json.decode(reply.body, type=RelayFigures)
        except (Refused, TimeoutError, *UNREADABLE):
            return None

    # Door

    async def ask(self, method: str, stream: str, path: str, headers: dict[str, str], content: bytes) -> Reply:
        """One HTTP exchange with the stream's worker. Raises :class:`Refused` (``media_unavailable``, 503).

        An offer waits a little for a worker that is down: whoever sends it asks at a moment when all others ask too,
        and each refusal would cost a pause.
        """
        index = self._index(stream)
        if method == "POST" and not self._up[index].is_set():
            await self._park(index)
        return await self._ask(index, method, path, headers, content)

    async def _ask(self, index: int, method: str, path: str, headers: dict[str, str], content: bytes) -> Reply:
        port = self._ports[index]
        client = self._passing if path.startswith(PASSED) else self._inside
        if port is None or client is None:
            raise _unavailable()
        url = f"http://127.0.0.1:{port}{path}"
        try:
            async with client.request(method, url, headers=headers, data=content or None) as response:
                return Reply(response.status, list(response.headers.items()), await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _unavailable() from error

    async def _park(self, index: int) -> None:
        if self._parked >= PARKED or self._passing is None:
            return
        self._parked += 1
        try:
            async with asyncio.timeout(PARK_S):
                await self._up[index].wait()
        except TimeoutError:
            return
        finally:
            self._parked -= 1


def _unavailable() -> Refused:
    message = "Máy chủ hình ảnh đang khởi động lại. / The relay is restarting."
    return Refused("media_unavailable", message, 503, retry_after_s=1)
