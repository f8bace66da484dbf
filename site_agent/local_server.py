"""The pages of this computer, on loopback only: the big screen, the site's thin desk, the guide.

`GET /screen` `/desk` `/guide` `/assets/…` · `GET /local/state` · `GET /local/qr.svg` · `POST /local/declared` ·
WebSocket `/screen/feed`.
"""

import io
from collections.abc import Awaitable, Callable, Iterable, Sequence
from importlib import resources
from pathlib import Path

import msgspec
import segno
from aiohttp import web

from site_agent.declaring import DeclaredNumber, NotDeclared
from site_agent.exam.invigilation.pin_door import PinRefused
from site_agent.lecture.figures import Reading
from site_agent.link.outbox import OutboxRefused
from site_agent.local_feed import LocalFeed
from site_agent.local_guard import guard, origin_of, refused
from site_agent.page_files import ASSET_HEADERS, PageReply
from site_agent.state import DeclaredView, SiteState
from wire.floor import Voice
from wire.messages import ScreenHealth
from wire.unreadable import UNREADABLE

PAGES = ("screen", "desk", "guide")
STOP_S = 2.0
NOT_KEPT = (
    "Máy này chưa ghi được số vừa nhập. Lớp học vẫn tiếp tục; hãy báo số đó cho trung tâm qua điện thoại. / "
    "This computer could not keep the number. The class goes on; please tell the centre by telephone."
)

Declare = Callable[[DeclaredNumber], Awaitable[DeclaredView]]
"""Keeps a declared head count for good, or raises `OutboxRefused`, `PinRefused`, `NotDeclared`."""


def pages_folder() -> Path:
    """Where the built pages are; inside the package, so that a wheel carries them."""
    return Path(str(resources.files("site_agent"))) / "pages"


class LocalServer:
    """Serves this computer's own pages.

    now_ms gives centre time; health the figures of the screen; on_figures takes each report of the screen page;
    centre_url is where this site was paired, so that the page may ask it for the lecture; routes are further pages.
    """

    def __init__(
        self,
        state: SiteState,
        *,
        now_ms: Callable[[], int],
        health: Callable[[], ScreenHealth],
        on_figures: Callable[[Reading], None],
        declare: Declare,
        centre_url: str = "",
        host: str = "127.0.0.1",
        port: int = 8765,
        pages: Path | None = None,
        routes: Sequence[web.AbstractRouteDef] = (),
    ) -> None:
        self._state = state
        self._declare = declare
        self._centre_url = centre_url
        self._host = host
        self._port = port
        self._pages = pages or pages_folder()
        self._routes = routes
        self._feed = LocalFeed(state, now_ms, health, on_figures)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """`http://127.0.0.1:8765`, with the real port once started."""
        return f"http://{self._host}:{self._port}"

    @property
    def voice(self) -> Voice:
        """Whether this room could be heard if it were given the floor."""
        return self._feed.voice

    async def start(self) -> None:
        """Listen; raises OSError if the port is taken."""
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=STOP_S)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close every page's line and stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[guard(lambda: self._port, self._centre_origins)], client_max_size=64 << 10)
        for page in PAGES:
            app.router.add_get(f"/{page}", self._page(f"{page}.html"))
        app.router.add_routes(self._routes)
        app.router.add_get("/", _to_desk)
        app.router.add_get("/assets/{name}", self._asset)
        app.router.add_get("/local/state", self._state_now)
        app.router.add_get("/local/qr.svg", self._qr)
        app.router.add_post("/local/declared", self._declared)
        app.router.add_get("/screen/feed", self._feed.serve)
        app.on_shutdown.append(self._goodbye)
        return app

    def _centre_origins(self) -> Iterable[str]:
        lecture = self._state.view.lecture
        urls = (self._centre_url, lecture.whep_url if lecture else "")
        return [origin for url in urls if (origin := origin_of(url))]

    async def _goodbye(self, _app: web.Application) -> None:
        await self._feed.close()

    def _page(self, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def respond(_request: web.Request) -> web.StreamResponse:
            file = self._pages / name
            if not file.is_file():
                return refused(503, "pages_not_built", "Trang chưa được dựng. / The pages are not built.")
            return PageReply(file)

        return respond

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        file = self._pages / "assets" / Path(request.match_info["name"]).name
        if not file.is_file():
            return refused(404, "not_found", "Không có tệp này. / Not found.")
        return web.FileResponse(file, headers=ASSET_HEADERS)

    async def _state_now(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(body=self._feed.message(), content_type="application/json")

    async def _qr(self, _request: web.Request) -> web.StreamResponse:
        exam = self._state.view.exam
        if exam is None:
            return refused(404, "no_exam", "Chưa có bài thi. / There is no exam.")
        drawn = io.BytesIO()
        segno.make(exam.url, error="m", micro=False).save(drawn, kind="svg", scale=8, border=3, light="#fff")
        return web.Response(body=drawn.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})

    async def _declared(self, request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            return refused(415, "bad_request", "Cần JSON. / JSON expected.")
        try:
            asked = msgspec.json.decode(await request.read(), type=DeclaredNumber)
        except UNREADABLE:
            return refused(400, "bad_request", "Số người phải là số nguyên từ 0 đến 10000. / A whole number is needed.")
        try:
            kept = await self._declare(asked)
        except OutboxRefused as fault:
            return refused(503, fault.code, NOT_KEPT)
        except NotDeclared as fault:
            return refused(422, fault.code, fault.message)
        except PinRefused as shut:
            return refused(shut.status, shut.code, shut.message)
        self._state.put(declared=kept)
        return web.Response(body=msgspec.json.encode(kept), content_type="application/json")


async def _to_desk(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/desk")
