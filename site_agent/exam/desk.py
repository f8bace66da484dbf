"""The exam desk on the school's LAN: the page, its files, and one WebSocket a candidate. Plain HTTP must do.

Where a network lets no WebSocket through, the same conversation goes by requests (`talk.py`). Who may speak at all is
decided by `entrance.py`. Sizes, rates and the number of connections are bounded.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from site_agent.exam.conversation import Conversation
from site_agent.exam.entrance import Entrance
from site_agent.exam.hall import Page
from site_agent.exam.limits import Bucket, Failures
from site_agent.exam.protocol import MAX_FRAME_BYTES
from site_agent.exam.service import ExamSite
from site_agent.exam.talk import DESK, Lines, Posted, Told
from site_agent.page_files import ASSET_HEADERS, PageReply, scripts_of
from wire.unreadable import UNREADABLE

MAX_PAGES = 400
MAX_POST_BYTES = 64 << 10
_QUEUE_FRAMES = 512
_BURST, _PER_S = 400.0, 30.0
_HEARTBEAT_S = 15.0
_PAGE = "exam.html"
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self' ws://{host} wss://{host} {rescue}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

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
    """aiohttp server of the desk. `pages`: folder of the built pages; `names`: further host names it answers to;
    `most`: pages that may be open at once; `routes`: further pages for the room's network."""

    def __init__(
        self,
        site: ExamSite,
        pages: Path,
        names: frozenset[str] = frozenset(),
        *,
        entrance: Entrance | None = None,
        most: int = MAX_PAGES,
        routes: Sequence[web.AbstractRouteDef] = (),
    ) -> None:
        self._site = site
        self._pages = pages
        self._entrance = entrance or Entrance(names)
        self._most = most
        self._routes = routes
        self._codes = Failures(allowed=10, forgets_per_s=1 / 30)
        self._connected = 0
        self._lines = Lines(self._converse, lambda: Bucket(_BURST, _PER_S), most)
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen; the port in use is in `port` afterwards."""
        app = web.Application(middlewares=[self._guard], client_max_size=MAX_POST_BYTES)
        app.router.add_get("/", self._page)
        app.router.add_get("/exam/", self._page)
        app.router.add_get("/exam/ws", self._socket)
        app.router.add_post("/exam/talk", self._talk)
        app.router.add_get("/exam/picture/{name}", self._picture)
        app.router.add_routes(self._routes)
        for prefix in ("/assets", "/exam/assets"):
            app.router.add_get(f"{prefix}/{{name}}", self._asset)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, backlog=1024)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Hang up on every page and stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._lines.close()
            self._runner = None

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        if not self._entrance.admits(request):
            return web.json_response(
                {"code": "wrong_host", "message": "Địa chỉ này không phải của máy thi. / Not this computer's address."},
                status=403,
            )
        response = await handler(request)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = _POLICY.format(
                host=request.host, rescue=self._site.rescue_at, scripts=scripts_of(response)
            )
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def _converse(self, page: Page, peer: str) -> Conversation:
        return Conversation(self._site, page, peer, self._codes)

    async def _page(self, _: web.Request) -> web.StreamResponse:
        path = self._pages / _PAGE
        if not await asyncio.to_thread(path.is_file):
            return web.json_response({"code": "no_page", "message": "The exam page is not built."}, status=503)
        return PageReply(path)

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        path = self._pages / "assets" / Path(request.match_info["name"]).name
        if not await asyncio.to_thread(path.is_file):
            return web.json_response({"code": "not_found", "message": "Không có tệp này. / Not found."}, status=404)
        return web.FileResponse(path, headers=ASSET_HEADERS)

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        found = next((p for hall in self._site.halls.values() if (p := hall.picture(name)) is not None), None)
        if found is None:
            return web.json_response({"code": "no_picture", "message": "There is no such picture."}, status=404)
        kept = {"Cache-Control": "private, max-age=86400, immutable"}
        return web.Response(body=found.content, content_type=found.media, headers=kept)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self._connected + len(self._lines) >= self._most:
            return web.json_response({"code": "full", "message": "Too many pages are open."}, status=503)
        # Compressing costs 300 KB a page, and time at T0: right for a school’s Wi-Fi, ruinous for ten thousand pages.
        few = self._most <= MAX_PAGES
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT_S, max_msg_size=MAX_FRAME_BYTES, compress=few)
        await socket.prepare(request)
        self._connected += 1
        page = QueuedPage()
        conversation = self._converse(page, self._entrance.peer(request))
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

    async def _talk(self, request: web.Request) -> web.StreamResponse:
        try:
            posted = msgspec.json.decode(await request.read(), type=Posted)
        except UNREADABLE:
            return web.json_response({"code": "unreadable", "message": "The request could not be read."}, status=400)
        line = self._lines.find(posted.line, self._entrance.peer(request))
        if line is None:
            gone = Told(desk=DESK, line="", first=1, frames=[], gone=True)
            return _told(gone)
        told = await line.exchange(posted, asyncio.get_running_loop().time)
        self._lines.touch(line)
        return _told(told)


def _told(told: Told) -> web.Response:
    body = msgspec.json.encode(told)
    return web.Response(body=body, content_type="application/json", headers={"Cache-Control": "no-store"})


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
