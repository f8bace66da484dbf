"""Keeps slides: hears of decks and turns, fetches pictures one at a time, tells the screen page which to show."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import web

from site_agent.exam.download import DownloadFailed, fetch_small
from site_agent.local_guard import refused
from site_agent.slides.cache import SlideCache
from site_agent.slides.show import Show, health_of, needed, view_of, wanted
from site_agent.state import SiteState
from wire.ids import SessionId
from wire.slides import MAX_IMAGE_BYTES, SlideDeck, SlideNow, SlidesHealth

log = structlog.get_logger()

WITHIN_S = 90.0
"""For one picture: 300 kB at 32 kbit/s."""
AGAIN_S = (1.0, 2.0, 5.0, 10.0, 30.0)


class SiteSlides:
    """One for the agent's life. ``centre`` is its address."""

    def __init__(self, cache: SlideCache, state: SiteState, centre: str) -> None:
        self._cache = cache
        self._state = state
        self._address = centre.rstrip("/") + "/agent/slides/"
        self._show = Show()
        self._shown = 0
        self._wake = asyncio.Event()
        self._failed = 0

    async def on_deck(self, deck: SlideDeck) -> None:
        """Pictures to fetch beforehand."""
        self._show = self._show.with_deck(deck)
        await asyncio.to_thread(self._cache.trim, needed(self._show))
        self._tell()

    async def on_now(self, now: SlideNow) -> None:
        """A turn: shown at once where the picture is here, else as soon as it has come."""
        self._show = self._show.with_now(now)
        self._tell()

    def health(self) -> SlidesHealth:
        """For the heartbeat."""
        return health_of(self._show, self._session, self._cache.has, self._shown)

    @property
    def _session(self) -> SessionId | None:
        lecture = self._state.view.lecture
        return lecture.session if lecture is not None else None

    def _tell(self) -> None:
        view, now = view_of(self._show, self._session, self._cache.has), self._show.now(self._session)
        if now is not None and (view is None or view.picture):
            self._shown = now.version
        self._state.put(slides=view)
        self._wake.set()

    async def run(self) -> None:
        """Fetch what is missing, and follow which session is on. Runs until cancelled."""
        await asyncio.to_thread(self._cache.load)
        self._tell()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._fetch_all())

    async def _follow(self) -> None:
        session = self._session
        while True:
            await self._state.after(self._state.version)
            if self._session != session:
                session = self._session
                self._tell()

    async def _fetch_all(self) -> None:
        while True:
            self._wake.clear()
            next_one = wanted(self._show, self._session, self._cache.has, tight=self._cache.tight)
            if next_one is None:
                await self._wake.wait()
            elif await self._fetch_one(*next_one):
                self._failed = 0
                self._tell()
            else:
                # A turn meanwhile asks for another picture, perhaps one that can be had.
                await self._pause(AGAIN_S[min(self._failed, len(AGAIN_S) - 1)])
                self._failed += 1

    async def _fetch_one(self, digest: bytes, size: int) -> bool:
        try:
            picture = await fetch_small(self._address + digest.hex(), min(size, MAX_IMAGE_BYTES), WITHIN_S)
        except DownloadFailed as fault:
            log.info("slide_not_fetched", reason=str(fault)[:200])
            return False
        kept = await asyncio.to_thread(self._cache.put, digest, picture)
        if not kept:
            log.warning("slide_not_the_one", digest=digest.hex()[:16])
        return kept

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    def routes(self) -> list[web.RouteDef]:
        """For the computer's own pages."""
        return [web.get("/local/slides/{digest}", self._picture)]

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        try:
            digest = bytes.fromhex(request.match_info["digest"])
        except ValueError:
            digest = b""
        picture = await asyncio.to_thread(self._cache.read, digest)
        if picture is None:
            self._tell()
            return refused(404, "not_found", "Máy này chưa có trang ấy. / This computer has no such page.")
        headers = {"Cache-Control": "private, max-age=86400, immutable"}
        return web.Response(body=picture, content_type="image/webp", headers=headers)
