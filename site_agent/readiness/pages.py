"""The guided set-up on this computer's own pages, on loopback only.

`GET /local/readiness` · `POST /local/readiness/look` · `GET /local/readiness/phone.svg`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import msgspec
from aiohttp import web

from site_agent.local_guard import refused
from site_agent.readiness.phone import PhoneDoor
from site_agent.readiness.rehearsal import PRACTICE_NS, Rehearsals
from site_agent.readiness.service import Readiness
from wire.readiness import Check, CheckName
from wire.unreadable import UNREADABLE

MS = 1_000_000
MOST_ASKING = 3
"""Looks that wait for each other; one more is refused."""


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
        *,
        site: tuple[str, str, str],
        hotline: str,
        now_ns: Callable[[], int],
    ) -> None:
        self._readiness = readiness
        self._rehearsals = rehearsals
        self._phone = phone
        self._site = site
        self._hotline = hotline
        self._now_ns = now_ns
        self._asking = 0

    def routes(self) -> list[web.AbstractRouteDef]:
        """For the computer's own server."""
        return [
            web.get("/local/readiness", self._state),
            web.post("/local/readiness/look", self._look),
            web.get("/local/readiness/phone.svg", self._code),
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
        return json_of(self.view())

    async def _look(self, request: web.Request) -> web.StreamResponse:
        try:
            wish = msgspec.json.decode(await request.read(), type=LookWish)
        except UNREADABLE:
            return refused(400, "bad_request", "Yêu cầu không đúng dạng. / Malformed request.")
        if wish.loud and self._readiness.busy:
            return refused(409, "busy", "Đang có bài giảng hoặc bài thi. / A lecture or an exam is running.")
        if self._asking >= MOST_ASKING:
            return refused(429, "looking", "Đang kiểm tra, xin chờ. / Being looked at, please wait.")
        self._asking += 1
        try:
            await self._readiness.look(wish.names or None, loud=wish.loud)
        finally:
            self._asking -= 1
        if not wish.names:
            # Who asks for everything asks for it to be told, whether something changed or not.
            await self._readiness.certify()
        return json_of(self.view())

    async def _code(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(
            body=self._phone.drawn(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"}
        )


def json_of(view: ReadinessView) -> web.Response:
    """The view as the guide reads it."""
    return web.Response(
        body=msgspec.json.encode(view), content_type="application/json", headers={"Cache-Control": "no-store"}
    )
