"""The centre's lower floors over real SQLite and real HTTP on loopback, for contract tests."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from argon2 import PasswordHasher

from orchestrator.access.audit import Audit
from orchestrator.access.first_start import ensure_administrator
from orchestrator.access.gate import SessionGate
from orchestrator.access.links import SignInLinks
from orchestrator.access.model import Role
from orchestrator.access.passwords import Passwords
from orchestrator.access.routes import routes as access_routes
from orchestrator.access.service import Access
from orchestrator.access.television_routes import routes as television_routes
from orchestrator.access.televisions import Televisions
from orchestrator.links.routes import routes as link_routes
from orchestrator.links.service import SiteLinks
from orchestrator.live.memory import MemoryBus
from orchestrator.sites.centre_keys import CentreKeys, load_keys
from orchestrator.sites.enrolling import Enrolling
from orchestrator.sites.routes import routes as sites_routes
from orchestrator.sites.service import Sites
from orchestrator.sites.watching import LinkWatch
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Routes
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.manual_clock import ManualClock

PASSWORD = "một mật khẩu dài"


def quick_passwords() -> Passwords:
    """Real argon2 with the least work it allows."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass
class Page:
    """A browser's page of one person: cookie, CSRF token, own Origin."""

    http: aiohttp.ClientSession
    base: str
    csrf: str = ""
    me: Any = None

    async def call(
        self, method: str, path: str, json: object = None, content: bytes | None = None, **headers: str
    ) -> tuple[int, Any]:
        """(status, decoded JSON) of one request sent as our own page would."""
        told = {"Origin": self.base, "X-CSRF-Token": self.csrf} | {k.replace("_", "-"): v for k, v in headers.items()}
        told = {name: value for name, value in told.items() if value}
        body: dict[str, Any] = {"data": io.BytesIO(content)} if content is not None else {}
        body |= {"json": json} if json is not None else {}
        async with self.http.request(method, self.base + path, headers=told, **body) as reply:
            return reply.status, await reply.json(content_type=None) if reply.content_type != "text/csv" else None

    async def sign_in(self, username: str, password: str) -> int:
        status, self.me = await self.call("POST", "/api/v1/login", {"username": username, "password": password})
        self.csrf = self.me.get("csrf", "")
        return status


@dataclass
class Centre:
    """Everything below the features that conduct, running."""

    base: str
    clock: ManualClock
    database: Database
    bus: MemoryBus
    audit: Audit
    access: Access
    sites: Sites
    enrolling: Enrolling
    links: SiteLinks
    keys: CentreKeys
    gate: SessionGate
    one_time: str
    to_sign_in: SignInLinks

    @asynccontextmanager
    async def page(self, username: str | None = None, password: str = PASSWORD) -> AsyncIterator[Page]:
        """A fresh browser, signed in when a username is given."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            page = Page(http, self.base)
            if username is not None:
                assert await page.sign_in(username, password) == 200
            yield page

    async def person(self, role: Role) -> str:
        """Make a person of a role with PASSWORD; returns the username, which is the role's name."""
        await self.access.create_person("test", role.value, role.value.title(), role, PASSWORD)
        return role.value


@asynccontextmanager
async def running_centre(folder: Path, extra: Routes | None = None) -> AsyncIterator[Centre]:
    """A centre on a free port of loopback, its first administrator made; `extra` routes stand behind the same gate."""
    clock, bus = ManualClock(), MemoryBus()
    audit = Audit(clock)
    keys = load_keys(folder)
    database = await Database.open(f"sqlite:///{folder / 'diemcau.sqlite3'}")
    try:
        one_time = await ensure_administrator(
            database, clock, audit, quick_passwords(), folder=folder, terminal=io.StringIO()
        )
        access = Access(database, clock, audit, quick_passwords())
        sites = Sites(database, bus, clock, audit, keys=keys)
        enrolling = Enrolling(database, bus, clock, audit, keys=keys)
        links = SiteLinks(bus, clock, keys.link, enrolling.authenticate)
        gate = SessionGate(access)
        to_sign_in = SignInLinks(database, clock, audit, quick_passwords())
        app = application(
            [
                *access_routes(access, audit, database, gate, to_sign_in, secure=False),
                *television_routes(Televisions(database, clock, audit, quick_passwords()), gate, secure=False),
                *sites_routes(sites, enrolling, keys),
                *link_routes(links),
                *(extra or []),
            ],
            gate,
        )
        bound = listening_socket("127.0.0.1", 0)
        async with serving(app, bound), _watching(LinkWatch(bus, links, sites, enrolling)):
            base = f"http://127.0.0.1:{bound.getsockname()[1]}"
            yield Centre(
                base,
                clock,
                database,
                bus,
                audit,
                access,
                sites,
                enrolling,
                links,
                keys,
                gate,
                one_time or "",
                to_sign_in,
            )
            await links.close_all()
    finally:
        await database.close()


@asynccontextmanager
async def _watching(watch: LinkWatch) -> AsyncIterator[None]:
    started = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(watch.run(started))
        await started.wait()
        yield
        running.cancel()
