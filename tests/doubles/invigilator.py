"""A site's exam with its invigilator's page in the test's own process: a server for the computer, one for phones."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from site_agent.declaring import DeclaredNumber
from site_agent.exam.clocks import SiteClocks
from site_agent.exam.desk import ExamDesk
from site_agent.exam.invigilation import ledger
from site_agent.exam.invigilation.pages import InvigilationPages
from site_agent.exam.invigilation.pin import InvigilatorPin
from site_agent.exam.invigilation.pin_door import PinDoor
from site_agent.exam.invigilation.service import Invigilation
from site_agent.exam.journal import Journal
from site_agent.exam.service import ExamSite
from site_agent.exam.vault import Vault
from site_agent.exam.window import Phase
from site_agent.local_server import LocalServer
from site_agent.state import DeclaredView, SiteName, SiteState, SiteView
from tests.doubles.centre_time import SteadyTime
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from wire.codec import decode_record
from wire.ids import ExamId, SiteId
from wire.messages import Record, ScreenHealth

PIN = "204815"
WHO = "Lò Thị Hà"


class Room:
    """The site, and a browser each on the computer and on a phone; `told`: the records on their way up."""

    def __init__(self, exams: ExamSite, invigilation: Invigilation) -> None:
        self.exams = exams
        self.invigilation = invigilation
        self.here = ""
        self.phone = ""

    async def ask(self, http: aiohttp.ClientSession, base: str, path: str, body: object = None) -> tuple[int, Any]:
        """GET without a body, else POST as the page does."""
        url = f"{base}/invigilate/{path}"
        if body is None:
            async with http.get(url) as reply:
                return reply.status, await reply.json()
        async with http.post(url, json=body, headers={"Origin": base}) as reply:
            return reply.status, await reply.json()

    async def let_pass(self, home: Path, exam: ExamId, ns: int) -> None:
        """Let so much of the exam have passed before a program that has stopped gave its last sign of life, by all of
        its clocks."""

        def work(conn: sqlite3.Connection) -> None:
            at = ledger.beats(conn)[exam]
            moved = msgspec.structs.replace(
                at, mono_ns=at.mono_ns + ns, wall_ns=at.wall_ns + ns, centre_ns=at.centre_ns + ns
            )
            ledger.beat(conn, exam, moved)

        await self._change(home, work)

    async def rewind_beat(self, home: Path, exam: ExamId, by_ns: int) -> None:
        """Let the last sign of life of a program that has stopped be older than it is."""

        def work(conn: sqlite3.Connection) -> None:
            at = ledger.beats(conn)[exam]
            moved = msgspec.structs.replace(at, mono_ns=at.mono_ns - by_ns, centre_ns=at.centre_ns - by_ns)
            ledger.beat(conn, exam, moved)

        await self._change(home, work)

    async def _change(self, home: Path, work: Callable[[sqlite3.Connection], None]) -> None:
        journal = Journal(home / "journal.sqlite3")
        await journal.start()
        await journal.alongside(work)
        await journal.stop()


@contextlib.asynccontextmanager
async def invigilated(
    home: Path,
    centre: ExamCentre,
    *,
    pages: Path | None = None,
    central: bool = False,
    host: str = "127.0.0.1",
    clocks: SiteClocks | None = None,
) -> AsyncIterator[Room]:
    """The exam runs, and both servers listen."""
    folder = pages or home
    vault = Vault(home / "vault.sqlite3", centre.site_secret, centre.exam_key)
    journal = Journal(home / "journal.sqlite3")
    exams = ExamSite(
        name="DC07 Trường TH Bế Văn Đàn",
        vault=vault,
        journal=journal,
        source=centre,
        clocks=clocks or SiteClocks(SteadyTime()),
    )
    await exams.start()
    invigilation = Invigilation(exams, central=central)
    await invigilation.start()
    room = Room(exams, invigilation)
    told = InvigilationPages(
        invigilation, PinDoor(InvigilatorPin(home)), folder, address=lambda: f"{room.phone}/", link=lambda: "up"
    )
    local = LocalServer(
        SiteState(SiteView(site=SiteName(SiteId("site-1"), "DC07", exams.name))),
        now_ms=lambda: 0,
        health=ScreenHealth,
        on_figures=lambda _: None,
        declare=_declare,
        port=0,
        pages=folder,
        routes=told.routes(here=True),
    )
    desk = ExamDesk(exams, folder, routes=told.routes(here=False))
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(exams.stop)
        await local.start()
        stack.push_async_callback(local.stop)
        await desk.start(host, 0)
        stack.push_async_callback(desk.stop)
        room.here, room.phone = local.url, f"http://{host}:{desk.port}"
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        running = [tasks.create_task(exams.run()), tasks.create_task(invigilation.run())]
        yield room
        for task in running:
            task.cancel()


async def _declare(said: DeclaredNumber) -> DeclaredView:
    return DeclaredView(said.number, 0)


def browser() -> aiohttp.ClientSession:
    """One that keeps the cookies of an address without a name."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def come_in(room: Room, http: aiohttp.ClientSession) -> None:
    """The invigilator signs in on the computer."""
    assert (await room.ask(http, room.here, "door", {"who": WHO, "pin": PIN}))[0] == 200


async def opened(room: Room, centre: ExamCentre) -> None:
    """Plan and release come, and the paper opens."""
    await room.exams.on_plan(centre.exam_plan())
    await room.exams.on_release(centre.release())
    await eventually(lambda: room.exams.halls[centre.exam].window.phase is Phase.OPEN)


async def records(room: Room) -> list[Record]:
    """All that the journal has for the centre."""
    return [decode_record(body) for _, body in await room.exams.journal.bodies(0, 500)]


async def act(room: Room, http: aiohttp.ClientSession, path: str, **body: object) -> tuple[int, Any]:
    """Status and answer of a deed on the computer."""
    return await room.ask(http, room.here, path, body)
