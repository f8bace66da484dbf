"""Rooms that do with slides what a whole agent does, over real links to a real centre, many in one process."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from demo.children import Children
from demo.drill.main import first_sign_in
from demo.operator import Operator
from demo.stage import start_centre
from site_agent.lecture.port import Lecture
from site_agent.link.clock import ClockDiscipline, monotonic_ns
from site_agent.link.outbox import Outbox
from site_agent.link.pairing import pair
from site_agent.link.uplink import Uplink
from site_agent.slides.cache import SlideCache
from site_agent.slides.service import SiteSlides
from site_agent.state import SiteName, SiteState, SiteView
from tests.doubles.centre import Page
from tests.doubles.lean import LEAN
from tests.doubles.lecture_centre import knock
from tests.doubles.linked_province import sites_csv
from tests.doubles.servers import free_port
from tests.doubles.slide_files import pdf
from tests.doubles.small_day import until_told
from wire.messages import Heartbeat, LectureOn, SlideDeck, SlideNow
from wire.slides import SLIDES

HANDS = 8
ALL_S = 300.0


class Rooms:
    """The centre's operator, one live session, its lecturer by a link, and the picture of every room."""

    def __init__(self, admin: Operator, lecturer: Page, session: str) -> None:
        self.admin = admin
        self.lecturer = lecturer
        self.path = f"/api/v1/sessions/{session}/slides"
        self.states: list[SiteState] = []

    async def slides(self) -> Any:
        return (await self.lecturer.call("GET", self.path))[1]

    async def send(self, pages: int) -> str:
        """A deck, once every room has all of it and shows its first page."""
        content = pdf(pages)
        told = {"Origin": self.lecturer.base, "X-CSRF-Token": self.lecturer.csrf, "Tus-Resumable": "1.0.0"}
        named = {
            "Upload-Length": str(len(content)),
            "Upload-Metadata": f"filename {base64.b64encode(b'a.pdf').decode()}",
        }
        async with self.lecturer.http.post(self.lecturer.base + self.path + "/uploads", headers=told | named) as reply:
            place = reply.headers["Location"]
        moved = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        async with self.lecturer.http.patch(self.lecturer.base + place, data=content, headers=told | moved) as reply:
            assert reply.status == 204
        deck: str = await until_told(self._ready, "the deck is ready", ALL_S)
        await self.turn(deck, 1)
        await until_told(self._everywhere, "the deck is at every room", ALL_S)
        return deck

    async def _ready(self) -> str | None:
        (deck,) = (await self.slides())["decks"]
        return str(deck["id"]) if deck["state"] == "ready" else None

    async def _everywhere(self) -> bool:
        return bool((await self.slides())["rooms"]["ready"] == len(self.states))

    async def turn(self, deck: str, page: int) -> list[float]:
        """Show a page; seconds from the order until each room's own picture says so, with the page at hand."""
        began = time.monotonic()
        async with asyncio.timeout(ALL_S), asyncio.TaskGroup() as tasks:
            shown = [tasks.create_task(_until(state, page)) for state in self.states]
            status, _ = await self.lecturer.call(
                "POST", f"{self.path}/turn", {"deck": deck, "page": page, "layout": "both"}
            )
            assert status == 200
        return [each.result() - began for each in shown]


async def _until(state: SiteState, page: int) -> float:
    while not ((slides := state.view.slides) and slides.page == page and slides.picture):
        await state.after(state.version)
    return time.monotonic()


@asynccontextmanager
async def slide_rooms(folder: Path, sites: int) -> AsyncIterator[Rooms]:
    """Everybody paired and linked, the session live."""
    async with aiohttp.ClientSession() as http, Children(folder, {}) as children, AsyncExitStack() as stack:
        _, url = await start_centre(children, folder, free_port(), LEAN)
        admin = Operator(http, url)
        await first_sign_in(admin, folder)
        await admin.upload("/api/v1/sites/import?filename=tinh.csv", sites_csv({"Huyện Sông Mã": sites}))
        now_ms = time.time_ns() // 1_000_000
        wish = {"topic": "Trình chiếu", "starts_ms": now_ms, "ends_ms": now_ms + 3_600_000}
        session = str((await admin.post("/api/v1/sessions", wish))["id"])
        await admin.post(f"/api/v1/sessions/{session}/orders", {"order": "go_live"})
        made = await admin.post(f"/api/v1/sessions/{session}/links", {"kind": "lecturer"})
        jar = aiohttp.CookieJar(unsafe=True)
        lecturer = Page(await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar)), url)
        assert (await knock(lecturer, token=made["address"].partition("#enter=")[2]))[0] == 200
        rooms = Rooms(admin, lecturer, session)
        async with asyncio.TaskGroup() as tasks:
            running: list[asyncio.Task[None]] = []
            try:
                hands = asyncio.Semaphore(HANDS)
                async with asyncio.TaskGroup() as linking:
                    for site in await admin.get("/api/v1/sites"):
                        linking.create_task(_link(rooms, site, folder, url, hands, tasks, running, stack))
                yield rooms
            finally:
                for task in running:
                    task.cancel()


async def _link(
    rooms: Rooms,
    site: dict[str, Any],
    folder: Path,
    url: str,
    hands: asyncio.Semaphore,
    tasks: asyncio.TaskGroup,
    running: list[asyncio.Task[None]],
    stack: AsyncExitStack,
) -> None:
    home = folder / "homes" / site["code"]
    async with hands:
        code = (await rooms.admin.post(f"/api/v1/sites/{site['id']}/pairing-code"))["code"]
        identity = await pair(url, code, home, "rooms", insecure=True)
        outbox = await Outbox.open(home / "outbox.sqlite3")
    stack.push_async_callback(outbox.close)
    state = SiteState(SiteView(site=SiteName(identity.site, identity.site_code, identity.site_name)))
    slides, clock = SiteSlides(SlideCache(home / "slides"), state, url), ClockDiscipline()

    def heartbeat() -> Heartbeat:
        now = max(0, clock.now_ns())
        return Heartbeat(at_ns=now, agent_version="rooms", takes=[SLIDES], slides=slides.health())

    uplink = Uplink(identity, outbox, clock, heartbeat, agent_version="rooms", platform="rooms", mono_ns=monotonic_ns)

    async def on_lecture(order: LectureOn) -> None:
        lecture = Lecture(order.session, order.stream, order.whep_url, order.token, order.title, order.lecturer)
        state.put(lecture=lecture)

    uplink.on(LectureOn, on_lecture)
    uplink.on(SlideDeck, slides.on_deck)
    uplink.on(SlideNow, slides.on_now)
    running += [tasks.create_task(uplink.run()), tasks.create_task(slides.run())]
    rooms.states.append(state)
