"""The embedded media plane: relay processes started, watched and spoken to over loopback.

A stream lives in one worker, chosen by its name, so several workers share the streams but not one stream's viewers.
A worker's DTLS keys die with it: pages notice that nothing comes and ask again (design of the lecture).
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import zlib
from collections.abc import Mapping

import aiohttp
import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.errors import Refused
from orchestrator.media.children import end, inherited
from orchestrator.media.port import AirOrder, Rung, StreamStats, ViewerStats, Want
from orchestrator.media.relay import metrics
from orchestrator.media.relay.figures import RelayFigures
from orchestrator.media.spare import STOP_S, Spare
from orchestrator.media.tokens import Right, Seat, StreamToken, public_text, sign

log = structlog.get_logger()
READY_S = 20.0
ASK_S = 10.0
PARK_S = 4.0
"""How long an offer waits for a worker that is just starting anew, before its sender is told to ask again."""
PARKED = 2000
RESTART_S = (0.05, 5.0)
"""First and longest pause before a dead worker is started again; doubled at each early death."""


class RelaySettings(msgspec.Struct, frozen=True):
    """How the workers listen. Worker k takes ``udp_port`` + k; 0 lets the system choose."""

    bind: str = "127.0.0.1"
    udp_port: int = 5004
    announce: tuple[str, ...] = ()
    """Addresses told to peers; empty: those that ``bind`` stands for."""
    workers: int = 1
    ice_servers: tuple[str, ...] = ()
    """``URL[,USER,PASSWORD]`` each, told in the Link header."""
    turn_urls: tuple[str, ...] = ()
    """Told with credentials made from ``turn_secret``, which coturn knows too."""
    turn_secret: str = ""
    turn_hours: float = 12.0
    video: str = "h264"
    maximum_kbps: int = 6000
    log_level: str = "info"


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
        self._control = {"X-Control-Key": self._control_key}
        self._orders: dict[str, AirOrder] = {}
        self._rungs: dict[str, dict[str, Rung]] = {}
        """What differs from the ordinary, by stream: given again to a worker that starts anew."""
        self._client: aiohttp.ClientSession | None = None
        self._ports: list[int | None] = [None] * settings.workers
        self._again: list[int] = [0] * settings.workers
        """HTTP ports of the lives before: a worker that is started again is found where it was."""
        self._up = [asyncio.Event() for _ in self._ports]
        self._parked = 0
        self._spare = Spare(self._spawn, "relay")
        self._watches: list[asyncio.Task[None]] = []
        self._processes: dict[int, asyncio.subprocess.Process] = {}
        self.restarts = 0

    def down(self) -> list[int]:
        """The workers that do not answer now, by number."""
        return [index for index, port in enumerate(self._ports) if port is None]

    # Life

    async def start(self) -> None:
        """Start the workers; returns when all are ready. Raises :class:`Refused` when one is not in time."""
        self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ASK_S))
        loop = asyncio.get_running_loop()
        ready = [loop.create_future() for _ in self._ports]
        # Held and awaited by stop(): the workers live as long as this object, not as one call.
        self._watches = [loop.create_task(self._watch(index, ready[index])) for index in range(len(ready))]
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
        if self._client is not None:
            await self._client.close()
            self._client = None

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
        settings = self._settings
        try:
            if process.stdout is None or process.stdin is None:
                raise RuntimeError("a worker without standard input and output")
            udp_port = settings.udp_port + index if settings.udp_port else 0
            process.stdin.write(b"%d %d\n" % (udp_port, self._again[index]))
            line = await process.stdout.readline()
            if line:
                told = msgspec.json.decode(line, type=_Ready)
                self._ports[index] = self._again[index] = told.http_port
                await self._give_orders(index)
                self._up[index].set()
                log.info("relay_worker_ready", worker=index, udp_port=told.udp_port)
                if not ready.done():
                    ready.set_result(None)
            return await process.wait()
        except msgspec.DecodeError:
            log.error("relay_worker_garbled", worker=index)
            return None
        finally:
            await end(process, STOP_S)

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

    async def _spawn(self) -> asyncio.subprocess.Process:
        """A worker that waits to be told its ports."""
        return await asyncio.create_subprocess_exec(
            *self._command(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=self._environment(),
        )

    def _command(self) -> list[str]:
        settings = self._settings
        command = [sys.executable, "-m", "orchestrator.media.relay.main", "--bind", settings.bind]
        command += ["--http-bind", "127.0.0.1", "--wait"]
        command += ["--max-kbps", str(settings.maximum_kbps), "--log-level", settings.log_level]
        for address in settings.announce:
            command += ["--announce", address]
        for server in settings.ice_servers:
            command += ["--ice-server", server]
        for url in settings.turn_urls:
            command += ["--turn-url", url]
        command += ["--turn-hours", str(settings.turn_hours), "--video", settings.video]
        return [*command, "--ready", "--follow-stdin"]

    def _environment(self) -> dict[str, str]:
        """Keys go by the environment: a command line is seen by everybody on the computer."""
        return {
            **inherited(),
            "DIEMCAU_RELAY__TOKEN_KEY": public_text(self._key.public_key()),
            "DIEMCAU_RELAY__CONTROL_KEY": self._control_key,
            "DIEMCAU_RELAY__TURN_SECRET": self._settings.turn_secret,
        }

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
            self._orders.pop(stream, None)
        else:
            self._orders[stream] = order
        # A worker that is down gets its orders when it is up again.
        if self._ports[self._index(stream)] is not None:
            await self._give_order(stream, order)

    async def viewers(self, stream: str) -> list[ViewerStats]:
        reply = await self.ask("GET", stream, f"/streams/{stream}/viewers", self._control, b"")
        return msgspec.json.decode(reply.body, type=list[ViewerStats])

    async def set_rungs(self, stream: str, rungs: Mapping[str, Rung]) -> None:
        self._rungs.pop(stream, None)
        if rungs:
            self._rungs[stream] = dict(rungs)
        if self._ports[self._index(stream)] is not None:
            await self._give_rungs(stream)

    async def _give_rungs(self, stream: str) -> None:
        content = msgspec.json.encode(self._rungs.get(stream, {}))
        await self._order("PUT", stream, f"/streams/{stream}/rungs", content)

    async def _give_orders(self, index: int) -> None:
        for stream in [one for one in {**self._orders, **self._rungs} if self._index(one) == index]:
            try:
                await self._give_order(stream, self._orders.get(stream, AirOrder()))
                await self._give_rungs(stream)
            except Refused as refused:
                log.error("air_order_not_given", stream=stream, code=refused.code)

    async def _give_order(self, stream: str, order: AirOrder) -> None:
        await self._order("PUT", stream, f"/streams/{stream}/air", msgspec.json.encode(order))

    async def close_stream(self, stream: str) -> None:
        self._orders.pop(stream, None)
        self._rungs.pop(stream, None)
        await self.ask("DELETE", stream, f"/streams/{stream}", self._control, b"")

    async def hush(self, stream: str, *, hushed: bool) -> None:
        """Whether the stream's worker drops its sound, whoever sends it. Raises :class:`Refused`."""
        await self._order("PUT" if hushed else "DELETE", stream, f"/streams/{stream}/hush")

    async def end_publisher(self, stream: str) -> None:
        """End whoever publishes; those who view stay. Raises :class:`Refused`."""
        await self._order("DELETE", stream, f"/streams/{stream}/publisher")

    async def _order(self, method: str, stream: str, path: str, content: bytes = b"") -> None:
        reply = await self.ask(method, stream, path, self._control, content)
        if reply.status >= 300:
            log.error("relay_refused_control", path=path, status=reply.status)
            raise _unavailable()

    async def metrics(self) -> str:
        """Of all workers that answer; those that do not are 0 in ``diemcau_relay_up``."""
        found: dict[str, RelayFigures] = {}
        for index in range(len(self._ports)):
            try:
                reply = await self._ask(index, "GET", "/stats", {}, b"")
                found[str(index)] = msgspec.json.decode(reply.body, type=RelayFigures)
            except (Refused, msgspec.DecodeError):
                continue
        up = [f'diemcau_relay_up{{worker="{index}"}} {str(index) in found:d}\n' for index in range(len(self._ports))]
        return "# TYPE diemcau_relay_up gauge\n" + "".join(up) + metrics.text(found)

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
        if port is None or self._client is None:
            raise _unavailable()
        url = f"http://127.0.0.1:{port}{path}"
        try:
            async with self._client.request(method, url, headers=headers, data=content or None) as response:
                return Reply(response.status, list(response.headers.items()), await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _unavailable() from error

    async def _park(self, index: int) -> None:
        if self._parked >= PARKED or self._client is None:
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
