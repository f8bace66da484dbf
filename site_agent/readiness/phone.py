"""The way of a candidate's phone to this computer, tried before the day: a code on the desk, a page on the room's
network, one use each.

What keeps a phone away is seldom seen from the computer: a Wi-Fi that keeps its guests apart, or a firewall.
"""

from __future__ import annotations

import io
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
import segno
from aiohttp import web

from site_agent.desk_address import seen_from_outside
from site_agent.local_guard import refused
from site_agent.page_files import PageReply
from site_agent.readiness.judging.show import judge_phone
from site_agent.readiness.memory import Memory
from wire.readiness import Check, CheckName
from wire.unreadable import UNREADABLE

PAGE = "phone.html"
LASTS_S = 600.0


class _Here(msgspec.Struct, frozen=True):
    token: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class PhoneDoor:
    """``address``: this computer's address on the room's network, empty without one; ``url``: what candidates open;
    ``arrived`` hears of a phone."""

    def __init__(
        self,
        memory: Memory,
        now_ns: Callable[[], int],
        *,
        address: Callable[[], str],
        url: Callable[[], str],
        pages: Path,
        arrived: Callable[[CheckName], None] = lambda _name: None,
        mono_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._memory = memory
        self._now_ns = now_ns
        self._address = address
        self._url = url
        self._pages = pages
        self._arrived = arrived
        self._mono_s = mono_s
        self._token = ""
        self._shown_s = 0.0

    @property
    def link(self) -> str:
        """What the code holds; a fresh one when the last was used or is old. It says what `look` says is shown."""
        if not self._token or self._mono_s() - self._shown_s > LASTS_S:
            self._token, self._shown_s = secrets.token_urlsafe(16), self._mono_s()
        # After the hash, so that it stands in no log.
        return f"{self._url()}phone#{self._token}"

    def drawn(self) -> bytes:
        """The code as SVG."""
        drawn = io.BytesIO()
        segno.make(self.link, error="m", micro=False).save(drawn, kind="svg", scale=8, border=3, light="#fff")
        return drawn.getvalue()

    async def look(self) -> list[Check]:
        """Whether a phone has come lately to the address that this computer has now, and where the desk is found."""
        known, address = self._memory.now, self._address()
        if address and known.phone_ns is not None and not known.phone_address:
            # It came before this computer had looked at its own address for the first time.
            self._memory.put(phone_address=address)
            known = self._memory.now
        shown = self._mono_s() - self._shown_s if self._token else None
        reached = known.phone_ns if known.phone_address == address else None
        check = judge_phone(address=address, shown_s=shown, reached_ns=reached, now_ns=self._now_ns())
        return [msgspec.structs.replace(check, desk=seen_from_outside(self._url()))]

    def routes(self) -> list[web.AbstractRouteDef]:
        """On the room's network."""
        return [web.get("/phone", self._page), web.post("/phone/here", self._here)]

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        file = self._pages / PAGE
        if not file.is_file():
            return refused(503, "pages_not_built", "Trang chưa được dựng. / The pages are not built.")
        return PageReply(file, "no-store")

    async def _here(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await request.read()
            given = msgspec.json.decode(body, type=_Here).token
        except UNREADABLE:
            return refused(400, "bad_request", "Yêu cầu không đúng dạng. / Malformed request.")
        if not self._token or not secrets.compare_digest(given.encode(), self._token.encode()):
            return refused(410, "used", "Mã này đã dùng hoặc đã cũ, hãy quét lại. / Used or old: scan again.")
        if request.remote in {self._address(), "127.0.0.1", "::1"}:
            return refused(409, "this_computer", "Hãy mở bằng điện thoại. / Open it with a phone, not here.")
        self._token = ""
        self._memory.put(phone_ns=self._now_ns(), phone_address=self._address())
        self._arrived(CheckName.PHONE)
        return web.json_response({"site": "ok"})
