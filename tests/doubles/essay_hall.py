"""A centre with a course and its essay over real HTTP, and a page that hands in by tus as a program."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from demo.province import make_province, workbook
from orchestrator.access.links import SignInLinks
from orchestrator.access.model import Role
from orchestrator.access.routes import routes as access_routes
from orchestrator.app.courses import build_courses
from orchestrator.app.lives import keep_alive
from orchestrator.essays.checking import Checker, check_apart
from orchestrator.essays.rights import EssayKeys
from orchestrator.essays.vault import FreeBytes, free_bytes
from orchestrator.sites.routes import routes as site_routes
from orchestrator.web import pages
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.centre import Centre, Page, running_centre
from tests.doubles.manual_clock import START_NS

DAY_MS = 24 * 3600 * 1000
START_MS = START_NS // 10**6
UPLOADS = "/api/v1/essay/uploads"
RULE = {"exam_weight": 0, "essay_weight": 100}


@dataclass
class Writer:
    """A participant's page: holds a pass, sends files in pieces, may be cut off."""

    http: aiohttp.ClientSession
    base: str
    token: str = ""
    upload: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        given = {"Authorization": f"Bearer {self.token}"}
        async with self.http.request(method, self.base + path, json=body, headers=given) as reply:
            return reply.status, await reply.json(content_type=None)

    async def sign_in(self, essay: str, number: str, code: str) -> int:
        status, told = await self.ask("POST", "/api/v1/essay/sign-in", {"essay": essay, "number": number, "code": code})
        self.token = told.get("token", "")
        return status

    async def create(self, content: bytes, name: str = "bai.docx", *, size: int | None = None, **more: str) -> int:
        """A new upload of these bytes, promised by their SHA-256."""
        told = {"filename": name, "sha256": hashlib.sha256(content).hexdigest()} | more
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
        status, headers = await self.tus(
            "POST", UPLOADS, {"Upload-Length": str(len(content) if size is None else size), "Upload-Metadata": metadata}
        )
        self.upload = headers.get("Location", "")
        return status

    async def offset(self) -> int:
        """Where the centre is, as HEAD tells."""
        status, headers = await self.tus("HEAD", self.upload, {})
        assert status == 200, status
        return int(headers["Upload-Offset"])

    async def send(self, content: bytes, offset: int, *, checksum: str = "") -> int:
        """One PATCH."""
        told = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        if checksum:
            told["Upload-Checksum"] = checksum
        return (await self.tus("PATCH", self.upload, told, content))[0]

    async def send_and_fall_silent(self, content: bytes, offset: int) -> asyncio.StreamWriter:
        """A PATCH that announces all bytes from ``offset`` and sends only ``content``: the line is then dead, not
        closed. Returns it."""
        host, port = self.base.removeprefix("http://").split(":")
        _, line = await asyncio.open_connection(host, int(port))
        head = (
            f"PATCH {self.upload} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {self.token}\r\n"
            f"Tus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\nContent-Type: application/offset+octet-stream\r\n"
            f"Content-Length: {len(content) * 2}\r\n\r\n"
        )
        line.write(head.encode() + content)
        await line.drain()
        return line

    async def tus(
        self, method: str, path: str, told: dict[str, str], content: bytes | None = None
    ) -> tuple[int, dict[str, str]]:
        headers = {"Authorization": f"Bearer {self.token}", "Tus-Resumable": "1.0.0"} | told
        body = None if content is None else io.BytesIO(content)
        async with self.http.request(method, self.base + path, headers=headers, data=body) as reply:
            self.headers = dict(reply.headers)
            return reply.status, self.headers

    async def became(self) -> Any:
        """The upload as the centre tells it."""
        return (await self.ask("GET", self.upload))[1]


@dataclass
class Hall:
    """Everything for a test."""

    centre: Centre
    base: str
    planner: Page
    course: str
    essay: str
    deadline_ms: int
    folder: Path

    @asynccontextmanager
    async def page(self, role: Role, name: str = "") -> AsyncIterator[Page]:
        """A person of a role, signed in."""
        username = name or role.value
        await self.centre.access.create_person("test", username, username.title(), role, "một mật khẩu dài")
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            page = Page(http, self.centre.base)
            assert await page.sign_in(username, "một mật khẩu dài") == 200
            page.base = self.base
            yield page

    async def codes(self) -> dict[str, str]:
        """Essay codes by roster number."""
        status, told = await self.planner.call("GET", f"/api/v1/essays/{self.essay}/codes")
        assert status == 200
        return {slip["number"]: slip["code"] for slip in told["slips"]}

    @asynccontextmanager
    async def writer(self, number: str) -> AsyncIterator[Writer]:
        """A participant who signed in."""
        async with aiohttp.ClientSession() as http:
            writer = Writer(http, self.base)
            code = EssayKeys(self.centre.keys.at_rest).code(self.essay, number, 0)
            assert await writer.sign_in(self.essay, number, code) == 200
            yield writer

    async def checked(self, writer: Writer) -> Any:
        """The newest version of a participant once the checker has looked."""
        for _ in range(600):
            newest = (await writer.ask("GET", "/api/v1/essay/mine"))[1]["versions"][-1]
            if newest["state"] != "checking":
                return newest
            await asyncio.sleep(0.05)
        raise AssertionError("never checked")


def plan_body(deadline_ms: int, **more: object) -> dict[str, object]:
    return {
        "question": "Anh/chị rút ra điều gì?",
        "deadline_ms": deadline_ms,
        "cap_ms": deadline_ms + 5 * DAY_MS,
    } | more


@asynccontextmanager
async def essay_hall(
    folder: Path, *, sites: int = 4, people: int = 12, checker: Checker = check_apart, free: FreeBytes = free_bytes
) -> AsyncIterator[Hall]:
    """A centre with `people` participants, one course over them, its essay open for five days."""
    async with running_centre(folder) as centre, asyncio.TaskGroup() as tasks:
        built = build_courses(
            centre.database, centre.clock, centre.sites, centre.audit, centre.keys, folder, checker=checker, free=free
        )
        bound = listening_socket("127.0.0.1", 0)
        base = f"http://127.0.0.1:{bound.getsockname()[1]}"
        running = tasks.create_task(keep_alive(built.lives))
        links = SignInLinks(centre.database, centre.clock, centre.audit)
        people_routes = access_routes(centre.access, centre.audit, centre.database, centre.gate, links, secure=False)
        every = [
            *built.routes,
            *people_routes,
            *site_routes(centre.sites, centre.enrolling, centre.keys),
            *pages.routes(),
        ]
        async with serving(application(every, centre.gate), bound):
            await centre.sites.import_file("test", workbook(make_province(sites, people)), "tinh.xlsx")
            await centre.person(Role.PLANNER)
            async with centre.page("planner") as planner:
                planner.base = base
                course = {"title": "Bồi dưỡng hè", "begins_ms": START_MS - DAY_MS, "ends_ms": START_MS, "rule": RULE}
                status, made = await planner.call("POST", "/api/v1/courses", course)
                assert (status, made["people"]) == (201, people), made
                deadline = START_MS + 5 * DAY_MS
                status, essay = await planner.call("PUT", f"/api/v1/courses/{made['id']}/essay", plan_body(deadline))
                assert status == 200, essay
                yield Hall(centre, base, planner, made["id"], essay["essay"]["id"], deadline, folder)
        running.cancel()
