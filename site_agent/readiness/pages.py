"""The guided set-up on this computer's own pages, on loopback only.

`GET /guide` · `GET /local/readiness` · `POST /local/readiness/look` · `GET /local/readiness/phone.svg` ·
`GET /local/readiness/camera.jpg`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated

import msgspec
from aiohttp import web

from site_agent.camera.frames import to_jpeg
from site_agent.camera.owner import CameraOwner, NoPicture
from site_agent.local_guard import refused
from site_agent.readiness.phone import PhoneDoor
from site_agent.readiness.rehearsal import PRACTICE_NS, Rehearsals
from site_agent.readiness.service import Readiness
from wire.readiness import Check, CheckName

MS = 1_000_000
MOST_BODY = 2048
PICTURE_WITHIN_S = 2.0


class LookWish(msgspec.Struct, frozen=True):
    """Body of `POST /local/readiness/look`: which checks, none meaning all; ``loud``: a sound may be played."""

    names: Annotated[list[CheckName], msgspec.Meta(max_length=40)] = []
    loud: bool = False


class RehearsalView(msgspec.Struct, frozen=True):
    """The rehearsal that is on; moments in ms of centre time."""

    title: str
    practice_ms: int
    t0_ms: int
    until_ms: int


class ReadinessView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the guide shows. ``looking``: what is being looked at; ``busy``: a lecture or an exam runs, so nothing
    loud is done."""

    paired: bool
    code: str = ""
    name: str = ""
    server: str = ""
    hotline: str = ""
    now_ms: int = 0
    busy: bool = False
    looking: tuple[CheckName, ...] = ()
    phone: str = ""
    rehearsal: RehearsalView | None = None
    checks: list[Check] = []


class ReadinessPages:
    """``site``: code, name and centre's address of this site."""

    def __init__(
        self,
        readiness: Readiness,
        rehearsals: Rehearsals,
        phone: PhoneDoor,
        camera: CameraOwner,
        *,
        site: tuple[str, str, str],
        hotline: str,
        now_ns: Callable[[], int],
    ) -> None:
        self._readiness = readiness
        self._rehearsals = rehearsals
        self._phone = phone
        self._camera = camera
        self._site = site
        self._hotline = hotline
        self._now_ns = now_ns
        self._looks = asyncio.Semaphore(1)

    def routes(self) -> list[web.AbstractRouteDef]:
        """For the computer's own server."""
        return [
            web.get("/local/readiness", self._state),
            web.post("/local/readiness/look", self._look),
            web.get("/local/readiness/phone.svg", self._code),
            web.get("/local/readiness/camera.jpg", self._picture),
        ]

    def view(self) -> ReadinessView:
        """As it is now."""
        order = self._rehearsals.order
        code, name, server = self._site
        return ReadinessView(
            paired=True,
            code=code,
            name=name,
            server=server,
            hotline=self._hotline,
            now_ms=self._now_ns() // MS,
            busy=self._readiness.busy,
            looking=self._readiness.looking,
            rehearsal=None
            if order is None
            else RehearsalView(order.title, (order.t0_ns - PRACTICE_NS) // MS, order.t0_ns // MS, order.until_ns // MS),
            checks=self._readiness.checks,
        )

    async def _state(self, _request: web.Request) -> web.StreamResponse:
        return _json(self.view())

    async def _look(self, request: web.Request) -> web.StreamResponse:
        try:
            wish = msgspec.json.decode(await request.content.read(MOST_BODY), type=LookWish)
        except msgspec.MsgspecError:
            return refused(400, "bad_request", "Yêu cầu không đúng dạng. / Malformed request.")
        if wish.loud and self._readiness.busy:
            return refused(409, "busy", "Đang có bài giảng hoặc bài thi. / A lecture or an exam is running.")
        if self._looks.locked():
            return refused(429, "looking", "Đang kiểm tra, xin chờ. / Being looked at, please wait.")
        async with self._looks:
            await self._readiness.look(wish.names or None, loud=wish.loud)
        return _json(self.view())

    async def _code(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(
            body=self._phone.drawn(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"}
        )

    async def _picture(self, _request: web.Request) -> web.StreamResponse:
        """For the person who aims the camera, who is in the picture's room; it leaves this computer for nowhere."""
        try:
            picture = await self._camera.frame(PICTURE_WITHIN_S)
        except NoPicture:
            return refused(503, "no_picture", "Camera chưa cho hình. / The camera gives no picture.")
        jpeg = await asyncio.to_thread(to_jpeg, picture.frame, 70)
        return web.Response(body=jpeg, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


def _json(view: ReadinessView) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(view), content_type="application/json", headers={"Cache-Control": "no-store"}
    )
