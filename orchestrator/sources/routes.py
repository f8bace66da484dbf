"""Sources over HTTP, under the session that they belong to."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from aiohttp import web

from orchestrator.media.sources.job import Order, Told, Way
from orchestrator.sources.clip_routes import ClipView
from orchestrator.sources.clip_routes import view as clip_view
from orchestrator.sources.clips import Clips
from orchestrator.sources.films import Film
from orchestrator.sources.model import Source, Wish, may_name_addresses
from orchestrator.sources.service import Sources
from orchestrator.web.kit import Identity, Routes, body, delete, get, json, post, who
from wire.ids import SessionId

MS = 1_000_000


class View(msgspec.Struct, frozen=True):
    """A source as pages see it; ``key`` and ``secret`` only in the answer to its making. ``told`` is its last word."""

    id: str
    way: str
    name: str
    seat: str
    shown: str
    wanted: bool
    repeat: bool
    made_by: str
    made_ms: int
    told: Told
    clip: str = ""
    """The film of :class:`Board` that it plays."""
    key: str = ""
    secret: str = ""


class Board(msgspec.Struct, frozen=True):
    """Everything about a session's sources; ``rtmp_url`` and ``srt_url`` are where encoders send, ``rtmp_why`` and
    ``srt_why`` why they cannot now."""

    rtmp_url: str
    rtmp_why: str
    srt_url: str
    srt_why: str
    network: bool
    """Whether this person may add network addresses."""
    sources: list[View]
    clips: list[ClipView]
    """Films that people sent for this session."""
    clip_mb: int
    """Megabytes of the largest film that is taken."""


class SourcePages:
    """The handlers. ``url`` knows where the doors are."""

    def __init__(
        self,
        sources: Sources,
        clips: Clips,
        check: Callable[[Identity, SessionId], object],
        url: Callable[[Way], str],
    ) -> None:
        self._sources = sources
        self._clips = clips
        self._check = check
        self._url = url

    def view(self, source: Source, key: str = "", secret: str = "") -> View:
        return View(
            id=source.id,
            way=source.way,
            name=source.name,
            seat=source.seat,
            shown=source.shown,
            wanted=source.wanted,
            repeat=source.repeat,
            made_by=source.made_by,
            made_ms=source.made_ns // MS,
            told=self._sources.running.told(source.id),
            clip=source.clip,
            key=key,
            secret=secret,
        )

    async def board(self, request: web.Request) -> web.StreamResponse:
        session = _session(request)
        self._check(who(request), session)
        views = [self.view(source) for source in self._sources.of(session)]
        board = Board(
            rtmp_url=self._url(Way.RTMP),
            rtmp_why=self._sources.encoders.why(Way.RTMP),
            srt_url=self._url(Way.SRT_IN),
            srt_why=self._sources.encoders.why(Way.SRT_IN),
            network=may_name_addresses(who(request).role),
            sources=views,
            clips=[await clip_view(self._clips, clip) for clip in self._clips.of(session)],
            clip_mb=self._clips.limits.one_mb,
        )
        return json(board)

    async def add(self, request: web.Request) -> web.StreamResponse:
        wish = await body(request, Wish)
        added = await self._sources.add(who(request), _session(request), wish)
        return json(self.view(added.source, added.key, added.secret), 201)

    async def remove(self, request: web.Request) -> web.StreamResponse:
        gone = await self._sources.remove(who(request), _session(request), request.match_info["source"])
        if gone.clip:
            await self._clips.forget(who(request).username, gone.clip)
        return web.Response(status=204)

    async def order(self, request: web.Request) -> web.StreamResponse:
        order = await body(request, Order)
        source = await self._sources.order(who(request), _session(request), request.match_info["source"], order)
        return json(self.view(source))

    async def films(self, _request: web.Request) -> web.StreamResponse:
        return json(await self._sources.films())


def _session(request: web.Request) -> SessionId:
    return SessionId(request.match_info["id"])


def routes(pages: SourcePages) -> Routes:
    """The routes of sources."""
    all_, one = "/api/v1/sessions/{id}/sources", "/api/v1/sessions/{id}/sources/{source}"
    right = "lecture.publish"
    return [
        get(all_, pages.board, action=right, summary="a session's sources and their state", reply=Board),
        post(all_, pages.add, action=right, summary="a new one; a key is told once", body=Wish, reply=View),
        delete(one, pages.remove, action=right, summary="take it away, revoke its key"),
        post(f"{one}/orders", pages.order, action=right, summary="start, stop, …", body=Order, reply=View),
        get("/api/v1/lecture-films", pages.films, action=right, summary="files to choose from", reply=list[Film]),
    ]
