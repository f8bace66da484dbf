"""Verification over HTTP."""

from __future__ import annotations

from aiohttp import web

from orchestrator.attendance.verify.service import Verification, Verifying
from orchestrator.web.kit import Routes, get, json
from wire.ids import SessionId


def routes(verifying: Verifying) -> Routes:
    """The route of verification; `?session=` for one session."""

    async def verify(request: web.Request) -> web.StreamResponse:
        session = request.query.get("session")
        return json(await verifying.verify(SessionId(session) if session else None))

    path = "/api/v1/attendance/verification"
    return [get(path, verify, action="rollcall.correct", summary="signatures and chains", reply=Verification)]
