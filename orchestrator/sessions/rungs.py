"""An operator's word on how much of the lecture a room gets, over HTTP."""

from __future__ import annotations

import msgspec
from aiohttp import web

from orchestrator.access.audit import Audit
from orchestrator.errors import Refused
from orchestrator.media.port import Rung
from orchestrator.media.rungs import RungNow, Rungs
from orchestrator.sessions.service import Conductor, check_own
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Routes, body, json, put, who
from wire.ids import SiteId


class RungWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``rung`` None: whatever the line takes."""

    rung: Rung | None


class RungPages:
    """The handler."""

    def __init__(self, rungs: Rungs, conductor: Conductor, database: Database, audit: Audit) -> None:
        self._rungs = rungs
        self._conductor = conductor
        self._database = database
        self._audit = audit

    async def order(self, request: web.Request) -> web.StreamResponse:
        """For the session that the room's screen shows now; it ends with the session."""
        site, wish, person = SiteId(request.match_info["site"]), await body(request, RungWish), who(request)
        session = self._conductor.shown_at(site)
        if session is None:
            message = "Điểm cầu này không có buổi học nào. / No session is on this site's screen."
            raise Refused("no_session", message, 409)
        check_own(person, session)
        word = wish.rung.value if wish.rung is not None else "auto"
        await self._database.write(
            lambda conn: self._audit.record(conn, person.username, "sessions.rung", site, f"{session.id} {word}")
        )
        await self._rungs.order(session.stream, site, wish.rung)
        return json(self._rungs.of(session.stream, site, None))


def routes(pages: RungPages) -> Routes:
    """The route."""
    return [
        put(
            "/api/v1/sites/{site}/rung",
            pages.order,
            action="sessions.conduct",
            summary="full, low, sound, or null for whatever the line takes",
            body=RungWish,
            reply=RungNow,
        )
    ]
