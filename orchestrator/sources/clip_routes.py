"""Films into a session over HTTP: tus 1.0 (https://tus.io/protocols/resumable-upload), and away again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec
from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.essays import tus
from orchestrator.sessions.model import Session, SessionState
from orchestrator.sources.clip_model import MB, WORDS, Clip, ClipState
from orchestrator.sources.clips import Clips
from orchestrator.web.kit import Identity, Route, Routes, delete, post, who
from wire.ids import SessionId

MS = 1_000_000


class ClipView(msgspec.Struct, frozen=True):
    """A film as pages see it; ``arrived`` bytes of ``size``, ``reason`` a sentence where it was refused, ``at_s`` the
    place that is to blame. ``turned``: rooms would see it lying on its side."""

    id: str
    name: str
    size: int
    arrived: int
    state: str
    reason: str
    at_s: float
    length_s: float
    picture: str
    sound: str
    converted: str
    turned: bool
    made_by: str
    made_ms: int


async def view(clips: Clips, clip: Clip) -> ClipView:
    """One film for the pages."""
    return ClipView(
        id=clip.id,
        name=clip.name,
        size=clip.size,
        arrived=await clips.arrived(clip),
        state=clip.state.value,
        reason=WORDS[clip.reason] if clip.state is ClipState.REFUSED else "",
        at_s=clip.at_ms / 1000,
        length_s=clip.length_ms / 1000,
        picture=clip.picture,
        sound=clip.sound,
        converted=clip.converted.value,
        turned=clip.turned,
        made_by=clip.made_by,
        made_ms=clip.made_ns // MS,
    )


class ClipPages:
    """The handlers. ``session`` gives a session that this person may work in, or refuses."""

    def __init__(self, clips: Clips, session: Callable[[Identity, SessionId], Session]) -> None:
        self._clips = clips
        self._session = session

    def _named(self, request: web.Request) -> Session:
        return self._session(who(request), SessionId(request.match_info["id"]))

    async def options(self, _request: web.Request) -> web.StreamResponse:
        return tus.supported(self._clips.limits.one_mb * MB)

    async def create(self, request: web.Request) -> web.StreamResponse:
        tus.check_version(request)
        session, told = self._named(request), tus.metadata(request.headers.get("Upload-Metadata", ""))
        if session.state in (SessionState.ENDED, SessionState.CANCELLED):
            raise Refused("session_over", "Buổi học đã kết thúc. / The session is over.", 409)
        size = tus.whole(request.headers.get("Upload-Length"))
        clip = await self._clips.begin(who(request).username, session.id, told.get("filename", ""), size)
        return tus.created(f"/api/v1/sessions/{session.id}/clips/{clip.id}")

    async def head(self, request: web.Request) -> web.StreamResponse:
        tus.check_version(request)
        return tus.standing(*await self._clips.offset(self._named(request).id, request.match_info["clip"]))

    async def patch(self, request: web.Request) -> web.StreamResponse:
        session, clip = self._named(request).id, request.match_info["clip"]
        return await tus.patched(request, partial(self._clips.append, session, clip))

    async def drop(self, request: web.Request) -> web.StreamResponse:
        """By a page or as tus' termination."""
        await self._clips.drop(who(request).username, self._named(request).id, request.match_info["clip"])
        return tus.gone()


def routes(pages: ClipPages) -> Routes:
    """The routes of films that people send."""
    all_, one, right = "/api/v1/sessions/{id}/clips", "/api/v1/sessions/{id}/clips/{clip}", "lecture.publish"
    return [
        Route("OPTIONS", all_, pages.options, None, "tus: what is supported"),
        post(all_, pages.create, action=right, summary="tus: a new film"),
        Route("HEAD", one, pages.head, right, "tus: how far it is"),
        Route("PATCH", one, pages.patch, right, "tus: more bytes"),
        delete(one, pages.drop, action=right, summary="tus: give it up; or delete a film"),
    ]
