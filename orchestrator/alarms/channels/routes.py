"""HTTP of channels. A secret goes in and never comes out."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from orchestrator.alarms.channels.model import Channel, Course, Wish
from orchestrator.alarms.channels.service import Messenger
from orchestrator.web.kit import Routes, body, delete, get, json, post, put, who

Secret = Annotated[str, msgspec.Meta(max_length=2000)]


class ChannelBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A channel as an administrator wants it; ``secret`` None keeps the one that is there."""

    wish: Wish
    secret: Secret | None = None


class ChannelView(msgspec.Struct, frozen=True):
    """A channel; ``failures``: in a row, ``why`` the last one, in both languages as a refusal is."""

    id: str
    wish: Wish
    failures: int
    failing: bool
    why: str


class ChannelPages:
    """The handlers."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger

    async def listing(self, _request: web.Request) -> web.StreamResponse:
        return json([_view(channel, course) for channel, course in await self._messenger.all()])

    async def add(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, ChannelBody)
        made = await self._messenger.add(who(request).username, given.wish, (given.secret or "").strip())
        return json(_view(made, Course()), 201)

    async def change(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, ChannelBody)
        secret = None if given.secret is None else given.secret.strip()
        made = await self._messenger.change(who(request).username, _asked(request), given.wish, secret)
        return json(_view(made, Course()))

    async def remove(self, request: web.Request) -> web.StreamResponse:
        await self._messenger.remove(who(request).username, _asked(request))
        return json({})

    async def test(self, request: web.Request) -> web.StreamResponse:
        await self._messenger.test(who(request).username, _asked(request))
        return json({})


def _asked(request: web.Request) -> str:
    return request.match_info["channel"]


def _view(channel: Channel, course: Course) -> ChannelView:
    return ChannelView(channel.id, channel.wish, course.failures, course.failing, course.why)


def routes(pages: ChannelPages) -> Routes:
    """The routes of channels."""
    base, one, rule = "/api/v1/alarms/channels", "/api/v1/alarms/channels/{channel}", "alarms.rule"
    every, view = list[ChannelView], ChannelView
    return [
        get(base, pages.listing, action=rule, summary="every channel", reply=every),
        post(base, pages.add, action=rule, summary="a new channel", body=ChannelBody, reply=view),
        put(one, pages.change, action=rule, summary="change it", body=ChannelBody, reply=view),
        delete(one, pages.remove, action=rule, summary="remove it"),
        post(f"{one}/test", pages.test, action=rule, summary="send a word now"),
    ]
