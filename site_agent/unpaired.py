"""A computer that belongs to no site yet: its own page asks for the centre's address and a code.

On loopback only, like the pages that follow: `GET /guide` (and whatever else is opened) · `GET /local/readiness` ·
`POST /local/pair`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
import structlog
from aiohttp import web

from site_agent import VERSION
from site_agent.config import Config
from site_agent.lecture.browser import launch
from site_agent.lecture.kiosk import KioskScreen
from site_agent.link.identity import Identity
from site_agent.link.pairing import PairingRefused, pair
from site_agent.local_guard import guard, refused
from site_agent.local_server import pages_folder
from site_agent.page_files import ASSET_HEADERS, PageReply
from site_agent.platform import Platform
from site_agent.readiness.judging.line import judge_paired
from site_agent.readiness.pages import ReadinessView, json_of
from wire.unreadable import UNREADABLE

log = structlog.get_logger()

STOP_S = 2.0
LOOK_S = 0.2
NO_CONNECT: tuple[str, ...] = ()

Pair = Callable[[str, str], Awaitable[Identity]]
"""Address and code to an identity that is kept; raises `PairingRefused`, or `OSError` for the disk."""


class PairWish(msgspec.Struct, frozen=True):
    """Body of `POST /local/pair`."""

    server: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class PairingDesk:
    """Serves the pairing page; `identity` is there once a code was taken."""

    def __init__(self, do_pair: Pair, *, hotline: str, port: int, pages: Path) -> None:
        self._pair = do_pair
        self._hotline = hotline
        self._pages = pages
        self._one_at_a_time = asyncio.Lock()
        self._runner: web.AppRunner | None = None
        self.port = port
        self.identity: asyncio.Future[Identity] = asyncio.get_running_loop().create_future()

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen; raises OSError if the port is taken."""
        app = web.Application(middlewares=[guard(lambda: self.port, lambda: NO_CONNECT)], client_max_size=4096)
        app.router.add_get("/assets/{name}", self._asset)
        app.router.add_get("/local/readiness", self._state)
        app.router.add_post("/local/pair", self._take)
        for path in ("/", "/guide", "/desk", "/screen"):
            app.router.add_get(path, self._page)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_S)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening, once what was asked has been answered."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        file = self._pages / "guide.html"
        if not await asyncio.to_thread(file.is_file):
            return refused(503, "pages_not_built", "Trang chưa được dựng. / The pages are not built.")
        return PageReply(file)

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        file = self._pages / "assets" / Path(request.match_info["name"]).name
        if not await asyncio.to_thread(file.is_file):
            return refused(404, "not_found", "Không có tệp này. / Not found.")
        return web.FileResponse(file, headers=ASSET_HEADERS)

    async def _state(self, _request: web.Request) -> web.StreamResponse:
        check = judge_paired(paired=False, line="never", refusal=None)
        return json_of(ReadinessView(paired=False, hotline=self._hotline, checks=[check]))

    async def _take(self, request: web.Request) -> web.StreamResponse:
        try:
            wish = msgspec.json.decode(await request.read(), type=PairWish)
        except UNREADABLE:
            return refused(400, "bad_request", "Hãy nhập địa chỉ và mã. / Enter an address and a code.")
        async with self._one_at_a_time:
            try:
                identity = await self._pair(wish.server, wish.code)
            except PairingRefused as fault:
                return refused(409, fault.code, str(fault))
            except OSError as fault:
                log.error("identity_not_kept", error=fault.strerror)
                return refused(
                    503, "not_kept", "Máy chưa ghi được: hãy kiểm tra ổ đĩa. / This computer could not keep it."
                )
            if not self.identity.done():
                self.identity.set_result(identity)
        return web.json_response({"code": identity.site_code, "name": identity.site_name})


async def until_paired(config: Config, home: Path, here: Platform, stop: asyncio.Event) -> Identity | None:
    """Show the pairing page until a code was taken or ``stop`` is set, then None. Raises OSError for a taken port."""

    async def do_pair(server: str, code: str) -> Identity:
        return await pair(server, code, home, VERSION)

    desk = PairingDesk(do_pair, hotline=config.agent.hotline, port=config.screen.port, pages=pages_folder())
    await desk.start()
    try:
        log.warning("not_paired", page=f"{desk.url}/guide")
        async with _shown(config, home, here, f"{desk.url}/guide"):
            while not stop.is_set() and not desk.identity.done():
                await asyncio.wait([desk.identity], timeout=LOOK_S)
        return desk.identity.result() if desk.identity.done() else None
    finally:
        await desk.stop()


@contextlib.asynccontextmanager
async def _shown(config: Config, home: Path, here: Platform, url: str) -> AsyncIterator[None]:
    """The page on the room's screen, where this computer shows one: nobody need know an address."""
    if config.screen.headless:
        yield
        return
    screen = KioskScreen(
        url,
        here.browsers(),
        home / "browser",
        partial(launch, end=here.end_group),
        config.screen.browser_flags,
        silent_page_s=float("inf"),
    )
    await screen.start()
    try:
        yield
    finally:
        await screen.stop()
