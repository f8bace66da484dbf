"""Chats over HTTP. The wall's feed says that something was said, never what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from orchestrator.orders.chat import Chats
from orchestrator.orders.chat_store import ChatRow, Talk
from orchestrator.orders.views import NameOf
from orchestrator.web.kit import Routes, body, get, json, post, who
from wire.ids import SiteId

MS = 1_000_000

SessionsOf = Callable[[str], Awaitable[list[str]]]
"""The sessions of a course; raises `Refused`."""


class LineView(msgspec.Struct, frozen=True):
    """A line; `delivered`: the site keeps it, or it came from the site."""

    id: str
    place: int
    site: str
    code: str
    from_site: bool
    said_by: str
    text: str
    at_ms: int
    delivered: bool


class TalkView(msgspec.Struct, frozen=True):
    """An open conversation; `waits`: the last word is the site's."""

    site: str
    code: str
    name: str
    lines: int
    waits: bool
    at_ms: int
    last: LineView


class TalkMark(msgspec.Struct, frozen=True):
    """An open conversation in the wall's feed: `place` moves with each line, nothing is told of what it says."""

    site: str
    place: int
    waits: bool
    delivered: bool
    at_ms: int


class Text(msgspec.Struct, frozen=True):
    text: str


class Done(msgspec.Struct, frozen=True):
    done: bool = True


def mark(talk: Talk) -> TalkMark:
    """What the wall's feed carries of a conversation."""
    last = talk.last
    return TalkMark(last.site, last.place, last.from_site, last.delivered_ns is not None, last.at_ns // MS)


class ChatPages:
    """The handlers."""

    def __init__(self, chats: Chats, name_of: NameOf, sessions_of: SessionsOf) -> None:
        self._chats = chats
        self._name_of = name_of
        self._sessions_of = sessions_of

    async def talks(self, _request: web.Request) -> web.StreamResponse:
        return json([self._talk(talk) for talk in self._chats.talks()])

    async def lines(self, request: web.Request) -> web.StreamResponse:
        site = SiteId(request.match_info["site"])
        return json([self._line(row) for row in await self._chats.lines(site)])

    async def say(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, Text)
        row = await self._chats.say(who(request), SiteId(request.match_info["site"]), given.text)
        return json(self._line(row), 201)

    async def close(self, request: web.Request) -> web.StreamResponse:
        await self._chats.close(SiteId(request.match_info["site"]))
        return json(Done())

    async def history(self, request: web.Request) -> web.StreamResponse:
        sessions = await self._sessions_of(request.match_info["id"])
        return json([self._line(row) for row in await self._chats.history(sessions)])

    def _talk(self, talk: Talk) -> TalkView:
        code, name = self._name_of(talk.last.site)
        last = talk.last
        return TalkView(last.site, code, name, talk.lines, last.from_site, last.at_ns // MS, self._line(last))

    def _line(self, row: ChatRow) -> LineView:
        return LineView(
            id=row.id,
            place=row.place,
            site=row.site,
            code=self._name_of(row.site)[0],
            from_site=row.from_site,
            said_by=row.said_by,
            text=row.text,
            at_ms=row.at_ns // MS,
            delivered=row.delivered_ns is not None,
        )


def routes(pages: ChatPages) -> Routes:
    """The routes of chats."""
    chats, one = "/api/v1/chats", "/api/v1/chats/{site}"
    history = "/api/v1/courses/{id}/chats"
    return [
        get(chats, pages.talks, action="chat.talk", summary="open conversations", reply=list[TalkView]),
        get(one, pages.lines, action="chat.talk", summary="the last lines", reply=list[LineView]),
        post(one, pages.say, action="chat.talk", summary="write to a site's desk", body=Text, reply=LineView),
        post(f"{one}/close", pages.close, action="chat.talk", summary="finished", reply=Done),
        get(history, pages.history, action="chat.talk", summary="kept with the course", reply=list[LineView]),
    ]
