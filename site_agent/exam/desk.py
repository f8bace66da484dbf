"""The exam desk on the school's LAN: the page, its files, and one WebSocket a candidate. Plain HTTP must do.

Host must be the address the request came in on, or a name from the configuration (against DNS rebinding); Origin must
be that same Host (RFC 6455 §10.2). Sizes, rates and the number of connections are bounded.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from site_agent.exam.conversation import Conversation
from site_agent.exam.limits import Bucket, Failures
from site_agent.exam.protocol import MAX_FRAME_BYTES
from site_agent.exam.service import ExamSite

MAX_PAGES = 400
_QUEUE_FRAMES = 512
_BURST, _PER_S = 400.0, 30.0
_HEARTBEAT_S = 15.0
_PAGE = "exam.html"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

log = structlog.get_logger()
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class QueuedPage:
    """Frames on their way to one page, bounded: a page that does not take them is hung up on, and loses nothing, for
    it asks again when it is back."""

    def __init__(self) -> None:
        self._frames: asyncio.Queue[str] = asyncio.Queue(_QUEUE_FRAMES)
        self.overrun = asyncio.Event()

    def send(self, text: str) -> None:
        """Queue a frame."""
        try:
            self._frames.put_nowait(text)
        except asyncio.QueueFull:
            self.overrun.set()

    async def pump(self, socket: web.WebSocketResponse) -> None:
        """Send what is queued until cancelled or the page is gone."""
        with contextlib.suppress(ConnectionError):
            while True:
                await socket.send_str(await self._frames.get())


class ExamDesk:
    """aiohttp server of the desk. `pages`: folder of the built pages; `names`: further host names it answers to."""

    def __init__(self, site: ExamSite, pages: Path, names: frozenset[str] = frozenset()) -> None:
        self._site = site
        self._pages = pages
        self._names = names
        self._codes = Failures(allowed=10, forgets_per_s=1 / 30)
        self._connected = 0
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen; the port in use is in `port` afterwards."""
        app = web.Application(middlewares=[self._guard], client_max_size=MAX_FRAME_BYTES)
        app.router.add_get("/", self._page)
        app.router.add_get("/exam/", self._page)
        app.router.add_get("/exam/ws", self._socket)
        if (self._pages / "assets").is_dir():
            for prefix in ("/assets", "/exam/assets"):
                app.router.add_static(prefix, self._pages / "assets")
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Hang up on every page and stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        if not self._is_ours(request):
            return web.json_response(
                {"code": "wrong_host", "message": "Địa chỉ này không phải của máy thi. / Not this computer's address."},
                status=403,
            )
        response = await handler(request)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = _POLICY.format(host=request.host)
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def _is_ours(self, request: web.Request) -> bool:
        transport = request.transport
        address = transport.get_extra_info("sockname") if transport is not None else None
        if address is None:
            return False
        name = f"[{address[0]}]" if ":" in address[0] else address[0]
        allowed = {f"{host}:{address[1]}" for host in (name, *self._names)}
        if address[1] == 80:
            allowed |= {name, *self._names}
        origin = request.headers.get("Origin")
        if origin is None:
            return request.host in allowed and "Upgrade" not in request.headers
        return request.host in allowed and origin == f"http://{request.host}"

    async def _page(self, _: web.Request) -> web.StreamResponse:
        path = self._pages / _PAGE
        if not await asyncio.to_thread(path.is_file):
            return web.json_response({"code": "no_page", "message": "The exam page is not built."}, status=503)
        return web.FileResponse(path, headers={"Cache-Control": "no-cache"})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self._connected >= MAX_PAGES:
            return web.json_response({"code": "full", "message": "Too many pages are open."}, status=503)
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT_S, max_msg_size=MAX_FRAME_BYTES)
        await socket.prepare(request)
        self._connected += 1
        page = QueuedPage()
        conversation = Conversation(self._site, page, request.remote or "", self._codes)
        try:
            async with asyncio.TaskGroup() as tasks:
                pump = tasks.create_task(page.pump(socket))
                watch = tasks.create_task(_hang_up_on_overrun(page, socket))
                await _listen(socket, conversation)
                pump.cancel()
                watch.cancel()
        finally:
            self._connected -= 1
            conversation.leave()
        return socket


async def _listen(socket: web.WebSocketResponse, conversation: Conversation) -> None:
    loop = asyncio.get_running_loop()
    bucket = Bucket(_BURST, _PER_S)
    async for message in socket:
        if message.type is not WSMsgType.TEXT or not bucket.allows(loop.time()):
            await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"too much")
            return
        await conversation.hear(message.data)


async def _hang_up_on_overrun(page: QueuedPage, socket: web.WebSocketResponse) -> None:
    await page.overrun.wait()
    await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
