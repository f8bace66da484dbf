"""`GET` `POST /local/chat`, `POST /local/chat/read`: the chat on the site's desk, on loopback only."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from site_agent.local_guard import refused
from site_agent.orders.chat import ChatRefused, SiteChat
from site_agent.orders.chatbook import Line
from wire.orders import CHAT_LETTERS
from wire.unreadable import UNREADABLE

MS = 1_000_000


class Said(msgspec.Struct, frozen=True):
    """Body of `POST /local/chat`; `id` is the page's own, the same again when it asks again."""

    id: Annotated[str, msgspec.Meta(min_length=8, max_length=40)]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=CHAT_LETTERS)]


class Through(msgspec.Struct, frozen=True):
    through: Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class LineView(msgspec.Struct, frozen=True):
    """A line as the desk shows it."""

    place: int
    id: str
    mine: bool
    said_by: str
    text: str
    at_ms: int
    delivered: bool


def chat_routes(chat: SiteChat) -> list[web.AbstractRouteDef]:
    """The routes of the desk's chat."""

    async def lines(_request: web.Request) -> web.StreamResponse:
        return _json([_view(line) for line in await chat.lines()])

    async def say(request: web.Request) -> web.StreamResponse:
        try:
            said = msgspec.json.decode(await request.read(), type=Said)
            await chat.say(said.id, said.text)
        except UNREADABLE:
            return refused(400, "bad_line", "Tin không đúng dạng. / Malformed line.")
        except ChatRefused as fault:
            return refused(fault.status, fault.code, fault.message)
        return await lines(request)

    async def read(request: web.Request) -> web.StreamResponse:
        try:
            await chat.read(msgspec.json.decode(await request.read(), type=Through).through)
        except UNREADABLE:
            return refused(400, "bad_request", "Yêu cầu không đúng dạng. / Malformed request.")
        return _json({"done": True})

    return [web.get("/local/chat", lines), web.post("/local/chat", say), web.post("/local/chat/read", read)]


def _view(line: Line) -> LineView:
    return LineView(line.place, line.id, line.mine, line.said_by, line.text, line.at_ns // MS, line.delivered)


def _json(value: object) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(value), content_type="application/json", headers={"Cache-Control": "no-store"}
    )
