"""The wall's feed behind the real gate: open as long as its reader is signed in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from orchestrator.access import login
from orchestrator.access.model import Role
from orchestrator.live.memory import MemoryBus
from orchestrator.presence.model import Presence, PresenceState
from orchestrator.wall.judge import Headcount, Show, SiteCard, Sitting
from orchestrator.wall.model import ExamStrip, SessionStrip
from orchestrator.wall.routes import SIGNED_OUT, WallFeed, routes
from orchestrator.wall.service import Wall
from tests.doubles.centre import Centre, Page, running_centre
from tests.doubles.manual_clock import ManualClock
from wire.ids import SiteId


class NoSites:
    """A province before its first import."""

    async def cards(self) -> dict[SiteId, SiteCard]:
        return {}

    def presence(self, site: SiteId) -> Presence:
        return Presence(site, PresenceState.NEVER)

    def heads(self, _site: SiteId) -> Headcount:
        return Headcount()

    def show(self, _site: SiteId) -> Show | None:
        return None

    def sitting(self, _site: SiteId) -> Sitting | None:
        return None

    def sessions(self) -> list[SessionStrip]:
        return []

    def exams(self) -> list[ExamStrip]:
        return []


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async def still_admits(request: web.Request, action: str) -> bool:
        return await running.gate.still_admits(request, action)

    clock = ManualClock()
    wall = Wall(clock, MemoryBus(), NoSites())
    wall.board.put_section("chats", [{"site": "a", "place": 1}])
    feed = WallFeed(wall, clock, still_admits, ask_again_s=0.01)
    async with running_centre(tmp_path, routes(feed)) as running:
        await running.person(Role.VIEWER)
        await running.person(Role.ADMINISTRATOR)
        yield running


async def sign_out(centre: Centre, page: Page) -> None:
    assert (await page.call("POST", "/api/v1/logout"))[0] == 200


async def reset_password(centre: Centre, page: Page) -> None:
    await centre.access.reset_password("test", page.me["person"]["id"])


async def leave_idle(centre: Centre, page: Page) -> None:
    centre.clock.advance(login.IDLE_NS / 1e9)


async def until_closed(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    async for _ in socket:
        pass
    return socket.close_code


@pytest.mark.parametrize("end", [sign_out, reset_password, leave_idle])
async def test_the_feed_closes_when_its_session_counts_no_longer(
    centre: Centre, end: Callable[[Centre, Page], Awaitable[None]]
) -> None:
    async with (
        centre.page("viewer") as page,
        page.http.ws_connect(centre.base + "/wall/feed", headers={"Origin": centre.base}) as socket,
    ):
        assert (await socket.receive_json())["type"] == "snapshot"
        await end(centre, page)
        assert await until_closed(socket) == SIGNED_OUT


async def test_the_feed_of_a_reader_who_is_signed_in_goes_on(centre: Centre) -> None:
    async with (
        centre.page("viewer") as page,
        page.http.ws_connect(centre.base + "/wall/feed", headers={"Origin": centre.base}) as socket,
    ):
        kinds = [(await socket.receive_json())["type"] for _ in range(2)]
        assert kinds == ["snapshot", "delta"]


async def test_a_page_may_follow_some_sections_alone_and_still_hears_that_the_line_stands(centre: Centre) -> None:
    origin = {"Origin": centre.base}
    async with (
        centre.page("viewer") as page,
        page.http.ws_connect(centre.base + "/wall/feed?only=chats,claims", headers=origin) as socket,
    ):
        first, then = [await socket.receive_json() for _ in range(2)]
        assert (first["type"], first["chats"], first["claims"]) == ("snapshot", [{"site": "a", "place": 1}], [])
        assert "sites" not in first
        assert (then["type"], then["n"], set(then)) == ("delta", 1, {"type", "n", "centre_ms"})
        await socket.send_json({"type": "snapshot"})
        assert (await socket.receive_json())["type"] == "snapshot"


@pytest.mark.parametrize("asked", ["", "chats,", "a,b,c,d,e,f,g,h,i", "../x"])
async def test_parts_that_could_not_be_are_refused(centre: Centre, asked: str) -> None:
    async with centre.page("viewer") as page:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await page.http.ws_connect(f"{centre.base}/wall/feed?only={asked}", headers={"Origin": centre.base})
        assert refused.value.status == 400
