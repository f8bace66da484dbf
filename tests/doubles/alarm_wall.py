"""The wall over a drawn province with alarms that a test chooses: real pages, real feed, no site runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from demo.province import make_province
from orchestrator.alarms.views import AlarmView, TakenView, WorkView
from orchestrator.app.floor import FloorRow
from orchestrator.clock import CentreClock
from orchestrator.live.memory import MemoryBus
from orchestrator.presence.model import Presence, PresenceState
from orchestrator.wall.judge import Headcount, Show, SiteCard, Sitting
from orchestrator.wall.model import ExamStrip, SessionStrip
from orchestrator.wall.routes import WallFeed
from orchestrator.wall.routes import routes as wall_routes
from orchestrator.wall.service import Wall
from orchestrator.web import pages
from orchestrator.web.kit import get, json, post
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.province_board import Everybody
from wire.ids import SiteId


class Drawn:
    """A province in which some sites are silent."""

    def __init__(self, sites: int) -> None:
        schools = make_province(sites, sites * 40).sites
        self.known = {
            SiteId(f"site-{at}"): SiteCard(
                SiteId(f"site-{at}"),
                one.code,
                one.name,
                ["Tỉnh Thanh Giang", one.district, one.commune],
                one.district,
                "thcs",
                one.expected,
                one.contact,
                one.phone,
                paired=True,
                revoked=False,
            )
            for at, one in enumerate(schools)
        }
        self.silent: set[SiteId] = set()

    def of(self, district: str) -> list[SiteId]:
        return [site for site, card in self.known.items() if card.district == district]

    async def cards(self) -> dict[SiteId, SiteCard]:
        return self.known

    def presence(self, site: SiteId) -> Presence:
        state = PresenceState.SILENT if site in self.silent else PresenceState.ONLINE
        return Presence(site, state, time.time_ns() - 90 * 10**9, linked=True, heard_ns=time.time_ns())

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


def alarm(number: int, **change: object) -> AlarmView:
    """An alarm that has stood for some minutes."""
    base: dict[str, object] = {
        "id": f"alarm-{number}",
        "trouble": "away",
        "scope": "site",
        "name": f"site-{number}",
        "severity": 2,
        "since_ms": time.time_ns() // 1_000_000 - number * 60_000 - 5_000,
        "sites": [SiteId(f"site-{number}")],
        "most": 1,
        "of": 1,
        "level": 0,
        "loud": False,
        "taken": None,
    }
    return AlarmView(**(base | change))  # type: ignore[arg-type]


def held_by(name: str, minutes: int | None, word: str = "") -> TakenView:
    now_ms = time.time_ns() // 1_000_000
    until = None if minutes is None else now_ms + minutes * 60_000
    return TakenView(name.lower(), name, now_ms, until, sticky=False, word=word)


@asynccontextmanager
async def alarm_wall(
    drawn: Drawn,
    alarms: Sequence[AlarmView],
    works: Sequence[WorkView] = (),
    floors: Sequence[FloorRow] = (),
) -> AsyncIterator[tuple[str, list[tuple[str, object]]]]:
    """The address of the wall, and what a page asked of the alarms."""
    clock = CentreClock()
    wall = Wall(clock, MemoryBus(), drawn)
    wall.board.put_section("alarms", list(alarms))
    wall.board.put_section("works", list(works))
    wall.board.put_section("floors", list(floors))
    asked: list[tuple[str, object]] = []

    async def me(_: web.Request) -> web.Response:
        person = {"id": "person-ha", "username": "ha", "name": "Hà", "role": "operator"}
        actions = ["wall.see", "alarms.take", "alarms.plan"]
        return json({"person": person, "csrf": "x", "actions": actions, "must_change": False})

    async def take(request: web.Request) -> web.Response:
        asked.append((request.match_info["alarm"], await request.json()))
        return json({})

    async def admits(_request: web.Request, _action: str) -> bool:
        return True

    told = [
        *pages.routes(),
        *wall_routes(WallFeed(wall, clock, admits)),
        get("/api/v1/me", me, action="any"),
        post("/api/v1/alarms/{alarm}/taken", take, action="any"),
    ]
    bound = listening_socket("127.0.0.1", 0)
    async with serving(application(told, Everybody()), bound), asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(wall.watch())
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/wall", asked
        watching.cancel()
