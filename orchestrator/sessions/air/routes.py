"""Who is on air over HTTP: how it stands, orders, the record."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from aiohttp import web

from orchestrator.sessions.air.model import WEIGHT, AirStep, Turn
from orchestrator.sessions.air.service import Air
from orchestrator.sessions.model import Session
from orchestrator.web.kit import Routes, body, get, json, post, who
from wire.ids import SessionId

MS = 1_000_000


class AirView(msgspec.Struct, frozen=True):
    """How the air of a session stands. ``air``: lecturer, standby, slate or empty; ``want``: what is ordered;
    ``lecturer``, ``standby`` and ``slate``: whether somebody sends there; ``trouble`` 3 is red, 2 amber, 1 minor."""

    air: str
    why: str
    since_ms: int
    want: str
    standby_armed: bool
    auto_return: bool
    by: str
    lecturer: bool
    standby: bool
    slate: bool
    resumes_ms: int | None
    finding: str
    trouble: int


class TurnView(msgspec.Struct, frozen=True):
    """One line of the record; ``until_ms`` None while it goes on."""

    seat: str
    why: str
    by: str
    from_ms: int
    until_ms: int | None


class AirPage(msgspec.Struct, frozen=True):
    """How it stands, and the record, the oldest first."""

    now: AirView
    turns: list[TurnView]


class AirOrderBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step; ``resumes_ms`` goes with ``resume_at`` (None: nobody knows)."""

    order: AirStep
    resumes_ms: int | None = None


def air_view(air: Air, session: Session) -> AirView:
    """How the air of a session stands."""
    now, wish, found = air.now(session), air.wish(session.id), air.finding(session)
    return AirView(
        air=now.air,
        why=now.why,
        since_ms=now.since_ms,
        want=wish.want,
        standby_armed=wish.standby_armed,
        auto_return=wish.auto_return,
        by=wish.by,
        lecturer=now.lecturer,
        standby=now.standby,
        slate=now.slate,
        resumes_ms=wish.resumes_ns // MS if wish.resumes_ns is not None else None,
        finding=found or "",
        trouble=WEIGHT[found] if found is not None else 0,
    )


def routes(air: Air, session_of: Callable[[SessionId], Session]) -> Routes:
    """The routes of the air."""

    async def page(session: Session) -> web.StreamResponse:
        return json(AirPage(air_view(air, session), [_view(turn) for turn in await air.turns(session.id)]))

    async def see(request: web.Request) -> web.StreamResponse:
        return await page(session_of(SessionId(request.match_info["id"])))

    async def order(request: web.Request) -> web.StreamResponse:
        session, asked = SessionId(request.match_info["id"]), await body(request, AirOrderBody)
        resumes_ns = asked.resumes_ms * MS if asked.resumes_ms is not None else None
        await air.order(who(request), session, asked.order, resumes_ns)
        return await page(session_of(session))

    path = "/api/v1/sessions/{id}/air"
    return [
        get(path, see, action="sessions.see", summary="who is on air, and the record", reply=AirPage),
        post(path, order, action="sessions.conduct", summary="who is on air", body=AirOrderBody, reply=AirPage),
    ]


def _view(turn: Turn) -> TurnView:
    until_ms = turn.until_ns // MS if turn.until_ns is not None else None
    return TurnView(turn.seat, turn.why, turn.by, turn.from_ns // MS, until_ms)
